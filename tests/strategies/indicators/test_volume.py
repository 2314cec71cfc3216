from __future__ import annotations

from math import nan

import pytest

from radtui.strategies.indicators import VolumeRatio


def test_the_ratio_is_to_the_mean_that_has_the_candle_in_it() -> None:
    ratio = VolumeRatio(4)
    assert ratio.needed == 4
    assert [ratio.update(volume) for volume in (1.0, 1.0, 1.0)] == [None, None, None]
    assert ratio.update(5.0) == pytest.approx(2.5)
    assert ratio.peek(3.0) == ratio.update(3.0) == pytest.approx(1.2)


def test_where_nothing_is_traded_there_is_no_ratio() -> None:
    ratio = VolumeRatio(3)
    assert [ratio.update(volume) for volume in (0.0, 0.0, 0.0, 3.0)] == [None, None, None, 3]
    assert ratio.update(nan) is None
