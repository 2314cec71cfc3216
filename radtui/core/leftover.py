"""What of ours is still there when the bot comes to rest, a line each for the receipt."""

from __future__ import annotations

from typing import Final

import msgspec

from radtui.core.orders import Order, Purpose
from radtui.core.own_orders import OwnOrders
from radtui.core.positions import Position, Positions

_UNTOLD: Final = "its fills could not be read, so its position may have NO STOP"


class Leftover(msgspec.Struct, frozen=True):
    """Entry and exit orders, positions and stops that remain."""

    orders: tuple[str, ...] = ()
    positions: tuple[str, ...] = ()
    stops: tuple[str, ...] = ()


def leftover(orders: OwnOrders, positions: Positions) -> Leftover:
    """Return what remains by our own books; an entry whose fills we have not all seen is a position to be looked at."""
    live = orders.live()
    return Leftover(
        orders=tuple(_order(order) for order in live if order.purpose is not Purpose.STOP)
        + tuple(f"{_order(order)}: {_UNTOLD}" for order in orders.untold()),
        positions=tuple(_position(symbol, held) for symbol, held in sorted(positions.open.items())),
        stops=tuple(_order(order) for order in live if order.purpose is Purpose.STOP),
    )


def _order(order: Order) -> str:
    stop = order.request.stop
    where = f" @ {stop.price}" if stop else ""
    return f"{order.symbol} {order.purpose} {order.request.side}{where}, {order.state} ({order.client_id})"


def _position(symbol: str, held: Position) -> str:
    side = "long" if held.lots > 0 else "short"
    stop = f"stop {held.plan.stop} on the exchange" if held.plan and held.bare_since is None else "NO CONFIRMED STOP"
    return f"{symbol} {side} {abs(held.lots)} lots, {stop}"
