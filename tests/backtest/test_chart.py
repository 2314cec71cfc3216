"""The curve of a terminal: every figure leaves a dot, and none lies outside."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from radtui.backtest.chart import chart


@settings(max_examples=40)
@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=300), st.integers(1, 30), st.integers(1, 8))
def test_it_fills_its_place_and_no_more(values: list[float], width: int, height: int) -> None:
    lines = chart(values, width, height)
    assert len(lines) == height
    cells = [line[:width].ljust(width) for line in lines]
    assert all(cell == " " or 0x2800 < ord(cell) <= 0x28FF for line in cells for cell in line)
    assert all(any(line[column] != " " for line in cells) for column in range(width))


def test_it_rises_where_the_figures_do() -> None:
    assert chart([0.0, 1.0, 2.0, 3.0], 2, 1) == ["⣠⠞ 3.00"]
    assert chart([1.0, 2.0], 1, 2)[0].endswith("2.00")
    assert chart([1.0, 2.0], 1, 2)[1].endswith("1.00")


def test_one_height_lies_in_the_middle() -> None:
    assert chart([5.0, 5.0], 2, 1) == ["⠤⠤ 5.00"]
    assert chart([], 2, 1) == []
