from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radtui.exchange.kucoin.rest.server_time import MILLISECOND, SECOND, ServerTime

WALL = 1_757_000_000 * SECOND


class Hands:
    """A clock that is set by hand, the wall's apart from the monotonic one."""

    def __init__(self) -> None:
        self.elapsed, self.shown = 0, WALL

    def now(self) -> int:
        return self.shown

    def monotonic(self) -> int:
        return self.elapsed

    def wall(self) -> int:
        return self.shown

    def pass_by(self, nanoseconds: int) -> None:
        self.elapsed += nanoseconds
        self.shown += nanoseconds


def test_until_it_was_read_it_is_the_machines_own() -> None:
    time = ServerTime(Hands())
    assert not time.is_known
    assert (time.skew, time.round_trip, time.age) == (None, None, None)
    assert time.timestamp() == WALL // MILLISECOND


def test_a_reading_is_from_the_middle_of_its_round_trip() -> None:
    hands = Hands()
    time = ServerTime(hands)
    hands.pass_by(SECOND)
    assert time.learn(0, SECOND, (WALL + SECOND // 2) // MILLISECOND + 7_000)
    assert time.round_trip == 1.0
    assert time.skew == pytest.approx(7.0005)
    hands.pass_by(SECOND)
    assert time.age == 1.0
    assert time.timestamp() == (WALL + 2 * SECOND) // MILLISECOND + 7_000


@given(st.integers(-(10**6), 10**6), st.integers(0, 4 * SECOND), st.floats(0, 1))
def test_it_is_wrong_by_half_the_trip_at_most(skew_ms: int, trip: int, share: float) -> None:
    hands = Hands()
    time = ServerTime(hands)
    there = round(trip * share)
    hands.pass_by(there)
    said = hands.shown // MILLISECOND + skew_ms
    hands.pass_by(trip - there)
    time.learn(0, trip, said)
    truth = hands.shown + skew_ms * MILLISECOND
    assert abs(time.now() - truth) <= trip / 2 + MILLISECOND


def test_a_wall_clock_set_back_harms_nothing() -> None:
    hands = Hands()
    time = ServerTime(hands)
    time.learn(0, 0, WALL // MILLISECOND)
    before = time.timestamp()
    hands.shown -= 3600 * SECOND
    hands.elapsed += SECOND
    assert time.timestamp() == before + 1000
    assert time.skew == pytest.approx(3601.0, abs=0.01)


@given(st.lists(st.integers(0, 3 * MILLISECOND), min_size=2, max_size=60))
def test_timestamps_only_rise(steps: list[int]) -> None:
    hands = Hands()
    time = ServerTime(hands)
    given_out = []
    for step in steps:
        hands.pass_by(step)
        given_out.append(time.timestamp())
    assert all(later > earlier for earlier, later in pairwise(given_out))


@given(st.lists(st.integers(-2_000, 2_000), max_size=20))
def test_timestamps_rise_though_the_offset_is_corrected(corrections: list[int]) -> None:
    hands = Hands()
    time = ServerTime(hands)
    last = 0
    for correction in corrections:
        hands.pass_by(SECOND // 10)
        time.learn(hands.elapsed, hands.elapsed, WALL // MILLISECOND + correction)
        stamp = time.timestamp()
        assert stamp > last or last - stamp > 2_000
        last = stamp


def test_after_a_clock_that_was_hours_ahead_it_counts_anew() -> None:
    hands = Hands()
    time = ServerTime(hands)
    hands.shown += 7200 * SECOND
    ahead = time.timestamp()
    time.learn(0, 0, WALL // MILLISECOND)
    assert time.timestamp() == WALL // MILLISECOND < ahead


def test_a_very_slow_reading_does_not_replace_one_that_stands() -> None:
    time = ServerTime(Hands())
    assert time.learn(0, 6 * SECOND, WALL // MILLISECOND)
    assert not time.learn(0, 6 * SECOND, 5)
    assert time.learn(0, SECOND, WALL // MILLISECOND)
    time.forget()
    assert not time.is_known
    assert time.learn(0, 6 * SECOND, WALL // MILLISECOND)
    assert time.readings == 4
