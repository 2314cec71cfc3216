"""One order's life: its states and the moves between them (DESIGN "Orders that cannot be lost")."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Final

import msgspec

from radtui.core.money import ZERO
from radtui.core.order import OrderReport, OrderRequest


class OrderState(StrEnum):
    """Where an order stands."""

    INTENT = "intent"
    SENT = "sent"
    UNKNOWN = "unknown"
    ACCEPTED = "accepted"
    WORKING = "working"
    FILLED = "filled"
    CANCELLED = "cancelled"
    REJECTED = "rejected"


class Purpose(StrEnum):
    """What an order is for."""

    ENTRY = "entry"
    EXIT = "exit"
    STOP = "stop"


DONE: Final = frozenset({OrderState.FILLED, OrderState.CANCELLED, OrderState.REJECTED})
RESTING: Final = frozenset({OrderState.ACCEPTED, OrderState.WORKING})
IN_FLIGHT: Final = frozenset({OrderState.INTENT, OrderState.SENT, OrderState.UNKNOWN})


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """One intent of ours and what became of it.

    Attributes:
        request: exactly what is or was sent.
        why: what asked for it, for people. rule: the exit rule that did; empty for an entry and for a plain stop.
        intended_at, sent_at, updated_at: wall clock, nanoseconds UTC; 0 where it did not come to that.
        market_at: market clock of its last change.
        filled_lots, filled_value: what is filled of it, by the exchange's total or by the fills seen, whichever is
            more; the value is the sum of price × lots × multiplier.
        seen_lots, seen_value: the same over the fills seen alone.
        cancelling: it is to be cancelled. cancel_sent_at: wall clock when its cancel left; 0 where none did.
        assumed: its end was concluded by us, for the exchange knows no such order: its later word brings it back.
        error: the exchange's or our reason, where it was refused or is unknown.
    """

    request: OrderRequest
    purpose: Purpose
    state: OrderState
    why: str
    intended_at: int
    sent_at: int = 0
    updated_at: int = 0
    market_at: int = 0
    order_id: str = ""
    lots: int = 0
    filled_lots: int = 0
    filled_value: Decimal = ZERO
    seen_lots: int = 0
    seen_value: Decimal = ZERO
    triggered: bool = False
    cancelling: bool = False
    cancel_sent_at: int = 0
    assumed: bool = False
    error: str = ""
    rule: str = ""

    @property
    def client_id(self) -> str:
        """The intent's identity."""
        return self.request.client_id

    @property
    def symbol(self) -> str:
        """The contract it trades."""
        return self.request.symbol

    @property
    def done(self) -> bool:
        """Whether nothing more can come of it."""
        return self.state in DONE

    @property
    def in_flight(self) -> bool:
        """Whether the exchange has not answered definitely yet."""
        return self.state in IN_FLIGHT

    @property
    def waits(self) -> bool:
        """Whether it waits for the market alone: the exchange shows it, and nothing more is asked of it."""
        stands = self.state is OrderState.WORKING and not self.cancelling and not self.triggered
        return stands and self.request.may_rest

    @property
    def resting(self) -> bool:
        """Whether the exchange confirmed it and it is not done."""
        return self.state in RESTING


def after_report(order: Order, report: OrderReport, at: int) -> Order:
    """Return `order` as the exchange's report shows it.

    Reports may come twice, late and out of order: fills never go down, and an order that the exchange showed done
    never comes back. One that we took for rejected or gone does come back: the exchange's word is above ours.
    """
    ended = _told_done(order)
    if ended and report.filled_lots <= order.filled_lots:
        return order
    filled = max(order.filled_lots, report.filled_lots)
    lots = report.lots or order.lots
    return msgspec.structs.replace(
        order,
        state=order.state if ended and report.active else _state_of(report, filled, lots),
        order_id=report.order_id,
        lots=lots,
        filled_lots=filled,
        filled_value=max(order.filled_value, report.filled_value),
        triggered=order.triggered or report.triggered,
        updated_at=at,
        assumed=False,
        error=report.reason,
    )


def after_fill(order: Order, lots: int, value: Decimal, at: int) -> Order:
    """Return `order` with one more execution; a report that already counted it is not counted again.

    An execution is the exchange's word too: it brings back what we took for rejected or gone, and what is filled to
    its last lot is filled, whatever was said before.
    """
    seen_lots, seen_value = order.seen_lots + lots, order.seen_value + value
    filled = max(order.filled_lots, seen_lots)
    full = 0 < order.lots <= filled
    stands = OrderState.FILLED if full else order.state if _told_done(order) else OrderState.WORKING
    return msgspec.structs.replace(
        order,
        state=stands,
        filled_lots=filled,
        filled_value=max(order.filled_value, seen_value),
        seen_lots=seen_lots,
        seen_value=seen_value,
        updated_at=at,
        assumed=False,
    )


def gone(order: Order, reason: str, at: int) -> Order:
    """Return `order` as one of which the exchange, asked when nothing could be on its way any more, knows nothing.

    One that it never confirmed never existed; one that rested there once is taken for cancelled.
    """
    confirmed = order.resting or order.filled_lots > 0
    state = OrderState.CANCELLED if confirmed else OrderState.REJECTED
    return msgspec.structs.replace(order, state=state, updated_at=at, assumed=True, error=order.error or reason)


def by_clock(order: Order, at: int) -> Order:
    """Return `order` without moments later than the wall clock `at`: a clock that was put back must not hold it up."""
    if max(order.intended_at, order.sent_at, order.updated_at) <= at:
        return order
    return msgspec.structs.replace(
        order,
        intended_at=min(order.intended_at, at),
        sent_at=min(order.sent_at, at),
        updated_at=min(order.updated_at, at),
    )


def as_counted(order: Order, counted: Mapping[str, tuple[int, Decimal]], at: int) -> Order:
    """Return `order` with the fills that were `counted` at the wall clock `at`, where its own note is not older."""
    if order.updated_at < at:
        return order
    lots, value = counted.get(order.client_id, (0, ZERO))
    return msgspec.structs.replace(order, seen_lots=lots, seen_value=value)


def _told_done(order: Order) -> bool:
    """Return whether the exchange itself said that the order is done."""
    return order.state in {OrderState.FILLED, OrderState.CANCELLED} and not order.assumed


def _state_of(report: OrderReport, filled: int, lots: int) -> OrderState:
    if 0 < lots <= filled:
        return OrderState.FILLED  # whatever an older word says, told later
    if report.active:
        return OrderState.WORKING
    return OrderState.CANCELLED if report.cancelled else OrderState.FILLED
