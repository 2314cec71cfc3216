"""A transport and a socket that answer as a healthy exchange does, but for what a test says otherwise."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import Any

from radtui.exchange.kucoin.feed.socket import Socket
from radtui.exchange.kucoin.rest.client import Rest
from radtui.exchange.kucoin.rest.compose import rest_at
from radtui.exchange.kucoin.rest.credentials import Credentials
from radtui.exchange.kucoin.rest.transport import Hosts, Request, Response, Unsent
from radtui.resilience.clock import Clock

NOW = 1_767_225_600_000
KEYS = ("test-key-4711", "test-secret-4711", "test-passphrase-4711")
_HEADERS = {"gw-ratelimit-limit": "2000", "gw-ratelimit-remaining": "1980", "gw-ratelimit-reset": "30000"}


def contract(symbol: str, price: float = 60_000.0, **more: object) -> dict[str, object]:
    """Return a contract as the exchange lists it."""
    usual = {
        "symbol": symbol, "type": "FFWCSX", "status": "Open", "baseCurrency": "XBT", "quoteCurrency": "USDT",
        "settleCurrency": "USDT", "tickSize": 0.1, "lotSize": 1, "multiplier": 0.001, "maxOrderQty": 1_000_000,
        "maxPrice": 1_000_000.0, "initialMargin": 0.008, "maintainMargin": 0.004, "maxLeverage": 125,
        "makerFeeRate": 0.0002, "takerFeeRate": 0.0006, "isInverse": False, "markPrice": price,
    }  # fmt: skip
    return {**usual, **more}


HEALTHY: Mapping[str, object] = {
    "/api/v1/timestamp": NOW,
    "/api/v1/status": {"status": "open", "msg": ""},
    "/api/v1/contracts/active": [contract("XBTUSDTM"), contract("ETHUSDTM", 3_000.0, multiplier=0.01)],
    "/api/v1/bullet-public": {
        "token": "t",
        "instanceServers": [
            {"endpoint": "ws://127.0.0.1:1/", "encrypt": False, "protocol": "websocket", "pingInterval": 18_000,
             "pingTimeout": 10_000}
        ],
    },
    "/api/v1/user/api-key": {"permission": "General,Futures", "ipWhitelist": "10.1.1.1", "apiKey": KEYS[0]},
    "/api/v1/account-overview": {"currency": "USDT", "accountEquity": 10_000, "availableBalance": 9_000},
    "/api/v2/position/getPositionMode": {"positionMode": 0},
    "/api/v2/position/getMarginMode": {"symbol": "XBTUSDTM", "marginMode": "ISOLATED"},
    "/api/v1/positions": [],
}  # fmt: skip


class Refusing:
    """An answer that refuses: a code with its HTTP status."""

    def __init__(self, code: str, said: str = "no", status: int = 200) -> None:
        self.response = Response(status, json.dumps({"code": code, "msg": said}).encode(), _HEADERS)


class ScriptedExchange:
    """Answers each path with its data; None as data cannot be reached at all."""

    def __init__(self, answers: Mapping[str, Any] | None = None, headers: Mapping[str, str] = _HEADERS) -> None:
        self._answers = {**HEALTHY, **(answers or {})}
        self._headers = headers
        self.asked: list[str] = []

    async def send(self, request: Request, deadline: float) -> Response:
        path = request.target.partition("?")[0]
        self.asked.append(f"{request.method} {path}")
        await asyncio.sleep(0.02)
        found = self._answers[path]
        if isinstance(found, Refusing):
            return found.response
        if found is None:
            raise Unsent("no route to host")
        return Response(200, json.dumps({"code": "200000", "data": found}).encode(), self._headers)

    async def close(self) -> None:
        """Nothing is open."""

    def rest(self, clock: Clock) -> Rest:
        """Return a client of it."""
        return rest_at(Hosts(), Credentials(*KEYS), clock=clock, observer=Nobody(), transport=self)


class Nobody:
    """Observes nothing."""

    def call(self, endpoint: str, ended_at: int, nanoseconds: int, failure: str = "") -> None:
        """Record nothing."""


class ScriptedSocket:
    """Sends the given frames, then is silent; a ping is answered after `latency` where that is not None."""

    def __init__(self, *frames: str, latency: float | None = 0.04) -> None:
        self._frames = [frame.encode() for frame in frames]
        self._latency = latency
        self._pinged = asyncio.Event()
        self.closed = False

    async def connect(self, url: str) -> Socket:
        return self

    async def send(self, text: str) -> None:
        self._pinged.set()

    async def receive(self) -> bytes:
        if self._frames:
            return self._frames.pop(0)
        await self._pinged.wait()
        await asyncio.sleep(3600.0 if self._latency is None else self._latency)
        return b'{"id":"check","type":"pong"}'

    async def close(self) -> None:
        self.closed = True
