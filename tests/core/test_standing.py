from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radtui.core.config import Remit
from radtui.core.lifecycle import State
from radtui.core.standing import Circumstances, Mode, standing

WORDS = st.text(min_size=1, max_size=5)
CIRCUMSTANCES = st.builds(
    Circumstances,
    state=st.sampled_from(State),
    recovered=st.booleans(),
    flattening=st.booleans(),
    remit=st.sampled_from(Remit),
    closed=st.sampled_from(["", "HTTP 503"]),
    skew=st.sampled_from(["", "it is late"]),
    journal=st.sampled_from(["", "the disk is full"]),
    feeds=st.dictionaries(WORDS, WORDS, max_size=2),
    breakers=st.dictionaries(WORDS, WORDS, max_size=2),
)
ALONE: list[tuple[dict[str, Any], Mode, str]] = [
    ({"recovered": False}, Mode.HALTED, "recovery is not done"),
    ({"flattening": True}, Mode.HALTED, "an emergency stop is on its way"),
    ({"remit": Remit.PROTECT}, Mode.HALTED, "this engine runs without trading"),
    ({"remit": Remit.WATCH}, Mode.HALTED, "this engine only watches: no order leaves it"),
    ({"state": State.STOPPED}, Mode.HALTED, "the bot is stopped"),
    ({"state": State.STOPPING}, Mode.HALTED, "the bot is stopping"),
    ({"state": State.STARTING}, Mode.REDUCING, "the bot is starting"),
    ({"state": State.PAUSED}, Mode.REDUCING, "the bot is paused"),
    ({"state": State.ERROR}, Mode.REDUCING, "the bot is in error"),
    ({"closed": "HTTP 503"}, Mode.REDUCING, "the exchange is closed: HTTP 503"),
    ({"journal": "the disk is full"}, Mode.REDUCING, "the journal cannot be written"),
    ({"feeds": {"market": "cut"}}, Mode.REDUCING, "market lost: cut"),
    ({"skew": "it is late"}, Mode.REDUCING, "it is late"),
    ({"breakers": {"drawdown": "6 %"}}, Mode.REDUCING, "drawdown tripped: 6 %"),
    ({"window": "5 of 5 trades are made"}, Mode.REDUCING, "5 of 5 trades are made"),
]


def told(**changed: Any) -> Circumstances:
    return Circumstances(**{"state": State.RUNNING, "recovered": True, "flattening": False, **changed})


def test_it_is_active_where_nothing_is_against_it() -> None:
    assert (standing(told()).mode, standing(told()).blocked) == (Mode.ACTIVE, "")


@pytest.mark.parametrize(("changed", "mode", "why"), ALONE)
def test_each_condition_alone_gives_its_mode_and_says_why(changed: dict[str, Any], mode: Mode, why: str) -> None:
    found = standing(told(**changed))
    assert (found.mode, found.blocked, len(found.reasons)) == (mode, why, 1)


@given(CIRCUMSTANCES)
def test_the_worst_counts_and_no_reason_is_left_out(circumstances: Circumstances) -> None:
    found = standing(circumstances)
    ranks = [list(Mode).index(reason.mode) for reason in found.reasons]
    assert ranks == sorted(ranks, reverse=True)
    assert found.mode is (found.reasons[0].mode if found.reasons else Mode.ACTIVE)
    flags = (not circumstances.recovered, circumstances.flattening, circumstances.state is not State.RUNNING)
    flags = (*flags, circumstances.remit is not Remit.TRADE)
    named = (
        circumstances.closed,
        circumstances.journal,
        circumstances.skew,
        *circumstances.feeds,
        *circumstances.breakers,
    )
    assert len(found.reasons) == sum(flags) + sum(map(bool, named))


@given(CIRCUMSTANCES)
def test_only_a_missing_reading_a_flatten_or_an_operators_word_halts(circumstances: Circumstances) -> None:
    stopped = circumstances.state in {State.STOPPED, State.STOPPING}
    told_so = stopped or circumstances.remit is not Remit.TRADE
    halts = not circumstances.recovered or circumstances.flattening or told_so
    assert (standing(circumstances).mode is Mode.HALTED) == halts


def test_a_gate_finds_its_own_reason() -> None:
    found = standing(told(state=State.PAUSED, journal="full"))
    assert (found.why("state"), found.why("ready"), found.why("drawdown")) == (
        "the bot is paused",
        "the journal cannot be written",
        "",
    )
