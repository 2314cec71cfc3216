"""Moves against the table, and wishes against what the journal kept."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stage import Stage

from radtui.core.facts import Instructed, StateChanged, Trouble
from radtui.core.instruction import Ask, Instruction, Receipt
from radtui.core.lifecycle import Move, State, Verb, admitted, move
from radtui.simserver.explore.moves import LegalMoves
from radtui.simserver.explore.soundness import MoneyAddsUp, NoFaultOfOurs


@given(st.lists(st.integers(0, 100), max_size=20))
def test_every_walk_through_the_table_is_legal(choices: list[int]) -> None:
    stage, state = Stage(), State.STOPPED
    check = LegalMoves(stage)
    for choice in choices:
        possible = admitted(state)
        made = move(state, possible[choice % len(possible)], at=0, who="x")
        check.heard(StateChanged(made))
        state = made.target
    assert not stage.reported


@pytest.mark.parametrize(
    ("origin", "target", "verb"),
    [
        (State.RUNNING, State.PAUSED, Verb.PAUSE),
        (State.STOPPED, State.RUNNING, Verb.START),
        (State.STOPPED, State.RUNNING, Verb.READY),
    ],
)
def test_a_leap_is_not(origin: State, target: State, verb: Verb) -> None:
    stage = Stage()
    LegalMoves(stage).heard(StateChanged(Move(origin, target, verb, 0, "x", "")))
    assert stage.reported


@pytest.mark.parametrize(("desired", "lost"), [("paused", False), ("running", True), ("", True)])
def test_a_wish_with_a_receipt_is_not_forgotten(desired: str, lost: bool) -> None:
    stage = Stage()
    stage.disk.receipt = Receipt(id="1", ask=Ask.PAUSE, success=True, message="", status="paused", at=0)
    LegalMoves(stage).begun(desired)
    assert bool(stage.reported) == lost


@pytest.mark.parametrize(("desired", "rests"), [("stopped", True), ("running", False), ("", False)])
def test_who_was_stopped_does_not_start_by_himself(desired: str, rests: bool) -> None:
    stage = Stage()
    check = LegalMoves(stage)
    check.begun(desired)
    check.heard(Instructed(Instruction(id="1", ask=Ask.START, who="operator")))
    assert not stage.reported
    check.heard(Instructed(Instruction(id="1", ask=Ask.START, who="core")))
    assert bool(stage.reported) == rests


def test_a_fault_of_our_own_is_told_from_one_of_the_exchange() -> None:
    stage = Stage()
    check = NoFaultOfOurs(stage)
    check.heard(Trouble("worker restarted", "transient: no connection; started again in 0.5 s", "market feed"))
    assert not stage.reported
    check.heard(Trouble("worker restarted", "KeyError: 'x'; started again in 0.5 s", "market feed"))
    assert stage.reported


def test_money_out_of_nothing_is_seen() -> None:
    stage = Stage()
    check = MoneyAddsUp(stage)
    stage.enter()
    stage.wait(60.0)
    check.turned()
    assert not stage.reported
    stage.venue._accounts.ledgers["USDT"].wallet += 1
    stage.wait(60.0)
    check.turned()
    assert stage.reported
