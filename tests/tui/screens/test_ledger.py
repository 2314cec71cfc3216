"""A day of the ledger is asked for once, again after a while, and another day when it is wanted."""

import scenes
from pieces import NOW
from scripted import ScriptedEngine

from radtui.core.instruction import Ask, Receipt
from radtui.core.market import SECOND
from radtui.core.why_day import WhyDay
from radtui.tui.screens.ledger import Ledger

TODAY = "2026-11-20"


class Desk:
    """A ledger on an engine that answers when it is told to."""

    def __init__(self) -> None:
        self.engine = ScriptedEngine(scenes.running())
        self.ledger = Ledger(self.engine, "key:lena")

    def look(self, seconds: float = 0.0) -> WhyDay | None:
        self.ledger.look(NOW + round(seconds * SECOND))
        return self.ledger.day

    def answer(self, day: WhyDay | None, message: str = "") -> None:
        name = f"i-{len(self.engine.asked)}"
        self.engine.receipts[name] = Receipt(
            id=name, ask=Ask.WHY_DAY, success=day is not None, message=message, status="running", at=1, day=day
        )


def test_it_is_asked_once_and_again_after_a_while() -> None:
    desk = Desk()
    assert desk.look() is None
    desk.look(1)
    assert [each[:2] for each in desk.engine.asked] == [(Ask.WHY_DAY, "key:lena")]
    day = WhyDay(day=TODAY, signals=3)
    desk.answer(day)
    assert desk.look(2) == day
    desk.look(4)
    assert len(desk.engine.asked) == 1
    assert desk.look(6) == day, "the last answer stands until the next one"
    assert len(desk.engine.asked) == 2


def test_an_answer_that_never_comes_is_asked_for_again_but_not_at_once() -> None:
    desk = Desk()
    desk.look()
    desk.look(20)
    assert len(desk.engine.asked) == 1
    desk.look(31)
    assert len(desk.engine.asked) == 2


def test_a_refusal_is_told_until_there_is_an_answer() -> None:
    desk = Desk()
    desk.look()
    desk.answer(None, "the journal is full")
    assert desk.look(1) is None
    assert desk.ledger.failing == "the journal is full"
    desk.look(6)
    desk.answer(WhyDay(day=TODAY))
    desk.look(7)
    assert desk.ledger.failing == ""


def test_another_day_is_asked_for_at_once_and_none_after_today() -> None:
    desk = Desk()
    desk.look()
    desk.answer(WhyDay(day=TODAY))
    desk.look(1)
    assert not desk.ledger.turn(1, TODAY)
    assert desk.ledger.turn(-1, TODAY)
    assert desk.look(1.1) is None
    assert desk.engine.subjects[-1] == "2026-11-19"
    assert desk.ledger.turn(1, TODAY)
    desk.look(1.2)
    assert desk.engine.subjects[-1] == "", "today is whatever day it is by then"
