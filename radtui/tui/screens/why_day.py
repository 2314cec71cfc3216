"""What kept the bot from trading on a market day: signals, and which gate refused how many entries (row S5)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar, Final

from textual.binding import Binding, BindingType

from radtui.core.why_day import WhyDay, day_of
from radtui.tui.format import bar, clean, number, percent
from radtui.tui.panes.view import View
from radtui.tui.screens.ledger import Ledger
from radtui.tui.screens.sheet import Sheet, titled
from radtui.tui.widgets.columns import Column, Row, row
from radtui.tui.widgets.grid import grid
from radtui.tui.widgets.tone import Line, Span, Tone, line

COLUMNS: Final = (
    Column("gate", "gate", 20),
    Column("bar", "of all refused", 16, "left", 2),
    Column("blocked", "refused", 9, "right"),
    Column("alone", "alone", 9, "right", 1),
)


class WhyDaySheet(Sheet[None]):
    """Shows a day's counts; the keys go from day to day."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left,h", "turn(-1)", "the day before", show=False),
        Binding("right,l", "turn(1)", "the day after", show=False),
        Binding("enter", "close", "back", show=False),
    ]
    heading = "Why: a day"
    hints = (("← →", "another day"), ("esc", "back"))

    def __init__(self, view: View, ledger: Ledger) -> None:
        super().__init__(view)
        self._ledger = ledger

    def lines(self, view: View) -> Sequence[Line]:
        """Return the counts of the day."""
        self._ledger.look(view.now)
        return day_lines(self._ledger, _today(view), self.room)

    def action_turn(self, days: int) -> None:
        """Go to another day."""
        if self._ledger.turn(days, _today(self.view)):
            self.refill(self.view)
        else:
            self.say("there is no day after today", Tone.WARN)


def day_lines(ledger: Ledger, today: str, width: int) -> list[Line]:
    """Return what a day came to, or why that is not known."""
    shown = ledger.wanted or today
    head = line(Span(shown, bold=True), Span("  today, market time" if shown == today else "  market time", Tone.DIM))
    if ledger.failing:
        return [head, line(), line(Span(f"! {clean(ledger.failing)}", Tone.WARN))]
    if ledger.day is None:
        return [head, line(), line(Span("the ledger is being read …", Tone.DIM))]
    return [head, line(), *_counts(ledger.day), line(), *_gates(ledger.day, width)]


def _counts(day: WhyDay) -> Iterator[Line]:
    if not day.signals:
        why = "the bot did not trade then, or its ledger does not go back so far"
        yield line(Span(f"No signal was weighed: {why}.", Tone.DIM))
        return
    for name, count, words in (
        ("signals", day.signals, "weighed"),
        ("entries", day.entries, "let through by every gate"),
        ("refused", day.refused, "stopped by one gate or more"),
        ("holds", day.holds, "wanted nothing"),
        ("others", day.others, "a close, an unusable signal, no contract"),
    ):
        yield line(Span(f"  {name:<9}", Tone.DIM), f"{number(count):>8}", Span(f"   {words}", Tone.DIM))


def _gates(day: WhyDay, width: int) -> Sequence[Line]:
    if not day.gates:
        return [line(Span("No gate refused an entry.", Tone.DIM))] if day.signals else []
    return [
        titled("Gates that refused an entry"),
        *grid(COLUMNS, (_row(day, place) for place in range(len(day.gates))), width, indent=2),
        line(Span("  alone: it would have been let through but for this gate", Tone.DIM)),
    ]


def _row(day: WhyDay, place: int) -> Row:
    gate = day.gates[place]
    share = 100 * gate.blocked / day.refused if day.refused else None
    return row(
        gate.gate,
        clean(gate.gate),
        f"{bar(share)} {percent(share, 0):>5}",
        number(gate.blocked),
        Span(number(gate.alone), Tone.PLAIN if gate.alone else Tone.DIM),
    )


def _today(view: View) -> str:
    return day_of(view.snapshot.market_at or view.now)
