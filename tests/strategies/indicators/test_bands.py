from __future__ import annotations

from statistics import fmean, pstdev

import pytest

from radtui.strategies.indicators import BandValue, Bollinger


def test_the_bands_are_deviations_of_the_whole_population_round_the_mean() -> None:
    closes = [100.0, 103.0, 99.0, 104.0, 102.0]
    bollinger = Bollinger(5, 2.0)
    (bands,) = filter(None, map(bollinger.update, closes))
    reach = 2 * pstdev(closes)
    assert bands == pytest.approx((fmean(closes) + reach, fmean(closes), fmean(closes) - reach))
    assert bands.width == pytest.approx(2 * reach / fmean(closes))


def test_the_width_of_a_flat_market_is_nothing_even_at_nothing() -> None:
    assert BandValue(5.0, 5.0, 5.0).width == BandValue(0.0, 0.0, 0.0).width == 0
