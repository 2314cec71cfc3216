"""Ages of what an engine elsewhere shows: true whatever the two clocks say, however late a picture comes."""

from hypothesis import given
from hypothesis import strategies as st

from radtui.core.market import SECOND
from radtui.tui.farclock import WINDOW, FarClock

HOUR = 3600 * SECOND
apart = st.integers(-HOUR, HOUR)
delays = st.lists(st.integers(0, 9 * SECOND), min_size=1, max_size=40)


@given(apart, delays)
def test_a_picture_is_never_shown_younger_than_the_least_delay_allows(apart: int, delays: list[int]) -> None:
    clock, made = FarClock(), 10 * HOUR
    for number, delay in enumerate(delays):
        made += SECOND // 4
        heard = made + delay + apart  # by this machine's clock
        clock.heard(made, heard, number * 0.25)
        shown = clock.now(heard) - made
        assert shown == delay - min(delays[: number + 1])


def test_a_picture_held_up_while_this_machine_slept_is_as_old_as_it_is() -> None:
    clock = FarClock()
    clock.heard(100 * SECOND, 100 * SECOND, 1.0)
    clock.heard(101 * SECOND, 101 * SECOND + HOUR, 2.0)  # nothing counts seconds in sleep but the wall clock
    assert clock.now(101 * SECOND + HOUR) - 101 * SECOND == HOUR


def test_after_a_step_of_a_clock_ages_are_right_again_within_the_window() -> None:
    clock = FarClock()
    clock.heard(0, 0, 0.0)
    clock.heard(SECOND, SECOND - HOUR, 1.0)
    assert clock.now(SECOND - HOUR) == SECOND  # backwards: at once
    clock.heard(40 * SECOND, 40 * SECOND, 2.0 + WINDOW)
    assert clock.now(40 * SECOND) == 40 * SECOND


def test_nothing_heard_is_this_machines_time() -> None:
    assert FarClock().now(7) == 7
