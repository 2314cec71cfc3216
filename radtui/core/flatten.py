"""Emergency stop: halt, cancel entries, close, read back flat, only then cancel the stops (row L9).

It is driven by what the exchange shows, not by what was sent: each reading is compared with "nothing of ours is left"
and whatever is left is asked for again. So it may be interrupted, repeated, begun in any state, and it never gives up.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

import msgspec

from radtui.core.account import PositionReport
from radtui.core.commands import Read
from radtui.core.desk import Desk
from radtui.core.events import ExchangeShown
from radtui.core.exits import Exits
from radtui.core.instruction import Instruction
from radtui.core.market import SECOND
from radtui.core.order import OrderReport
from radtui.core.orders import Order, OrderState, Purpose
from radtui.core.own_orders import OwnOrders
from radtui.core.positions import Positions
from radtui.core.snapshot import FlattenView

_READ_EVERY: Final = SECOND // 5


class Phase(StrEnum):
    """What the flatten is waiting for."""

    CANCELLING = "cancelling entries"
    CLOSING = "closing positions"
    UNSTOPPING = "cancelling stops"
    FLAT = "flat"


class Flattened(msgspec.Struct, frozen=True, kw_only=True):
    """What a flatten did, a line each, and what is not ours and was left alone."""

    orders_cancelled: tuple[str, ...] = ()
    positions_closed: tuple[str, ...] = ()
    stops_cancelled: tuple[str, ...] = ()
    foreign: tuple[str, ...] = ()


class Flatten:
    """One flatten, from its order to "the exchange shows nothing of ours"."""

    def __init__(
        self, desk: Desk, orders: OwnOrders, positions: Positions, exits: Exits, instruction: Instruction
    ) -> None:
        self._desk = desk
        self._orders = orders
        self._positions = positions
        self._exits = exits
        self.instruction = instruction
        self.since = desk.at
        self.phase = Phase.CANCELLING
        self.attempts = 0
        self.failing = ""
        self.remaining: tuple[str, ...] = ()
        self.foreign: tuple[str, ...] = ()
        self._read_at = 0
        self._acted_at = desk.at
        self._halt()

    def tick(self, since: int) -> None:
        """Ask for a reading when the last one is old enough."""
        if self._desk.at - self._read_at >= _READ_EVERY:
            self._read_at = self._desk.at
            self._desk.order(Read(since))
            self._close()

    def failed(self, reason: str) -> None:
        """Note that the exchange could not be read: the flatten goes on trying."""
        self.failing = reason

    def shown(self, seen: ExchangeShown) -> bool:
        """Compare a reading with "nothing left" and act; return True once it shows just that."""
        self.failing = ""
        if seen.begun < max(self._acted_at, self._orders.entry_at):
            return False
        self.attempts += 1
        self._look(seen)
        self.phase = self._act(seen)
        return self.phase is Phase.FLAT and not self._orders.unsettled

    def view(self) -> FlattenView:
        """Return what a person should see of it."""
        return FlattenView(
            phase=self.phase,
            since=self.since,
            attempts=self.attempts,
            remaining=self.remaining,
            failing=self.failing,
        )

    def result(self) -> Flattened:
        """Return what was done since it began."""
        done = [order for order in self._orders.all() if order.done and order.updated_at >= self.since]
        cancelled = [order for order in done if order.state is OrderState.CANCELLED]
        return Flattened(
            orders_cancelled=tuple(_line(o) for o in cancelled if o.purpose is Purpose.ENTRY),
            positions_closed=tuple(self._closed(o) for o in done if o.filled_lots and o.purpose is not Purpose.ENTRY),
            stops_cancelled=tuple(_line(o) for o in cancelled if o.purpose is Purpose.STOP),
            foreign=self.foreign,
        )

    def _closed(self, order: Order) -> str:
        instrument = self._desk.instruments[order.symbol]
        average = instrument.price_of(order.filled_value, order.filled_lots)
        price = f"{average:.{instrument.price_decimals}f}"
        return f"{order.symbol} {order.request.side} {order.filled_lots} lots at {price}"

    def _halt(self) -> None:
        for order in self._orders.live(Purpose.ENTRY):
            self._orders.cancel(order)

    def _act(self, seen: ExchangeShown) -> Phase:
        own = [order for order in seen.orders if self._desk.ids.own(order.client_id)]
        entries = [order for order in own if not order.reduce_only and not order.close_order]
        held = [position for position in seen.positions if self._ours(position)]
        if entries or self._orders.live(Purpose.ENTRY):
            self._halt()
            self._close()  # what is open never waits for an entry of unknown fate
            return Phase.CANCELLING
        if held or self._positions.open:
            self._close()
            return Phase.CLOSING
        stops = self._orders.live(Purpose.STOP)
        if stops or own:
            for order in stops:
                self._orders.cancel(order)
            return Phase.UNSTOPPING
        return Phase.FLAT

    def _close(self) -> None:
        """Close what we know of, with or without a reading: a close of what is closed already is only refused."""
        for symbol, position in self._positions.open.items():
            if self._exits.awake and position.lots and self._exits.close(symbol, self.instruction.ask):
                self._acted_at = self._desk.at

    def _ours(self, position: PositionReport) -> bool:
        """Return whether a position is ours: known, or of an entry whose fills are still on their way."""
        return position.symbol in self._positions.open or self._orders.uncounted(position.symbol)

    def _look(self, seen: ExchangeShown) -> None:
        own: list[str] = []
        foreign: list[str] = []
        for order in seen.orders:
            (own if self._desk.ids.own(order.client_id) else foreign).append(say_order(order))
        for position in seen.positions:
            (own if self._ours(position) else foreign).append(say_position(position))
        self.remaining, self.foreign = tuple(own), tuple(foreign)


def _line(order: Order) -> str:
    stop = order.request.stop
    where = f" @ {stop.price}" if stop else ""
    return f"{order.symbol} {order.purpose} {order.request.side}{where} ({order.client_id})"


def say_order(order: OrderReport) -> str:
    """Return an order in one line for a receipt."""
    kind = "stop" if order.stop else order.type
    size = "whole position" if order.close_order else f"{order.lots - order.filled_lots} lots"
    price = order.stop.price if order.stop else order.price
    return f"{order.symbol} {kind} {order.side} {size}" + (f" @ {price}" if price else "")


def say_position(position: PositionReport) -> str:
    """Return a position in one line for a receipt."""
    side = "long" if position.lots > 0 else "short"
    return f"{position.symbol} {side} {abs(position.lots)} lots @ {position.entry.normalize():f}"
