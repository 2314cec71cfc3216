"""Markets, strategies and terms for the backtest's tests."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from random import Random
from typing import Any

import msgspec

from radtui.backtest.result import Result
from radtui.backtest.run import Terms, run
from radtui.core.config import CoreConfig, Limits
from radtui.core.exit_terms import LADDER, ExitTerms
from radtui.core.instrument import Instrument
from radtui.core.market import DAY, MINUTE, SECOND, Candle
from radtui.core.signal import HOLD, Signal
from radtui.strategies.base import View
from radtui.venue.history import RecordedMarket, Recording
from radtui.venue.rows import Row

START = 1_641_168_000 * SECOND
"""2022-01-03, midnight UTC."""
XBT = "XBTUSDTM"
FREE = Limits(losing_streak=100_000, drawdown=Decimal(1), daily_loss=Decimal(1), entries_per_minute=1_000)
"""No breaker trips: what a test is about is not how well it trades."""
ASKED = msgspec.structs.replace(FREE, volatility=Decimal("0.5"), leverage=10, leverage_adapts=True)
"""Limits that ask how the market moves; flown with the exit rules."""
NEAR = ExitTerms(
    stop=Decimal("0.004"),
    stop_least=Decimal("0.002"),
    reward=Decimal(2),
    trailing=Decimal("0.002"),
    trailing_least=Decimal("0.001"),
    break_even=Decimal("0.002"),
    locked=Decimal("0.001"),
    ladder=LADDER,
    stall_after=3 * MINUTE,
    stall_stop=Decimal("0.002"),
    longest=20 * MINUTE,
)
"""Every exit rule, with figures that are met within minutes."""


def walk(count: int, seed: int = 1, *, step: float = 0.001, price: float = 40_000.0) -> list[Row]:
    """Return minutes of a random walk, on the tick."""
    chance, rows = Random(seed), []
    for minute in range(count):
        opened = price
        path = [opened := price, *(price := price * (1 + chance.gauss(0, step)) for _ in range(3))]
        figures = opened, max(path), min(path), path[-1], chance.randrange(1000)
        rows.append((START + minute * MINUTE, *(Decimal(f"{figure:.1f}") for figure in figures)))
    return rows


def steady(count: int, price: str = "40000", *, since: int = 0) -> list[Row]:
    """Return minutes in which nothing moves."""
    return [(START + minute * MINUTE, *[Decimal(price)] * 4, Decimal(1)) for minute in range(since, since + count)]


def bar(minute: int, opened: str, high: str, low: str, close: str) -> Row:
    """Return one minute."""
    return START + minute * MINUTE, Decimal(opened), Decimal(high), Decimal(low), Decimal(close), Decimal(1)


def market(rows: Sequence[Row], warmup: int = 5) -> RecordedMarket:
    """Return the market of rows."""
    return RecordedMarket(Recording("walk", "0" * 12, rows), (XBT,), warmup)


def terms(limits: Limits = FREE, **changed: Any) -> Terms:
    """Return terms on minutes."""
    core = CoreConfig(bot="t", boot=START, timeframe="1m", stale_after=DAY, strategy="test", limits=limits)
    return Terms(config=core, **{"warmup": 5, **changed})


def flown(rows: Sequence[Row], factory: Callable[[Instrument], Any], limits: Limits = FREE, **changed: Any) -> Result:
    """Return what came of a strategy in a market of rows."""
    return run(terms(limits, **changed), market(rows), factory)


def lean(*, buy: bool, stop: Decimal | None = None, target: Decimal | None = None) -> Signal:
    """Return a signal that wants to trade."""
    likely, other = 0.8, 0.1
    return Signal(likely if buy else other, other if buy else likely, other, 0.8, "test", stop=stop, target=target)


class Scripted:
    """Says at given minutes what it was told to say; a minute is that of its candle."""

    name = "scripted"
    timeframe = "1m"
    warmup = 0

    def __init__(self, script: dict[int, Signal]) -> None:
        self._script = script
        self.seen: list[tuple[Candle, View]] = []

    def __call__(self, instrument: Instrument) -> Scripted:
        return self

    def on_candle(self, candle: Candle, view: View) -> Signal:
        """Read the script."""
        self.seen.append((candle, view))
        return self._script.get((candle.opened_at - START) // MINUTE, HOLD)


class Restless:
    """Follows the last move, with a stop and sometimes a target: many trades of every kind in little time."""

    name = "restless"
    timeframe = "1m"
    warmup = 0

    def __init__(self, instrument: Instrument) -> None:
        self._tick = instrument.tick

    def on_candle(self, candle: Candle, view: View) -> Signal:
        """Look at the move of this candle."""
        move = candle.close - candle.open
        if abs(move) * 500 < candle.close:
            return HOLD
        away = (candle.close / 400 / self._tick).to_integral_value() * self._tick
        sign = 1 if move > 0 else -1
        target = candle.close + sign * away if len(view.recent) % 2 else None
        return lean(buy=move > 0, stop=candle.close - sign * away, target=target)


def nets(result: Result) -> Decimal:
    """Return what the closed trades brought."""
    return sum((trade.net for trade in result.trades), Decimal(0))


def packed(result: Result) -> bytes:
    """Return all of a result."""
    return msgspec.json.encode(result)
