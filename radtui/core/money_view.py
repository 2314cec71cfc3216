"""Profit and loss, as it is shown (rows H2, S3); all amounts in the settlement currency."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from radtui.core.money import ZERO


class EquityPoint(msgspec.Struct, frozen=True, gc=False):
    """One point of the equity curve, on the market clock."""

    at: int
    equity: Decimal


class MoneyView(msgspec.Struct, frozen=True, kw_only=True):
    """Profit and loss (rows H2, S3).

    Attributes:
        today: equity now − equity at the market day's start.
        realised: of closed trades, before fees and funding. fees: paid, positive is a cost. funding: received.
        moved: deposits and transfers in − withdrawals and transfers out, since the start.
        identity: equity − (start + realised − fees + funding + moved + unrealised); 0 to the last digit, else an alarm.
        drawdown, max_drawdown: percent below the highest equity so far, ≤ 0.
        fills: executions of ours, all of them (the snapshot shows only the latest).
        win_rate: wins / (wins + losses) × 100; None before the first.
        profit_factor: gross profit / gross loss; None before the first loss.
        exposure: Σ |notional| / equity × 100.
    """

    currency: str = "USDT"
    start: Decimal | None = None
    equity: Decimal | None = None
    wallet: Decimal | None = None
    available: Decimal | None = None
    reserved: Decimal | None = None
    today: Decimal | None = None
    total_pct: float | None = None
    realised: Decimal = ZERO
    unrealised: Decimal = ZERO
    fees: Decimal = ZERO
    funding: Decimal = ZERO
    moved: Decimal = ZERO
    identity: Decimal | None = None
    drawdown: float = 0.0
    max_drawdown: float = 0.0
    wins: int = 0
    losses: int = 0
    break_even: int = 0
    opened: int = 0
    closed: int = 0
    fills: int = 0
    win_rate: float | None = None
    profit_factor: float | None = None
    exposure: float | None = None
    curve: tuple[EquityPoint, ...] = ()
    read_at: int | None = None
