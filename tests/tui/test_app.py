"""The cockpit as a person uses it: keys in, words and instructions out, and how it ends."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
import scenes
import stops
from pieces import NOW
from scripted import USER, ScriptedEngine, cockpit, screen_text, shelf
from textual.app import App
from textual.drivers.headless_driver import HeadlessDriver
from textual.pilot import Pilot

from radtui.core.instruction import Ask, ExitPolicy
from radtui.core.lifecycle import State
from radtui.tui.app import CockpitApp
from radtui.tui.screens.leave import Leave
from radtui.tui.themes import Shelf

SIZE = (120, 40)


async def leave_with(app: CockpitApp, *keys: str) -> Leave | None:
    """Return what `run_async` returns after these keys."""

    async def press(pilot: Pilot[Leave]) -> None:
        await pilot.press(*keys)

    return await app.run_async(headless=True, size=SIZE, auto_pilot=press)


async def test_a_stopped_and_flat_bot_is_left_at_once() -> None:
    assert await leave_with(cockpit(scenes.empty()), "q") is Leave.SHUTDOWN


@pytest.mark.parametrize(
    ("key", "answer", "leave"),
    [("q", "o", Leave.FLY_ON), ("q", "y", Leave.SHUTDOWN), ("ctrl+c", "f", Leave.FLATTEN)],
)
async def test_a_working_bot_is_left_by_two_different_keys(key: str, answer: str, leave: Leave) -> None:
    assert await leave_with(cockpit(scenes.running()), key, key, key, answer) is leave


async def test_positions_are_reason_enough_to_ask() -> None:
    held = scenes.changed(scenes.running(1), status__state=State.STOPPED)
    async with cockpit(held).run_test(size=SIZE) as pilot:
        await pilot.press("q")
        assert "Leave" in screen_text(pilot.app)
        await pilot.press("escape")
        assert pilot.app.is_running


async def test_a_failing_handler_ends_the_cockpit_and_says_so() -> None:
    engine = ScriptedEngine(scenes.running())
    app = cockpit(engine)

    async def break_it(pilot: Pilot[Leave]) -> None:
        engine.fault = ZeroDivisionError("secret-free")
        pilot.app.call_next(app.look)

    assert await app.run_async(headless=True, size=SIZE, auto_pilot=break_it) is Leave.BROKEN
    assert "ZeroDivisionError" in app.broken
    assert "engine was left as it is" in app.broken


async def test_a_first_look_that_fails_ends_the_cockpit_too() -> None:
    engine = ScriptedEngine(scenes.running())
    engine.fault = RuntimeError("no door")
    app = cockpit(engine)
    assert await app.run_async(headless=True, size=SIZE) is Leave.BROKEN
    assert "no door" in app.broken


async def test_a_vanished_terminal_is_told_from_a_person_who_left() -> None:
    app = cockpit(scenes.running())

    async def vanish(pilot: Pilot[Leave]) -> None:
        pilot.app.call_next(app.terminal_gone)

    assert await app.run_async(headless=True, size=SIZE, auto_pilot=vanish) is Leave.GONE


async def test_the_engine_host_runs_beside_and_hears_that_the_app_has_gone() -> None:
    released = threading.Event()

    def host(cancelled: Callable[[], bool]) -> None:
        while not cancelled():
            threading.Event().wait(0.01)
        released.set()

    assert await leave_with(cockpit(scenes.empty(), start_engine=host), "q") is Leave.SHUTDOWN
    assert released.wait(5)


async def test_an_engine_that_ends_with_an_error_is_said_aloud() -> None:
    def host(_: Callable[[], bool]) -> None:
        raise OSError("disk full")

    async with cockpit(scenes.running(), start_engine=host).run_test(size=SIZE) as pilot:
        for _ in range(50):
            if "THE ENGINE HAS ENDED" in screen_text(pilot.app):
                break
            await pilot.pause(0.02)
        assert "OSError: disk full" in screen_text(pilot.app)
        assert "As seen last: positions keep their stops on the exchange." in screen_text(pilot.app)


async def test_a_key_is_answered_at_once_and_its_receipt_or_refusal_when_it_comes() -> None:
    engine = ScriptedEngine(scenes.running())
    async with cockpit(engine).run_test(size=SIZE) as pilot:
        await pilot.press("p")
        assert engine.asked == [(Ask.PAUSE, "key:lena", None)]
        assert "pause asked by you 14:02:11 …" in screen_text(pilot.app)
        await pilot.press("p", "p")
        assert len(engine.asked) == 1
        assert "was asked already" in screen_text(pilot.app)
        engine.answer("Bot paused", status="paused")
        pilot.app.look()
        await pilot.pause()
        assert " pause 14:02:11: Bot paused" in screen_text(pilot.app)
        await pilot.press("p")
        engine.answer("cannot pause while stopped; possible now: start", success=False, refused=True, status="stopped")
        pilot.app.look()
        await pilot.pause()
        assert "refused: cannot pause while stopped; possible now: start" in screen_text(pilot.app)


async def test_a_key_that_does_nothing_now_says_what_does() -> None:
    engine = ScriptedEngine(scenes.running())
    async with cockpit(engine).run_test(size=SIZE) as pilot:
        await pilot.press("s")
        assert "does nothing while running; possible now: p pause" in screen_text(pilot.app)
        engine.shown = scenes.paused()
        pilot.app.look()
        await pilot.press("p")
        assert "does nothing while paused; possible now: r resume" in screen_text(pilot.app)
        assert engine.asked == []


async def test_no_repeated_key_does_anything_dangerous() -> None:
    engine = ScriptedEngine(scenes.running())
    async with cockpit(engine).run_test(size=SIZE) as pilot:
        for key in ("g", "m", "exclamation_mark", "q"):
            await pilot.press(key, key, key, key, "escape")
            assert engine.asked == [], key
            assert pilot.app.screen is pilot.app.cockpit, key


@pytest.mark.parametrize(("answer", "exits"), [("y", ExitPolicy.KEEP), ("f", ExitPolicy.FLATTEN)])
async def test_a_graceful_shutdown_asks_once_and_ends_when_its_receipt_was_read(answer: str, exits: ExitPolicy) -> None:
    engine = ScriptedEngine(scenes.running())
    app = cockpit(engine)

    async def shut_down(pilot: Pilot[Leave]) -> None:
        await pilot.press("g", answer)
        assert engine.asked == [(Ask.SHUTDOWN, "key:lena", exits)]
        engine.answer("Graceful shutdown completed", status="stopped")
        app.look()
        await pilot.pause()
        assert "✓ done: Graceful shutdown completed" in screen_text(app)
        await pilot.press("enter")

    assert await app.run_async(headless=True, size=SIZE, auto_pilot=shut_down) is Leave.ENDED


async def test_an_emergency_stop_wants_the_word_and_its_receipt_stays() -> None:
    engine = ScriptedEngine(scenes.running())
    async with cockpit(engine).run_test(size=SIZE) as pilot:
        await pilot.press("exclamation_mark", *"stop", "enter")
        assert engine.asked == []
        assert "the word is STOP, in capitals" in screen_text(pilot.app)
        await pilot.press(*"STOP", "enter")
        assert engine.asked == [(Ask.EMERGENCY_STOP, "key:lena", None)]
        engine.answer("flat", status="stopped")
        pilot.app.look()
        await pilot.pause()
        for _ in range(3):
            pilot.app.look()
            await pilot.pause()
        assert "What is left by our own books" in screen_text(pilot.app)
        await pilot.press("enter")
        pilot.app.look()
        await pilot.pause()
        assert "What is left" not in screen_text(pilot.app)


async def test_somebody_elses_emergency_stop_shows_its_receipt_and_an_old_one_does_not() -> None:
    old = scenes.changed(scenes.running(), receipt=stops.receipt())
    engine = ScriptedEngine(old)
    async with cockpit(engine).run_test(size=SIZE) as pilot:
        assert "What is left" not in screen_text(pilot.app)
        engine.shown = scenes.changed(scenes.running(), receipt=stops.receipt(success=False, name="r-2"))
        pilot.app.look()
        await pilot.pause()
        assert "NOT SAFE" in screen_text(pilot.app)


async def test_a_silent_engine_is_not_asked_to_start_but_may_be_stopped() -> None:
    engine = ScriptedEngine(scenes.empty())
    async with cockpit(engine, late=8).run_test(size=SIZE) as pilot:
        await pilot.press("s")
        assert engine.asked == []
        assert "the engine has not answered for 8 s; no position is open" in screen_text(pilot.app)
        await pilot.press("exclamation_mark", *"STOP", "enter")
        assert engine.asked[0][0] is Ask.EMERGENCY_STOP


async def test_a_users_keymap_moves_a_key_everywhere_and_takes_none_from_another() -> None:
    engine = ScriptedEngine(scenes.running())
    async with cockpit(engine, keymap={"pause": "f5", "reset": "g"}).run_test(size=SIZE) as pilot:
        text = screen_text(pilot.app)
        assert "keymap: g is taken by shutdown; reset stays on m" in text
        assert "f5 pause" in text
        await pilot.press("p")
        assert engine.asked == []
        await pilot.press("f5")
        assert engine.asked[0][0] is Ask.PAUSE
        await pilot.press("g")
        assert "Graceful shutdown" in screen_text(pilot.app)


async def test_a_broken_theme_is_said_and_breaks_nothing() -> None:
    theirs = Shelf(shelf().palettes, ("Theme mine.toml is left out: text is 'banana'.", "and another"))
    app = CockpitApp(ScriptedEngine(scenes.empty()), theme="mine", themes=theirs, clock=lambda: NOW, user=USER)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        assert "1 of 2: Theme mine.toml is left out: text is 'banana'." in screen_text(app)
        assert not app.broken


class CountingDriver(HeadlessDriver):
    """Counts what would go to the terminal."""

    written = 0

    @property
    def is_headless(self) -> bool:
        return False

    def write(self, data: str) -> None:
        type(self).written += len(data.encode())


async def test_a_screen_on_which_nothing_changes_costs_nothing() -> None:
    app = cockpit(scenes.empty(), driver_class=CountingDriver)
    async with app.run_test(size=SIZE, headless=False) as pilot:
        await pilot.pause()
        assert CountingDriver.written > 1000
        before = CountingDriver.written
        for _ in range(5):
            app.look()
            await pilot.pause()
        assert CountingDriver.written == before


async def test_one_timer_looks_at_the_engine_and_seconds_are_shown_only_while_they_matter() -> None:
    engine = ScriptedEngine(scenes.running())
    async with cockpit(engine).run_test(size=SIZE) as pilot:
        assert "14:02:11 UTC" in screen_text(pilot.app)
        engine.shown = scenes.empty()
        looks = engine.looks
        await pilot.pause(0.6)
        assert 1 <= engine.looks - looks <= 4
        assert "14:02 UTC" in screen_text(pilot.app)


def test_textual_still_has_what_the_way_out_stands_on() -> None:
    for name in ("_handle_exception", "_close_messages_no_wait"):
        assert callable(getattr(App, name))
    app = cockpit(scenes.empty())
    assert app._exception is None
    assert not app._exception_event.is_set()


async def test_a_shutdown_that_could_not_be_verified_is_read_and_then_leaves_too() -> None:
    engine = ScriptedEngine(scenes.running())
    app = cockpit(engine)

    async def shut_down(pilot: Pilot[Leave]) -> None:
        await pilot.press("g", "y")
        engine.answer("Ended, but not everything of ours is settled", success=False, status="stopped")
        app.look()
        await pilot.pause()
        assert "✗ NOT SAFE: Ended, but not everything" in screen_text(app)
        await pilot.press("enter")

    assert await app.run_async(headless=True, size=SIZE, auto_pilot=shut_down) is Leave.ENDED
