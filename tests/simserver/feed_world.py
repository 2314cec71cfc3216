"""A whole exchange on a clock of its own, and a client that asks, listens and lets time pass."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from decimal import Decimal
from itertools import count
from typing import Any

from radtui.core.market import SECOND
from radtui.simserver.access import seeded_key
from radtui.simserver.exchange import SimExchange, open_exchange
from radtui.simserver.http import Request
from radtui.simserver.session import Session
from radtui.simserver.wirefaults import WireFaults
from radtui.venue.market import Market
from radtui.venue.model import SeededMarket

START = 1_767_225_600 * SECOND + 5 * SECOND
"""A few seconds after midnight."""
KEY = seeded_key(7)
PRIVATE = ("/contractMarket/tradeOrders", "/contractMarket/advancedOrders", "/contract/positionAll")

_PING = 18 * SECOND

Frame = dict[str, Any]


class FeedWorld:
    """One exchange, one signing client, one private connection."""

    def __init__(
        self,
        *topics: str,
        market: Market | None = None,
        faults: WireFaults | None = None,
        start: int = START,
        symbols: tuple[str, ...] = ("XBTUSDTM", "ETHUSDTM"),
    ) -> None:
        self.clock = start
        self.exchange: SimExchange = open_exchange(
            market or SeededMarket(symbols, seed=7, start=start),
            [KEY],
            now=lambda: self.clock,
            seed=7,
            balances={"USDT": Decimal(10_000), "XBT": Decimal(1)},
            warmup=30,
            faults=faults,
        )
        self.floor = self.exchange.floor
        self.session = self.connect()
        self._count = count(1)
        self._pinged = start
        self.subscribe(*topics)
        self.frames()

    def connect(self, *, private: bool = True) -> Session:
        """Open one more connection."""
        session = self.exchange.connect(self.floor.tokens.issue(private=private, at=self.clock), "me")
        session.take()
        return session

    def subscribe(self, *topics: str, session: Session | None = None) -> None:
        """Listen to topics."""
        for topic in topics:
            message = {"id": topic, "type": "subscribe", "topic": topic, "privateChannel": True, "response": True}
            (session or self.session).receive(json.dumps(message), self.clock)

    def frames(self, session: Session | None = None) -> list[Frame]:
        """Return what was said since the last look."""
        return [json.loads(frame) for frame in (session or self.session).take()]

    def sleep(self, seconds: float, turn: float = 0.05) -> list[Frame]:
        """Let time pass in small turns and return what was said."""
        until = self.clock + round(seconds * SECOND)
        while self.clock < until:
            self.clock = min(until, self.clock + round(turn * SECOND))
            if self.clock - self._pinged > _PING:
                self._pinged = self.clock
                self.session.receive('{"id":"ping","type":"ping"}', self.clock)
            self.exchange.look()
        return [frame for frame in self.frames() if frame["type"] != "pong"]

    def ask(self, method: str, target: str, body: object = None) -> Any:
        """Send a signed request and return what it holds."""
        raw = json.dumps(body).encode() if body is not None else b""
        stamp = str(self.exchange.now() // 1_000_000)

        def mac(text: bytes) -> str:
            return base64.b64encode(hmac.digest(KEY.secret.encode(), text, hashlib.sha256)).decode()

        headers = {
            "kc-api-key": KEY.key,
            "kc-api-timestamp": stamp,
            "kc-api-sign": mac(f"{stamp}{method}{target}".encode() + raw),
            "kc-api-passphrase": mac(KEY.passphrase.encode()),
            "kc-api-key-version": "2",
            "content-type": "application/json",
        }
        request = Request(method=method, target=target, headers=headers, body=raw, at=self.exchange.now())
        answer = json.loads(self.exchange.handle(request).body)
        assert answer["code"] == "200000", answer
        return answer.get("data")

    def place(self, **changed: object) -> str:
        """Place an order, one lot of XBTUSDTM bought at the market unless changed, and return its id."""
        body = {
            "clientOid": f"o-{next(self._count)}",
            "symbol": "XBTUSDTM",
            "side": "buy",
            "type": "market",
            "leverage": 10,
            "size": 1,
        }
        placed = {name: value for name, value in (body | changed).items() if value is not None}
        answer: str = self.ask("POST", "/api/v1/orders", placed)["orderId"]
        return answer

    def cancel(self, order_id: str) -> None:
        """Cancel an order."""
        self.ask("DELETE", f"/api/v1/orders/{order_id}")

    def price(self, share: str, symbol: str = "XBTUSDTM") -> str:
        """Return a price at that share of the last one."""
        instrument = self.floor.instruments[symbol]
        return str(instrument.below(self.floor.venue.prices(symbol).last * Decimal(share)))


def changes(frames: list[Frame], order_id: str | None = None) -> list[tuple[str, str]]:
    """Return type and status of the order changes, of one order where it is named."""
    found = [frame["data"] for frame in frames if frame.get("subject") == "orderChange"]
    return [(each["type"], each["status"]) for each in found if order_id in (None, each["orderId"])]
