"""What of ours is still there when the bot comes to rest, a line each for the receipt."""

from __future__ import annotations

from typing import Final

import msgspec

from radtui.core.account import PositionReport
from radtui.core.orders import Order, Purpose
from radtui.core.own_orders import OwnOrders
from radtui.core.positions import Position, Positions
from radtui.core.shown import Shown, say_order
from radtui.core.words import counted, side_of

_UNTOLD: Final = {
    Purpose.ENTRY: "its fills could not be read, so its position may have NO STOP",
    Purpose.EXIT: "its fills could not be read, so what it closed is not counted yet",
    Purpose.STOP: "its fills could not be read, so what it closed is not counted yet",
}


class Leftover(msgspec.Struct, frozen=True):
    """Entry and exit orders, positions and stops that remain."""

    orders: tuple[str, ...] = ()
    positions: tuple[str, ...] = ()
    stops: tuple[str, ...] = ()


def left_there(shown: Shown) -> Leftover:
    """Return what of ours the exchange showed."""
    return Leftover(
        orders=tuple(map(say_order, shown.orders)),
        positions=tuple(_shown(position, shown) for position in shown.positions),
        stops=tuple(map(say_order, shown.stops)),
    )


def leftover(orders: OwnOrders, positions: Positions) -> Leftover:
    """Return what remains by our own books, where the exchange does not show it."""
    live = orders.live()
    return Leftover(
        orders=tuple(_order(order) for order in live if order.purpose is not Purpose.STOP)
        + tuple(f"{_order(order)}: {_UNTOLD[order.purpose]}" for order in orders.untold()),
        positions=tuple(_position(symbol, held) for symbol, held in sorted(positions.open.items())),
        stops=tuple(_order(order) for order in live if order.purpose is Purpose.STOP),
    )


def _order(order: Order) -> str:
    stop = order.request.stop
    where = f" @ {stop.price}" if stop else ""
    return f"{order.symbol} {order.purpose} {order.request.side}{where}, {order.state} ({order.client_id})"


def _position(symbol: str, held: Position) -> str:
    stop = f"stop {held.plan.stop} on the exchange" if held.plan and held.bare_since is None else "NO CONFIRMED STOP"
    return f"{symbol} {side_of(held.lots)} {counted(abs(held.lots), 'lot')}, {stop}"


def _shown(position: PositionReport, shown: Shown) -> str:
    at = sorted(str(order.stop.price) for order in shown.stops if order.stop and order.symbol == position.symbol)
    stop = f"stop {' and '.join(at)} on the exchange" if at else "NO STOP ON THE EXCHANGE"
    return f"{position.symbol} {side_of(position.lots)} {counted(abs(position.lots), 'lot')}, {stop}"
