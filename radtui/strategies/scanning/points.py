"""Points by rungs."""

from __future__ import annotations

import msgspec


class Ladder(msgspec.Struct, frozen=True):
    """Rungs of a figure and their points, the highest first; `below` all of them other points are given."""

    rungs: tuple[tuple[float, float], ...]
    below: float = 0


def points_of(ladder: Ladder, figure: float) -> float:
    """Return the points of the highest rung that `figure` has reached."""
    return next((points for rung, points in ladder.rungs if figure >= rung), ladder.below)
