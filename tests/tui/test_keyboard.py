"""Keys that come in one burst, as over a line that stood still: each acts on what the one before brought up."""

from __future__ import annotations

import lines
import pytest
import scenes
from scripted import ScriptedEngine, cockpit, fleet, screen_text
from textual import events
from textual.pilot import Pilot

from radtui.core.instruction import Ask
from radtui.tui.screens.cockpit import CockpitScreen
from radtui.tui.screens.leave import Leave

SIZE = (120, 40)


async def burst(pilot: Pilot[Leave], *keys: str) -> None:
    """Type keys without waiting for what any of them does."""
    for key in keys:
        pilot.app.post_message(events.Key(key, key if len(key) == 1 else None))
    await pilot.pause()
    await pilot.pause()


@pytest.mark.parametrize(
    ("keys", "asked"),
    [
        (("exclamation_mark", *"STOP", "enter"), [Ask.EMERGENCY_STOP]),
        (("exclamation_mark", *"stop", "enter", "escape"), []),
        (("exclamation_mark", *"sprg", "escape"), []),
        (("g", "y"), [Ask.SHUTDOWN]),
        (("g", "escape", "p"), [Ask.PAUSE]),
        (("ctrl+p", *"pause", "enter"), [Ask.PAUSE]),
        (("m", "y", "p"), [Ask.RESET_METRICS, Ask.PAUSE]),
        (("question_mark", "p", "escape"), []),
        (("slash", *"spr", "escape"), []),
    ],
    ids=lambda each: "".join(map(str, each)),
)
async def test_each_key_acts_on_what_the_one_before_brought_up(keys: tuple[str, ...], asked: list[Ask]) -> None:
    engine = ScriptedEngine(scenes.running())
    async with cockpit(engine).run_test(size=SIZE) as pilot:
        await burst(pilot, *keys)
        assert isinstance(pilot.app.screen, CockpitScreen)
    assert [ask for ask, *_ in engine.asked] == asked


async def test_a_pause_behind_the_key_of_another_bot_is_that_bots() -> None:
    doors = lines.doors()
    app = fleet(*doors)
    async with app.run_test(size=SIZE) as pilot:
        await burst(pilot, "2", "N", "p")
        assert [[ask for ask, *_ in door.handle.asked] for door in doors] == [[Ask.PAUSE], [], [], []]
        await burst(pilot, "0", "G", "1", "exclamation_mark", *"STOP", "enter")
        assert [ask for ask, *_ in doors[0].handle.asked] == [Ask.PAUSE, Ask.EMERGENCY_STOP]


async def test_a_key_that_does_nothing_here_stops_nothing() -> None:
    app = cockpit(scenes.running())
    async with app.run_test(size=SIZE) as pilot:
        await burst(pilot, "f9", "x", "5")
        assert "┏━ 5 Heartbeats" in screen_text(app)
