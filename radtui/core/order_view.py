"""Our orders and their executions, as they are shown (row S1)."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from radtui.core.order import Cross, Side


class OrderView(msgspec.Struct, frozen=True, kw_only=True):
    """One of our orders, working or done lately.

    Attributes:
        purpose: entry, exit or stop. state: as in `radtui.core.orders.OrderState`.
        lots: of one that closes a whole position, what the position holds now.
        trigger: where a stop fires. average: mean fill price.
        why: what asked for it.
    """

    client_id: str
    order_id: str
    symbol: str
    side: Side
    purpose: str
    type: str
    state: str
    lots: int
    filled_lots: int
    price: Decimal | None
    trigger: Decimal | None
    cross: Cross | None
    average: Decimal | None
    at: int
    price_decimals: int
    why: str = ""
    error: str = ""


class FillView(msgspec.Struct, frozen=True, kw_only=True):
    """One execution of ours, newest first in the snapshot."""

    trade_id: str
    client_id: str
    symbol: str
    side: Side
    purpose: str
    lots: int
    price: Decimal
    fee: Decimal
    maker: bool
    at: int
    price_decimals: int
    kind: str = "trade"
    realised: Decimal | None = None
    why: str = ""
