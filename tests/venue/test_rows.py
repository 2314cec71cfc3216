"""What a row of a market file means."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radtui.core.market import SECOND
from radtui.venue.rows import moment

AT = 1_641_168_000 * SECOND


@pytest.mark.parametrize(
    "text",
    [
        "1641168000",
        "1641168000000",
        "2022-01-03",
        "2022-01-03 00:00:00",
        "2022-01-03T00:00:00Z",
        "2022-01-03T01:00:00+01:00",
        " 2022-01-03 00:00:00.000000 ",
    ],
)
def test_a_moment_can_be_written_in_many_ways(text: str) -> None:
    assert moment(text) == AT


@given(st.integers(0, 9_223_372_036))
def test_the_unit_of_an_epoch_is_told_by_its_size(seconds: int) -> None:
    assert moment(str(seconds)) == seconds * SECOND
    if seconds >= 100_000_000:
        assert {moment(str(seconds * 1000**power)) for power in range(1, 4)} == {seconds * SECOND}


@pytest.mark.parametrize("text", ["", "soon", "12:00", "2022-13-01", "1.5", "1969-12-31", "9999-01-01", "9" * 30, "²"])
def test_what_is_no_moment_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the caller says which row it was
        moment(text)
