"""A space is read as it is written, and its points are a function of seed and task alone."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radtui.backtest.search.space import (
    LARGEST_GRID,
    BadSpace,
    Between,
    Choices,
    Steps,
    at_random,
    of_grid,
    size,
    space,
)

ALL = "fast=5:50,slow=20:200:5,stop=0.5:2.5,share=0.1:0.5:0.1,mode=fade|follow"


def test_each_way_to_write_a_parameter_means_something() -> None:
    assert space(ALL) == (
        Steps("fast", Decimal(5), Decimal(1), 46),
        Steps("slow", Decimal(20), Decimal(5), 37),
        Between("stop", 0.5, 2.5),
        Steps("share", Decimal("0.1"), Decimal("0.1"), 5),
        Choices("mode", ("fade", "follow")),
    )
    assert space("x=1.0:3.0") == (Between("x", 1.0, 3.0),)
    assert space("x=-5:5:2") == (Steps("x", Decimal(-5), Decimal(2), 6),)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("", "is empty"),
        ("fast", "is not NAME=VALUES"),
        ("fast=", "is not NAME=VALUES"),
        ("=5:9", "is not NAME=VALUES"),
        ("fast=5", "leaves no choice"),
        ("fast=a|a", "leaves no choice"),
        ("fast=9:5", "leaves no choice"),
        ("fast=5:9:0", "leaves no choice"),
        ("fast=5:9:5", "leaves no choice"),
        ("fast=5:x", "is not NAME=LOW:HIGH:STEP"),
        ("fast=5:nan", "is not NAME=LOW:HIGH:STEP"),
        ("fast=1:2:3:4", "is not NAME=LOW:HIGH:STEP"),
        ("fast=1:2,fast=3:4", "names fast twice"),
    ],
)
def test_what_means_nothing_is_refused_with_an_example(text: str, what: str) -> None:
    with pytest.raises(BadSpace, match=what) as refused:
        space(text)
    assert "give" in str(refused.value)


@given(st.integers(0, 9))
def test_a_grid_has_each_point_once_in_an_order_of_its_seed(seed: int) -> None:
    knobs = space("a=1:4,b=0.1:0.3:0.1,c=x|y")
    points = [tuple(of_grid(knobs, seed, task).items()) for task in range(24)]
    assert size(knobs) == len(set(points)) == 24
    assert points == [tuple(of_grid(knobs, seed, task).items()) for task in range(24)]
    assert points != [tuple(of_grid(knobs, seed + 1, task).items()) for task in range(24)]


@given(st.integers(), st.integers(0, 1000))
def test_chance_stays_within_the_space_and_is_the_task_s_own(seed: int, task: int) -> None:
    knobs = space(ALL)
    point = at_random(knobs, seed, task)
    assert point == at_random(knobs, seed, task)
    assert 5 <= int(point["fast"]) <= 50
    assert (int(point["slow"]) - 20) % 5 == 0
    assert 0.5 <= float(point["stop"]) <= 2.5
    assert point["mode"] in {"fade", "follow"}


def test_a_step_is_told_to_its_last_digit_whatever_the_float_says() -> None:
    (share,) = space("share=0.1:0.9:0.1")
    assert [share.text(share.value(place)) for place in range(9)] == [f"0.{digit}" for digit in range(1, 10)]
    assert share.text(0.1 + 0.2) == "0.3"
    (whole,) = space("fast=5:50")
    assert whole.text(7) == "7"


def test_a_grid_needs_points_that_can_be_counted() -> None:
    with pytest.raises(BadSpace, match=r"a grid needs a step: give stop=0.5:2.5:STEP"):
        of_grid(space("stop=0.5:2.5"), 1, 0)
    with pytest.raises(BadSpace, match="is too large"):
        of_grid(space(f"a=1:{LARGEST_GRID},b=1:2"), 1, 0)
