"""Bands round an average."""

from __future__ import annotations

from math import isfinite
from typing import NamedTuple

from radtui.strategies.indicators.streamed import OfOne
from radtui.strategies.indicators.ta_lib import stream


class BandValue(NamedTuple):
    """What `Bollinger` says, in units of what it is fed."""

    upper: float
    middle: float
    lower: float

    @property
    def width(self) -> float:
        """From band to band, as a share of the middle; 0 where the middle is 0."""
        return (self.upper - self.lower) / self.middle if self.middle else 0.0


class Bollinger(OfOne[tuple[float, float, float], BandValue]):
    """Simple average ± `deviations` standard deviations of the last `period` values, after John Bollinger.

    As talib.BBANDS; the deviation is that of the whole population, not of a sample.
    """

    def __init__(self, period: int = 20, deviations: float = 2.0) -> None:
        super().__init__(lambda values: stream.BBANDS(values, period, deviations, deviations), period, self._value)

    @staticmethod
    def _value(raw: tuple[float, float, float]) -> BandValue | None:
        return BandValue(*raw) if all(map(isfinite, raw)) else None
