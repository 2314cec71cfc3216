"""The line in which a filter is typed; while it is open it stands in place of the message bar (row T2)."""

from __future__ import annotations

from collections.abc import Callable

from radtui.tui.widgets.field import Field
from radtui.tui.widgets.table import LineTable


class Filter(Field):
    """Sifts the rows of a table while it is typed.

    Args:
        opened: is told whether the line is open. sifted: is called after each change. kept: is told how many rows of
            how many contain the text, where one is kept.
    """

    def __init__(
        self,
        *,
        opened: Callable[[bool], object],
        sifted: Callable[[], object],
        kept: Callable[[str], object],
    ) -> None:
        super().__init__(
            placeholder="show only rows with this text; enter keeps it, esc shows all",
            id="filter",
            changed=self._sift,
            entered=lambda _: self._keep(),
        )
        self._tell_open, self._tell_sifted, self._tell_kept = opened, sifted, kept
        self._table: LineTable | None = None

    def on_mount(self) -> None:
        self.display = False

    def open(self, table: LineTable) -> None:
        """Have the rows of `table` sifted, and take the keyboard."""
        self._table = table
        self._show(True)
        self.value = table.filter_text
        self.screen.set_focus(self)  # at once: `focus` would let the keys that follow go to the table

    def close(self) -> None:
        """Give the keyboard back; the text stays in force."""
        table, self._table = self._table, None
        if table is not None:
            self._show(False)
            self.screen.set_focus(table)

    def clear_of(self, table: LineTable) -> bool:
        """Show all rows of a table again; return whether some were hidden."""
        was = bool(table.filter_text)
        table.filter_text = ""
        self._tell_sifted()
        return was

    def _show(self, shown: bool) -> None:
        self.display = shown
        self._tell_open(shown)

    def _sift(self, text: str) -> None:
        if self._table is not None:
            self._table.filter_text = text
            self._tell_sifted()

    def _keep(self) -> None:
        table = self._table
        self.close()
        if table is not None and table.filter_text:
            shown, there = table.counts
            self._tell_kept(f"{shown} of {there} rows contain “{table.filter_text}”; esc shows all")
