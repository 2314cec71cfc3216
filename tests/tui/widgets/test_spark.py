from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from textual.pilot import Pilot

from radtui.tui.widgets.spark import Spark, columns
from radtui.tui.widgets.tone import Tone

EIGHTHS = " ▁▂▃▄▅▆▇█"
VALUES = st.lists(st.none() | st.floats(-1e6, 1e6), max_size=40)
modest = settings(max_examples=40, deadline=None)


def levels(drawn: tuple[str, ...]) -> list[int | None]:
    """Read a drawing back: eighths in each column, None for a missing figure."""
    stacks = zip(*drawn, strict=True)
    return [None if "·" in stack else sum(EIGHTHS.index(cell) for cell in stack) for stack in stacks]


@modest
@given(VALUES, st.integers(0, 30), st.integers(1, 4))
def test_a_drawing_has_its_size_and_the_newest_figure_at_the_right(
    values: list[float | None], width: int, height: int
) -> None:
    drawn = columns(values, width, height)
    assert [len(text) for text in drawn] == [width] * height
    for value, level in zip(reversed(values), reversed(levels(drawn)), strict=False):
        assert (level is None) is (value is None)
        assert level is None or 1 <= level <= 8 * height


@modest
@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=30), st.integers(1, 4))
def test_a_higher_figure_never_stands_lower(values: list[float], height: int) -> None:
    drawn = levels(columns(values, len(values), height))
    by_value = [level for _, level in sorted(zip(values, drawn, strict=True))]
    by_value_and_level = sorted(level for level in by_value if level is not None)
    assert by_value == by_value_and_level


def test_a_fixed_scale_does_not_stretch() -> None:
    assert columns([100.0, 100.0, 95.0], 3, 1, low=90, high=100) == ("██▄",)
    assert columns([50.0, 1000.0], 2, 1, low=90, high=100) == ("▁█",)


def test_a_flat_course_lies_in_the_middle_and_a_missing_figure_is_a_dot() -> None:
    assert columns([5.0, None, 5.0], 4, 1) == (" ▄·▄",)


async def test_only_the_columns_that_changed_are_sent_in_one_colour(play: Any) -> None:
    spark = Spark(1, low=0, high=100)

    async def script(app: Any, pilot: Pilot[None]) -> None:
        spark.show([50.0] * 120, Tone.PROFIT)
        await pilot.pause()
        assert app.take().count("38;2;95;211;141") == 1
        spark.show([50.0] * 120, Tone.PROFIT)
        await pilot.pause()
        assert app.take() == ""
        spark.show([50.0] * 119 + [100.0], Tone.PROFIT)
        await pilot.pause()
        sent = app.take()
        assert sent.startswith("\x1b[1;120H")
        assert "▄" not in sent

    await play(spark, script)
