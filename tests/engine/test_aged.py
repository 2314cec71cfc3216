"""An old picture of an engine: what stands still in it is not shown as if it went on."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from radtui.core.market import SECOND
from radtui.core.standing import Mode
from radtui.engine.aged import UNNUMBERED, aged
from radtui.health.alerts.own_rules import LONGEST_SILENCE
from radtui.health.report import problems, report
from tests.health.alerts.makers import NOW, WELL, position, snapshot


def test_ages_go_on_and_what_is_beyond_its_limit_is_unhealthy() -> None:
    young, old = aged(WELL, 29, 0), aged(WELL, 30, 0)
    assert [each.age for each in old.workers] == [30.1, 30.1]
    assert ([each.healthy for each in young.workers], [each.healthy for each in old.workers]) == (
        [True, True],
        [False, False],
    )
    assert (old.at, old.hangs, old.notices, old.status) == (WELL.at, 0, (), WELL.status)
    assert any("main loop" in line for line in problems(old))


def test_a_worker_that_never_beat_stays_so() -> None:
    never = replace(WELL, workers=(replace(WELL.workers[0], age=None, healthy=False),))
    assert aged(never, 99, 0).workers == never.workers


def test_an_engine_that_hangs_says_what_it_means_and_how_it_is_ended() -> None:
    seen = aged(snapshot(process__pid=4711), 12, 11)
    (notice,) = seen.notices
    assert "the engine hangs: its loop has stood still for 11 s" in notice
    assert "no new stops" in notice
    assert "`radtui emergency-stop` ends it" in notice
    assert "`kill -9 4711`" in notice
    assert (seen.hangs, seen.status.trading, seen.status.blocked) == (11, Mode.HALTED, "the engine hangs for 11 s")
    document = report(seen, virtual=False)
    assert not document["healthy"]
    assert (document["hangs_s"], document["thread_alive"]) == (11, False)


def test_a_position_without_a_stop_is_named_in_the_same_breath() -> None:
    (notice,) = aged(position(1.0), 12, 11).notices
    assert "NO CONFIRMED STOP when it was last seen: XBTUSDTM" in notice


@pytest.mark.parametrize(("hangs", "fires"), [(int(LONGEST_SILENCE), False), (int(LONGEST_SILENCE) + 1, True)])
def test_the_alarm_that_the_engine_cannot_raise_is_raised_for_it(hangs: int, fires: bool) -> None:
    found = aged(WELL, hangs + 1, hangs).alerts.open
    assert [(each.id, each.rule) for each in found] == [(UNNUMBERED, "engine-silent")] * fires
    assert all(each.since == NOW + SECOND and each.firing for each in found)


def test_it_is_not_raised_twice() -> None:
    once = aged(WELL, 61, 60)
    assert len(aged(once, 62, 61).alerts.open) == 1
