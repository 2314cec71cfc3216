"""Every rung of every ladder, on both sides of it."""

import pytest

from radtui.strategies.scanning import scoring
from radtui.strategies.scanning.points import Ladder, points_of


@pytest.mark.parametrize(
    ("ladder", "figure", "points"),
    [
        (scoring.MOMENTUM, 0.0501, 25),
        (scoring.MOMENTUM, 0.05, 25),
        (scoring.MOMENTUM, 0.0499, 18),
        (scoring.MOMENTUM, 0.03, 18),
        (scoring.MOMENTUM, 0.0299, 12),
        (scoring.MOMENTUM, 0.02, 12),
        (scoring.MOMENTUM, 0.0199, 5),
        (scoring.MOMENTUM, 0.01, 5),
        (scoring.MOMENTUM, 0.0099, 0),
        (scoring.MOMENTUM, -0.9, 0),
        (scoring.VOLUME, 3.0, 15),
        (scoring.VOLUME, 2.99, 10),
        (scoring.VOLUME, 2.0, 10),
        (scoring.VOLUME, 1.99, 5),
        (scoring.VOLUME, 1.5, 5),
        (scoring.VOLUME, 1.49, 0),
        (scoring.RSI, 70, 12),
        (scoring.RSI, 69.9, 6),
        (scoring.RSI, 60, 6),
        (scoring.RSI, 59.9, 0),
        (scoring.FAVOUR, 1.2, 12),
        (scoring.FAVOUR, 0.8, 12),
        (scoring.FAVOUR, 0.79, 6),
        (scoring.FAVOUR, 0.6, 6),
        (scoring.FAVOUR, 0.59, 0),
        (scoring.FAVOUR, 0.2, 0),
        (scoring.FAVOUR, 0.19, -3),
        (scoring.FAVOUR, 0.0, -3),
        (scoring.FAVOUR, -0.01, -8),
        (scoring.ROOM, 3, 15),
        (scoring.ROOM, 2.99, 8),
        (scoring.ROOM, 2, 8),
        (scoring.ROOM, 1.99, 0),
        (scoring.ROOM, 1, 0),
        (scoring.ROOM, 0.99, -8),
    ],
)
def test_a_rung_is_reached_by_its_own_figure(ladder: Ladder, figure: float, points: float) -> None:
    assert points_of(ladder, figure) == points
