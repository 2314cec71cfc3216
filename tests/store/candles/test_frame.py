"""Decimals come back as they went in."""

from __future__ import annotations

from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from radtui.core.market import MINUTE, Candle
from radtui.store.candles import frame

figures = st.decimals(0, 10**14, places=12, allow_nan=False, allow_infinity=False)
rows = st.tuples(st.integers(0, 2**62), figures, figures, figures, figures, figures)


@settings(max_examples=30, deadline=None)
@given(st.lists(rows, max_size=5))
def test_what_goes_into_a_table_comes_out_of_its_parquet(
    tmp_path_factory: pytest.TempPathFactory, told: list[frame.Row]
) -> None:
    file = tmp_path_factory.mktemp("frame") / "x.parquet"
    frame.of_rows(told).write_parquet(file)
    assert list(frame.rows(pl.read_parquet(file))) == told


def test_a_figure_has_no_zeros_that_nobody_wrote() -> None:
    told = [(0, *map(Decimal, ("46319.0", "1e2", "0.1000", "1e-10", "0")))]
    (row,) = frame.rows(frame.of_rows(told))  # type: ignore[arg-type]  # five figures, as a row has
    assert [format(figure, "f") for figure in row[1:]] == ["46319", "100", "0.1", "0.0000000001", "0"]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("1.0000000000001", "more than 12 decimals"),
        ("nan", "no price or volume"),
        ("inf", "no price or volume"),
        ("", "no price or volume"),
        ("1,5", "no price or volume"),
        ("1e15", "no price or volume"),
        ("1e-13", "more than 12 decimals"),
    ],
)
def test_what_cannot_be_kept_exactly_is_refused(text: str, why: str) -> None:
    texts = {name: pl.Series(["1", text]) for name in frame.FIGURES}
    with pytest.raises(ValueError, match=f"row 2: open .*{why}"):
        frame.of_texts(pl.Series([0, 1]), texts)


def test_the_noise_of_a_float_is_dropped() -> None:
    texts = {name: pl.Series([repr(0.1 + 0.2)]) for name in frame.FIGURES}
    table = frame.of_texts(pl.Series([0]), texts, rounded=True)
    assert frame.candles(table, "XBTUSDTM", MINUTE) == [Candle("XBTUSDTM", 0, MINUTE, *[Decimal("0.3")] * 5)]


def test_the_span_is_the_smallest_distance() -> None:
    one = Decimal(1)
    assert frame.span_of(frame.empty()) == MINUTE
    assert frame.span_of(frame.of_rows([(at * MINUTE, *[one] * 5) for at in (9, 0, 4, 4)])) == 4 * MINUTE  # type: ignore[misc]
