"""What a stop would do is asked without anybody waiting for it, and again when it is no longer true."""

import msgspec
import pytest
import scenes
import stops
from pieces import NOW
from scripted import ScriptedEngine, cockpit, screen_text

from radtui.core.instruction import Ask
from radtui.core.market import SECOND
from radtui.core.snapshot import Snapshot
from radtui.tui.panes.view import View
from radtui.tui.screens.survey import Survey

WIDE = (120, 40)


class Asking:
    """A survey on an engine that answers when it is told to."""

    def __init__(self, shown: Snapshot | None = None) -> None:
        self.engine = ScriptedEngine(shown or scenes.running())
        self.survey = Survey(self.engine, "key:lena")

    def look(self, seconds: float = 0.0) -> View:
        view = View(self.engine.shown, NOW + round(seconds * SECOND), "lena")
        self.survey.look(view)
        return view

    @property
    def asked(self) -> int:
        return len(self.engine.surveys)


def test_it_asks_at_once_and_only_once_while_no_answer_comes() -> None:
    it = Asking()
    for seconds in (0, 1, 5, 14.9):
        view = it.look(seconds)
    assert it.asked == 1
    assert it.survey.waited(view.now) == round(14.9 * SECOND)
    it.look(15)
    assert it.asked == 2


def test_an_answer_is_kept_and_renewed_after_a_while() -> None:
    it = Asking()
    it.look()
    it.engine.foresee(stops.preview(it.engine.shown))
    view = it.look(0.25)
    assert it.survey.waited(view.now) == 0
    assert all(it.survey.of(held) for held in it.engine.shown.positions)
    it.look(14)
    assert it.asked == 1
    it.look(15)
    assert it.asked == 2
    assert it.survey.preview is not None, "the old figures stay until the new ones come"


@pytest.mark.parametrize("fresh", [scenes.running(2), scenes.running(4)])
def test_positions_that_come_and_go_are_asked_about_anew(fresh: Snapshot) -> None:
    it = Asking()
    it.look()
    it.engine.foresee(stops.preview(it.engine.shown))
    it.look(0.25)
    it.engine.shown = fresh
    it.look(0.5)
    assert it.asked == 1, "not more often than once a second"
    it.look(1)
    assert it.asked == 2


def test_a_position_that_changed_has_no_figures_of_the_old_one() -> None:
    it = Asking()
    it.look()
    it.engine.foresee(stops.preview(it.engine.shown))
    it.look(0.25)
    held = it.engine.shown.positions[0]
    assert it.survey.of(held) is not None
    assert it.survey.of(msgspec.structs.replace(held, lots=11)) is None
    assert it.survey.of(msgspec.structs.replace(held, lots=-12)) is None


def test_a_refusal_is_said_and_not_asked_away() -> None:
    it = Asking()
    it.look()
    it.engine.foresee(None, "the engine has ended: nothing was done")
    for seconds in (0.25, 2, 8):
        it.look(seconds)
    assert it.survey.failing == "the engine has ended: nothing was done"
    assert it.asked == 1


def test_somebody_elses_position_is_not_missed_in_the_answer() -> None:
    it = Asking(stops.shared())
    it.look()
    it.engine.foresee(stops.preview(it.engine.shown))
    for seconds in (1, 2, 3):
        it.look(seconds)
    assert it.asked == 1


@pytest.mark.parametrize("key", ["exclamation_mark", "g", "q"])
async def test_the_question_opens_before_the_answer_and_takes_it_in(key: str) -> None:
    engine = ScriptedEngine(scenes.running())
    async with cockpit(engine).run_test(size=WIDE) as pilot:
        await pilot.press(key)
        assert "the order books are being read; nothing waits for them" in screen_text(pilot.app)
        engine.foresee(stops.preview(engine.shown))
        pilot.app.look()
        await pilot.pause()
        text = screen_text(pilot.app)
        assert "book of 14:02:11 UTC" in text
        assert "takes 4 @ 64,388.3 · 8 @ 64,388.2" in text
        assert "costs about 2.05 USDT: slippage −0.04, fees −2.01" in text
        assert engine.asked == []


async def test_the_word_is_taken_while_no_book_was_read() -> None:
    engine = ScriptedEngine(scenes.running())
    async with cockpit(engine).run_test(size=WIDE) as pilot:
        await pilot.press("exclamation_mark", *"STOP", "enter")
        assert [ask for ask, *_ in engine.asked] == [Ask.EMERGENCY_STOP]
