"""Several engines in one cockpit, and cockpits that share one, as a person uses them."""

from __future__ import annotations

from dataclasses import replace

import lines
import msgspec
import scenes
import stops
from pieces import NOW
from scripted import ScriptedDoor, ScriptedEngine, fleet, screen_text

from radtui.core.instruction import Ask, Receipt
from radtui.tui.app import CockpitApp
from radtui.tui.reach import Reach
from radtui.tui.screens.cockpit import CockpitScreen
from radtui.tui.screens.fleet import FleetScreen
from radtui.tui.screens.leave import Leave

SIZE = (120, 40)


def kind(app: CockpitApp) -> type[object]:
    """Return what kind of screen is shown."""
    return type(app.screen)


def alone(name: str) -> tuple[CockpitApp, ScriptedDoor]:
    """Return a cockpit on one engine elsewhere, and its door."""
    door = ScriptedDoor(ScriptedEngine(scenes.running()), lambda: NOW, lines.REACHES[name])
    return fleet(door), door


def stopped(doors: list[ScriptedDoor]) -> list[list[Ask]]:
    """Return what was asked of each."""
    return [[ask for ask, *_ in door.handle.asked] for door in doors]


async def test_enter_opens_a_bot_and_the_keys_go_round_and_back() -> None:
    app = fleet(*lines.doors())
    async with app.run_test(size=SIZE) as pilot:
        assert kind(app) is FleetScreen
        await pilot.press("j", "enter")
        assert kind(app) is CockpitScreen
        assert "beta · ema_cross" in screen_text(app)
        assert "[beta ‼]" in screen_text(app)
        for key, bot in (("n", "gamma@server"), ("n", "server:8001"), ("n", "alpha"), ("N", "server:8001")):
            await pilot.press(key)
            app.look()
            await pilot.pause()
            assert f"[{bot}" in screen_text(app), (key, bot)
        await pilot.press("0")
        assert kind(app) is FleetScreen
        assert app.base.station.view.bot == "beta"
        await pilot.press("3")
        assert "[gamma@server" in screen_text(app)


async def test_every_bot_keeps_its_own_pane_and_answers() -> None:
    doors = lines.doors()
    app = fleet(*doors)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("1", "5", "p", "0")
        assert doors[0].handle.asked == [(Ask.PAUSE, "key:lena", None)]
        doors[0].handle.answer("Bot paused", status="paused")
        app.look()
        await pilot.press("2")
        assert "[2 Positions]" in screen_text(app)
        await pilot.press("0", "1")
        app.look()
        await pilot.pause()
        assert "[5 Heartbeats]" in screen_text(app)
        assert "pause 14:02:11: Bot paused" in screen_text(app)


async def test_an_emergency_stop_of_the_row_names_its_bot_and_stops_no_other() -> None:
    doors = lines.doors()
    app = fleet(*doors)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("j", "exclamation_mark")
        assert "EMERGENCY STOP of beta, or of all 4" in screen_text(app)
        await pilot.press(*"STOP", "enter")
        assert stopped(doors) == [[], [Ask.EMERGENCY_STOP], [], []]
        assert "… asked, its receipt is awaited" in screen_text(app)


async def test_an_emergency_stop_of_all_asks_each_and_shows_every_receipt_until_it_is_read() -> None:
    doors = lines.doors()
    doors[1].reach = replace(doors[1].reach, controls=False)
    app = fleet(*doors)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("exclamation_mark", *"STOP all", "enter")
        assert "nothing was done: the word is STOP or STOP ALL, in capitals" in screen_text(app)
        await pilot.press(*"STOP ALL", "enter")
        assert stopped(doors) == [[Ask.EMERGENCY_STOP], [], [Ask.EMERGENCY_STOP], [Ask.EMERGENCY_STOP]]
        assert "this token may only look: nothing was asked" in screen_text(app)
        assert "not heard now: the stop goes out if its line is back soon" in screen_text(app)
        done = msgspec.structs.replace(stops.receipt(), id="i-1")
        doors[0].handle.receipts["i-1"] = done
        doors[0].handle.shown = scenes.changed(scenes.running(), receipt=done)
        doors[2].handle.receipts["i-1"] = msgspec.structs.replace(stops.receipt(success=False), id="i-1")
        app.look()
        await pilot.pause()
        text = screen_text(app)
        assert text.index("✗ NOT SAFE") < text.index("✓ done") or "more lines" in text
        await pilot.press("enter")
        assert kind(app) is FleetScreen
        await pilot.press("1")
        app.look()
        await pilot.pause()
        assert "─ Receipt" not in screen_text(app)  # it was read


