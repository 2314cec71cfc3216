"""Several engines in one table: how each stands, at a glance; enter opens one (row A4)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import ClassVar, Final

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import Screen

from radtui.core.instruction import Ask, Receipt
from radtui.tui.format import clean
from radtui.tui.keys import KEYS, bindings, key_of
from radtui.tui.panes.banner import silence
from radtui.tui.panes.bars import MessageBar
from radtui.tui.panes.concerns import Concern, concerns
from radtui.tui.panes.fleet import COLUMNS, fleet_head, fleet_row, tiny_line
from radtui.tui.panes.strip import strip_line
from radtui.tui.panes.view import View, state_span
from radtui.tui.screens.fleet_stop import FleetStopSheet, StopsSheet, ask_all
from radtui.tui.screens.leave import Leave
from radtui.tui.screens.page import Page
from radtui.tui.screens.palette import Command, PaletteSheet
from radtui.tui.screens.sheet import hint_line
from radtui.tui.screens.text import TextSheet
from radtui.tui.station import Station
from radtui.tui.themes import Palette
from radtui.tui.widgets.filter import Filter
from radtui.tui.widgets.lines import Lines
from radtui.tui.widgets.table import LineTable
from radtui.tui.widgets.tone import BLANK, Line, Span, Tone, line

_SHARED: Final = ("emergency", "filter", "control", "back", "help", "palette", "leave")
"""Keys that do here what they do in a cockpit."""
_MOST: Final = 9
_ROOMY: Final = 90
"""Columns from which on there is room for what leaving means."""
_LEAST: Final = (40, 10)
"""Columns and lines of the least terminal that has room for the table."""


class FleetScreen(Screen[None], inherit_bindings=False):
    """A row an engine, and under the rows what the one under the cursor has to say."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings(key for key in KEYS if key.id in _SHARED),
        Binding("enter", "open", "open", show=False),
        *(Binding(str(number), f"app.bot({number})", f"bot {number}", show=False) for number in range(1, _MOST + 1)),
    ]
    AUTO_FOCUS = "LineTable"

    def __init__(
        self,
        stations: Sequence[Station],
        *,
        clock: Callable[[], int],
        keymap: Mapping[str, str],
        themes: Mapping[str, Palette],
    ) -> None:
        super().__init__()
        self._stations = {each.key: each for each in stations}
        self._clock = clock
        self._keymap = keymap
        self._themes = themes
        self._asked: dict[Station, str] = {}
        self._receipts: dict[str, Receipt] = {}

    def compose(self) -> ComposeResult:
        yield Lines(40, id="tiny")
        yield Lines(2, id="vitals")
        with Vertical(id="sheet") as frame:
            frame.border_title = Text("Fleet")
            yield LineTable(*COLUMNS, empty=[line(Span("  no bot contains this text; esc shows all", Tone.DIM))])
            yield Page()
        yield MessageBar()
        yield Filter(opened=self._filter_opened, sifted=self.look, kept=self.say)
        yield Lines(1, id="hints")

    def on_mount(self) -> None:
        self.look()

    def on_resize(self) -> None:
        self.look()

    def on_screen_resume(self) -> None:
        self.look()

    @property
    def station(self) -> Station:
        """The engine under the cursor."""
        first = next(iter(self._stations.values()))
        return self._stations.get(self.query_one(LineTable).cursor_key or "", first)

    @property
    def tiny(self) -> bool:
        """Whether the terminal is too small for the table."""
        width, height = self.app.size
        return width < _LEAST[0] or height < _LEAST[1]

    @on(LineTable.Moved)
    def look(self, _: object = None) -> None:
        """Show how every engine was seen last."""
        views = [each.view for each in self._stations.values()]
        width, height = self.app.size
        self.set_class(self.tiny, "-tiny")
        self.query_one("#tiny", Lines).show([*map(tiny_line, views), *_too_small(width, height)])
        self.query_one("#vitals", Lines).show(fleet_head(views, self._clock(), width))
        self.query_one("#hints", Lines).show([hint_line(list(self._hints(width)))])
        table = self.query_one(LineTable)
        table.styles.height = min(len(views) + 1, max(3, height // 2))
        table.show([fleet_row(key, place, each.view) for place, (key, each) in enumerate(self._stations.items(), 1)])
        self.query_one(Page).read([BLANK, *station_lines(self.station.view, width)])

    def follow(self, _: View) -> None:
        """Hear what came of the stops that were asked for here; all else is told in the cockpit where it was asked."""
        for station in self._asked:
            for receipt, saying in station.asks.answers():
                self.say(f"{clean(station.view.bot)}: {saying.text}", saying.tone)
                if receipt.ask is Ask.EMERGENCY_STOP:
                    self._receipts[station.key] = receipt
                    self._show_stops()

    def say(self, text: str, tone: Tone = Tone.PLAIN) -> None:
        """Show one line in the message bar."""
        self.query_one(MessageBar).say(text, tone)

    async def action_open(self) -> None:
        """Open the engine under the cursor."""
        await self._begin()

    @on(LineTable.Selected)
    async def clicked(self) -> None:
        """Open the engine that was clicked."""
        await self._begin()

    def action_emergency(self) -> None:
        """Ask whether the engine under the cursor shall stop, or every one."""
        stations = tuple(self._stations.values())
        self.app.push_screen(FleetStopSheet(stations, self.station, self._clock), self._stop)

    async def action_control(self) -> None:
        """Go to the engine under the cursor, and to the question whether control shall be taken."""
        await self._begin("control")

    def action_filter(self) -> None:
        """Ask for the text that rows must contain."""
        self.query_one(Filter).open(self.query_one(LineTable))

    def action_back(self) -> None:
        """Show all rows again."""
        sieve = self.query_one(Filter)
        if sieve.clear_of(self.query_one(LineTable)):
            self.say("all rows are shown")
        sieve.close()

    def action_help(self) -> None:
        """Say what the keys and columns are."""
        self.app.push_screen(TextSheet("Help: fleet", lambda view: list(_help(view)), self.station.view))

    def action_palette(self) -> None:
        """Open the palette."""
        self.app.push_screen(PaletteSheet(list(self._commands()), self.station.view), _run)

    def action_leave(self) -> None:
        """Leave; every engine is elsewhere, and flies on."""
        self.app.exit(Leave.LEFT)

    async def _begin(self, then: str = "") -> None:
        place = list(self._stations).index(self.station.key) + 1
        await self.run_action(f"app.bot({place}, {then!r})")

    def _stop(self, meant: Sequence[Station] | None) -> None:
        if meant is None:
            self.say("no emergency stop: nothing was changed")
            return
        for station in meant:
            self._receipts.pop(station.key, None)
        waiting = {each: why for each, why in self._asked.items() if not why and each.key not in self._receipts}
        self._asked = waiting | ask_all(meant, self._clock())
        self._show_stops()

    def _show_stops(self) -> None:
        for key, receipt in self._receipts.items():
            self._stations[key].read.add(receipt.id)
        if not isinstance(self.app.screen, StopsSheet):
            self.app.push_screen(StopsSheet(self._asked, self._receipts, tuple(self._stations.values()), self._clock))

    def _hints(self, width: int) -> Iterator[tuple[str, str]]:
        yield "enter", "open"
        words = {"leave": "leave: all fly on" if width >= _ROOMY else "leave", "emergency": "emergency stop"}
        for name in ("emergency", "help", "leave", "filter", "palette"):  # the last ones go where it is narrow
            yield key_of(name, self._keymap), words.get(name, name)

    def _commands(self) -> Iterator[Command]:
        for place, station in enumerate(self._stations.values(), 1):
            words = state_span(station.view).text
            yield Command(f"bot {place} {clean(station.view.bot)}", words, self._later(f"app.bot({place})"))
        yield Command("emergency stop", "Of the row's bot or of all; asks for the word.", self._later("emergency"))
        yield Command("take control", "Of the row's bot; asks first.", self._later("control"))
        yield Command("filter", "Show only rows with a text.", self._later("filter"))
        yield Command("help", "Every key and column.", self._later("help"))
        yield Command("leave", "Leave; all bots fly on.", self._later("leave"))
        for name, palette in sorted(self._themes.items()):
            yield Command(f"theme {name}", palette.description, partial(self.say, f"theme {name}"), theme=name)

    def _later(self, action: str) -> Callable[[], object]:
        return partial(self.call_later, self.run_action, action)

    def _filter_opened(self, shown: bool) -> None:
        self.query_one(MessageBar).display = not shown


def station_lines(view: View, width: int) -> list[Line]:
    """Return how the line to an engine is, and all that needs an eye there."""
    found = concerns(view)
    alone = replace(view, reach=replace(view.reach, tabs=()))
    strip = strip_line(alone, width - 4) if alone.reach.told else BLANK
    loud = [line(Span(f" {text}", bold=True)) for text in silence(view)]
    needs = [*map(_concern_line, found)] if found else [line(Span(" Nothing needs you.", Tone.DIM))]
    return [strip, BLANK, *(loud or needs)]


def _concern_line(concern: Concern) -> Line:
    return line(Span(f" {'‼' if concern.tone is Tone.ERROR else '!'} {concern.text}", concern.tone))


def _too_small(width: int, height: int) -> Iterator[Line]:
    yield line(Span(f"enlarge to {_LEAST[0]}×{_LEAST[1]} (is {width}×{height})", Tone.DIM))
    yield line(Span("every key works", Tone.DIM))


def _help(view: View) -> Iterator[Line]:
    keys = (
        ("↑ ↓ j k", "choose a bot; what it has to say stands under the table"),
        ("enter 1…9", "its cockpit"),
        (view.key("emergency"), "emergency stop of the bot under the cursor or of all; wants the word typed"),
        (view.key("filter"), "show only the bots that contain a text; esc shows all"),
        (view.key("control"), "take control of the bot under the cursor from somebody else"),
        (view.key("palette"), "find any bot, command or theme by name"),
        (view.key("leave"), "leave; all bots fly on"),
        (view.key("fleet"), "in a cockpit: back to this table"),
        (f"{view.key('bot.next')} {view.key('bot.previous')}", "in a cockpit: the next and the previous bot"),
    )
    yield from (line(Span(f"  {key:<11}", bold=True), words) for key, words in keys)
    yield line()
    yield line("equity     USDT, as every amount here")
    yield line("today      equity now − equity at the start of the day")
    yield line("bare s     longest time that a position was without a confirmed stop, seconds")
    yield line("♥          workers that beat, of all")
    yield line("line       live, or what is wrong with it; how old what is shown is, beyond one second")


def _run(command: Command | None) -> None:
    if command is not None:
        command.run()
