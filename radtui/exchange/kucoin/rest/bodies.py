"""What is sent in the body of a request: exact fields, whole lots as numbers, every amount as plain text.

No amount passes through a float, and none is written with an exponent.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal

import msgspec
from msgspec import UNSET, UnsetType

from radtui.core.money import plain
from radtui.core.order import Cross, MarginMode, OrderRequest, OrderType, PositionSide, PriceType, Side, TimeInForce
from radtui.exchange.kucoin.wire.common import encode

MOST_ORDERS: Final = 20
"""Orders in one batch."""


class _Body(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """A body; what is unset is not sent."""


class OrderBody(_Body, frozen=True, kw_only=True):
    """One order. Margin mode and position side always stand in it: what is left out the exchange makes up.

    Attributes:
        size: whole lots. With `close_order` it may be left out.
        leverage: a whole number; left out where the order only closes.
        price: for a limit order; plain text, a multiple of the tick.
        stop: ``up`` fires at or above `stop_price`, ``down`` at or below.
    """

    client_oid: str
    symbol: str
    margin_mode: MarginMode
    position_side: PositionSide
    type: OrderType
    side: Side | UnsetType = UNSET
    size: int | UnsetType = UNSET
    leverage: int | UnsetType = UNSET
    price: str | UnsetType = UNSET
    time_in_force: TimeInForce | UnsetType = UNSET
    post_only: bool = False
    reduce_only: bool = False
    close_order: bool = False
    force_hold: bool = False
    stop: Cross | UnsetType = UNSET
    stop_price: str | UnsetType = UNSET
    stop_price_type: PriceType | UnsetType = UNSET
    stp: Literal["CN", "CO", "CB"] | UnsetType = UNSET
    remark: str | UnsetType = UNSET

    @property
    def reduces(self) -> bool:
        """Whether it can only make a position smaller, also as a sale on the long side of a hedge account."""
        side = 0 if self.side is UNSET else self.side.sign
        return self.reduce_only or self.close_order or self.position_side.sign * side < 0

    def encoded(self) -> bytes:
        """Return it as it is signed and sent."""
        return encode(self)


class ProtectedBody(OrderBody, frozen=True, kw_only=True):
    """An order with the stops that are to protect its position: triggers above and below, as plain text."""

    trigger_stop_up_price: str | UnsetType = UNSET
    trigger_stop_down_price: str | UnsetType = UNSET


class CancelBody(_Body, frozen=True, kw_only=True):
    """Which orders to cancel by the exchange's ids."""

    order_ids_list: tuple[str, ...]


class ClientOrder(_Body, frozen=True, kw_only=True):
    """An order by our own id."""

    symbol: str
    client_oid: str


class CancelByClientBody(_Body, frozen=True, kw_only=True):
    """Which orders to cancel by our own ids."""

    client_oids_list: tuple[ClientOrder, ...]


def order_body(request: OrderRequest) -> OrderBody:
    """Return the body of an order."""
    stop = request.stop
    return OrderBody(
        client_oid=request.client_id,
        symbol=request.symbol,
        margin_mode=request.margin_mode,
        position_side=request.position_side,
        type=request.type,
        side=request.side,
        size=request.lots or UNSET,
        leverage=request.leverage or UNSET,
        price=UNSET if request.price is None else plain(request.price),
        time_in_force=request.tif if request.type is OrderType.LIMIT else UNSET,
        post_only=request.post_only,
        reduce_only=request.reduce_only,
        close_order=request.close_order,
        stop=UNSET if stop is None else stop.cross,
        stop_price=UNSET if stop is None else plain(stop.price),
        stop_price_type=UNSET if stop is None else stop.on,
    )


def batch(bodies: Sequence[OrderBody]) -> bytes:
    """Return a batch of orders as it is signed and sent.

    Raises:
        ValueError: there are none, or more than the exchange takes at once.
    """
    if not 0 < len(bodies) <= MOST_ORDERS:
        raise ValueError(f"a batch holds 1 to {MOST_ORDERS} orders, not {len(bodies)}")
    return encode(list(bodies))