async def test_a_receipt_that_comes_after_the_sheet_was_closed_brings_it_back() -> None:
    doors = lines.doors()
    app = fleet(*doors)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("exclamation_mark", *"STOP", "enter", "enter")
        assert kind(app) is FleetScreen
        doors[0].handle.receipts["i-1"] = msgspec.structs.replace(stops.receipt(), id="i-1")
        app.look()
        await pilot.pause()
        assert "✓ done" in screen_text(app)


async def test_the_receipt_of_an_earlier_stop_comes_after_another_bot_was_stopped() -> None:
    doors = lines.doors()
    app = fleet(*doors)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("exclamation_mark", *"STOP", "enter", "enter")
        await pilot.press("j", "exclamation_mark", *"STOP", "enter", "enter")
        assert stopped(doors)[:2] == [[Ask.EMERGENCY_STOP], [Ask.EMERGENCY_STOP]]
        doors[0].handle.receipts["i-1"] = msgspec.structs.replace(stops.receipt(success=False), id="i-1")
        app.look()
        await pilot.pause()
        assert "✗ NOT SAFE" in screen_text(app)


async def test_a_stop_of_a_bot_that_hangs_says_that_it_waits_and_what_ends_it() -> None:
    doors = lines.doors()
    doors[0].handle.shown = scenes.changed(scenes.running(), hangs=18)
    app = fleet(*doors)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("exclamation_mark")
        assert "it hangs, and the stop waits in it" in screen_text(app)
        await pilot.press(*"STOP", "enter")
        assert "radtui emergency-stop --bot" in screen_text(app)


async def test_the_table_is_sifted_and_its_palette_opens_a_bot() -> None:
    app = fleet(*lines.doors())
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("slash", *"beta", "enter")
        assert "1 of 4 rows contain “beta”; esc shows all" in screen_text(app)
        assert "gamma" not in screen_text(app)
        await pilot.press("escape", "ctrl+p", *"bot 3", "enter")
        await pilot.pause()
        assert "[gamma@server" in screen_text(app)


async def test_control_is_taken_from_the_table_after_the_same_question() -> None:
    doors = lines.doors()
    app = fleet(*doors)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("j", "c")
        assert "─ Take control" in screen_text(app)
        await pilot.press("y")
        assert [door.overs for door in doors] == [0, 1, 0, 0]


async def test_a_terminal_too_small_for_the_table_names_each_bot_and_every_key_works() -> None:
    doors = lines.doors()
    app = fleet(*doors)
    async with app.run_test(size=(38, 8)) as pilot:
        text = screen_text(app)
        assert all(words in text for words in ("alpha ● RUNNING", "‼ beta ✗ ERROR", "enlarge to 40×10 (is 38×8)"))
        await pilot.press("exclamation_mark", *"STOP", "enter")
        assert stopped(doors)[0] == [Ask.EMERGENCY_STOP]


async def test_a_bot_that_was_shut_down_leads_back_to_the_table() -> None:
    doors = lines.doors()
    app = fleet(*doors)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("1", "g", "y")
        doors[0].handle.receipts["i-1"] = msgspec.structs.replace(stops.receipt(Ask.SHUTDOWN), id="i-1")
        app.look()
        await pilot.pause()
        assert "─ Receipt" in screen_text(app)
        await pilot.press("enter")
        await pilot.pause()
        assert kind(app) is FleetScreen
        assert app.is_running


async def test_help_of_the_fleet_and_a_number_that_is_no_bot() -> None:
    app = fleet(*lines.doors())
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("9")
        assert "there are 4 bots" in screen_text(app)
        await pilot.press("question_mark")
        assert "longest time that a position was without" in screen_text(app)


async def test_an_engine_elsewhere_is_left_without_a_question() -> None:
    for app in (alone("live")[0], fleet(*lines.doors())):
        async with app.run_test(size=SIZE) as pilot:
            await pilot.press("q")
        assert app.return_value is Leave.LEFT


