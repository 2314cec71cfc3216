"""The watch over time: jumps are told once, a skew when it changes."""

from __future__ import annotations

import pytest

from radtui.core.events import ClockSeen, Event
from radtui.core.market import HOUR, SECOND
from radtui.engine.clock_watch import ClockWatch

WALL = 1_700_000_000 * SECOND


class Hands:
    """A machine's clock that is set by hand, and ours that never goes back."""

    def __init__(self) -> None:
        self.up, self.shown, self.ours = 5 * SECOND, WALL, WALL
        self.pause = 0

    def now(self) -> int:
        self.ours = max(self.ours, self.shown)
        return self.ours

    def monotonic(self) -> int:
        return self.up

    def wall(self) -> int:
        self.pass_time(self.pause)
        return self.shown

    def pass_time(self, elapsed: int, adjusted: int = 0) -> None:
        self.up += elapsed
        self.ours += elapsed
        self.shown += elapsed + adjusted


class Watched:
    """A watch, the clock it looks at, and what it told."""

    def __init__(self) -> None:
        self.hands = Hands()
        self.skew: float | None = None
        self.told: list[Event] = []
        self.watch = ClockWatch(self.hands, lambda: self.skew, self.told.append)

    def look(self, elapsed: int = SECOND, adjusted: int = 0) -> list[tuple[int | None, int, int]]:
        """Let time pass, look, and return what is told: skew, step, shift."""
        self.hands.pass_time(elapsed, adjusted)
        self.told.clear()
        self.watch.look()
        return [(each.skew, each.step, each.shift) for each in self.told if isinstance(each, ClockSeen)]


def test_time_that_merely_passes_is_no_news() -> None:
    watched = Watched()
    assert [watched.look(elapsed) for elapsed in (0, SECOND, 600 * SECOND)] == [[], [], []]


def test_a_jump_is_told_once_and_one_back_does_not_move_our_clock() -> None:
    watched = Watched()
    assert watched.look(adjusted=HOUR) == [(None, HOUR, HOUR)]
    assert watched.look() == []
    assert watched.look(adjusted=-2 * HOUR) == [(None, -2 * HOUR, 0)]
    assert watched.look(adjusted=HOUR) == [(None, HOUR, 0)]
    assert watched.look() == []


def test_good_timekeeping_is_no_jump() -> None:
    watched = Watched()
    assert [watched.look(adjusted=SECOND // 10) for _ in range(30)] == [[]] * 30


@pytest.mark.parametrize("pause", [SECOND, HOUR])
def test_a_process_that_is_held_up_between_two_clocks_sees_no_jump(pause: int) -> None:
    watched = Watched()
    watched.hands.pause = pause
    assert watched.look() == []
    watched.hands.pause = 0
    assert watched.look() == []


def test_the_skew_is_told_when_it_is_first_known_and_when_it_changes() -> None:
    watched = Watched()
    watched.skew = 0.01
    assert watched.look() == [(10_000_000, 0, 0)]
    watched.skew = 0.2
    assert watched.look() == []
    watched.skew = 3.0
    assert watched.look() == [(3 * SECOND, 0, 0)]
    watched.skew = None
    assert watched.look() == [], "the last one stands until the exchange's clock is read again"
    assert watched.look(adjusted=HOUR) == [(3 * SECOND, HOUR, HOUR)]
