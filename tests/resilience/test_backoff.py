import pytest
from hypothesis import given
from hypothesis import strategies as st

from radtui.resilience.backoff import Backoff, backoff

attempts = st.integers(0, 10_000)
jitters = st.floats(-1.0, 1.0)


@given(attempts, jitters)
def test_a_wait_stays_within_floor_and_maximum_with_its_jitter(attempt: int, draw: float) -> None:
    plain = backoff(attempt)
    assert 1.0 <= plain <= 60.0
    assert max(0.1, 0.75 * plain) <= backoff(attempt, draw) <= 1.25 * plain


@given(attempts, st.floats(0.01, 100.0), st.floats(0.01, 1000.0))
def test_waits_double_up_to_the_maximum(attempt: int, base: float, maximum: float) -> None:
    plan = Backoff(base=base, maximum=maximum, floor=0.0)
    assert plan.wait(attempt + 1) == min(2.0 * plan.wait(attempt), maximum)


def test_the_first_waits_are_the_documented_ones() -> None:
    assert [backoff(n) for n in range(8)] == [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 60.0, 60.0]
    assert (backoff(2, 1.0), backoff(2, -1.0)) == (5.0, 3.0)


def test_a_late_attempt_overflows_nothing() -> None:
    assert backoff(10_000, base=1e300, maximum=60.0) == 60.0


def test_a_small_wait_is_lifted_to_the_floor() -> None:
    assert Backoff(base=0.01).wait(0, -1.0) == 0.1


def test_five_retries_and_no_more() -> None:
    assert [Backoff().exhausted(attempt) for attempt in range(7)] == [False] * 5 + [True] * 2


@pytest.mark.parametrize(("attempt", "draw"), [(-1, 0.0), (0, 1.1), (0, float("nan"))])
def test_figures_that_make_no_sense_are_refused(attempt: int, draw: float) -> None:
    with pytest.raises(ValueError, match="an attempt from 0 up"):
        backoff(attempt, draw)
