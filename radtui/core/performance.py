"""How the account did over an hour, a day, a week and a month (row S6), from points of its equity.

The points are spread on an even grid: where the bot was not there the equity stood still. Money that was moved in or
out stands in the equity like any other, so it shows as profit or loss here; rows of profit and loss leave it out.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import deque
from collections.abc import Sequence
from itertools import pairwise
from math import fsum, sqrt
from typing import Final

from radtui.core.market import DAY, HOUR, MINUTE
from radtui.core.money_view import EquityPoint
from radtui.core.portfolio_view import PerformanceView

HOURS_KEPT: Final = 30 * 24 + 1
"""Points of the month that are kept: the last of each hour."""
SPANS: Final = (
    ("1h", HOUR, 5 * MINUTE),
    ("24h", DAY, 5 * MINUTE),
    ("7d", 7 * DAY, HOUR),
    ("30d", 30 * DAY, HOUR),
)
"""Name, length and step of each, nanoseconds."""
_YEAR: Final = 365 * DAY
_FEWEST: Final = 3
"""Steps without which a deviation says nothing."""


def noted(hours: deque[EquityPoint], point: EquityPoint) -> None:
    """Add a point where it is the first of its hour, else put it in the place of that one."""
    if hours and hours[-1].at // HOUR == point.at // HOUR:
        hours.pop()
    hours.append(point)


def performances(
    curve: Sequence[EquityPoint], hours: Sequence[EquityPoint], equity: float, now: int
) -> tuple[PerformanceView, ...]:
    """Return all four; `curve` are the points of the last day, `hours` those of a month, both oldest first."""
    return tuple(
        performance(name, curve if step < HOUR else hours, equity, now, span=span, step=step)
        for name, span, step in SPANS
    )


def performance(
    name: str, points: Sequence[EquityPoint], equity: float, now: int, *, span: int, step: int
) -> PerformanceView:
    """Return one of them, over what there is of its span.

    Args:
        equity: of this moment. now: market clock.
    """
    grid = [*_grid(points, now - span, now, step), equity]
    if len(grid) < 2 or grid[0] <= 0:
        return PerformanceView(name=name)
    covered = min(span, now - points[0].at)
    returns = [after / before - 1 for before, after in pairwise(grid) if before > 0]
    deviation, mean = _deviation(returns), fsum(returns) / len(returns) if returns else 0.0
    yearly = sqrt(_YEAR / step)
    return PerformanceView(
        name=name,
        covered=covered,
        gain=(grid[-1] / grid[0] - 1) * 100,
        volatility=None if deviation is None else deviation * yearly * 100,
        sharpe=mean / deviation * yearly if deviation else None,
        drawdown=_drawdown(grid),
    )


def _grid(points: Sequence[EquityPoint], begin: int, now: int, step: int) -> list[float]:
    """Return the equity at each step from `begin` on that is known, the last point before it."""
    if not points:
        return []
    times = [point.at for point in points]
    first = max(begin, points[0].at)
    return [float(points[bisect_right(times, at) - 1].equity) for at in range(first, now, step)]


def _deviation(returns: Sequence[float]) -> float | None:
    if len(returns) < _FEWEST:
        return None
    mean = fsum(returns) / len(returns)
    return sqrt(fsum((each - mean) ** 2 for each in returns) / (len(returns) - 1))


def _drawdown(grid: Sequence[float]) -> float:
    peak, deepest = grid[0], 0.0
    for equity in grid:
        peak = max(peak, equity)
        deepest = min(deepest, (equity / peak - 1) * 100)
    return deepest
