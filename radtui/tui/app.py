"""The cockpit as a Textual app: one door to the engine, one timer, and a way out that says how (rows T1, T2, L2).

The app looks and asks; it owns nothing of the engine. Whatever ends it, `run_async` returns a `Leave`, and `main`
settles the engine by that.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Final

from textual import on
from textual.app import AutopilotCallbackType
from textual.driver import Driver
from textual.worker import Worker, WorkerState, get_current_worker

from radtui.engine.handle import EngineHandle
from radtui.resilience.redaction import named
from radtui.tui.doors import Door, NearDoor
from radtui.tui.format import counted
from radtui.tui.keyboard import OrderlyApp
from radtui.tui.keys import settled
from radtui.tui.screens.cockpit import CockpitScreen, layout_classes
from radtui.tui.screens.fleet import FleetScreen
from radtui.tui.screens.leave import Leave
from radtui.tui.screens.sheet import Sheet
from radtui.tui.station import Station
from radtui.tui.themes import VARIABLES, Shelf, to_textual
from radtui.tui.widgets.tone import Tone

POLL: Final = 0.25
"""Seconds between two looks at the engine: the only timer there is."""

EngineHost = Callable[[Callable[[], bool]], None]
"""Waits while the engine lives, or until the callable it is given says that the app has gone."""

_log = logging.getLogger(__name__)


class CockpitApp(OrderlyApp[Leave], inherit_bindings=False):
    """The cockpit on one engine or several: each has a mode of its own, and the fleet's table is the default one.

    Attributes:
        broken: what failed in the cockpit itself, for people; empty while nothing did.
    """

    TITLE = "radtui"
    CSS_PATH = "cockpit.tcss"
    DEFAULT_MODE = "first"
    ENABLE_COMMAND_PALETTE = False

    def __init__(
        self,
        engine: EngineHandle | Sequence[Door],
        *,
        theme: str,
        themes: Shelf,
        clock: Callable[[], int],
        user: str,
        driver_class: type[Driver] | None = None,
        keymap: Mapping[str, str] | None = None,
        start_engine: EngineHost | None = None,
    ) -> None:
        """Make a cockpit.

        Args:
            engine: the handle of the engine in this process, or the doors of engines elsewhere.
            theme: the name of one of `themes`; the first of them where it is unknown, and the message bar says so.
            clock: the wall clock, nanoseconds UTC.
            user: who sits here; what they ask is asked by ``key:<user>``.
            keymap: key by binding id, as Textual names keys; see `radtui.tui.keys`.
            start_engine: runs in a thread worker named ``engine``; returns when the engine has ended or when the
                callable it is given returns True. None where the engine lives elsewhere.
        """
        super().__init__(driver_class=driver_class)
        self.animation_level = "none"
        self.broken = ""
        self._clock = clock
        self._keys, self._key_complaints = settled(keymap or {})
        self._shelf = themes
        self._start_engine = start_engine
        doors = engine if isinstance(engine, Sequence) else [NearDoor(engine, user=user, clock=clock)]
        self.stations = tuple(
            Station(f"bot-{number}", door, user=user, keymap=self._keys) for number, door in enumerate(doors)
        )
        self._current: Station | None = self.stations[0] if len(self.stations) == 1 else None
        self.add_mode(self.DEFAULT_MODE, self._first)
        for station in self.stations if len(self.stations) > 1 else ():
            self.add_mode(station.key, partial(self._cockpit_of, station))
        self._wear(theme)
        self.set_keymap(self._keys)

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Return what our widgets need from a theme that lacks it."""
        return VARIABLES

    def _first(self) -> CockpitScreen | FleetScreen:
        """Return what the first frame shows: the cockpit of the one engine, or the table of several."""
        if self._current is not None:
            return self._cockpit_of(self._current)
        return FleetScreen(self.stations, clock=self._clock, keymap=self._keys, themes=self._shelf.palettes)

    def _cockpit_of(self, station: Station) -> CockpitScreen:
        return CockpitScreen(
            station,
            keymap=self._keys,
            themes=self._shelf.palettes,
            clock=self._clock,
            classes=layout_classes(*self.size),
        )

    def on_mount(self) -> None:
        self.set_interval(POLL, self.look)
        if self._start_engine is not None:
            self.run_worker(self._host, name="engine", thread=True, exit_on_error=False)

    def on_ready(self) -> None:
        """Say what is wrong with the person's own themes and keys, now that there is a screen to say it on."""
        found = [*self._shelf.complaints, *self._key_complaints]
        if found:
            self.base.say((f"1 of {len(found)}: " if len(found) > 1 else "") + found[0], Tone.WARN)

    @property
    def base(self) -> CockpitScreen | FleetScreen:
        """The screen under all sheets."""
        return next(screen for screen in self.screen_stack if isinstance(screen, CockpitScreen | FleetScreen))

    @property
    def cockpit(self) -> CockpitScreen:
        """The cockpit under all sheets, where one is shown."""
        return next(screen for screen in self.screen_stack if isinstance(screen, CockpitScreen))

    async def run_async(
        self,
        *,
        headless: bool = False,
        inline: bool = False,
        inline_no_clear: bool = False,
        mouse: bool = True,
        size: tuple[int, int] | None = None,
        auto_pilot: AutopilotCallbackType | None = None,
    ) -> Leave | None:
        """Run until the person leaves, the terminal goes or the cockpit fails, and return which it was."""
        left = await super().run_async(
            headless=headless,
            inline=inline,
            inline_no_clear=inline_no_clear,
            mouse=mouse,
            size=size,
            auto_pilot=auto_pilot,
        )
        return Leave.BROKEN if self.broken or left is None else left

    def terminal_gone(self) -> None:
        """Leave because there is nobody to show anything to; the driver and the SIGHUP handler call this."""
        self.exit(Leave.GONE)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Note that the engine's thread has ended, and how."""
        if event.worker.name != "engine" or event.state not in {WorkerState.ERROR, WorkerState.SUCCESS}:
            return
        error = event.worker.error
        if error is not None:
            self.stations[0].fault = named(error)
        elif not self.cockpit.shutting_down:
            self.stations[0].fault = "its thread has returned"
        self.look()

    def _host(self) -> None:
        worker = get_current_worker()
        if self._start_engine is not None:
            self._start_engine(lambda: worker.is_cancelled)

    def look(self) -> None:
        """Look at every engine once and show it to whatever is visible."""
        if not self.is_running:
            return
        tabs = tuple(each.tab(here=each is self._current) for each in self.stations) if len(self.stations) > 1 else ()
        for station in self.stations:
            station.look(tabs)
        base = self.base
        if base.is_mounted:
            base.follow(base.station.view)
        visible = self.screen
        if not visible.is_mounted:  # it shows what is to be seen by itself, once it is
            return
        if isinstance(visible, FleetScreen | Sheet | CockpitScreen):
            visible.look(base.station.view)

    async def action_bot(self, number: int, then: str = "") -> None:
        """Show an engine by its number from 1; `then` names an action of its cockpit to begin with."""
        if number > len(self.stations):
            self.base.say(f"there are {counted(len(self.stations), 'bot')}", Tone.WARN)
            return
        await self._show(self.stations[number - 1])
        if then:
            await self.cockpit.run_action(then)

    async def action_fleet(self) -> None:
        """Show the table of all engines."""
        if len(self.stations) > 1:
            await self._show(None)
        else:
            self.base.say("there is one bot in this cockpit; `radtui attach` shows all that run here", Tone.WARN)

    async def action_other(self, steps: int) -> None:
        """Go from one engine to the one so many `steps` on."""
        if self._current is None or len(self.stations) == 1:
            await self.action_fleet()
        else:
            place = self.stations.index(self._current) + steps
            await self._show(self.stations[place % len(self.stations)])

    @on(CockpitScreen.Ended)
    async def ended(self) -> None:
        """An engine was shut down from here: there is nothing more to see of it."""
        if len(self.stations) == 1:
            self.exit(Leave.ENDED)
        else:
            await self._show(None)

    async def _show(self, station: Station | None) -> None:
        self._current = station
        await self.switch_mode(station.key if station else self.DEFAULT_MODE)
        self.look()

    def _wear(self, name: str) -> None:
        for palette in self._shelf.palettes.values():
            self.register_theme(to_textual(palette))
        names = list(self._shelf.palettes)
        if names:  # nothing is styled yet: to watch it would have all styles read twice
            self.set_reactive(CockpitApp.theme, name if name in names else names[0])

    def _handle_exception(self, error: Exception) -> None:
        """End with `Leave.BROKEN`. Textual would print the values of local variables, which may hold a secret."""
        if self._exit:
            # A widget that is taken down before it was quite up: how the person left is known already.
            _log.warning("a failure while leaving", exc_info=error)
            return
        if not self.broken:
            self.broken = f"the cockpit failed ({named(error)}); the engine was left as it is"
            _log.error("the cockpit failed", exc_info=error)
        self._return_code = 1
        if self._exception is None:
            self._exception = error
            self._exception_event.set()
        self._close_messages_no_wait()
