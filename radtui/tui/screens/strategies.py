"""The strategies that there are: what each goes by, its parameters, and what this bot tells them (row W2)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar, Final

from textual.binding import Binding, BindingType

from radtui.resilience.redaction import named
from radtui.tui.format import clean
from radtui.tui.panes.view import View
from radtui.tui.screens.page import Page
from radtui.tui.screens.sheet import Sheet
from radtui.tui.widgets.columns import Column, Row, row
from radtui.tui.widgets.grid import grid
from radtui.tui.widgets.tone import Line, Span, Tone, line

if TYPE_CHECKING:
    from radtui.strategies.describing import Described, Knob

COLUMNS: Final = (
    Column("name", "parameter", 16),
    Column("told", "as told", 14),
    Column("default", "default", 14, "left", 2),
    Column("range", "range", 14, "left", 3),
    Column("meaning", "meaning", 20, "left", 1, grow=True),
)
Read = Callable[[], "Sequence[Described]"]
"""Finds the strategies; it imports them, which takes its time."""


def installed() -> Sequence[Described]:
    """Return the strategies of this machine."""
    from radtui.strategies.describing import all_known

    return all_known()


class StrategiesSheet(Sheet[None]):
    """Lists them once they were read, beside the cockpit's own loop."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "close", "back", show=False),
        Binding("y", "copy", "copy", show=False),
    ]
    heading = "Strategies"
    hints = (("↑ ↓ space", "more"), ("y", "copy"), ("esc", "back"))

    def __init__(self, view: View, read: Read = installed) -> None:
        super().__init__(view)
        self._read = read
        self._found: Sequence[Described] | None = None
        self._fault = ""

    def on_mount(self) -> None:
        self.run_worker(self._find, name="strategies", thread=True, exit_on_error=False)

    def lines(self, view: View) -> Sequence[Line]:
        """Return every strategy; what to wait for before they were read."""
        if self._fault:
            return [line(Span(f"! they cannot be read: {clean(self._fault)}; the bot is not touched by it", Tone.WARN))]
        if self._found is None:
            return [line(Span("The strategies are being read …", Tone.DIM))]
        return strategy_lines(self._found, view, self.room)

    def action_copy(self) -> None:
        """Copy the text to the person's own clipboard."""
        self.app.copy_to_clipboard(self.query_one(Page).whole)
        self.say("copied")

    def _find(self) -> None:
        """Read them; on a thread. The next look shows them."""
        try:
            self._found = self._read()
        except Exception as error:  # supervision point: anybody's packages; the page says so, nothing else is touched
            self._fault = named(error)


def strategy_lines(found: Sequence[Described], view: View, width: int) -> list[Line]:
    """Return every strategy with its parameters, the one that is flown first."""
    flown = view.snapshot.status.strategy
    ordered = sorted(found, key=lambda each: each.name != flown)
    settings = view.snapshot.configuration.settings
    told = {each.key: each.value for each in settings if each.where != "default"}
    told[f"strategies.{flown}.timeframe"] = view.snapshot.status.timeframe
    return [
        *_where(view),
        *_own(found, view),
        *(text for each in ordered for text in _strategy(each, told, flown, width)),
    ]


def _where(view: View) -> Iterator[Line]:
    if view.reach.attached:
        yield line(Span("As installed on this machine; the engine's own may have others.", Tone.DIM))
        yield line()


def _own(found: Sequence[Described], view: View) -> Iterator[Line]:
    """Yield what is flown where it has no name here: one of the person's own, in a file."""
    flown = view.snapshot.status.strategy
    if flown and all(each.name != flown for each in found):
        yield line(Span(clean(flown), bold=True), Span("  ● this bot flies it, from a file of its own", Tone.ACCENT))
        yield line()


def _strategy(each: Described, told: Mapping[str, str], flown: str, width: int) -> Iterator[Line]:
    mark = Span("  ● this bot flies it", Tone.ACCENT) if each.name == flown else Span("")
    yield line(Span(clean(each.name), bold=True), Span(f"  {clean(each.origin)}", Tone.DIM), mark)
    if each.fault:
        yield line(Span(f"  ✗ cannot be used: {clean(each.fault)}", Tone.WARN))
    if each.does:
        yield line(f"  {clean(each.does)}")
    yield from (line(Span(f"  {clean(text)}".rstrip(), Tone.DIM)) for text in paragraphs(each.explanation))
    if each.knobs:
        yield line()
        yield from grid(COLUMNS, (_row(each.name, knob, told) for knob in each.knobs), width, indent=2)
    yield line()


def paragraphs(text: str) -> list[str]:
    """Return a docstring's lines with those of a paragraph joined: the page breaks them where it is wide."""
    joined: list[str] = []
    for each in text.splitlines():
        goes_on = joined and joined[-1] and not joined[-1].startswith(" ") and each and not each.startswith((" ", "-"))
        if goes_on:
            joined[-1] += f" {each.rstrip()}"
        else:
            joined.append(each.rstrip())
    return joined


def _row(strategy: str, knob: Knob, told: Mapping[str, str]) -> Row:
    from radtui.strategies.admitting import ranged  # loaded by who found them

    value = told.get(f"strategies.{strategy}.{knob.name}")
    return row(
        knob.name,
        clean(knob.name),
        Span("default", Tone.DIM) if value is None else Span(clean(value), bold=True),
        Span("to be told", Tone.WARN) if knob.default is None else clean(knob.default),
        Span(clean(ranged(knob.bounds)), Tone.DIM),
        Span(clean(knob.meaning), Tone.DIM),
    )
