"""All orders of this bot, by client id: the only place where their states change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Final

import msgspec

from radtui.core.admission import Admit
from radtui.core.commands import Cancel, Place, Remember, Seek
from radtui.core.desk import Desk
from radtui.core.facts import OrderChanged
from radtui.core.kept_orders import KeptOrders
from radtui.core.market import SECOND
from radtui.core.order import Fill, OrderReport, OrderRequest
from radtui.core.orders import Order, OrderState, Purpose, after_fill, after_report, as_counted, by_clock, gone

_NOTHING: Final[Mapping[str, tuple[int, Decimal]]] = MappingProxyType({})
_MARGIN: Final = SECOND // 4
_CANCEL_AGAIN: Final = 5 * SECOND
"""A cancel that the exchange took is asked for again where an order still rests this much later."""


class OwnOrders:
    """The registry. Every change is published as an `OrderChanged`.

    Attributes:
        traded_at: wall clock of the last change of what trades: an entry, an exit, a stop that filled. A reading that
            began before it may show a position as it no longer is.
    """

    def __init__(self, desk: Desk, admit: Admit) -> None:
        self._desk = desk
        self._admit = admit
        self._kept = KeptOrders()
        self._shown: dict[str, OrderReport] = {}
        self._absent: set[str] = set()
        self._cancelled_at: dict[str, int] = {}
        self.traded_at = 0

    def get(self, client_id: str) -> Order | None:
        """Return the order with this id, or None where it is not ours or long done."""
        return self._kept.get(client_id)

    def all(self) -> Iterator[Order]:
        """Iterate over all orders in memory, oldest first."""
        return self._kept.all()

    def live(self, purpose: Purpose | None = None, symbol: str | None = None) -> list[Order]:
        """Return the orders that are not done."""
        return self._kept.live(purpose, symbol)

    @property
    def unsettled(self) -> bool:
        """Whether the exchange has not answered definitely for some order."""
        return any(order.in_flight for order in self._kept.live())

    def uncounted(self, symbol: str | None = None) -> bool:
        """Return whether more of an order is filled than its fills that we have seen: they are still on their way."""
        return self._kept.uncounted(symbol)

    def untold(self) -> list[Order]:
        """Return the orders that are done and of whose fills we have not seen all."""
        return self._kept.untold()

    def shown(self, client_id: str) -> OrderReport | None:
        """Return how the latest reading showed an order that is not done; None where none has shown it yet."""
        return self._shown.get(client_id)

    def absent(self, client_id: str) -> bool:
        """Return whether the latest reading did not show an order that should rest: what became of it is looked up."""
        return client_id in self._absent

    def refusal(self, request: OrderRequest, purpose: Purpose) -> str | None:
        """Return why an order would not be admitted now, or None where it would."""
        return self._admit(request, purpose)

    def intend(self, request: OrderRequest, purpose: Purpose, why: str, rule: str = "") -> Order:
        """Note a new intent and ask for it to be sent; an entry only once the note is durable.

        One that is not admitted is noted as rejected, and never leaves.
        """
        refusal = self._admit(request, purpose)
        order = Order(
            request=request,
            purpose=purpose,
            state=OrderState.INTENT if refusal is None else OrderState.REJECTED,
            error=refusal or "",
            why=why,
            rule=rule,
            intended_at=self._desk.at,
            updated_at=self._desk.at,
            lots=request.lots,
        )
        self._put(order)
        if refusal is None:
            self._desk.order(Place(request, durable_first=purpose is Purpose.ENTRY))
        else:
            self._desk.trouble("order not admitted", f"{order.symbol} {purpose}: {refusal}", "orders", "alarm")
        return order

    def counted(self) -> dict[str, tuple[int, Decimal]]:
        """Return lots and value of the fills seen, of each order that may get more or changed just now."""
        return {
            order.client_id: (order.seen_lots, order.seen_value)
            for order in self._kept.all()
            if order.seen_lots
            and (not order.done or order.seen_lots < order.filled_lots or order.updated_at >= self._desk.at)
        }

    def restore(
        self,
        done: tuple[Order, ...],
        orders: tuple[Order, ...],
        counted: Mapping[str, tuple[int, Decimal]] = _NOTHING,
        counted_at: int = 0,
    ) -> None:
        """Take over what an earlier run did and left open. Whether the exchange has the latter is looked up.

        What was being cancelled still is to be: the cancel goes out as soon as the exchange shows the order.

        Args:
            counted: see `counted`, as it was noted at the wall clock `counted_at`. An order's own note may be younger:
                what it has seen since then is in no position, and is shown again.
        """
        for order in done:
            self._keep(as_counted(order, counted, counted_at))
        for order in orders:
            seen = as_counted(order, counted, counted_at)
            doubtful = msgspec.structs.replace(by_clock(seen, self._desk.at), state=OrderState.UNKNOWN)
            self._put(doubtful, say=False)
            self._seek(doubtful, self._desk.at)

    def cancel(self, order: Order) -> None:
        """Have an order cancelled: now where it rests, else as soon as the exchange has it."""
        if order.done or order.cancelling or self._desk.config.watches:
            return
        self._take(msgspec.structs.replace(order, cancelling=True), goes=order.resting)

    def sent(self, client_id: str) -> None:
        """The request is about to leave."""
        if (order := self._kept.undone(client_id)) and order.state is OrderState.INTENT:
            self._put(msgspec.structs.replace(order, state=OrderState.SENT, sent_at=self._desk.at))

    def accepted(self, client_id: str, order_id: str) -> None:
        """The exchange has it; an answer that comes after its fills changes nothing but the id."""
        order = self._kept.undone(client_id)
        if order is None:
            return
        state = OrderState.ACCEPTED if order.in_flight else order.state
        taken = msgspec.structs.replace(order, state=state, order_id=order_id, updated_at=self._desk.at, error="")
        self._take(taken, goes=order.cancelling)

    def refused(self, client_id: str, reason: str) -> None:
        """It definitely does not exist."""
        if (order := self._kept.undone(client_id)) and order.in_flight:
            self._end(order, OrderState.REJECTED, reason)

    def unclear(self, client_id: str, reason: str) -> None:
        """It may exist: look it up, and let nothing new be sent for this intent meanwhile (row O2)."""
        order = self._kept.undone(client_id)
        if order is None or order.state is not OrderState.SENT:
            return
        unknown = msgspec.structs.replace(order, state=OrderState.UNKNOWN, updated_at=self._desk.at, error=reason)
        self._put(unknown)
        self._seek(unknown, self._desk.at)

    def sought(self, client_id: str, report: OrderReport | None) -> None:
        """The look-up's answer. "No such order" counts only when no request of ours can still be on its way.

        An intent that is definitely not there is over: its id is never sent a second time, and whatever is wanted
        then (a stop, a close) is a new intent. That is safe, for both close whole positions and open nothing.
        """
        order = self._kept.get(client_id)
        if order is None:
            return
        if report is not None:
            self.reported(report)
        elif order.resting or order.state is OrderState.UNKNOWN:
            self._not_found(order)

    def reported(self, report: OrderReport) -> Order | None:
        """Take the exchange's word for one of our orders; return it where something changed."""
        order = self._kept.get(report.client_id)
        if order is None:
            return None
        after = after_report(order, report, self._desk.at)
        if report.active:
            self._absent.discard(order.client_id)  # it rests after all: the exchange's lists lag by moments
        if after is order or msgspec.structs.replace(after, updated_at=order.updated_at) == order:
            return None
        return self._take(after, goes=order.cancelling and order.in_flight and after.resting)

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
        self._desk.order(Remember())

    def filled(self, fill: Fill) -> Order | None:
        """Add an execution of one of our orders."""
        order = self._kept.get(fill.client_id)
        if order is None:
            return None
        instrument = self._desk.instruments[fill.symbol]
        after = after_fill(order, fill.lots, instrument.notional(fill.price, fill.lots), self._desk.at)
        return self._take(after, goes=order.cancelling and order.in_flight and after.resting)

    def compare(self, shown: Mapping[str, OrderReport], begun: int) -> None:
        """Compare with a reading begun at the wall clock `begun`, whose reports were taken already.

        A resting order that it does not show is looked up; one that it still shows long after its cancel is cancelled
        again, for what was taken is not always done.
        """
        for order in self.live():
            report = shown.get(order.client_id)
            if report is not None:
                self._shown[order.client_id] = report
                self._absent.discard(order.client_id)
                if order.cancelling and begun - self._cancelled_at.get(order.client_id, 0) >= _CANCEL_AGAIN:
                    self._send_cancel(order)
            elif order.resting and order.updated_at < begun:
                self._absent.add(order.client_id)
                self._seek(order, self._desk.at)

    def seek(self, order: Order) -> None:
        """Look an order up now: the exchange took it, and no word came of it since."""
        self._seek(order, self._desk.at)

    def _not_found(self, order: Order) -> None:
        if (clamped := by_clock(order, self._desk.at)) is not order:
            self._keep(order := clamped)
        heard_at = order.updated_at if order.state is OrderState.UNKNOWN else 0  # until then a request was on its way
        quiet_at = max(order.sent_at, order.intended_at, heard_at) + self._desk.config.quiet_time
        if self._desk.at >= quiet_at:
            self._put(gone(order, "the exchange knows no such order", self._desk.at))
        else:
            self._seek(order, quiet_at + _MARGIN)

    def _take(self, order: Order, *, goes: bool) -> Order:
        """Put an order that changed, and send its cancel where it `goes` now; return it."""
        if goes:
            order = msgspec.structs.replace(order, cancel_sent_at=self._desk.at)
        self._put(order)
        if goes:
            self._send_cancel(order)
        return order

    def _send_cancel(self, order: Order) -> None:
        self._cancelled_at[order.client_id] = self._desk.at
        self._desk.order(Cancel(order.symbol, order.client_id))

    def _seek(self, order: Order, not_before: int) -> None:
        self._desk.order(Seek(order.symbol, order.client_id, not_before))

    def _end(self, order: Order, state: OrderState, reason: str) -> None:
        self._put(msgspec.structs.replace(order, state=state, updated_at=self._desk.at, error=reason))

    def _put(self, order: Order, *, say: bool = True) -> None:
        market_at = self._desk.market_at or order.market_at
        if order.market_at != market_at:
            order = msgspec.structs.replace(order, market_at=market_at)
        self._keep(order)
        if order.purpose is not Purpose.STOP or order.filled_lots:
            self.traded_at = self._desk.at
        if say:
            self._desk.say(OrderChanged(order))

    def _keep(self, order: Order) -> None:
        self._kept.put(order)
        if order.done:
            self._shown.pop(order.client_id, None)
            self._absent.discard(order.client_id)
            self._cancelled_at.pop(order.client_id, None)
