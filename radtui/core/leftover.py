"""What of ours is still there when the bot comes to rest, a line each for the receipt."""

from __future__ import annotations

import msgspec

from radtui.core.orders import Order, Purpose
from radtui.core.own_orders import OwnOrders
from radtui.core.positions import Position, Positions


class Leftover(msgspec.Struct, frozen=True):
    """Entry and exit orders, positions and stops that remain."""

    orders: tuple[str, ...] = ()
    positions: tuple[str, ...] = ()
    stops: tuple[str, ...] = ()


def leftover(orders: OwnOrders, positions: Positions) -> Leftover:
    """Return what remains by our own books, which the last reading of the exchange agreed with."""
    live = orders.live()
    return Leftover(
        orders=tuple(_order(order) for order in live if order.purpose is not Purpose.STOP),
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
