"""The frame round every pane: its number, its title, a note at the right, and who has the keyboard."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from rich.cells import cell_len
from textual.widget import Widget

from radtui.tui.format import SECOND, cut, duration
from radtui.tui.keys import PANES, TITLES
from radtui.tui.panes.view import View
from radtui.tui.widgets.columns import Row
from radtui.tui.widgets.lines import Lines, Painter
from radtui.tui.widgets.table import LineTable
from radtui.tui.widgets.tone import Line, Span, Tone, line
from radtui.tui.widgets.wrap import wrap

_CALM: Final = "╭─╮│╰╯"
_HEAVY: Final = "┏━┓┃┗┛"


class Pane(Painter):
    """A framed part of the cockpit. It draws its own frame by line, so that a new note costs one line, not a pane."""

    def __init__(self, name: str) -> None:
        super().__init__(id=name)
        self.view: View | None = None
        self._marked = self._keyboard = False
        self._title = f"{PANES.index(name) + 1} {TITLES[name]}"

    def on_mount(self) -> None:
        if not self.query(LineTable):
            self.can_focus = True

    def on_resize(self) -> None:
        self.redraw()

    def on_focus(self) -> None:
        self.hold(True)

    def on_blur(self) -> None:
        self.hold(False)

    def on_descendant_focus(self) -> None:
        self.hold(True)

    def on_descendant_blur(self) -> None:
        self.hold(False)

    def hold(self, keyboard: bool) -> None:
        """Draw the frame for who has the keyboard. Who moves it says so first: the focus's own events come later."""
        if keyboard is not self._keyboard:
            self._keyboard = keyboard
            self._frame()

    @property
    def table(self) -> LineTable | None:
        """The table inside, where there is one."""
        tables = self.query(LineTable)
        return tables.first() if tables else None

    @property
    def target(self) -> Widget:
        """What takes the keyboard when the pane is gone to."""
        return self.table or self

    def look(self, view: View) -> None:
        """Show one moment; where nothing of it that the pane reads has changed, there is nothing to do.

        After a change the next look redraws too: what marks the change must not stay.
        """
        before, self.view = self.view, view
        marked, self._marked = (
            self._marked,
            (before is None or view.silent or before.silent or self.reads(before) != self.reads(view)),
        )
        if marked or self._marked:
            self.redraw()

    def redraw(self) -> None:
        """Show the present moment again, for example in a new size."""
        if self.view is not None and self.size.width:
            self.fill(self.view)
            self._frame()

    def reads(self, view: View) -> object:
        """Return what the pane shows of a view, for comparison; by default everything, and so always something new."""
        return view.now, view.snapshot.sequence, view.snapshot

    def fill(self, view: View) -> None:
        """Put the view into what the pane is made of."""
        raise TypeError(f"{type(self).__name__} does not say what it shows")

    def note(self, view: View) -> Span:
        """Return what stands at the right of the frame's head."""
        del view
        return Span("")

    def symbol(self) -> str | None:
        """Return the symbol of the row under the cursor, where the row has one."""
        return None

    def details(self) -> tuple[str, list[Line]]:
        """Return the title and all that is known of the row under the cursor, or of the pane where it has no rows."""
        return self._title, [text for lines in self.query(Lines) for text in spoken(lines)]

    def copied(self) -> str:
        """Return what the copy key takes: the row under the cursor as one line, or the pane's text."""
        if self.table is None:
            return "\n".join(lines.text for lines in self.query(Lines)).strip()
        chosen = self.table.cursor_row
        return "  ".join(cell.text for cell in chosen.cells) if chosen else ""

    def put(self, body: Lines, lines: Sequence[Line], view: View) -> None:
        """Show lines in a part of the pane, faded while the engine does not answer; none of one never heard."""
        shown = lines if view.reach.heard else ()
        body.show([_faded(each) for each in shown] if view.silent else shown)

    def put_rows(self, rows: Sequence[Row], view: View) -> None:
        """Show rows in the pane's table, faded while the engine does not answer."""
        if self.table is not None:
            self.table.show([Row(each.key, _faded(each.cells)) for each in rows] if view.silent else rows)

    def say_empty(self, words: str) -> None:
        """Say in place of the rows why there are none, wrapped to the table's width."""
        if self.table is not None:
            width, height = self.table.size
            sought = self.table.filter_text
            if self.view is not None and not self.view.reach.heard:
                words = "nothing heard yet"
            said = f"no row contains “{sought}”; esc shows all" if sought and self.table.counts[1] else words
            above = [line()] * (height > 3)
            self.table.empty = [*above, *wrap(line(Span("  ", Tone.DIM), Span(said, Tone.DIM)), max(20, width - 1))]

    def _frame(self) -> None:
        width, height = self.size
        if self.view is None or width < 4 or height < 2:
            return
        corner, bar, corner_right, side, foot, foot_right = _HEAVY if self._keyboard else _CALM
        tone = Tone.ACCENT if self._keyboard else Tone.DIM
        note = self._age_note(self.view) or self._filter_note() or self.note(self.view)
        wall = line(Span(side, tone), " " * (width - 2), Span(side, tone))
        head = _head(corner + bar, bar, bar + corner_right, self._title, note, width, tone)
        self.paint([head, *[wall] * (height - 2), line(Span(foot + bar * (width - 2) + foot_right, tone))])

    def _age_note(self, view: View) -> Span | None:
        if not view.silent:
            return None
        if not view.reach.heard:
            return Span("nothing heard yet", Tone.STALE)
        return Span(f"as of {duration(view.age // SECOND * SECOND)} ago", Tone.STALE)

    def _filter_note(self) -> Span | None:
        if self.table is None or not self.table.filter_text:
            return None
        shown, there = self.table.counts
        return Span(f"{shown} of {there} contain “{self.table.filter_text}”", Tone.WARN)


def spoken(lines: Lines) -> list[Line]:
    """Return what a widget of lines shows, as plain lines."""
    return [line(text) for text in lines.text.split("\n")]


def _head(left: str, bar: str, right: str, title: str, note: Span, width: int, tone: Tone) -> Line:
    said = _fitting(note.text, width - cell_len(title) - 9)
    tail = f" {said} " if said else ""
    fill = width - cell_len(left) - cell_len(title) - 2 - cell_len(tail) - cell_len(right)
    name = Span(f" {title} ", Tone.ACCENT if tone is Tone.ACCENT else Tone.BOLD)
    return line(Span(left, tone), name, Span(bar * max(0, fill), tone), note._replace(text=tail), Span(right, tone))


def _fitting(note: str, width: int) -> str:
    """Return a note without the parts, at its end, for which there is no room."""
    parts = note.split(" · ")
    while len(parts) > 1 and cell_len(" · ".join(parts)) > width:
        parts.pop()
    return cut(" · ".join(parts), width)


def _faded(spans: Line) -> Line:
    return tuple(span._replace(tone=Tone.STALE, bold=False) for span in spans)
