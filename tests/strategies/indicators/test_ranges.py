from __future__ import annotations

import pytest

from radtui.strategies.indicators import Adx, Atr


def test_a_gap_counts_into_the_true_range() -> None:
    atr = Atr(2)
    assert [atr.update(*bar) for bar in ((10.0, 9.0, 10.0), (11.0, 10.0, 11.0), (20.0, 19.0, 19.0))] == [None, None, 5]


@pytest.mark.parametrize("step", [1.0, -1.0])
def test_a_trend_is_strong_whichever_way_it_goes(step: float) -> None:
    adx = Adx(14)
    for ordinal in range(60):
        middle = 1000 + step * ordinal
        said = adx.update(middle + 2, middle - 2, middle)
    assert said == pytest.approx(100)
