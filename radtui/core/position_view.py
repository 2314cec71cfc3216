"""An open position, as it is shown (row S2)."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

import msgspec


class PositionView(msgspec.Struct, frozen=True, kw_only=True):
    """One open position (row S2).

    Attributes:
        side: long or short. lots: signed. coins: unsigned size in base coin.
        pnl_pct: P/L over margin × 100.
        stop_resting: the exchange confirmed the stop.
        bare_seconds: wall seconds without a confirmed stop so far.
        rule: the exit rule that has moved the stop to where it is; empty while it is the entry's own.
        price_decimals, coin_decimals: for showing.
        mark_at: wall clock of the mark.
    """

    symbol: str
    base: str
    side: Literal["long", "short"]
    lots: int
    coins: Decimal
    entry: Decimal
    mark: Decimal | None
    pnl: Decimal | None
    pnl_pct: float | None
    margin: Decimal
    maintenance: Decimal | None
    leverage: int
    margin_mode: str
    liquidation: Decimal | None
    stop: Decimal | None
    stop_resting: bool
    target: Decimal | None
    bare_seconds: float
    opened_at: int
    price_decimals: int
    coin_decimals: int
    mark_at: int | None = None
    own: bool = True
    reason: str = ""
    rule: str = ""
