"""The emergency stop from the table of bots: of one or of all, and what came of each (rows A4, L9)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from radtui.core.instruction import Ask, Receipt
from radtui.tui.format import clean, counted, signed
from radtui.tui.panes.fleet import fleet_head
from radtui.tui.panes.progress import stopping_lines
from radtui.tui.panes.view import View, mode_words, ours, state_span
from radtui.tui.panes.vitals import mode_span
from radtui.tui.screens.closing import closing_lines, heading
from radtui.tui.screens.emergency import WORD
from radtui.tui.screens.plan import entry_orders
from radtui.tui.screens.receipt import receipt_lines
from radtui.tui.screens.sheet import Answer, Sheet, noted, titled
from radtui.tui.station import Station
from radtui.tui.widgets.field import Field
from radtui.tui.widgets.lines import Lines
from radtui.tui.widgets.tone import BLANK, Line, Span, Tone, line

ALL: Final = f"{WORD} ALL"
_UNHEARD: Final = "not heard now: the stop goes out if its line is back soon, and you are told if not"
_HANGS: Final = "it hangs, and the stop waits in it: `radtui emergency-stop --bot {bot}` ends it"


class FleetSheet(Sheet[Answer]):
    """A sheet over the table of bots, under its head."""

    def __init__(self, stations: Sequence[Station], here: Station, clock: Callable[[], int]) -> None:
        super().__init__(here.view)
        self.stations = stations
        self.here = here
        self._clock = clock

    def head(self) -> ComposeResult:
        """Yield the head of the fleet."""
        yield Lines(2, id="vitals")

    def look_up(self, view: View) -> None:
        """Show how all stand."""
        del view
        views = [each.view for each in self.stations]
        head = self.query_one("#vitals", Lines)
        head.show(fleet_head(views, self._clock(), self.app.size.width))


class FleetStopSheet(FleetSheet[Sequence[Station] | None]):
    """Asks for the word, for the bot of the row or for every bot; returns those that shall stop."""

    AUTO_FOCUS = "Input"

    def __init__(self, stations: Sequence[Station], here: Station, clock: Callable[[], int]) -> None:
        super().__init__(stations, here, clock)
        self.heading = f"EMERGENCY STOP of {clean(here.view.bot)}, or of all {len(stations)}"
        self.hints = ((f"type {WORD}", f"{clean(here.view.bot)} alone"), (ALL, "every bot"), ("esc", "do not"))
        self._survey = here.asks.survey()

    def extra(self) -> ComposeResult:
        yield Field(placeholder=f"type {WORD} or {ALL}, and press enter", id="word", entered=self._take)

    def lines(self, view: View) -> Sequence[Line]:
        """Return what each of the two would cancel and close."""
        del view
        one = self.here.view
        self._survey.look(one)
        return [
            noted(f"{WORD}: {clean(one.bot)} alone ({mode_words(one)})", heading(self._survey)),
            *(line(Span(f"  {doubt}", Tone.WARN)) for doubt in _doubts(one)),
            *closing_lines(one, self._survey, self.room),
            *self.gap,
            titled(f"{ALL}: every bot of this table at once; none waits for another"),
            *(_what_it_has(each.view) for each in self.stations),
            BLANK,
            line(Span("Closes what is each bot's own; what is not stays. Each gives a receipt.", Tone.DIM)),
        ]

    def _take(self, word: str) -> None:
        meant = {WORD: (self.here,), ALL: tuple(self.stations)}.get(" ".join(word.split()))
        if meant is not None:
            self.dismiss(meant)
            return
        self.query_one(Field).clear()
        self.say(f"nothing was done: the word is {WORD} or {ALL}, in capitals; esc goes back", Tone.WARN)


class StopsSheet(FleetSheet[None]):
    """Shows of each bot that was told to stop how far it is, and its receipt; stays until it is read.

    Args:
        asked: the bots, each with why it was not even asked; empty where it was.
        receipts: those that have come, by the key of the bot; filled while this is shown.
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "close", "read", show=False)]
    hints = (("enter", "I have read it"),)

    def __init__(
        self,
        asked: Mapping[Station, str],
        receipts: Mapping[str, Receipt],
        stations: Sequence[Station],
        clock: Callable[[], int],
    ) -> None:
        super().__init__(stations, next(iter(asked)), clock)
        self.heading = f"Emergency stop of {counted(len(asked), 'bot')}"
        self._asked, self._receipts = asked, receipts

    def lines(self, view: View) -> Sequence[Line]:
        """Return them all, those that need a hand first."""
        del view
        ordered = sorted(self._asked, key=self._urgency)
        return [text for station in ordered for text in (*self._of(station), *self.gap)]

    def _of(self, station: Station) -> Iterator[Line]:
        view, refused = station.view, self._asked[station]
        receipt = self._receipts.get(station.key)
        yield line(Span(f"{clean(view.bot)} ", bold=True), state_span(view))
        if refused:
            yield line(Span(f"  ✗ {refused}", Tone.ERROR))
        elif receipt is not None:
            yield from ((Span("  "), *text) for text in receipt_lines(receipt, view, self.room - 2))
        else:
            yield line(Span("; ".join(("  … asked, its receipt is awaited", *_doubts(view))), Tone.WARN))
            yield from stopping_lines(view)

    def _urgency(self, station: Station) -> int:
        receipt = self._receipts.get(station.key)
        if self._asked[station] or (receipt is not None and not receipt.success):
            return 0
        return 2 if receipt is not None else 1


def ask_all(stations: Sequence[Station], now: int) -> dict[Station, str]:
    """Ask each for an emergency stop; return them with why one was not asked, empty where it was."""
    asked = {each: each.view.hindered(Ask.EMERGENCY_STOP) for each in stations}
    for station, hindered in asked.items():
        if not hindered:
            station.asks.send(Ask.EMERGENCY_STOP, now)
    return asked


def _doubts(view: View) -> Iterator[str]:
    """Yield why a stop may not be carried out soon."""
    if view.snapshot.hangs:
        yield _HANGS.format(bot=clean(view.bot))
    elif view.silent:
        yield _UNHEARD


def _what_it_has(view: View) -> Line:
    held = ours(view.snapshot)
    if not view.reach.heard:
        return line(Span(f"  {clean(view.bot)}  what it holds is not known", Tone.WARN))
    known = [each.pnl for each in held if each.pnl is not None]
    gain = f", P/L {signed(sum(known))} {view.snapshot.money.currency}" if known else ""
    orders = counted(len(entry_orders(view.snapshot)), "entry order")
    said = f" {counted(len(held), 'position')}{gain}, {orders}"
    mode = mode_span(view)
    away = Span(", not heard now" if view.silent else "", Tone.WARN)
    return line("  ", Span(clean(view.bot), bold=True), " ", mode._replace(text=mode.text.strip()), said, away)
