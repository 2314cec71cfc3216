"""Several engines in one table: how each stands, at a glance; enter opens one (row A4)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import ClassVar, Final

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.screen import Screen

from radtui.core.lifecycle import State
from radtui.tui.format import clean, clock, counted
from radtui.tui.keys import KEYS, bindings, key_of
from radtui.tui.panes.bars import MessageBar
from radtui.tui.panes.concerns import Concern, concerns
from radtui.tui.panes.fleet import COLUMNS, fleet_row
from radtui.tui.panes.parts import fill_between
from radtui.tui.panes.strip import strip_line
from radtui.tui.panes.view import View
from radtui.tui.screens.leave import Leave
from radtui.tui.screens.page import Page
from radtui.tui.screens.sheet import hint_line
from radtui.tui.screens.text import TextSheet
from radtui.tui.station import Station
from radtui.tui.widgets.lines import Lines
from radtui.tui.widgets.table import LineTable
from radtui.tui.widgets.tone import BLANK, Line, Span, Tone, line

_SHARED: Final = ("emergency", "help", "leave")
"""Keys that do here what they do in a cockpit."""
_MOST: Final = 9


class FleetScreen(Screen[None], inherit_bindings=False):
    """A row an engine, and under the rows what the one under the cursor has to say."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings(key for key in KEYS if key.id in _SHARED),
        *(Binding(str(number), f"open({number})", f"bot {number}", show=False) for number in range(1, _MOST + 1)),
    ]
    AUTO_FOCUS = "LineTable"

    class Chosen(Message):
        """The person goes to one engine; `then`: the action of its cockpit to begin with."""

        def __init__(self, station: Station, then: str = "") -> None:
            super().__init__()
            self.station = station
            self.then = then

    def __init__(self, stations: Sequence[Station], *, clock: Callable[[], int], keymap: Mapping[str, str]) -> None:
        super().__init__()
        self._stations = {each.key: each for each in stations}
        self._clock = clock
        self._keymap = keymap

    def compose(self) -> ComposeResult:
        yield Lines(2, id="vitals")
        with Vertical(id="sheet") as frame:
            frame.border_title = Text("Fleet")
            yield LineTable(*COLUMNS)
            yield Page()
        yield MessageBar()
        yield Lines(1, id="hints")

    def on_mount(self) -> None:
        danger = key_of("emergency", self._keymap), "emergency stop of the row's bot"
        leave = key_of("leave", self._keymap), "leave: all fly on"
        self.query_one("#hints", Lines).show(
            [hint_line([("enter", "open"), danger, (key_of("help", self._keymap), "help"), leave])]
        )
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

    @on(LineTable.Moved)
    def look(self) -> None:
        """Show how every engine was seen last."""
        views = [each.view for each in self._stations.values()]
        width = self.size.width
        table = self.query_one(LineTable)
        if not width:
            return
        self.query_one("#vitals", Lines).show(
            [fill_between([(0, _counts(views))], [(1, line(f"{clock(self._clock())} UTC"))], width), _worst(views)]
        )
        table.styles.height = min(len(views) + 1, max(3, self.size.height // 2))
        table.show([fleet_row(key, place, each.view) for place, (key, each) in enumerate(self._stations.items(), 1)])
        self.query_one(Page).read([BLANK, *station_lines(self.station.view, width)])

    def say(self, text: str, tone: Tone = Tone.PLAIN) -> None:
        """Show one line in the message bar."""
        self.query_one(MessageBar).say(text, tone)

    @on(LineTable.Selected)
    def action_select(self) -> None:
        """Open the engine under the cursor."""
        self.post_message(self.Chosen(self.station))

    def action_open(self, number: int) -> None:
        """Open an engine by its number."""
        stations = list(self._stations.values())
        if number <= len(stations):
            self.post_message(self.Chosen(stations[number - 1]))
        else:
            self.say(f"there are {counted(len(stations), 'bot')}", Tone.WARN)

    def action_emergency(self) -> None:
        """Go to the engine under the cursor, and to the question before its emergency stop."""
        self.post_message(self.Chosen(self.station, "emergency"))

    def action_help(self) -> None:
        """Say what the keys and columns are."""
        self.app.push_screen(TextSheet("Help: fleet", lambda view: list(_help(view)), self.station.view))

    def action_leave(self) -> None:
        """Leave; every engine is elsewhere, and flies on."""
        self.app.exit(Leave.LEFT)


def station_lines(view: View, width: int) -> list[Line]:
    """Return how the line to an engine is, and all that needs an eye there."""
    found = concerns(view)
    strip = strip_line(view, width - 4) if view.reach.told else BLANK
    return [strip, BLANK, *(map(_concern_line, found) if found else [line(Span(" Nothing needs you.", Tone.DIM))])]


def _counts(views: Sequence[View]) -> Line:
    running = sum(not view.silent and view.snapshot.status.state is State.RUNNING for view in views)
    away = sum(view.silent for view in views)
    held = sum(len(view.snapshot.positions) for view in views)
    parts = [f"  {counted(len(views), 'bot')}", f"{running} running", counted(held, "position")]
    gone = Span(f" · {away} not heard", Tone.ERROR) if away else Span("")
    return line(Span("FLEET", bold=True), " · ".join(parts), gone)


def _worst(views: Sequence[View]) -> Line:
    """Return the worst concern of all, with the bot whose it is; blank where there is none."""
    found = [(view, concern) for view in views for concern in concerns(view)]
    if not found:
        return BLANK
    view, worst = min(found, key=lambda each: each[1].tone is not Tone.ERROR)
    sign = "‼" if worst.tone is Tone.ERROR else "!"
    return line(Span(f" {sign} {clean(view.reach.name)}: {worst.text}", worst.tone))


def _concern_line(concern: Concern) -> Line:
    return line(Span(f" {'‼' if concern.tone is Tone.ERROR else '!'} {concern.text}", concern.tone))


def _help(view: View) -> Iterator[Line]:
    keys = (
        ("↑ ↓ j k", "choose a bot; what it has to say stands under the table"),
        ("enter 1…9", "its cockpit"),
        (view.key("emergency"), "emergency stop of the bot under the cursor; names it, and wants the word typed"),
        (view.key("leave"), "leave; all bots fly on"),
        (view.key("fleet"), "in a cockpit: back to this table"),
        (f"{view.key('bot.next')} {view.key('bot.previous')}", "in a cockpit: the next and the previous bot"),
        (view.key("control"), "in a cockpit: take control from somebody else"),
    )
    yield from (line(Span(f"  {key:<11}", bold=True), words) for key, words in keys)
    yield line()
    yield line("today      equity now − equity at the start of the day, USDT")
    yield line("bare s     longest time that a position was without a confirmed stop, seconds")
    yield line("♥          workers that beat, of all")
    yield line("line       live, or what is wrong with it; how old what is shown is, beyond one second")
