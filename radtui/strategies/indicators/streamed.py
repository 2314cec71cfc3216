"""What all indicators share: history until there is enough of it, then a handle of TA-Lib."""

from __future__ import annotations

from collections.abc import Callable
from math import isfinite
from typing import Generic, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

Column = NDArray[np.float64]
_Raw_co = TypeVar("_Raw_co", covariant=True)
_Raw = TypeVar("_Raw")
_Value = TypeVar("_Value")


class Handle(Protocol[_Raw_co]):
    """A streaming function of TA-Lib, opened on a history."""

    @property
    def value(self) -> _Raw_co:
        """What it says of the history's last candle."""
        ...

    @property
    def update(self) -> Callable[..., _Raw_co]:
        """Takes the next candle."""
        ...

    @property
    def peek(self) -> Callable[..., _Raw_co]:
        """Says what `update` would, and takes nothing."""
        ...


class _Streamed(Generic[_Raw, _Value]):
    """An indicator that becomes a handle once it has seen `needed` candles.

    Args:
        opened: opens the handle on the columns of a history.
        needed: candles of the first value, its own included: TA-Lib's lookback + 1.
        told: what becomes of a value; None where it is not finite.
    """

    def __init__(self, opened: Callable[..., Handle[_Raw]], needed: int, told: Callable[[_Raw], _Value | None]) -> None:
        self._opened = opened
        self._needed = needed
        self._told = told
        self._history: list[tuple[float, ...]] = []
        self._handle: Handle[_Raw] | None = None

    @property
    def needed(self) -> int:
        """Candles until the first value, the one it is told with included."""
        return self._needed

    def _gather(self, *values: float) -> _Value | None:
        self._history.append(values)
        if len(self._history) < self._needed:
            return None
        columns = (np.array(column, np.float64) for column in zip(*self._history, strict=True))
        self._handle = self._opened(*columns)
        self._history.clear()
        return self._told(self._handle.value)


class OfOne(_Streamed[_Raw, _Value]):
    """An indicator of one figure a candle, mostly its close."""

    def update(self, value: float) -> _Value | None:
        """Take the next figure and return the value; None before `needed` figures, and for one that is not finite."""
        if not isfinite(value):
            return None
        if self._handle is None:
            return self._gather(value)
        return self._told(self._handle.update(value))

    def peek(self, value: float) -> _Value | None:
        """Return what `update` would return, for a candle that is still open, and take nothing; None before warm."""
        if self._handle is None or not isfinite(value):
            return None
        return self._told(self._handle.peek(value))


class OfCandle(_Streamed[_Raw, _Value]):
    """An indicator of high, low and close."""

    def update(self, high: float, low: float, close: float) -> _Value | None:
        """Take the next candle and return the value; None before `needed` candles, and for one that is not finite."""
        if not (isfinite(high) and isfinite(low) and isfinite(close)):
            return None
        if self._handle is None:
            return self._gather(high, low, close)
        return self._told(self._handle.update(high, low, close))

    def peek(self, high: float, low: float, close: float) -> _Value | None:
        """Return what `update` would return, for a candle that is still open, and take nothing; None before warm."""
        if self._handle is None or not (isfinite(high) and isfinite(low) and isfinite(close)):
            return None
        return self._told(self._handle.peek(high, low, close))


def finite(value: float) -> float | None:
    """Return a value that can be reckoned with; None for one beyond the range of floats."""
    return value if isfinite(value) else None
