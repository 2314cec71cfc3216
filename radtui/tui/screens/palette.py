"""The palette: every command, pane and theme by name; a theme is tried on while the cursor is on it (row T2)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical

from radtui.tui.panes.view import View
from radtui.tui.screens.sheet import Sheet
from radtui.tui.widgets.columns import Column, Row, row
from radtui.tui.widgets.field import Field
from radtui.tui.widgets.lines import Lines
from radtui.tui.widgets.table import LineTable
from radtui.tui.widgets.tone import Ground, Span, Tone, line


@dataclass(frozen=True, slots=True)
class Command:
    """One entry.

    Attributes:
        run: what enter does, after the palette has gone.
        theme: the theme to try on while the cursor is here; empty for none.
    """

    name: str
    words: str
    run: Callable[[], object]
    theme: str = ""


class PaletteSheet(Sheet[Command | None]):
    """Finds a command by any of its words."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+p", "close", "back", show=False),
        Binding("down", "step(1)", "Down", show=False),
        Binding("up", "step(-1)", "Up", show=False),
        Binding("pagedown", "step(8)", "Page down", show=False),
        Binding("pageup", "step(-8)", "Page up", show=False),
    ]
    AUTO_FOCUS = "Input"
    heading = "Palette"
    hints = (("↑ ↓", "choose"), ("enter", "do it"), ("esc", "back"))

    def __init__(self, commands: Sequence[Command], view: View) -> None:
        super().__init__(view)
        self._commands = {command.name: command for command in commands}
        self._worn = ""

    def compose(self) -> ComposeResult:
        yield from self.head()
        with Vertical(id="sheet") as frame:
            frame.border_title = Text(self.heading)
            yield Field(
                placeholder="type part of a name", id="word", changed=self._sought, entered=lambda _: self._choose()
            )
            yield LineTable(
                Column("sign", "", 1),
                Column("name", "command", 26),
                Column("words", "what it does", 20, "left", 1, grow=True),
                empty=[line(Span("  no command has these words", Tone.DIM))],
                gap=0,
            )
        yield Lines(1, id="hints")

    def on_mount(self) -> None:
        self._worn = self.app.theme
        self.query_one(LineTable).can_focus = False
        self._sift("")

    def refill(self, view: View) -> None:
        """Keep the vital signs and the worst concern up to date."""
        self.look_up(view)

    def action_close(self) -> None:
        """Go back, in the theme that was worn before."""
        self.app.theme = self._worn
        self.dismiss(None)

    def action_step(self, rows: int) -> None:
        """Move the cursor."""
        self.query_one(LineTable).action_step(rows)

    def _sought(self, text: str) -> None:
        """Show what has the words."""
        self._sift(text)
        self.query_one(LineTable).action_first()

    def _choose(self) -> None:
        """Do what the cursor is on."""
        chosen = self._commands.get(self.query_one(LineTable).cursor_key or "")
        if chosen is not None:
            self.app.theme = chosen.theme or self._worn
            self.dismiss(chosen)

    @on(LineTable.Moved)
    def moved(self) -> None:
        """Show where the cursor is, and try a theme on."""
        self._sift(self.query_one(Field).value)

    def _sift(self, text: str) -> None:
        sought = text.casefold().strip()
        words = sought.split()
        found = [each for each in self._commands.values() if all(word in _searched(each) for word in words)]
        found.sort(key=lambda each: _distance(each.name.casefold(), sought, words))
        table = self.query_one(LineTable)
        table.show([_row(each, here=False) for each in found])
        here = table.cursor_key
        table.show([_row(each, here=each.name == here) for each in found])
        self.app.theme = (here and self._commands[here].theme) or self._worn


def _row(command: Command, *, here: bool) -> Row:
    ground = Ground.CURSOR if here else Ground.NONE
    sign = Span("▸" if here else " ", Tone.ACCENT)
    return row(command.name, sign, Span(command.name, ground=ground), Span(command.words, Tone.DIM, ground=ground))


def _distance(name: str, sought: str, words: Sequence[str]) -> int:
    """Return 0 for the name that was typed, 1 for one that begins so, 2 for one that has its words, else 3."""
    if name.startswith(sought):
        return int(name != sought)
    return 2 if all(word in name for word in words) else 3


def _searched(command: Command) -> str:
    return f"{command.name} {command.words}".casefold()
