"""`radtui sim serve` as a process, and a client of it that signs."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from types import TracebackType
from typing import Any

from programs import DEADLINE, RADTUI, environment
from websockets.sync.client import ClientConnection, connect


class Simulator:
    """One server. Its standard output is read up to the line that says it is ready."""

    def __init__(self, home: Path, *arguments: str) -> None:
        self._err = home / "sim.err"
        with self._err.open("wb") as err:
            self.process = subprocess.Popen(
                [*RADTUI, "sim", "serve", *arguments],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=err,
                env=environment(home),
                cwd=home,
                text=True,
            )
        assert self.process.stdout is not None
        self._out = self.process.stdout
        self.line = self._out.readline()
        self.ready: dict[str, str] = json.loads(self.line) if self.line else {}

    def __enter__(self) -> Simulator:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self._out.close()

    @property
    def said(self) -> str:
        """What it has written on standard error."""
        return self._err.read_text()

    def ends(self, number: signal.Signals) -> tuple[int, str]:
        """Send it a signal; return its exit code and what else it wrote on standard output."""
        self.process.send_signal(number)
        rest = self._out.read()
        return self.process.wait(DEADLINE), rest

    def raw(self, method: str, target: str, body: bytes = b"", deadline: float = DEADLINE, **headers: str) -> Any:
        """Send a request as it stands; return status, headers and body."""
        line = HTTPConnection(self.ready["url"].removeprefix("http://"), timeout=deadline)
        try:
            line.request(method, target, body=body or None, headers=headers)
            answer = line.getresponse()
            return answer.status, {name.lower(): text for name, text in answer.getheaders()}, answer.read()
        finally:
            line.close()

    def ask(self, method: str, target: str, body: object = None, deadline: float = DEADLINE) -> tuple[int, Any]:
        """Send a signed request; return its status and what it holds."""
        raw = json.dumps(body).encode() if body is not None else b""
        stamp = str(time.time_ns() // 1_000_000)
        secret = self.ready["secret"].encode()

        def mac(text: bytes) -> str:
            return base64.b64encode(hmac.digest(secret, text, hashlib.sha256)).decode()

        headers = {
            "KC-API-KEY": self.ready["key"],
            "KC-API-TIMESTAMP": stamp,
            "KC-API-SIGN": mac(f"{stamp}{method}{target}".encode() + raw),
            "KC-API-PASSPHRASE": mac(self.ready["passphrase"].encode()),
            "KC-API-KEY-VERSION": "2",
            "Content-Type": "application/json",
        }
        status, _, answer = self.raw(method, target, raw, deadline, **headers)
        return status, json.loads(answer)

    def data(self, method: str, target: str, body: object = None) -> Any:
        """Return the data of an answer that must succeed."""
        status, answer = self.ask(method, target, body)
        assert (status, answer["code"]) == (200, "200000"), answer
        return answer["data"]

    @contextmanager
    def open(self, *topics: str) -> Iterator[Feed]:
        """Open a private connection and subscribe."""
        bullet = self.data("POST", "/api/v1/bullet-private")
        place = f"{bullet['instanceServers'][0]['endpoint']}?token={bullet['token']}&connectId=me"
        with connect(place, ping_interval=None, proxy=None) as line:
            feed = Feed(line)
            assert feed.frame() == {"id": "me", "type": "welcome"}
            for topic in topics:
                feed.send(id=topic, type="subscribe", topic=topic, privateChannel=True, response=True)
                assert {"id": topic, "type": "ack"} in feed.until(lambda each, wanted=topic: each.get("id") == wanted)
            yield feed


class Feed:
    """One connection."""

    def __init__(self, line: ClientConnection) -> None:
        self.line = line

    def send(self, **message: object) -> None:
        """Send a message."""
        self.line.send(json.dumps(message))

    def frame(self) -> Any:
        """Return the next frame."""
        return json.loads(self.line.recv(DEADLINE))

    def until(self, wanted: Any) -> list[Any]:
        """Return the frames up to the first that is wanted."""
        seen: list[Any] = []
        while not seen or not wanted(seen[-1]):
            seen.append(self.frame())
        return seen
