"""What one reading of the exchange shows, sorted into ours and not ours."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from radtui.core.account import PositionReport
from radtui.core.order import OrderReport
from radtui.core.words import counted, side_of


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """One reading.

    Attributes:
        begun: wall clock of its beginning; what it shows is at least as new.
        orders: ours that are not stops. stops: ours that have not fired.
        foreign_orders, foreign_positions: not ours.
    """

    begun: int
    orders: tuple[OrderReport, ...] = ()
    stops: tuple[OrderReport, ...] = ()
    positions: tuple[PositionReport, ...] = ()
    foreign_orders: tuple[OrderReport, ...] = ()
    foreign_positions: tuple[PositionReport, ...] = ()

    def foreign(self) -> tuple[str, ...]:
        """Return what is not ours, a line each."""
        return (*map(say_order, self.foreign_orders), *map(say_position, self.foreign_positions))

    def ours(self) -> tuple[str, ...]:
        """Return what is ours, a line each."""
        return (*map(say_order, (*self.orders, *self.stops)), *map(say_position, self.positions))


def sort_out(
    begun: int,
    orders: tuple[OrderReport, ...],
    positions: tuple[PositionReport, ...],
    *,
    own: Callable[[OrderReport], bool],
    held: Callable[[PositionReport], bool],
) -> Shown:
    """Return a reading sorted: `own` says whose an order is, `held` whose a position."""
    ours = [order for order in orders if own(order)]
    return Shown(
        begun=begun,
        orders=tuple(order for order in ours if not order.waits),
        stops=tuple(order for order in ours if order.waits),
        positions=tuple(position for position in positions if held(position)),
        foreign_orders=tuple(order for order in orders if not own(order)),
        foreign_positions=tuple(position for position in positions if not held(position)),
    )


def reduces(order: OrderReport) -> bool:
    """Return whether an order of the exchange's list can only make a position smaller."""
    return order.reduce_only or order.close_order


def say_order(order: OrderReport) -> str:
    """Return an order in one line for a receipt."""
    kind = "stop" if order.stop else order.type
    size = "whole position" if order.close_order else counted(order.lots - order.filled_lots, "lot")
    price = order.stop.price if order.stop else order.price
    return f"{order.symbol} {kind} {order.side} {size}" + (f" @ {price}" if price else "")


def say_position(position: PositionReport) -> str:
    """Return a position in one line for a receipt."""
    size = f"{side_of(position.lots)} {counted(abs(position.lots), 'lot')}"
    return f"{position.symbol} {size} @ {position.entry.normalize():f}"
