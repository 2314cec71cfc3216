"""A receipt against the exchange at its moment, and against what is sent after it."""

from __future__ import annotations

import pytest
from stage import SYMBOL, Stage

from radtui.core.facts import Instructed, Receipted
from radtui.core.instruction import Ask, Instruction, Receipt
from radtui.simserver.explore.checks import Placement
from radtui.simserver.explore.receipts import TrueReceipts

RESTS = (Ask.STOP, Ask.SHUTDOWN)


def receipt(ask: Ask, *, success: bool = True) -> Receipted:
    return Receipted(Receipt(id="1", ask=ask, success=success, message="", status="stopped", at=0))


def placement(stage: Stage, *, reduces: bool) -> Placement:
    return Placement("x-9", SYMBOL, reduces, stage.passed)


@pytest.mark.parametrize("ask", [*RESTS, Ask.EMERGENCY_STOP])
def test_a_bare_position_makes_it_false(ask: Ask) -> None:
    stage = Stage()
    check = TrueReceipts(stage)
    stage.enter()
    check.heard(receipt(ask))
    assert stage.reported


@pytest.mark.parametrize("ask", [*RESTS, Ask.EMERGENCY_STOP])
def test_a_protected_position_is_at_rest_but_not_flat(ask: Ask) -> None:
    stage = Stage()
    check = TrueReceipts(stage)
    stage.enter()
    stage.protect()
    check.heard(receipt(ask))
    assert bool(stage.reported) == (ask is Ask.EMERGENCY_STOP)


def test_one_that_says_it_failed_claims_nothing() -> None:
    stage = Stage()
    stage.enter()
    TrueReceipts(stage).heard(receipt(Ask.SHUTDOWN, success=False))
    assert not stage.reported


@pytest.mark.parametrize("reduces", [True, False])
@pytest.mark.parametrize("ask", [Ask.PAUSE, *RESTS, Ask.EMERGENCY_STOP])
def test_what_may_be_sent_after_it(ask: Ask, reduces: bool) -> None:
    stage = Stage()
    check = TrueReceipts(stage)
    check.heard(receipt(ask))
    stage.wait()
    check.placing(placement(stage, reduces=reduces))
    assert bool(stage.reported) == (not reduces or ask in {Ask.SHUTDOWN, Ask.EMERGENCY_STOP})


def test_after_a_start_all_is_open_again() -> None:
    stage = Stage()
    check = TrueReceipts(stage)
    check.heard(receipt(Ask.EMERGENCY_STOP))
    check.heard(Instructed(Instruction(id="2", ask=Ask.START, who="operator")))
    stage.wait()
    check.placing(placement(stage, reduces=False))
    check.changing("DELETE", stage.passed)
    assert not stage.reported


def test_a_cancel_after_the_end_is_one_too_many() -> None:
    stage = Stage()
    check = TrueReceipts(stage)
    check.heard(receipt(Ask.SHUTDOWN))
    check.changing("DELETE", stage.passed)
    assert not stage.reported, "it had left before"
    stage.wait()
    check.changing("DELETE", stage.passed)
    assert stage.reported
