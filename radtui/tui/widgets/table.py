"""A table by lines: fixed columns, rows by key, and only the cells that changed are sent (rows T1, T3)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Final

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message

from radtui.tui.format import fit
from radtui.tui.widgets.columns import Column, Row, arrange
from radtui.tui.widgets.lines import Painter
from radtui.tui.widgets.tone import Ground, Line, Span, Tone

_POINTER: Final = "▸"
_AWAY: Final = " "
_HIDDEN: Final = {(False, False): " ", (True, False): "↑", (False, True): "↓", (True, True): "↕"}
"""What stands before the titles where rows are hidden above, below or both."""


class LineTable(Painter, can_focus=True):
    """Rows under a line of titles, a cursor that stays on its row, and no scroll bar: the cursor moves the window.

    A cell whose text changed is bold until the next `show`. An arrow before the titles says where more rows are.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "step(-1)", "Up", show=False, id="table.up"),
        Binding("down,j", "step(1)", "Down", show=False, id="table.down"),
        Binding("pageup", "page(-1)", "Page up", show=False, id="table.page-up"),
        Binding("pagedown", "page(1)", "Page down", show=False, id="table.page-down"),
        Binding("home", "first", "First", show=False, id="table.first"),
        Binding("end,G", "last", "Last", show=False, id="table.last"),
    ]
    DEFAULT_CSS = """
    LineTable { height: 1fr; }
    """

    class Selected(Message):
        """A click on the cursor's row; enter is the screen's own key."""

        def __init__(self, table: LineTable, key: str) -> None:
            super().__init__()
            self.table = table
            self.key = key

        @property
        def control(self) -> LineTable:
            """The table, for `@on(LineTable.Selected, "#id")`."""
            return self.table

    class Moved(Message):
        """The cursor went to another row."""

        def __init__(self, table: LineTable, key: str) -> None:
            super().__init__()
            self.table = table
            self.key = key

        @property
        def control(self) -> LineTable:
            """The table, for `@on(LineTable.Moved, "#id")`."""
            return self.table

    def __init__(
        self,
        *columns: Column,
        empty: Sequence[Line] = (),
        gap: int = 1,
        name: str | None = None,
        id: str | None = None,  # noqa: A002 - Textual's own name for it
        classes: str | None = None,
    ) -> None:
        super().__init__(name=name, id=id, classes=classes)
        self._columns = columns
        self._empty = tuple(empty)
        self._gap = gap
        self._rows: tuple[Row, ...] = ()
        self._shown: tuple[Row, ...] = ()
        self._changed: frozenset[tuple[str, int]] = frozenset()
        self._filter = ""
        self._cursor = 0
        self._top = 0

    @property
    def cursor_key(self) -> str | None:
        """The key of the row under the cursor; None where there is no row."""
        return self._shown[self._cursor].key if self._shown else None

    @property
    def cursor_row(self) -> Row | None:
        """The row under the cursor; None where there is no row."""
        return self._shown[self._cursor] if self._shown else None

    @property
    def counts(self) -> tuple[int, int]:
        """How many rows pass the filter, and how many there are."""
        return len(self._shown), len(self._rows)

    @property
    def filter_text(self) -> str:
        """The text that a shown row contains, in any case; empty shows all."""
        return self._filter

    @filter_text.setter
    def filter_text(self, text: str) -> None:
        self._filter = text
        self._sift()
        self._paint()

    @property
    def empty(self) -> tuple[Line, ...]:
        """The lines that stand there while no row does."""
        return self._empty

    @empty.setter
    def empty(self, lines: Sequence[Line]) -> None:
        self._empty = tuple(lines)
        self._paint()

    def show(self, rows: Sequence[Row]) -> None:
        """Show `rows` in their order, marking what changed; equal rows cost nothing.

        Raises:
            ValueError: a row has another number of cells than the table has columns.
        """
        for entry in rows:
            if len(entry.cells) != len(self._columns):
                raise ValueError(f"row {entry.key} has {len(entry.cells)} cells for {len(self._columns)} columns")
        if self._rows == tuple(rows) and not self._changed:
            return
        before = {entry.key: entry for entry in self._rows}
        self._rows = tuple(rows)
        self._changed = frozenset(
            (entry.key, index)
            for entry in self._rows
            if entry.key in before
            for index, (was, now) in enumerate(zip(before[entry.key].cells, entry.cells, strict=True))
            if was.text != now.text
        )
        self._sift()
        self._paint()

    def move_to(self, key: str) -> None:
        """Put the cursor on the row `key`, where it is shown."""
        for index, entry in enumerate(self._shown):
            if entry.key == key:
                self._go(index)

    def action_step(self, rows: int) -> None:
        """Move the cursor by `rows`."""
        self._go(self._cursor + rows)

    def action_page(self, pages: int) -> None:
        """Move the cursor by `pages` of what is visible."""
        self._go(self._cursor + pages * self._body())

    def action_first(self) -> None:
        """Move the cursor to the first row."""
        self._go(0)

    def action_last(self) -> None:
        """Move the cursor to the last row."""
        self._go(len(self._shown) - 1)

    def on_resize(self) -> None:
        self._paint()

    def watch_has_focus(self, has_focus: bool) -> None:
        """Show the cursor only where the keys go."""
        super().watch_has_focus(has_focus)
        self._paint()

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        event.stop()
        self.action_step(1)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        event.stop()
        self.action_step(-1)

    def on_click(self, event: events.Click) -> None:
        target = self._top + event.y - 1
        if event.y < 1 or target >= len(self._shown):
            return
        if target == self._cursor and self.cursor_key is not None:
            self.post_message(self.Selected(self, self.cursor_key))
        self._go(target)

    def _sift(self) -> None:
        """Choose the rows that pass the filter and keep the cursor on its row, else at its height."""
        held = self.cursor_key
        wanted = self._filter.casefold()
        self._shown = tuple(entry for entry in self._rows if _contains(entry, wanted))
        found = next((index for index, entry in enumerate(self._shown) if entry.key == held), self._cursor)
        self._cursor = max(0, min(found, len(self._shown) - 1))

    def _go(self, index: int) -> None:
        before = self._cursor
        self._cursor = max(0, min(index, len(self._shown) - 1))
        self._paint()
        if self._cursor != before and self.cursor_key is not None:
            self.post_message(self.Moved(self, self.cursor_key))

    def _body(self) -> int:
        return max(1, self.size.height - 1)

    def _paint(self) -> None:
        if not self.size.width:
            return
        self._top = max(
            self._cursor - self._body() + 1, min(self._top, self._cursor, len(self._shown) - self._body()), 0
        )
        plan = arrange(self._columns, self.size.width - 1, self._gap)
        visible = self._shown[self._top : self._top + self._body()]
        body = [self._row_line(entry, plan, self._top + y) for y, entry in enumerate(visible)]
        self.paint([self._titles(plan), *(body or self._empty)])

    def _titles(self, plan: Sequence[tuple[int, int]]) -> Line:
        titles = (fit(self._columns[index].title, width, self._columns[index].align) for index, width in plan)
        above, below = self._top > 0, self._top + self._body() < len(self._shown)
        return (Span(_HIDDEN[above, below] + (" " * self._gap).join(titles), Tone.DIM),)

    def _row_line(self, entry: Row, plan: Sequence[tuple[int, int]], position: int) -> Line:
        here = self.has_focus and position == self._cursor
        ground = Ground.CURSOR if here else Ground.NONE
        spans = [Span(_POINTER if here else _AWAY, Tone.ACCENT if here else Tone.PLAIN, False, ground)]
        for place, (index, width) in enumerate(plan):
            cell = entry.cells[index]
            text = fit(cell.text, width, self._columns[index].align)
            bold = cell.bold or (entry.key, index) in self._changed
            if place:
                spans.append(Span(" " * self._gap, ground=ground))
            spans.extend(_placed(cell._replace(text=text, bold=bold), ground))
        used = sum(width for _, width in plan) + self._gap * (len(plan) - 1) + 1
        spans.append(Span(" " * max(0, self.size.width - used), ground=ground))
        return tuple(spans)


def _placed(cell: Span, ground: Ground) -> tuple[Span, ...]:
    """Leave the padding round a cell's text plain, so that a change of tone sends only the text.

    Args:
        ground: of the row; a text that is reversed stays so on it.
    """
    text = cell.text.strip(" ")
    before = len(cell.text) - len(cell.text.lstrip(" ")) if text else 0
    after = len(cell.text) - before - len(text)
    void, under = Span("", ground=ground), ground if cell.ground is Ground.NONE else cell.ground
    return void._replace(text=" " * before), cell._replace(text=text, ground=under), void._replace(text=" " * after)


def _contains(entry: Row, wanted: str) -> bool:
    return not wanted or any(wanted in cell.text.casefold() for cell in entry.cells)
