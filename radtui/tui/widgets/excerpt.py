"""Lines that may be more than there is room for, and say so."""

from __future__ import annotations

from collections.abc import Sequence

from radtui.tui.widgets.lines import Lines
from radtui.tui.widgets.tone import Line, Span, Tone, line, plain


class Excerpt(Lines):
    """As much of a text as there is room for. Where lines are left out, the last one says how many.

    Attributes:
        way: the key that shows all.
    """

    way = ""
    _whole: tuple[Line, ...] = ()

    @property
    def text(self) -> str:
        """All of the text, for copying and for the page that has room for it."""
        return "\n".join(plain(each).rstrip() for each in self._whole)

    def show(self, lines: Sequence[Line]) -> None:
        """Show `lines` from the top."""
        self._whole = tuple(lines)
        self.paint(self._fitting())

    def on_resize(self) -> None:
        self.paint(self._fitting())

    def _fitting(self) -> Sequence[Line]:
        room, there = self.size.height, len(self._whole)
        if not 1 < room < there:
            return self._whole
        return [*self._whole[: room - 1], line(Span(f"… {there - room + 1} more lines: {self.way}", Tone.DIM))]
