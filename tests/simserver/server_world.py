"""A server on a small seeded market with a clock of its own, and a client that signs."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import Any

import msgspec
import pytest

from radtui.core.market import MINUTE, SECOND
from radtui.simserver.access import Access, ApiKey, seeded_key
from radtui.simserver.floor import Floor
from radtui.simserver.http import Request, Response
from radtui.simserver.limits import Limits
from radtui.simserver.server import Server
from radtui.venue.marks import SeededMarks
from radtui.venue.model import SeededMarket
from radtui.venue.venue import Venue

START = 1_763_690_405_250_000_000
"""Some seconds after a full hour, and not on a full second."""
KEY = seeded_key(7)
BEFORE_FUNDING = 1_763_711_985_000_000_000
"""A quarter of a minute before funding is settled."""
SYMBOLS = ("XBTUSDTM", "ETHUSDTM", "XRPUSDTM", "XBTUSDM")
SPANS = tuple(minutes * MINUTE for minutes in (1, 5, 60, 1440))
KUCOIN = Path(os.environ.get("RADTUI_SHARED", "../shared")) / "kucoin"


class World:
    """One server, its clock (nanoseconds UTC) and a client of it."""

    def __init__(
        self, *, symbols: tuple[str, ...] = SYMBOLS, seed: int = 7, warmup: int = 60, start: int = START
    ) -> None:
        self.clock = start
        venue = Venue(
            SeededMarket(symbols, seed, start, grid=MINUTE),
            balance=Decimal(10_000),
            balances={"XBT": Decimal(1)},
            spans=SPANS,
            warmup=warmup,
            marks=SeededMarks(seed),
            tape=True,
            risk=True,
            kept=1_000,
        )
        venue.advance(start)
        self.floor = Floor(venue, now=lambda: self.clock, seed=seed)
        self.limits = Limits()
        self.server = Server(self.floor, Access([KEY]), self.limits)
        self.key: ApiKey = KEY
        self.said: list[object] = []
        self.floor.listen(self.said.extend)
        self._count = count(1)

    def sleep(self, seconds: float) -> None:
        """Let time pass, and the market move."""
        self.clock += round(seconds * SECOND)
        self.floor.move()

    def send(self, method: str, target: str, body: bytes = b"", **headers: str) -> Response:
        """Send a signed request."""
        signed = sign(self.key, method, target, body, self.clock)
        return self.server.handle(
            Request(method=method, target=target, headers=signed | headers, body=body, at=self.clock)
        )

    def ask(self, method: str, target: str, body: object = None) -> Any:
        """Return the data of an answer that must succeed."""
        raw = json.dumps(body).encode() if body is not None else b""
        response = self.send(method, target, raw)
        document = json.loads(response.body)
        assert (response.status, document["code"]) == (200, "200000"), document
        return document.get("data")

    def refused(self, method: str, target: str, body: object = None) -> tuple[int, str, str]:
        """Return status, code and message of an answer that must not succeed."""
        raw = json.dumps(body).encode() if body is not None else b""
        response = self.send(method, target, raw)
        document = json.loads(response.body)
        assert (response.status, document["code"]) != (200, "200000") or "data" not in document, document
        return response.status, document["code"], document["msg"]

    def order(self, **changed: object) -> dict[str, object]:
        """Return the body of an order: one lot of XBTUSDTM bought at the market, unless changed."""
        body = {
            "clientOid": f"order-{next(self._count)}",
            "symbol": "XBTUSDTM",
            "side": "buy",
            "type": "market",
            "leverage": 10,
            "size": 1,
        }
        return {name: value for name, value in (body | changed).items() if value is not None}

    def place(self, **changed: object) -> str:
        """Place an order and return its id."""
        answer = self.ask("POST", "/api/v1/orders", self.order(**changed))
        assert isinstance(answer["orderId"], str)
        return answer["orderId"]

    def price(self, symbol: str = "XBTUSDTM", share: str = "1") -> str:
        """Return a price at that share of the last one, on the tick."""
        instrument = self.floor.instruments[symbol]
        return str(instrument.below(self.floor.venue.prices(symbol).last * Decimal(share)))


def sign(key: ApiKey, method: str, target: str, body: bytes, at: int, version: str = "2") -> dict[str, str]:
    """Return the headers of a signed request."""
    stamp = str(at // 1_000_000)
    passphrase = key.passphrase if version == "1" else mac(key, key.passphrase.encode())
    return {
        "kc-api-key": key.key,
        "kc-api-timestamp": stamp,
        "kc-api-sign": mac(key, f"{stamp}{method}{target}".encode() + body),
        "kc-api-passphrase": passphrase,
        "kc-api-key-version": version,
        "content-type": "application/json",
    }


def mac(key: ApiKey, message: bytes) -> str:
    """Return the base64 HMAC-SHA256 under a key's secret."""
    return base64.b64encode(hmac.digest(key.secret.encode(), message, hashlib.sha256)).decode()


def fixture(name: str) -> Any:
    """Return the response of a captured exchange of the REST API; skip where the captures are not at hand."""
    path = KUCOIN / "fixtures" / "rest" / f"{name}.json"
    if not path.exists():
        pytest.skip("the captured answers of the exchange are not part of the project; set RADTUI_SHARED to check them")
    return msgspec.json.decode(path.read_bytes())["response"]
