from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from radtui.core.market import SECOND
from radtui.health.heartbeats import DEFAULT_LIMIT, Heartbeats


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 60), st.sampled_from([-1, 0, 1]) | st.integers(-SECOND, 100 * SECOND))
def test_a_worker_is_healthy_exactly_within_its_own_limit(limit: int, beyond: int) -> None:
    table = Heartbeats()
    table.register("scanner", limit)
    table.beat("scanner", 7 * SECOND)
    (view,) = table.views((7 + limit) * SECOND + beyond)
    assert view.age == (limit * SECOND + beyond) / SECOND
    assert view.healthy == (beyond <= 0)


def test_a_worker_that_never_beat_is_unhealthy_and_has_no_age() -> None:
    table = Heartbeats()
    table.register("journal")
    (view,) = table.views(5)
    assert (view.name, view.age, view.limit, view.healthy) == ("journal", None, DEFAULT_LIMIT, False)


def test_workers_stand_in_the_order_of_registration_each_with_its_note_and_restarts() -> None:
    table = Heartbeats()
    for name in ("main loop", "journal", "account feed"):
        table.register(name)
        table.beat(name, 0)
    table.restarted("journal", "disk was full")
    table.restarted("journal", "disk was full again")
    table.note("main loop", "waits for the next candle")
    views = table.views(SECOND)
    assert [(view.name, view.restarts, view.note) for view in views] == [
        ("main loop", 0, "waits for the next candle"),
        ("journal", 2, "disk was full again"),
        ("account feed", 0, ""),
    ]


def test_registering_again_changes_the_limit_and_keeps_the_rest() -> None:
    table = Heartbeats()
    table.register("scanner", 30)
    table.beat("scanner", 0)
    table.restarted("scanner")
    table.register("scanner", 90)
    (view,) = table.views(60 * SECOND)
    assert (view.limit, view.healthy, view.restarts) == (90, True, 1)


def test_a_retired_worker_alarms_nobody() -> None:
    table = Heartbeats()
    table.register("warm-up")
    table.retire("warm-up")
    table.retire("never was")
    assert table.views(0) == ()


def test_a_beat_of_nobody_is_an_error_of_the_program() -> None:
    with pytest.raises(KeyError, match="ghost"):
        Heartbeats().beat("ghost", 0)


def test_a_worker_with_a_fault_is_unhealthy_although_it_beats() -> None:
    table = Heartbeats()
    table.register("journal", 5)
    table.beat("journal", SECOND)
    table.fault("journal", "the disk is full")
    (view,) = table.views(SECOND)
    assert (view.healthy, view.fault) == (False, "the disk is full")
    table.fault("journal", "")
    (view,) = table.views(SECOND)
    assert (view.healthy, view.fault) == (True, "")
