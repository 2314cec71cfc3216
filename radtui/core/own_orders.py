"""All orders of this bot, by client id: the only place where their states change."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import msgspec

from radtui.core.commands import Cancel, Place, Seek
from radtui.core.desk import Desk
from radtui.core.facts import OrderChanged
from radtui.core.market import SECOND
from radtui.core.order import Fill, OrderReport, OrderRequest
from radtui.core.orders import DONE, Order, OrderState, Purpose, after_fill, after_report

KEPT: Final = 200
"""Done orders that stay in memory."""
_MARGIN: Final = SECOND // 4


class OwnOrders:
    """The registry. Every change is published as an `OrderChanged`.

    Attributes:
        entry_at: wall clock of the last change of an entry.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._orders: dict[str, Order] = {}
        self._live: dict[str, Order] = {}
        self._done: dict[str, None] = {}
        self._uncounted: dict[str, str] = {}
        self.entry_at = 0

    def get(self, client_id: str) -> Order | None:
        """Return the order with this id, or None where it is not ours or long done."""
        return self._orders.get(client_id)

    def all(self) -> Iterator[Order]:
        """Iterate over all orders in memory, oldest first."""
        return iter(self._orders.values())

    def live(self, purpose: Purpose | None = None, symbol: str | None = None) -> list[Order]:
        """Return the orders that are not done."""
        return [
            order
            for order in self._live.values()
            if (purpose is None or order.purpose is purpose) and (symbol is None or order.symbol == symbol)
        ]

    @property
    def unsettled(self) -> bool:
        """Whether the exchange has not answered definitely for some order."""
        return any(order.in_flight for order in self._live.values())

    def uncounted(self, symbol: str | None = None) -> bool:
        """Return whether more of an entry is filled than its fills that we have seen: they are still on their way."""
        return bool(self._uncounted) if symbol is None else symbol in self._uncounted.values()

    def untold(self) -> list[Order]:
        """Return the entries that are done and of whose fills we have not seen all."""
        return [order for client_id in self._uncounted if (order := self._orders[client_id]).done]

    def intend(self, request: OrderRequest, purpose: Purpose, why: str) -> Order:
        """Note a new intent and ask for it to be sent; an entry only once the note is durable."""
        order = Order(
            request=request,
            purpose=purpose,
            state=OrderState.INTENT,
            why=why,
            intended_at=self._desk.at,
            updated_at=self._desk.at,
            lots=request.lots,
        )
        self._put(order)
        self._desk.order(Place(request, durable_first=purpose is Purpose.ENTRY))
        return order

    def restore(self, done: tuple[Order, ...], orders: tuple[Order, ...]) -> None:
        """Take over what an earlier run did and left open. Whether the exchange has the latter is looked up.

        What was being cancelled still is to be: the cancel goes out as soon as the exchange shows the order.
        """
        for order in done:
            self._keep(order)
        for order in orders:
            doubtful = msgspec.structs.replace(order, state=OrderState.UNKNOWN)
            self._put(doubtful, say=False)
            self._seek(doubtful, self._desk.at)

    def cancel(self, order: Order) -> None:
        """Have an order cancelled: now where it rests, else as soon as the exchange has it."""
        if order.done or order.cancelling:
            return
        self._put(msgspec.structs.replace(order, cancelling=True))
        if order.resting:
            self._desk.order(Cancel(order.symbol, order.client_id))

    def sent(self, client_id: str) -> None:
        """The request is about to leave."""
        if (order := self._live.get(client_id)) and order.state is OrderState.INTENT:
            self._put(msgspec.structs.replace(order, state=OrderState.SENT, sent_at=self._desk.at))

    def accepted(self, client_id: str, order_id: str) -> None:
        """The exchange has it; an answer that comes after its fills changes nothing but the id."""
        order = self._live.get(client_id)
        if order is None:
            return
        state = OrderState.ACCEPTED if order.in_flight else order.state
        self._put(msgspec.structs.replace(order, state=state, order_id=order_id, updated_at=self._desk.at, error=""))
        if order.cancelling:
            self._desk.order(Cancel(order.symbol, client_id))

    def refused(self, client_id: str, reason: str) -> None:
        """It definitely does not exist."""
        if (order := self._live.get(client_id)) and order.in_flight:
            self._end(order, OrderState.REJECTED, reason)

    def unclear(self, client_id: str, reason: str) -> None:
        """It may exist: look it up, and let nothing new be sent for this intent meanwhile (row O2)."""
        order = self._live.get(client_id)
        if order is None or order.state is not OrderState.SENT:
            return
        unknown = msgspec.structs.replace(order, state=OrderState.UNKNOWN, updated_at=self._desk.at, error=reason)
        self._put(unknown)
        self._seek(unknown, self._desk.at)

    def sought(self, client_id: str, report: OrderReport | None) -> None:
        """The look-up's answer. "No such order" counts only when no request of ours can still be on its way."""
        order = self._orders.get(client_id)
        if order is None:
            return
        if report is not None:
            self.reported(report)
        elif not order.done:
            self._not_found(order)

    def reported(self, report: OrderReport) -> Order | None:
        """Take the exchange's word for one of our orders; return it where something changed."""
        order = self._orders.get(report.client_id)
        if order is None:
            return None
        after = after_report(order, report, self._desk.at)
        if after is order or msgspec.structs.replace(after, updated_at=order.updated_at) == order:
            return None
        self._put(after)
        if order.cancelling and order.in_flight and after.resting:
            self._desk.order(Cancel(order.symbol, order.client_id))
        return after

    def adopt(self, report: OrderReport) -> None:
        """Take over an order that bears our prefix but is not in the journal: its note was lost in a crash."""
        request = OrderRequest(
            client_id=report.client_id,
            symbol=report.symbol,
            side=report.side,
            type=report.type,
            lots=report.lots,
            price=report.price,
            post_only=report.post_only,
            reduce_only=report.reduce_only,
            close_order=report.close_order,
            leverage=report.leverage,
            stop=report.stop,
        )
        purpose = Purpose.ENTRY if not request.reduces else Purpose.EXIT if report.stop is None else Purpose.STOP
        order = Order(
            request=request,
            purpose=purpose,
            state=OrderState.UNKNOWN,
            why="found on the exchange, not in the journal",
            intended_at=self._desk.at,
            sent_at=self._desk.at,
            # what is filled so far is part of the position that the exchange shows
            seen_lots=report.filled_lots,
            seen_value=report.filled_value,
        )
        self._put(after_report(order, report, self._desk.at))

    def filled(self, fill: Fill) -> Order | None:
        """Add an execution of one of our orders."""
        order = self._orders.get(fill.client_id)
        if order is None:
            return None
        instrument = self._desk.instruments[fill.symbol]
        after = after_fill(order, fill.lots, instrument.notional(fill.price, fill.lots), self._desk.at)
        self._put(after)
        if order.cancelling and order.in_flight and after.resting:
            self._desk.order(Cancel(order.symbol, order.client_id))
        return after

    def seek_missing(self, shown: frozenset[str], begun: int) -> None:
        """Look up every resting order that a read begun after its last change does not show any more."""
        for order in self.live():
            if order.resting and order.client_id not in shown and order.updated_at < begun:
                self._seek(order, self._desk.at)

    def _not_found(self, order: Order) -> None:
        quiet_at = max(order.sent_at, order.intended_at) + self._desk.config.quiet_time
        if self._desk.at >= quiet_at:
            self._end(order, OrderState.REJECTED, order.error or "it never arrived at the exchange")
        else:
            self._seek(order, quiet_at + _MARGIN)

    def _seek(self, order: Order, not_before: int) -> None:
        self._desk.order(Seek(order.symbol, order.client_id, not_before))

    def _end(self, order: Order, state: OrderState, reason: str) -> None:
        self._put(msgspec.structs.replace(order, state=state, updated_at=self._desk.at, error=reason))

    def _put(self, order: Order, *, say: bool = True) -> None:
        order = msgspec.structs.replace(order, market_at=self._desk.market_at or order.market_at)
        self._keep(order)
        if order.purpose is Purpose.ENTRY:
            self.entry_at = self._desk.at
        if say:
            self._desk.say(OrderChanged(order))

    def _keep(self, order: Order) -> None:
        client_id = order.request.client_id
        self._orders[client_id] = order
        if order.purpose is Purpose.ENTRY and order.seen_lots < order.filled_lots:
            self._uncounted[client_id] = order.request.symbol
        else:
            self._uncounted.pop(client_id, None)
        if order.state in DONE:
            self._live.pop(client_id, None)
            self._done[client_id] = None
            self._forget()
        else:
            self._done.pop(client_id, None)
            self._live[client_id] = order

    def _forget(self) -> None:
        while len(self._done) > KEPT:
            oldest = next(iter(self._done))
            del self._done[oldest], self._orders[oldest]
            self._uncounted.pop(oldest, None)
