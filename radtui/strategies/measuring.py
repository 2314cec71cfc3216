"""How a contract moves, out of its candles: what the gates and the exit rules of core ask for."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise
from math import fsum, isfinite, sqrt
from typing import Final

from radtui.core.market import HOUR, Candle
from radtui.core.measures import Measures

LOOK_BACK: Final = 100
"""Returns that the volatility is taken over."""
LEAST: Final = 20
"""Returns without which nothing is said."""
PACE: Final = 10
"""Candles that the momentum is taken over."""
_DIGITS: Final = 6


def measure(candles: Sequence[Candle]) -> Measures | None:
    """Return the measures at the close of the last of `candles`, oldest first; None where they are too few.

    Volatility is the sample standard deviation of the returns from close to close; over an hour the returns of n
    candles add up, and independent ones have √n times the deviation.
    """
    if not candles:
        return None
    closes = [float(candle.close) for candle in candles[-LOOK_BACK - 1 :]]
    return measure_closes(closes, candles[-1].span, candles[-1].closed_at)


def measure_closes(closes: Sequence[float], span: int, closed_at: int) -> Measures | None:
    """Return the same of closes alone, at most `LOOK_BACK` + 1 of them; `span` and `closed_at`: of the last candle."""
    if len(closes) <= LEAST or min(closes) <= 0:
        return None
    returns = [after / before - 1 for before, after in pairwise(closes)]
    mean = fsum(returns) / len(returns)
    deviation = sqrt(fsum((each - mean) ** 2 for each in returns) / (len(returns) - 1))
    volatility, momentum = deviation * sqrt(HOUR / span), closes[-1] / closes[-PACE - 1] - 1
    if not (isfinite(volatility) and isfinite(momentum)):
        return None
    return Measures(closed_at=closed_at, volatility=_share(volatility), momentum=_share(momentum))


def _share(value: float) -> Decimal:
    return Decimal(f"{value:.{_DIGITS}f}")
