from statistics import NormalDist, fmean, pstdev

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radtui.venue.chance import bits, normal, quantile, stream, uniform

keys = st.integers(0, 2**64 - 1)
ordinals = st.integers(-(10**12), 10**12)


@given(keys, ordinals)
def test_a_draw_depends_on_nothing_but_key_and_ordinal(key: int, ordinal: int) -> None:
    first = bits(key, ordinal)
    bits(key, ordinal + 1)
    assert bits(key, ordinal) == first
    assert 0 <= first < 2**64


@given(keys, ordinals)
def test_a_uniform_draw_lies_strictly_inside_the_unit_interval(key: int, ordinal: int) -> None:
    assert 0.0 < uniform(key, ordinal) < 1.0


@given(st.floats(1e-300, 1.0, exclude_max=True))
def test_the_quantile_is_the_normal_distributions(p: float) -> None:
    assert quantile(p) == pytest.approx(NormalDist().inv_cdf(p), rel=2e-9, abs=2e-9)


def test_the_bits_are_those_of_splitmix64() -> None:
    assert [bits(0, ordinal) for ordinal in (1, 2, 3)] == [0xE220A8397B1DCDAF, 0x6E789E6AA1B965F4, 0x06C45D188009454F]


def test_names_are_not_run_together() -> None:
    assert stream("ab", "c") != stream("a", "bc")
    assert stream(1, "shock") != stream(2, "shock")


def test_normal_draws_are_standard() -> None:
    draws = [normal(stream("a sample"), ordinal) for ordinal in range(20_000)]
    assert fmean(draws) == pytest.approx(0.0, abs=0.03)
    assert pstdev(draws) == pytest.approx(1.0, abs=0.03)
