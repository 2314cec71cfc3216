"""The exchange's own record of an account, read by a client that shares nothing with the bot's, and what must hold."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from http.client import HTTPException
from typing import Any, Final, NamedTuple

from simulators import Simulator

_PAGE: Final = 1000
_LOOK: Final = 0.1


class Record(NamedTuple):
    """Everything that the exchange has of an account, as it stands on the wire.

    Attributes:
        orders: done, working and waiting, by their exchange id. fills: oldest first. positions: by symbol.
        resting: exchange ids of the orders that are not done.
    """

    orders: dict[str, dict[str, Any]]
    resting: frozenset[str]
    fills: list[dict[str, Any]]
    positions: dict[str, dict[str, Any]]

    @classmethod
    def of(cls, server: Simulator) -> Record:
        """Read it."""
        working = [*_all(server, "/api/v1/orders?status=active"), *_all(server, "/api/v1/stopOrders?")]
        done = _all(server, "/api/v1/orders?status=done")
        return cls(
            orders={each["id"]: each for each in [*working, *done]},
            resting=frozenset(each["id"] for each in working) - {each["id"] for each in done},
            fills=_all(server, "/api/v1/fills?")[::-1],
            positions={each["symbol"]: each for each in server.data("GET", "/api/v1/positions")},
        )

    def entries(self) -> set[str]:
        """Return the client ids of the orders that could open something."""
        return {each["clientOid"] for each in self.orders.values() if _opens(each)}

    def bare(self) -> list[str]:
        """Return the symbols whose position no stop covers."""
        return bare(self.positions.values(), self._stops())

    def orphans(self) -> list[str]:
        """Return the client ids of what rests and protects nothing."""
        stops = {each["id"] for each in self._stops() if each["symbol"] in self.positions}
        return [self.orders[id_]["clientOid"] for id_ in sorted(self.resting - stops)]

    def doubled(self) -> list[str]:
        """Return what was opened upon what was open: the bot enters only where it is flat, so it is one intent twice.

        The exchange takes a client id only once; a second order for an intent shows in the position alone.
        """
        held: dict[str, int] = {}
        begun: set[str] = set()
        twice: list[str] = []
        for fill in self.fills:
            order = self.orders[fill["orderId"]]
            if _opens(order) and order["id"] not in begun and held.get(fill["symbol"], 0):
                twice.append(order["clientOid"])
            begun.add(order["id"])
            signed = fill["size"] if fill["side"] == "buy" else -fill["size"]
            held[fill["symbol"]] = held.get(fill["symbol"], 0) + signed
        return twice

    def _stops(self) -> list[dict[str, Any]]:
        return [self.orders[id_] for id_ in self.resting if self.orders[id_]["stop"]]


def bare(positions: Iterable[dict[str, Any]], stops: Iterable[dict[str, Any]]) -> list[str]:
    """Return the symbols of positions that no stop covers whole, on the side that closes."""
    resting = list(stops)
    return [each["symbol"] for each in positions if not any(_covers(stop, each) for stop in resting)]


def _covers(stop: dict[str, Any], position: dict[str, Any]) -> bool:
    closing = "sell" if position["currentQty"] > 0 else "buy"
    whole = stop["closeOrder"] or (stop["size"] or 0) >= abs(position["currentQty"])
    return bool(stop["symbol"] == position["symbol"] and stop["side"] == closing and whole)


def _opens(order: dict[str, Any]) -> bool:
    return not (order["closeOrder"] or order["reduceOnly"])


def _all(server: Simulator, target: str) -> list[dict[str, Any]]:
    """Return every page of a list, newest first; what is listed twice, for the list grew meanwhile, stays so."""
    rows: list[dict[str, Any]] = []
    page, pages = 1, 1
    while page <= pages:
        answer = server.data("GET", f"{target}&pageSize={_PAGE}&currentPage={page}".replace("?&", "?"))
        rows += answer["items"]
        page, pages = page + 1, answer["totalPage"]
    return rows


class Watch:
    """Looks at the exchange all the time, from a thread of its own, while an engine is expected to look after it.

    Attributes:
        worst: the longest that something was wrong in a row of looks, in seconds, by what it was: ``bare`` a position
            without a stop, ``orphan`` an order that protects nothing.
        looks: so far.
    """

    def __init__(self, server: Simulator) -> None:
        self.worst: dict[str, float] = {"bare": 0.0, "orphan": 0.0}
        self.looks = 0
        self._server = server
        self._since: dict[tuple[str, str], float] = {}
        self._on = threading.Event()
        self._end = threading.Event()

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Look until the block ends."""
        thread = threading.Thread(target=self._run, name="watch")
        thread.start()
        try:
            yield
        finally:
            self._end.set()
            thread.join()

    @contextmanager
    def counting(self) -> Iterator[None]:
        """Somebody looks after the account: from now on, until the block ends, what is wrong is timed."""
        self._on.set()
        try:
            yield
        finally:
            self._on.clear()

    def _run(self) -> None:
        while not self._end.wait(_LOOK):
            if not self._on.is_set():
                self._since.clear()
                continue
            try:
                self._look()
            except (OSError, HTTPException, AssertionError):  # it stood still, and may find the request too old
                self._since.clear()

    def _look(self) -> None:
        began = time.monotonic()
        stops = self._server.data("GET", "/api/v1/stopOrders?pageSize=1000")["items"]
        working = self._server.data("GET", "/api/v1/orders?status=active&pageSize=1000")["items"]
        positions = self._server.data("GET", "/api/v1/positions")
        held = {each["symbol"] for each in positions}
        wrong = {("bare", symbol) for symbol in bare(positions, stops)}
        wrong |= {("orphan", each["clientOid"]) for each in stops if each["symbol"] not in held}
        wrong |= {("orphan", each["clientOid"]) for each in working}
        now = time.monotonic()
        if now - began > 1.0 or not self._on.is_set():
            self._since.clear()  # the server stood still, or the engine ended, while it was asked
            return
        self.looks += 1
        self._since = {each: self._since.get(each, now) for each in wrong}
        for (kind, _), since in self._since.items():
            self.worst[kind] = max(self.worst[kind], now - since)
