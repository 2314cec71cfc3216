"""How far clocks may be apart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radtui.core.commands import Place
from radtui.core.events import ClockSeen
from radtui.core.facts import Trouble
from radtui.core.instruction import Ask
from radtui.core.market import HOUR, SECOND
from radtui.core.skew import LIMIT, beyond
from radtui.core.standing import Mode
from radtui.core.view import snapshot
from tests.core.holdings import holding
from tests.core.rim import Rim


@given(st.integers(-10 * SECOND, 10 * SECOND))
def test_two_seconds_are_allowed_in_either_direction(skew: int) -> None:
    assert bool(beyond(skew)) == (abs(skew) > LIMIT == 2 * SECOND)


def test_it_says_which_clock_is_behind() -> None:
    assert beyond(7200 * SECOND) == "this machine's clock is 7200.0 s behind the exchange's, 2 s are allowed"
    assert beyond(-3 * SECOND) == "this machine's clock is 3.0 s ahead of the exchange's, 2 s are allowed"
    assert not beyond(None), "there is but one clock"


def troubles(rim: Rim) -> list[str]:
    return [fact.kind for fact in rim.journal if isinstance(fact, Trouble) and fact.where == "clock"]


@pytest.mark.parametrize("skew", [HOUR, -HOUR])
def test_with_a_clock_that_is_wrong_nothing_is_entered_and_what_is_open_is_closed(skew: int) -> None:
    rim = holding("XBTUSDTM")
    rim.feed(ClockSeen(rim.at, skew, step=-skew, shift=0))
    rim.feed(ClockSeen(rim.at, skew + SECOND))
    assert troubles(rim) == ["clock jumped", "clock skew"], "each is said once"
    assert rim.core.standing().mode is Mode.REDUCING
    assert any("no entries" in notice for notice in snapshot(rim.core, 1, rim.at, ()).notices)
    rim.signal("ETHUSDTM", 0.9)
    assert not [sent for sent in rim.pending if isinstance(sent, Place)]
    assert rim.core.trading.entries.why["ETHUSDTM"].outcome == "no entry: clock skew"
    rim.tell(Ask.EMERGENCY_STOP)
    rim.calm()
    assert not rim.venue.positions()


def test_a_clock_that_is_right_again_lets_enter() -> None:
    rim = holding("XBTUSDTM")
    rim.feed(ClockSeen(rim.at, HOUR))
    rim.feed(ClockSeen(rim.at, SECOND))
    assert rim.core.standing().mode is Mode.ACTIVE
    rim.signal("ETHUSDTM", 0.9)
    assert [sent for sent in rim.pending if isinstance(sent, Place)]


def test_the_start_moves_with_the_clock_so_that_nobody_sees_an_hour_that_never_was() -> None:
    rim = holding("XBTUSDTM")
    before = snapshot(rim.core, 1, rim.at, ()).status.started_at
    rim.feed(ClockSeen(rim.at + HOUR, None, step=HOUR, shift=HOUR))
    assert snapshot(rim.core, 1, rim.at, ()).status.started_at == before + HOUR
    assert troubles(rim) == ["clock jumped"]
