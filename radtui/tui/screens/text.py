"""Sheets that only tell: all that is known of a row, and all that needs an eye."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType

from radtui.tui.panes.concerns import concerns
from radtui.tui.panes.view import View
from radtui.tui.screens.page import Page
from radtui.tui.screens.sheet import Sheet
from radtui.tui.widgets.tone import Line, Span, Tone, line


class TextSheet(Sheet[None]):
    """Shows a text made from the view, live."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "close", "back", show=False),
        Binding("y", "copy", "copy", show=False),
    ]
    hints: tuple[tuple[str, str], ...] = (("esc", "back"), ("y", "copy"))

    def __init__(self, heading: str, text: Callable[[View], Sequence[Line]], view: View) -> None:
        super().__init__(view)
        self.heading = heading
        self._text = text

    def lines(self, view: View) -> Sequence[Line]:
        """Return the text."""
        return self._text(view)

    def action_copy(self) -> None:
        """Copy the text to the person's own clipboard."""
        self.app.copy_to_clipboard(self.query_one(Page).whole)
        self.say("copied")


def concern_lines(view: View) -> list[Line]:
    """Return every concern, worst first, one after the other."""
    found = concerns(view)
    if not found:
        return [line(Span("Nothing needs you.", Tone.DIM))]
    return [line(Span(f"{'‼' if each.tone is Tone.ERROR else '!'} {each.text}", each.tone)) for each in found]
