"""``radtui sim serve`` as a process, and other people's clients that are told no more than its address and its key."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar

sys.path.insert(0, str(Path(__file__).parents[1]))

from programs import DEADLINE, RADTUI, environment

T = TypeVar("T")
BTC = "BTC/USDT:USDT"
ETH = "ETH/USDT:USDT"
COIN = "BTC/USD:BTC"
XBT = "XBTUSDTM"
_LOOK = 0.05
"""Seconds between two looks at something that takes a moment."""


class Served:
    """A server that listens, and what it said of itself."""

    def __init__(self, home: Path, *arguments: str) -> None:
        self._errors = home / "served.err"
        with self._errors.open("wb") as errors:
            self.process = subprocess.Popen(
                [*RADTUI, "sim", "serve", "--seed", "7", *arguments],
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors, env=environment(home), cwd=home,
            )  # fmt: skip
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, self.said
        ready = json.loads(line)
        self.url: str = ready["url"]
        self.key: str = ready["key"]
        self.secret: str = ready["secret"]
        self.passphrase: str = ready["passphrase"]

    @property
    def said(self) -> str:
        """What it has written on standard error so far."""
        return self._errors.read_text()

    def ccxt(self, module: ModuleType, **changed: object) -> Any:
        """Return a `kucoinfutures` of `ccxt`, `ccxt.async_support` or `ccxt.pro` whose every host is the server."""
        keys = {"apiKey": self.key, "secret": self.secret, "password": self.passphrase, "enableRateLimit": False}
        client = module.kucoinfutures({**keys, **changed})
        client.urls["api"] = dict.fromkeys(client.urls["api"], self.url)
        return client

    def official(self) -> Any:
        """Return the official client with the server as its every host."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # its models are declared the way of an older pydantic
            from kucoin_universal_sdk.api import DefaultClient
            from kucoin_universal_sdk.model import (
                ClientOptionBuilder,
                TransportOptionBuilder,
                WebSocketClientOptionBuilder,
            )
        options = ClientOptionBuilder().set_key(self.key).set_secret(self.secret).set_passphrase(self.passphrase)
        options.set_spot_endpoint(self.url).set_futures_endpoint(self.url).set_broker_endpoint(self.url)
        options.set_transport_option(TransportOptionBuilder().set_max_retries(0).build())
        options.set_websocket_client_option(WebSocketClientOptionBuilder().build())
        return DefaultClient(options.build())

    def close(self) -> None:
        """End it; it must end by itself, and have had nothing to complain of."""
        self.process.terminate()
        code = self.process.wait(DEADLINE)
        assert self.process.stdout is not None
        self.process.stdout.close()
        assert (code, self.said) == (143, "")


def until(look: Callable[[], T]) -> T:
    """Look again and again until there is something to see, and return it."""
    give_up = time.monotonic() + DEADLINE
    while not (seen := look()):
        assert time.monotonic() < give_up, f"after {DEADLINE:g} s there is still {seen!r}"
        time.sleep(_LOOK)
    return seen
