"""EMA 10/50, always in the market, long or short: as a strategy, and as a loop that shares no code with ours."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from random import Random
from typing import Final

import numpy as np
import talib

from radtui.backtest.run import Terms
from radtui.core.config import CoreConfig, Limits
from radtui.core.instrument import Instrument
from radtui.core.market import DAY, HOUR, MINUTE, Candle
from radtui.core.signal import HOLD, Signal
from radtui.strategies.base import View
from radtui.strategies.batch import History
from radtui.strategies.indicators import Ema
from radtui.venue.columns import Columns
from radtui.venue.contracts import CONTRACTS
from radtui.venue.history import RecordedMarket, Recording
from radtui.venue.rows import Row
from tests.backtest.worlds import START, XBT

FAST, SLOW, LOTS, CAPITAL = 10, 50, 1000, Decimal(10**9)
LONG: Final = Signal(1.0, 0.0, 0.0, 1.0, "the fast average is above the slow one")
SHORT: Final = Signal(0.0, 1.0, 0.0, 1.0, "the fast average is below the slow one")
Made = tuple[int, int, Decimal]
"""A fill: nanoseconds UTC, signed lots, price."""
NONE: Final = Limits(
    position_lots=LOTS,
    stop_share=Decimal("0.9"),
    positions=100,
    group_share=Decimal(1),
    confidence=0.0,
    exposure_share=Decimal(1),
    daily_loss=Decimal(1),
    drawdown=Decimal(1),
    losing_streak=1000,
    entries_per_minute=1000,
)
"""Profile ``none``."""


class Crossing:
    """Says at each cross which side the fast average is on."""

    name = "crossing"
    timeframe = "1m"
    warmup = SLOW

    def __init__(self, instrument: Instrument) -> None:
        self._fast, self._slow, self._side = Ema(FAST), Ema(SLOW), 0

    def on_candle(self, candle: Candle, view: View) -> Signal:
        """Take a close."""
        close = float(candle.close)
        fast, slow = self._fast.update(close), self._slow.update(close)
        side = 0 if fast is None or slow is None else (fast > slow) - (fast < slow)
        if side in {0, self._side}:
            return HOLD
        self._side = side
        return LONG if side > 0 else SHORT


class Foretelling(Crossing):
    """The same, told at once."""

    def foretell(self, history: History) -> dict[int, Signal]:
        """Find the crosses."""
        fast, slow = talib.EMA(history.close, FAST), talib.EMA(history.close, SLOW)
        sides = np.nan_to_num(np.sign(fast - slow))
        places = np.flatnonzero(sides)
        turned = places[np.diff(sides[places], prepend=0.0) != 0]
        return {int(at): LONG if sides[at] > 0 else SHORT for at in turned}


def reference(bars: Columns, since: int) -> tuple[list[Made], Decimal]:
    """Return fills and the wallet at the end; `since`: the first bar that trades, those before are warm-up."""
    coin, fee, rate = Decimal("0.001"), Decimal("0.0006"), Decimal("0.0001")
    made: list[Made] = []
    cash, cost, held, wants, said = CAPITAL, Decimal(0), 0, 0, 0
    averages, closes = [0.0, 0.0], list[float]()
    for at, bar in enumerate(bars):
        if wants and at >= since:  # at the first open out of the old position, at the second one into the new
            lots = -held if held else wants * LOTS
            value = lots * coin * bar.open
            cash -= abs(value) * fee
            cash, cost = (cash - value - cost, Decimal(0)) if held else (cash, value)
            held, wants = (0, wants) if held else (lots, 0)
            made.append((bar.opened_at, lots, bar.open))
        if bar.closed_at % (8 * HOUR) == 0:
            cash -= held * coin * bar.close * rate
        closes.append(float(bar.close))
        for n, period in enumerate((FAST, SLOW)):
            if len(closes) <= period:
                averages[n] = sum(closes) / period  # the seed, once there are as many
            else:
                averages[n] += (closes[-1] - averages[n]) * (2 / (period + 1))
        side = (averages[0] > averages[1]) - (averages[0] < averages[1]) if len(closes) >= SLOW else 0
        if side and side != said:
            said = side
            if at >= since and not wants and held * side <= 0:
                wants = side
    return made, cash


def walk(count: int, seed: int = 1, step: float = 0.0008) -> Iterator[Row]:
    """Yield minutes of a random walk, on the tick."""
    chance, price = Random(seed), 40_000.0
    for minute in range(count):
        path = [price, *(price := price * (1 + chance.gauss(0, step / 3**0.5)) for _ in range(3))]
        figures = path[0], max(path), min(path), path[-1]
        yield (START + minute * MINUTE, *(Decimal(round(10 * each)) / 10 for each in figures), Decimal(minute % 1000))


def market(count: int, seed: int = 1) -> RecordedMarket:
    """Return the market of a walk."""
    return RecordedMarket(Recording("walk", "0" * 12, walk(count, seed)), (XBT,), 500)


def terms(limits: Limits = NONE) -> Terms:
    """Return the terms: no slippage, fee 0.06 %."""
    assert CONTRACTS[XBT].taker_fee == Decimal("0.0006")
    core = CoreConfig(bot="t", boot=START, timeframe="1m", stale_after=DAY, strategy="crossing", limits=limits)
    return Terms(config=core, balance=CAPITAL, slippage=Decimal(0))
