"""The stopwatch that runs only while nothing excuses anybody."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from radtui.simserver.explore.patience import Patience


class World:
    """Time that a test moves."""

    def __init__(self) -> None:
        self.passed = 0
        self.patience = Patience(lambda: self.passed)

    def wait(self, seconds: int) -> int:
        """Let time pass, and return how long the stopwatch has run."""
        self.passed += seconds
        return self.patience.run()


def test_an_excuse_lasts_for_its_time_and_a_longer_one_remains() -> None:
    world = World()
    assert world.wait(3) == 3
    world.patience.excuse(10)
    world.patience.excuse(2)
    assert world.wait(9) == 3
    assert world.wait(4) == 6


def test_it_stands_while_anything_holds_it_and_a_while_longer() -> None:
    world = World()
    for why in ("network", "maintenance"):
        world.patience.hold(why)
    assert world.wait(50) == 0
    world.patience.release("network", 5)
    assert world.wait(50) == 0
    world.patience.release("maintenance", 5)
    assert world.wait(7) == 2


def test_what_was_not_held_excuses_nothing_when_it_is_released() -> None:
    world = World()
    world.patience.release("network", 100)
    assert world.wait(5) == 5


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9))))
def test_an_excuse_is_never_worth_more_than_its_time(steps: list[tuple[int, int]]) -> None:
    world, excused, ran = World(), 0, 0
    for seconds, excuse in steps:
        assert ran <= world.wait(seconds) <= world.passed
        ran = world.patience.run()
        world.patience.excuse(excuse)
        excused += excuse
    assert ran >= world.passed - excused
