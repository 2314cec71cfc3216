"""Fair value gap: three candles of which the first and the last do not touch (row W2)."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

import msgspec
from pydantic import Field

from radtui.core.instrument import Instrument
from radtui.core.market import Candle
from radtui.core.signal import HOLD, Signal
from radtui.strategies.base import View
from radtui.strategies.indicators import Atr
from radtui.strategies.leaning import BUYS, SELLS, clarity
from radtui.strategies.stops import StopParameters, Stops

_SETTLING: Final = 5
"""Periods until the seed of the average true range weighs less than 1 %."""


class GapParameters(StopParameters):
    """What it can be told."""

    lookback: int = Field(5, ge=1, le=200, description="candles that a gap waits for the price")
    least: float = Field(0, ge=0, le=20, description="least size of a gap in ATRs")
    clear: float = Field(0.5, gt=0, le=20, description="size in ATRs that gives a confidence of .6")
    behind: Decimal = Field(Decimal("0.25"), ge=0, le=20, description="ATRs from the gap's far side to the stop")
    atr: int = Field(14, ge=2, le=1000, description="candles of the average true range")


class Gap(msgspec.Struct, frozen=True):
    """A gap that waits.

    Attributes:
        side: `BUYS` where the price leapt up over it, `SELLS` where down. until: number of the last candle that may
            trade it.
    """

    bottom: Decimal
    top: Decimal
    side: int
    until: int

    @property
    def far(self) -> Decimal:
        """The edge that the price came from when it leapt."""
        return self.bottom if self.side > 0 else self.top

    def holds(self, close: Decimal) -> bool:
        """Return whether a close lies inside, the edges included."""
        return self.bottom <= close <= self.top

    def filled(self, close: Decimal) -> bool:
        """Return whether a close lies beyond the far side."""
        return (self.far - close) * self.side > 0


def gap_of(first: Candle, last: Candle, until: int) -> Gap | None:
    """Return the gap between the first and the third of three candles; None where they touch."""
    if first.high < last.low:
        return Gap(first.high, last.low, BUYS, until)
    if first.low > last.high:
        return Gap(last.high, first.low, SELLS, until)
    return None


class FairValueGap:
    """Trades with a leap of the price once it has come back into the gap that the leap left.

    A gap is three candles in a row of which the high of the first is below the low of the last, a leap upwards, or its
    low above the last one's high, downwards. Between the two hardly anybody traded; the idea, from the "inner circle"
    school of traders, is that the price returns there and then goes on the way it leapt.

    A gap waits for `lookback` candles. It is traded when a candle closes inside it, once, and is forgotten when one
    closes beyond its far side: then it is filled, and the idea was wrong, which is also where the stop stands. Where a
    close lies in several, the newest counts. A candle that is missing makes no gap. Its size, in the market's own step:

        size       = (top − bottom) ÷ ATR
        confidence = size ÷ (size + ⅔ × clear)

    which is .6, the least that trades, at `clear` ATRs.
    """

    name = "fvg"
    Parameters = GapParameters

    def __init__(self, instrument: Instrument, parameters: GapParameters | None = None) -> None:
        self._instrument = instrument
        self._told = parameters or GapParameters()
        self._stops = Stops(instrument, self._told)
        self._tick = float(instrument.tick)
        self._atr = Atr(self._told.atr)
        self._last: tuple[Candle, ...] = ()
        self._gaps: list[Gap] = []
        self._candles = 0

    @property
    def timeframe(self) -> str:
        """Whose candles it is fed."""
        return self._told.timeframe

    @property
    def warmup(self) -> int:
        """Candles until the seed of the average true range no longer counts."""
        return _SETTLING * self._told.atr

    def on_candle(self, candle: Candle, view: View) -> Signal:
        """Take one closed candle; a signal where it closes inside a gap, else `HOLD`."""
        atr = self._atr.update(float(candle.high), float(candle.low), float(candle.close))
        self._candles += 1
        entered = self._entered(candle.close)
        self._look(candle)
        if entered is None or atr is None or atr < self._tick or self._candles < self.warmup:
            return HOLD
        size = float(entered.top - entered.bottom) / atr
        if size < self._told.least or view.lots * entered.side > 0:
            return HOLD
        return self._signal(entered, candle.close, atr, size)

    def _entered(self, close: Decimal) -> Gap | None:
        """Forget the gaps that are over, and take out the newest that the close lies in."""
        self._gaps = [gap for gap in self._gaps if gap.until >= self._candles and not gap.filled(close)]
        entered = next((gap for gap in reversed(self._gaps) if gap.holds(close)), None)
        if entered is not None:
            self._gaps.remove(entered)
        return entered

    def _look(self, candle: Candle) -> None:
        """Note the gap that this candle completes."""
        if self._last and self._last[-1].closed_at != candle.opened_at:
            self._last = ()
        self._last = (*self._last[-2:], candle)
        if len(self._last) == 3 and (gap := gap_of(self._last[0], candle, self._candles + self._told.lookback)):
            self._gaps.append(gap)

    def _signal(self, gap: Gap, close: Decimal, atr: float, size: float) -> Signal:
        behind = abs(close - gap.far) + self._told.behind * Decimal(repr(atr))
        digits = self._instrument.price_decimals
        leapt = "up" if gap.side > 0 else "down"
        reason = f"back in the gap {gap.bottom:,.{digits}f}–{gap.top:,.{digits}f}, {size:.2f} ATR, leapt {leapt} over"
        confidence = clarity(size, self._told.clear)
        return self._stops.lean(gap.side, confidence, reason, close=close, atr=atr, least=behind)
