"""Every instruction has one receipt, in the state the bot is in then; what was answered is not forgotten too early."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from radtui.core.answers import KEPT, Answers
from radtui.core.facts import Receipted
from radtui.core.instruction import Ask, Instruction, Receipt
from radtui.core.lifecycle import State
from radtui.core.receipts import DONE
from tests.core.makers import NOW, desk, facts


class Giver:
    """A bot in a state of one's choice."""

    def __init__(self) -> None:
        self.desk = desk()
        self.state = State.STOPPED
        self.answers = Answers(self.desk, lambda: self.state)

    def given(self) -> list[Receipt]:
        return [fact.receipt for fact in facts(self.desk.clear(), Receipted)]


def asked(name: str = "i1", ask: Ask = Ask.PAUSE) -> Instruction:
    return Instruction(id=name, ask=ask, who="lena")


def test_a_receipt_names_the_state_of_its_moment_and_who_asked() -> None:
    giver = Giver()
    giver.state = State.PAUSED
    giver.answers.done(asked())
    giver.state = State.RUNNING
    (receipt,) = giver.given()
    assert (receipt.id, receipt.ask, receipt.who, receipt.at) == ("i1", Ask.PAUSE, "lena", NOW)
    assert (receipt.success, receipt.refused, receipt.status) == (True, False, "paused")
    assert receipt.message == DONE[Ask.PAUSE]
    assert giver.answers.last == receipt


def test_what_was_done_beside_the_state_has_a_status_of_its_own() -> None:
    giver = Giver()
    giver.answers.done(asked(ask=Ask.RESET_METRICS), status="reset")
    assert giver.given()[0].status == "reset"


def test_not_done_and_not_admitted_are_told_apart() -> None:
    giver = Giver()
    giver.answers.no(asked("i1"), "not now")
    giver.answers.refuse(asked("i2"), "not in this state")
    giver.answers.say(asked("i3"), "half of it", success=True)
    giver.answers.say(asked("i4"), "none of it", success=False)
    told = [(each.message, each.success, each.refused) for each in giver.given()]
    assert told[:2] == [("not now", False, False), ("not in this state", False, True)]
    assert told[2:] == [("half of it", True, False), ("none of it", False, False)]


@given(st.lists(st.integers(0, 2 * KEPT), max_size=50, unique=True), st.integers(0, KEPT))
def test_what_was_answered_is_known_whoever_answered_it(before: list[int], now: int) -> None:
    giver = Giver()
    giver.answers.restore(f"i{number}" for number in before)
    assert giver.answers.last is None
    giver.answers.done(asked(f"i{now}"))
    assert all(f"i{number}" in giver.answers for number in {*before, now})
    assert "i-1" not in giver.answers


def test_the_oldest_are_forgotten_first_and_never_the_latest() -> None:
    giver = Giver()
    for number in range(KEPT + 25):
        giver.answers.no(asked(f"i{number}"), "no")
    known = [number for number in range(KEPT + 25) if f"i{number}" in giver.answers]
    assert known == list(range(25, KEPT + 25))
