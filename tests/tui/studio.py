"""Pictures of the cockpit in many states, taken one after the other of one cockpit: it starts once, not per picture."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import scenes
from pieces import NOW
from scripted import USER, ScriptedDoor, ScriptedEngine, fleet, shelf
from textual.pilot import Pilot

from radtui.core.market import SECOND
from radtui.core.preview import Preview
from radtui.core.snapshot import Snapshot
from radtui.tui.app import CockpitApp
from radtui.tui.reach import HERE, Reach
from radtui.tui.screens.leave import Leave
from radtui.tui.widgets.table import LineTable

SMALL = (80, 24)
FleetShot = tuple[tuple[int, int], tuple[str, ...]]
"""Size and keys of a picture of a fleet."""


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture.

    Attributes:
        keys: pressed before it is taken; the cockpit begins on its positions.
        late: seconds since the engine made its snapshot. waits: seconds that go by after the keys.
        foreseen: what the engine answers to the question what a stop would do. reach: how the engine is reached.
    """

    scene: Callable[[], Snapshot]
    size: tuple[int, int] = SMALL
    keys: tuple[str, ...] = ()
    pane: str = "positions"
    theme: str = "radtui-dark"
    late: int = 0
    waits: int = 0
    foreseen: Preview | None = None
    reach: Reach = HERE


class Studio:
    """One cockpit, set up anew for each picture."""

    def __init__(self) -> None:
        self._late = 0
        self._engine = ScriptedEngine(scenes.empty())
        self._door = ScriptedDoor(self._engine, lambda: NOW + self._late * SECOND)
        self._app = CockpitApp(
            [self._door],
            theme="radtui-dark",
            themes=shelf(),
            clock=lambda: NOW + self._late * SECOND,
            user=USER,
        )

    async def take(self, shots: Mapping[str, Shot]) -> dict[str, str]:
        """Return an SVG by name."""
        pictures = {}
        async with self._app.run_test(size=SMALL) as pilot:
            for name, shot in sorted(shots.items(), key=lambda each: (each[1].size, each[1].theme)):
                await self._set_up(shot, pilot)
                pictures[name] = self._app.export_screenshot(title=self._app.title, simplify=True)
                await self._tidy_up()
        return pictures

    async def _set_up(self, shot: Shot, pilot: Pilot[Leave]) -> None:
        app, cockpit = self._app, self._app.cockpit
        self._late, self._engine.shown, app.theme = shot.late, shot.scene(), shot.theme
        self._door.reach = shot.reach
        if app.size != shot.size:
            await pilot.resize_terminal(*shot.size)
        app.look()
        cockpit.say("")  # of the line and the helm: this is another scene, not a change in one
        app.look()  # what changed is heavy for one look: the second one shows it at rest
        for table in cockpit.query(LineTable):
            table.action_first()
        cockpit.go(shot.pane)
        await pilot.pause()
        for key in shot.keys:
            await pilot.press(key)
        if shot.foreseen is not None:
            self._engine.foresee(shot.foreseen)
        if shot.foreseen is not None or shot.waits:
            self._late += shot.waits
            app.look()
            await pilot.pause()

    async def _tidy_up(self) -> None:
        while len(self._app.screen_stack) > 1:
            await self._app.pop_screen()
        self._app.cockpit.say("")
        for table in self._app.cockpit.query(LineTable):
            table.filter_text = ""


def take(shots: Mapping[str, Shot]) -> dict[str, str]:
    """Return an SVG by name, all of one cockpit."""
    return asyncio.run(Studio().take(shots))


async def _fleet_pictures(shots: Mapping[str, FleetShot], doors: Callable[[], list[ScriptedDoor]]) -> dict[str, str]:
    pictures = {}
    for name, (size, keys) in shots.items():
        app = fleet(*doors())
        async with app.run_test(size=size) as pilot:
            app.look()
            app.look()
            await pilot.pause()
            await pilot.press(*keys)
            pictures[name] = app.export_screenshot(title=app.title, simplify=True)
    return pictures


def take_fleet(shots: Mapping[str, FleetShot], doors: Callable[[], list[ScriptedDoor]]) -> dict[str, str]:
    """Return an SVG by name of a fleet, each of its size and after its keys."""
    return asyncio.run(_fleet_pictures(shots, doors))
