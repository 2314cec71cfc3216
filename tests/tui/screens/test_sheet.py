"""Sheets on terminals of any size: what is asked and what is typed can be seen wherever the keys work."""

from __future__ import annotations

import pytest
import scenes
from scripted import ScriptedEngine, cockpit, screen_text

from radtui.core.instruction import Ask, ExitPolicy

TINY = [(20, 5), (39, 24), (80, 9), (20, 3)]


@pytest.mark.parametrize("size", TINY)
async def test_an_emergency_stop_can_be_seen_and_typed_on_the_least_terminal(size: tuple[int, int]) -> None:
    engine = ScriptedEngine(scenes.running())
    async with cockpit(engine).run_test(size=size) as pilot:
        await pilot.press("exclamation_mark")
        assert "type STOP" in screen_text(pilot.app)
        await pilot.press(*"STO", "enter")
        assert "nothing was done" in screen_text(pilot.app)
        await pilot.press(*"STO")
        assert "STO" in screen_text(pilot.app).split("\n")[-2], "what is typed is seen while it is typed"
        await pilot.press("P", "enter")
        assert [ask for ask, *_ in engine.asked] == [Ask.EMERGENCY_STOP]


@pytest.mark.parametrize("size", TINY[:3])
@pytest.mark.parametrize(("key", "heading", "first"), [("g", "Graceful shutdown", "y shut"), ("q", "Leave", "y shut")])
async def test_a_question_names_its_keys_before_its_text(
    key: str, heading: str, first: str, size: tuple[int, int]
) -> None:
    async with cockpit(scenes.running()).run_test(size=size) as pilot:
        await pilot.press(key)
        text = screen_text(pilot.app)
        assert heading in text
        assert first in text


async def test_every_sheet_says_live_on_the_least_terminal() -> None:
    async with cockpit(scenes.live()).run_test(size=(20, 5)) as pilot:
        for key in ("exclamation_mark", "g", "q", "m", "w"):
            await pilot.press(key)
            assert "LIVE" in screen_text(pilot.app), key
            await pilot.press("escape")


async def test_the_palette_shows_what_is_typed_on_the_least_terminal() -> None:
    engine = ScriptedEngine(scenes.running())
    async with cockpit(engine).run_test(size=(20, 5)) as pilot:
        await pilot.press("ctrl+p", *"paus")
        assert "paus" in screen_text(pilot.app).split("\n")[0]
        assert "▸pause" in screen_text(pilot.app)
        await pilot.press("enter")
        assert [ask for ask, *_ in engine.asked] == [Ask.PAUSE]


async def test_a_sheet_follows_the_terminal_in_both_directions() -> None:
    engine = ScriptedEngine(scenes.running())
    async with cockpit(engine).run_test(size=(80, 24)) as pilot:
        await pilot.press("g")
        assert "╭─ Graceful shutdown" in screen_text(pilot.app)
        await pilot.resize_terminal(20, 5)
        await pilot.pause()
        assert screen_text(pilot.app).startswith("Graceful shutdown")
        assert "╭" not in screen_text(pilot.app)
        await pilot.resize_terminal(80, 24)
        await pilot.pause()
        assert "╭─ Graceful shutdown" in screen_text(pilot.app)
        await pilot.press("y")
        assert engine.asked == [(Ask.SHUTDOWN, "key:lena", ExitPolicy.KEEP)]
