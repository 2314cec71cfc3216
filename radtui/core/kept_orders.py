"""Which of our orders are in memory: all that are not done, and the latest of those that are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from radtui.core.orders import DONE, Order, OrderState, Purpose

KEPT: Final = 200
"""Done orders that stay, and as many of which nothing came: those never drive out what a receipt tells of."""


class KeptOrders:
    """Orders by client id, as they are now; each was first put in when it was intended."""

    def __init__(self) -> None:
        self._orders: dict[str, Order] = {}
        self._live: dict[str, Order] = {}
        self._done: dict[str, None] = {}
        self._void: dict[str, None] = {}
        self._uncounted: dict[str, str] = {}

    def put(self, order: Order) -> None:
        """Take an order as it is now, instead of what it was; of the done ones the oldest may be forgotten for it."""
        client_id = order.request.client_id
        self._orders[client_id] = order
        if order.seen_lots < order.filled_lots:
            self._uncounted[client_id] = order.request.symbol
        else:
            self._uncounted.pop(client_id, None)
        if order.state in DONE:
            self._live.pop(client_id, None)
            self._file(order)
        else:
            self._done.pop(client_id, None)
            self._void.pop(client_id, None)
            self._live[client_id] = order

    def get(self, client_id: str) -> Order | None:
        """Return the order with this id; None where it is not ours or long done."""
        return self._orders.get(client_id)

    def undone(self, client_id: str) -> Order | None:
        """Return the order with this id; None also where it is done."""
        return self._live.get(client_id)

    def all(self) -> Iterator[Order]:
        """Iterate over all of them, oldest first."""
        return iter(self._orders.values())

    def live(self, purpose: Purpose | None = None, symbol: str | None = None) -> list[Order]:
        """Return those that are not done."""
        live = self._live.values()
        if purpose is None and symbol is None:
            return list(live)
        return [
            order
            for order in live
            if (purpose is None or order.purpose is purpose) and (symbol is None or order.request.symbol == symbol)
        ]

    def uncounted(self, symbol: str | None = None) -> bool:
        """Return whether more of an order is filled than its fills that were seen."""
        return bool(self._uncounted) if symbol is None else symbol in self._uncounted.values()

    def untold(self) -> list[Order]:
        """Return those that are done and of whose fills not all were seen."""
        return [order for client_id in self._uncounted if (order := self._orders[client_id]).done]

    def _file(self, order: Order) -> None:
        here, there = (self._void, self._done) if order.state is OrderState.REJECTED else (self._done, self._void)
        there.pop(order.client_id, None)
        here[order.client_id] = None
        self._forget(here)

    def _forget(self, done: dict[str, None]) -> None:
        while len(done) > KEPT:
            oldest = next(iter(done))
            del done[oldest], self._orders[oldest]
            self._uncounted.pop(oldest, None)
