"""How much is traded against what is usual."""

from __future__ import annotations

from radtui.strategies.indicators.averages import Sma


class VolumeRatio:
    """A candle's volume ÷ the mean of the last `period` candles, its own included; None where nothing was traded."""

    def __init__(self, period: int = 20) -> None:
        self._mean = Sma(period)

    @property
    def needed(self) -> int:
        """Candles until the first value."""
        return self._mean.needed

    def update(self, volume: float) -> float | None:
        """Take the next candle's volume and return the ratio; None before `needed` candles."""
        return self._ratio(volume, self._mean.update(volume))

    def peek(self, volume: float) -> float | None:
        """Return what `update` would return, and take nothing; None before warm."""
        return self._ratio(volume, self._mean.peek(volume))

    @staticmethod
    def _ratio(volume: float, mean: float | None) -> float | None:
        # a sum that was added to and taken from may end a hair beside 0
        return volume / mean if mean is not None and mean > 0 else None
