"""A bot beside which backtests were flown."""

from __future__ import annotations

from decimal import Decimal
from math import sin

import msgspec
import scenes
from pieces import NOW

from radtui.core.backtest_view import BacktestFigures, BacktestRequest, BacktestState, BacktestView
from radtui.core.market import DAY, SECOND
from radtui.core.snapshot import Snapshot

REQUEST = BacktestRequest(
    strategy="ema_cross", symbol="XBTUSDTM", timeframe="5m", parameters={"fast": "5", "slow": "20"},
    start=NOW // DAY * DAY - 30 * DAY, end=NOW // DAY * DAY, capital=Decimal(10_000),
)  # fmt: skip
FIGURES = BacktestFigures(
    total_trades=131, winning_trades=41, losing_trades=88, win_rate=0.318, profit_factor=0.62, max_drawdown=0.0459,
    sharpe_ratio=-9.16, market_return=-0.065, exposure=0.381, capital=Decimal(10_000), net_profit=Decimal("-446.1"),
    final_equity=Decimal("9553.9"), fees=Decimal("302.59"), funding=Decimal("-2.51"), identity=Decimal(0), steps=43_200,
    faults=0,
)  # fmt: skip
CURVE = tuple(Decimal(round(10_000 - 4 * place + 60 * sin(place / 6))) for place in range(120))
BEGUN = BacktestView(
    id="i-1", request=REQUEST, who="key:lena", state=BacktestState.RUNNING, started_at=NOW - 12 * SECOND, share=0.46,
    source="file:XBTUSDTM 1m:0a1b2c3d4e5f", since=REQUEST.start, until=REQUEST.end,
)  # fmt: skip
DONE = msgspec.structs.replace(
    BEGUN, state=BacktestState.DONE, ended_at=NOW - 2 * SECOND, share=1.0, figures=FIGURES, curve=CURVE,
    blocked={"confidence": 71, "trades a day": 47}, page="/state/backtests/ema.html", document="/state/backtests/a",
)  # fmt: skip
FAILED = msgspec.structs.replace(
    BEGUN, state=BacktestState.FAILED, ended_at=NOW - SECOND, why="its process was killed by SIGKILL: choose less time"
)
CANCELLED = msgspec.structs.replace(BEGUN, state=BacktestState.CANCELLED, ended_at=NOW)


def of(*backtests: BacktestView) -> Snapshot:
    """Return a bot with these backtests, the newest first."""
    return scenes.changed(scenes.running(), backtests=backtests)


def flown() -> Snapshot:
    """Return one that is done, with others before it."""
    before = (msgspec.structs.replace(each, id=f"b-{each.state}") for each in (FAILED, CANCELLED))
    return of(DONE, *before)


def flying() -> Snapshot:
    """Return one that is under way."""
    return of(BEGUN)


def failed() -> Snapshot:
    """Return one that failed."""
    return of(FAILED)
