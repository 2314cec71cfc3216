"""The rate pools."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radtui.core.market import SECOND
from radtui.simserver.limits import WINDOWS, Limits, OverLimit, Pool, Window


def test_a_window_begins_with_its_first_request_and_refills_whole() -> None:
    limits = Limits()
    first = limits.spend(Pool.FUTURES, "me", 100, 7 * SECOND)
    assert (first.limit, first.remaining, first.reset) == (2000, 1900, 30_000)
    later = limits.spend(Pool.FUTURES, "me", 100, 17 * SECOND)
    assert (later.remaining, later.reset) == (1800, 20_000)
    assert limits.spend(Pool.FUTURES, "me", 1, 37 * SECOND).remaining == 1999


def test_the_headers_are_whole_numbers() -> None:
    budget = Limits().spend(Pool.PUBLIC, "10.0.0.1", 3, 0)
    assert budget.headers == {
        "gw-ratelimit-limit": "2000",
        "gw-ratelimit-remaining": "1997",
        "gw-ratelimit-reset": "30000",
    }


def test_what_does_not_fit_takes_nothing_and_says_when_to_come_back() -> None:
    limits = Limits({**WINDOWS, Pool.FUTURES: Window(10)})
    limits.spend(Pool.FUTURES, "me", 8, 0)
    with pytest.raises(OverLimit) as caught:
        limits.spend(Pool.FUTURES, "me", 3, 10 * SECOND)
    assert (caught.value.status, caught.value.code) == (429, "429000")
    assert (caught.value.budget.remaining, caught.value.budget.reset) == (2, 20_000)
    assert limits.spend(Pool.FUTURES, "me", 2, 10 * SECOND).remaining == 0


def test_pools_and_owners_are_apart() -> None:
    limits = Limits()
    limits.exhaust(Pool.PUBLIC, "a", 0)
    with pytest.raises(OverLimit):
        limits.spend(Pool.PUBLIC, "a", 1, 1)
    assert limits.spend(Pool.PUBLIC, "b", 1, 1).remaining == 1999
    assert limits.spend(Pool.FUTURES, "a", 1, 1).remaining == 1999
    assert limits.spend(Pool.PUBLIC, "a", 1, 30 * SECOND).remaining == 1999


def test_a_clock_that_goes_back_opens_a_new_window() -> None:
    limits = Limits()
    limits.spend(Pool.PUBLIC, "a", 1, 100 * SECOND)
    assert limits.spend(Pool.PUBLIC, "a", 1, 50 * SECOND).reset == 30_000


@given(st.lists(st.tuples(st.integers(0, 10 * SECOND), st.integers(1, 12)), max_size=60))
def test_no_window_is_ever_overspent(steps: list[tuple[int, int]]) -> None:
    limits = Limits({**WINDOWS, Pool.FUTURES: Window(20)})
    at, since, used = 0, None, 0
    for wait, weight in steps:
        at += wait
        if since is None or at - since >= 30 * SECOND:
            since, used = at, 0
        if used + weight > 20:
            with pytest.raises(OverLimit):
                limits.spend(Pool.FUTURES, "me", weight, at)
        else:
            used += weight
            assert limits.spend(Pool.FUTURES, "me", weight, at).remaining == 20 - used


def test_owners_of_long_ago_are_forgotten() -> None:
    limits = Limits()
    for number in range(10_001):
        limits.spend(Pool.PUBLIC, str(number), 1, 0)
    limits.spend(Pool.PUBLIC, "late", 1, 100 * SECOND)
    assert len(limits._spent) < 10
