"""A sheet: one text over the whole screen under the vital signs, which never leave."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar, Final, TypeVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import Screen

from radtui.tui.panes.banner import Banner
from radtui.tui.panes.bars import MessageBar
from radtui.tui.panes.view import View
from radtui.tui.panes.vitals import Vitals, mode_span
from radtui.tui.screens.page import Page
from radtui.tui.widgets.lines import Lines
from radtui.tui.widgets.tone import BLANK, Line, Span, Tone, line

Answer = TypeVar("Answer")
_TALL: Final = 32
_LEAST: Final = (40, 10)
"""Columns and lines of the least terminal that has room for a frame and the vital signs round a text."""
_FRAME: Final = 4
"""Columns of the frame and its padding."""


class Sheet(Screen[Answer], inherit_bindings=False):
    """Shows `lines` of the present view and returns an answer, or None for esc."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,ctrl+c", "close", "back", show=False),
        Binding("up,k", "scroll(-1)", "Up", show=False),
        Binding("down,j", "scroll(1)", "Down", show=False),
        Binding("pageup", "leaf(-1)", "Page up", show=False),
        Binding("pagedown,space", "leaf(1)", "Page down", show=False),
    ]
    AUTO_FOCUS = ""

    heading = ""
    """What the sheet is about, in its frame."""

    hints: tuple[tuple[str, str], ...] = (("esc", "back"),)
    """Which keys do what here, for the last line."""

    def __init__(self, view: View) -> None:
        super().__init__()
        self.view = view

    def compose(self) -> ComposeResult:
        yield from self.head()
        with Vertical(id="sheet") as frame:
            frame.border_title = Text(self.heading)
            yield Page()
            yield from self.extra()
        yield MessageBar()
        yield Lines(1, id="hints")

    def on_mount(self) -> None:
        self.set_class(self.bare, "-bare")
        self.query_one("#hints", Lines).show([hint_line(self.hints)])
        self.refill(self.view)

    def on_resize(self) -> None:
        if self.bare is not self.has_class("-bare"):
            self.set_class(self.bare, "-bare")
            self.refill(self.view)

    def head(self) -> ComposeResult:
        """Yield what stands over the frame, on every sheet: the vital signs."""
        yield Vitals()
        yield Banner()

    def extra(self) -> ComposeResult:
        """Yield what stands under the text."""
        yield from ()

    def lines(self, view: View) -> Sequence[Line]:
        """Return the text; none where a sheet is made of widgets alone."""
        del view
        return ()

    @property
    def bare(self) -> bool:
        """Whether the terminal is too small for all but the text and what is typed."""
        width, height = self.app.size
        return width < _LEAST[0] or height < _LEAST[1]

    @property
    def room(self) -> int:
        """The columns of the text, also before the first layout."""
        return self.app.size.width - (0 if self.bare else _FRAME)

    @property
    def gap(self) -> tuple[Line, ...]:
        """What parts the sections of a text: a blank line, where the terminal has lines to spare."""
        return (BLANK,) if self.app.size.height >= _TALL else ()

    def look(self, view: View) -> None:
        """Show one moment."""
        self.view = view
        # The timer may come between the push of a screen and its mount, which shows the view by itself.
        if self.is_mounted:
            self.refill(view)

    def refill(self, view: View) -> None:
        """Put the view into what the sheet is made of."""
        self.look_up(view)
        self.query_one(Page).read([*self._brief(view), *self.lines(view)] if self.bare else self.lines(view))

    def look_up(self, view: View) -> None:
        """Put the view into the head."""
        self.query_one(Vitals).look(view)
        self.query_one(Banner).look(view)

    def _brief(self, view: View) -> Iterator[Line]:
        """Yield what header, frame and last line say where there is room for them: the mode, the subject, the keys."""
        mode = mode_span(view)
        yield line(Span(self.heading, Tone.ACCENT, bold=True), " ", mode._replace(text=mode.text.strip()))
        for key, words in self.hints:
            yield line(Span(key, bold=True), f" {words}")

    def say(self, text: str, tone: Tone = Tone.PLAIN) -> None:
        """Show one line in the message bar."""
        self.query_one(MessageBar).say(text, tone)

    def action_close(self) -> None:
        """Go back without an answer."""
        self.dismiss(None)

    def action_scroll(self, rows: int) -> None:
        """Move the text by rows."""
        self.query_one(Page).turn(rows)

    def action_leaf(self, pages: int) -> None:
        """Move the text by what is visible."""
        page = self.query_one(Page)
        page.turn(pages * max(1, page.size.height - 1))


def hint_line(hints: Sequence[tuple[str, str]]) -> Line:
    """Return ``esc back  y yes`` with the keys heavier than what they do."""
    spans: list[Span] = [Span(" ")]
    for key, words in hints:
        spans += [Span(key, bold=True), Span(f" {words}   ")]
    return line(*spans)


def titled(text: str) -> Line:
    """Return a heading inside a sheet."""
    return line(Span(text, bold=True))


def noted(text: str, note: str) -> Line:
    """Return a heading with a word about what stands under it."""
    return line(Span(text, bold=True), Span(f"  {note}", Tone.DIM))


def listed(entries: Sequence[str], none: str, tone: Tone = Tone.PLAIN) -> list[Line]:
    """Return entries as indented lines, or what to say where there is none."""
    return [line(Span(f"  {entry}", tone)) for entry in entries] or [line(Span(f"  {none}", Tone.DIM))]
