"""Keys that come in one burst, as over a line that stood still, act in the order they were typed."""

from __future__ import annotations

import pytest
import scenes
from scripted import ScriptedEngine, cockpit, screen_text
from textual import events
from textual.pilot import Pilot

from radtui.core.instruction import Ask
from radtui.tui.screens.cockpit import CockpitScreen
from radtui.tui.screens.emergency import EmergencySheet
from radtui.tui.screens.leave import Leave
from radtui.tui.widgets.field import Field

SIZE = (80, 24)
BACK = "backspace"


async def burst(pilot: Pilot[Leave], *keys: str) -> None:
    """Type keys without waiting for what any of them does."""
    for key in keys:
        pilot.app.post_message(events.Key(key, key if len(key) == 1 else None))
    await pilot.pause()
    await pilot.pause()


async def test_a_burst_is_corrected_where_it_was_corrected() -> None:
    async with cockpit(scenes.running()).run_test(size=SIZE) as pilot:
        await pilot.press("exclamation_mark")
        await burst(pilot, *"STPO", BACK, BACK, *"OP")
        assert pilot.app.screen.query_one(Field).value == "STOP"
        await burst(pilot, "home", "delete", "end", "left", "x")
        assert pilot.app.screen.query_one(Field).value == "TOxP"


@pytest.mark.parametrize(
    "keys",
    [
        (*"STOP", "enter"),
        (*"STPO", BACK, BACK, *"OP", "enter"),
        (*"stop", "enter", *"STOP", "enter"),
        (*"stop", "enter", BACK, BACK, BACK, BACK, *"STOP", "enter"),
        (*"STOP", "enter", "escape", "escape"),
        (*"STOP", "enter", *"STOP", "enter", "enter"),
        (*"STOP", "enter", *"sprgq"),
    ],
    ids=["the word", "corrected", "twice", "wrong, taken back, right", "too late to go back", "stuck", "typed on"],
)
async def test_the_word_counts_as_it_was_typed_once_and_whatever_follows(keys: tuple[str, ...]) -> None:
    engine = ScriptedEngine(scenes.running())
    async with cockpit(engine).run_test(size=SIZE) as pilot:
        await pilot.press("exclamation_mark")
        await burst(pilot, *keys)
        assert [ask for ask, *_ in engine.asked] == [Ask.EMERGENCY_STOP]
        assert isinstance(pilot.app.screen, CockpitScreen)


@pytest.mark.parametrize(
    "keys", [(*"STOP", "escape", "enter"), (*"STOP", BACK, "enter"), (*"STO", "enter", "P", "enter")]
)
async def test_what_was_taken_back_before_enter_is_no_stop(keys: tuple[str, ...]) -> None:
    engine = ScriptedEngine(scenes.running())
    async with cockpit(engine).run_test(size=SIZE) as pilot:
        await pilot.press("exclamation_mark")
        await burst(pilot, *keys)
        assert engine.asked == []
        words = "no emergency stop: nothing was changed" if "escape" in keys else "the word is STOP, in capitals"
        assert words in screen_text(pilot.app)
        assert isinstance(pilot.app.screen, EmergencySheet) is ("escape" not in keys)


async def test_a_filter_and_its_corrections_come_in_one_burst() -> None:
    async with cockpit(scenes.running()).run_test(size=SIZE) as pilot:
        await pilot.press("slash")
        await burst(pilot, *"ETHX", BACK, "enter")
        assert "1 of 3 rows contain “ETH”" in screen_text(pilot.app)


async def test_the_palette_does_what_the_whole_burst_names() -> None:
    engine = ScriptedEngine(scenes.running())
    async with cockpit(engine).run_test(size=SIZE) as pilot:
        await pilot.press("ctrl+p")
        await burst(pilot, *"pausX", BACK, "e", "enter")
        assert [ask for ask, *_ in engine.asked] == [Ask.PAUSE]
