"""A text that may be longer than the screen: wrapped at words, moved by keys."""

from __future__ import annotations

from collections.abc import Sequence

from radtui.tui.widgets.lines import Lines
from radtui.tui.widgets.tone import Line, Span, Tone, line, plain
from radtui.tui.widgets.wrap import wrap


class Page(Lines):
    """Lines with a place in them; says at its end how much is above and below."""

    DEFAULT_CSS = """
    Page { height: 1fr; }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name for it
        super().__init__(id=id)
        self._text: tuple[Line, ...] = ()
        self._top = 0

    def read(self, text: Sequence[Line]) -> None:
        """Show a text, keeping the place."""
        self._text = tuple(text)
        self.turn(0)

    def turn(self, rows: int) -> None:
        """Move by `rows`, within the text."""
        width, height = self.size
        if not width:
            return
        wrapped = [piece for each in self._text for piece in wrap(each, width)]
        self._top = max(0, min(self._top + rows, len(wrapped) - height))
        visible = wrapped[self._top : self._top + height]
        below = len(wrapped) - self._top - height
        if below > 0:
            visible[-1] = line(Span(f"… {below + 1} more lines: ↓ or space", Tone.DIM))
        self.show(visible)

    @property
    def whole(self) -> str:
        """All of the text, for copying."""
        return "\n".join(plain(each) for each in self._text)

    def on_resize(self) -> None:
        self.turn(0)
