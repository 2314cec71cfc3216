"""Pane 6: what went wrong, newest first, repeats counted (row H5)."""

from __future__ import annotations

from typing import Final

from textual.app import ComposeResult

from radtui.core.health_view import ErrorView
from radtui.core.market import DAY
from radtui.tui.format import clean, since
from radtui.tui.panes.known import known_of
from radtui.tui.panes.pane import Pane
from radtui.tui.panes.view import View
from radtui.tui.widgets.columns import Column, Row, row
from radtui.tui.widgets.table import LineTable
from radtui.tui.widgets.tone import Line, Span, Tone, line

COLUMNS: Final = (
    Column("at", "time", 6),
    Column("kind", "type", 12, "left", 2),
    Column("message", "message", 16, grow=True),
    Column("count", "", 4, "right", 1),
    Column("where", "where", 14, "left", 3),
)
_TONES: Final = {"warning": Tone.WARN, "error": Tone.ERROR, "alarm": Tone.ERROR}
_SIGNS: Final = {"warning": "", "error": "", "alarm": "‼ "}


class ErrorsPane(Pane):
    """The error log."""

    def __init__(self) -> None:
        super().__init__("errors")

    def compose(self) -> ComposeResult:
        yield LineTable(*COLUMNS, classes="only")

    def reads(self, view: View) -> object:
        return view.snapshot.errors, view.snapshot.errors_today, view.now // DAY

    def note(self, view: View) -> Span:
        today = view.snapshot.errors_today
        return Span(f"{today} today" if today else "none today", Tone.DIM)

    def fill(self, view: View) -> None:
        newest = sorted(view.snapshot.errors, key=lambda error: -error.at)
        self.put_rows([error_row(error, view) for error in newest], view)
        self.say_empty("no error yet")

    def details(self) -> tuple[str, list[Line]]:
        chosen = self.query_one(LineTable).cursor_key
        found = [each for each in self.view.snapshot.errors if key_of_error(each) == chosen] if self.view else []
        return (f"Error: {found[0].kind}", known_of(found[0])) if found else ("Errors", [line("no row to open")])


def key_of_error(error: ErrorView) -> str:
    """Return what stays the same while an error repeats."""
    return f"{error.first_at}/{error.kind}/{error.where}/{error.message}"


def error_row(error: ErrorView, view: View) -> Row:
    """Return the cells of one error."""
    when = since(error.at, view.now)
    return row(
        key_of_error(error),
        Span(when if len(when) <= 5 else when[:-6], Tone.DIM),
        Span(_SIGNS.get(error.severity, "") + error.kind, _TONES.get(error.severity, Tone.ERROR)),
        clean(error.message),
        f"×{error.count}" if error.count > 1 else "",
        Span(clean(error.where), Tone.DIM),
    )