async def test_one_bot_has_no_fleet_and_says_what_shows_several() -> None:
    app, _ = alone("live")
    async with app.run_test(size=SIZE) as pilot:
        for key in ("0", "n", "N"):
            await pilot.press(key)
            await pilot.pause()
            assert "`radtui attach` shows all that run here" in screen_text(app), key


async def test_who_watches_asks_nothing_but_an_emergency_stop_until_they_take_over() -> None:
    app, door = alone("watching")
    async with app.run_test(size=SIZE) as pilot:
        for key in ("p", "g", "m"):
            await pilot.press(key)
            assert "bob/pts-4 holds control: nothing was asked; c takes over" in screen_text(app), key
        await pilot.press("exclamation_mark", *"STOP", "enter")
        assert [ask for ask, *_ in door.handle.asked] == [Ask.EMERGENCY_STOP]
        await pilot.press("c", "escape")
        assert door.overs == 0
        assert "bob/pts-4 keeps control" in screen_text(app)
        await pilot.press("c", "y")
        app.look()
        await pilot.pause()
        assert door.overs == 1
        assert "you hold control now" in screen_text(app)
        await pilot.press("p")
        assert [ask for ask, *_ in door.handle.asked] == [Ask.EMERGENCY_STOP, Ask.PAUSE]


async def test_who_loses_control_is_told_by_whom_even_on_a_sheet() -> None:
    app, door = alone("live")
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("question_mark")
        door.reach = lines.REACHES["watching"]
        app.look()
        await pilot.pause()
        assert "bob/pts-4 has taken control: you watch; c takes it back" in screen_text(app)
        assert "bob/pts-4 holds control since 13:53" in screen_text(app)


async def test_over_a_lost_line_keys_say_that_nothing_was_asked_and_an_emergency_stop_waits() -> None:
    app, door = alone("lost")
    async with app.run_test(size=SIZE) as pilot:
        for key in ("s", "p", "r", "g", "m"):
            await pilot.press(key)
            assert "line lost: nothing was asked; the bot flies on by itself" in screen_text(app), key
        assert door.handle.asked == []
        await pilot.press("exclamation_mark", *"STOP", "enter")
        assert [ask for ask, *_ in door.handle.asked] == [Ask.EMERGENCY_STOP]
        assert "the line is down: it goes out if it is back soon, and you are told if not" in screen_text(app)
        door.handle.receipts["i-1"] = Receipt(
            id="i-1", ask=Ask.EMERGENCY_STOP, success=False, message="nothing was done", status="not delivered", at=NOW
        )
        app.look()
        await pilot.pause()
        assert "✗ NOT DELIVERED: nothing was done" in screen_text(app)
        assert "radtui emergency-stop" in screen_text(app)


async def test_a_shutdown_that_was_not_delivered_does_not_end_the_cockpit() -> None:
    app, door = alone("live")
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("g", "y")
        door.handle.receipts["i-1"] = Receipt(
            id="i-1", ask=Ask.SHUTDOWN, success=False, message="nothing was done", status="not delivered", at=NOW
        )
        app.look()
        await pilot.pause()
        await pilot.press("enter")
        await pilot.pause()
        assert app.is_running


async def test_a_receipt_from_before_this_cockpit_came_is_not_shown_again() -> None:
    door = ScriptedDoor(ScriptedEngine(lines.nothing()), lambda: NOW, lines.REACHES["connecting"])
    app = fleet(door)
    async with app.run_test(size=SIZE) as pilot:
        app.look()
        door.handle.shown = scenes.changed(scenes.running(), receipt=stops.receipt())
        door.reach = Reach("alpha", lines.LIVE, lines.MINE)
        app.look()
        await pilot.pause()
        assert "─ Receipt" not in screen_text(app)


async def test_the_line_that_comes_back_says_so_and_the_picture_is_bright_again() -> None:
    app, door = alone("lost")
    async with app.run_test(size=SIZE) as pilot:
        app.look()
        assert "? LINE LOST" in screen_text(app)
        door.reach = lines.REACHES["far"]
        app.look()
        await pilot.pause()
        assert "the line to alpha@server is back" in screen_text(app)
        assert "● RUNNING" in screen_text(app)
