"""Where the bot stands, which moves are legal, and what a refused operator is told."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radtui.core.lifecycle import IllegalMove, State, Verb, admitted, move


@given(st.sampled_from(State), st.sampled_from(Verb))
def test_a_verb_moves_exactly_when_it_is_admitted(origin: State, verb: Verb) -> None:
    if verb in admitted(origin):
        assert move(origin, verb, at=0, who="test").origin is origin
    else:
        with pytest.raises(IllegalMove, match=r"^The bot "):
            move(origin, verb, at=0, who="test")


@pytest.mark.parametrize("origin", State)
def test_a_refusal_tells_an_operator_what_to_do_now_and_no_word_of_the_machine(origin: State) -> None:
    refused = next(verb for verb in Verb if verb not in admitted(origin))
    with pytest.raises(IllegalMove) as told:
        move(origin, refused, at=0, who="test")
    advice = str(told.value).partition(": ")[2]
    offered = {verb for verb in (Verb.START, Verb.PAUSE, Verb.RESUME, Verb.STOP) if re.search(rf"\b{verb}\b", advice)}
    assert offered <= set(admitted(origin))
    assert offered or origin is State.STOPPING, "there is nothing to do but to wait"
    assert not {Verb.HALT, Verb.FAIL, Verb.RESTORE, Verb.READY, Verb.SETTLED} & set(re.findall(r"\w+", advice))


@given(st.lists(st.sampled_from(Verb), max_size=30))
def test_only_a_start_leads_to_running(verbs: list[Verb]) -> None:
    state, started = State.STOPPED, False
    for verb in verbs:
        if verb in admitted(state):
            state = move(state, verb, at=0, who="test").target
            started = started or verb in {Verb.START, Verb.RESTORE}
    assert started or state is not State.RUNNING


@pytest.mark.parametrize("origin", State)
def test_an_emergency_is_admitted_everywhere(origin: State) -> None:
    assert move(origin, Verb.HALT, at=0, who="test").target is State.STOPPING


@pytest.mark.parametrize("origin", [State.STOPPED, State.ERROR])
def test_a_start_is_possible_from_stopped_and_error(origin: State) -> None:
    assert move(origin, Verb.START, at=0, who="test").target is State.STARTING


def test_pause_is_refused_while_stopped_and_says_what_is_possible() -> None:
    with pytest.raises(IllegalMove, match=r"^The bot is stopped: start it first$"):
        move(State.STOPPED, Verb.PAUSE, at=0, who="test")


def test_a_move_tells_all_of_it() -> None:
    made = move(State.RUNNING, Verb.PAUSE, at=7, who="key:alice", why="lunch")
    assert (made.origin, made.target, made.at, made.who, made.why) == ("running", "paused", 7, "key:alice", "lunch")
