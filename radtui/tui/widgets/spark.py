"""A course of figures in one colour, in eighths of a cell; only the columns that changed are sent."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from textual.geometry import Size

from radtui.tui.widgets.lines import Painter
from radtui.tui.widgets.tone import Span, Tone

_EIGHTHS: Final = " ▁▂▃▄▅▆▇█"
_MISSING: Final = "·"


def columns(
    values: Sequence[float | None], width: int, height: int, low: float | None = None, high: float | None = None
) -> tuple[str, ...]:
    """Return `height` lines of `width` cells, top first, that draw the last `width` of `values` at the right edge.

    Without `low` and `high` the lowest and the highest figure drawn take their place. A figure that is there draws at
    least an eighth, one that is missing a dot.
    """
    drawn = list(values[-width:]) if width > 0 else []
    known = [value for value in drawn if value is not None]
    floor = min(known, default=0.0) if low is None else low
    top = max(known, default=0.0) if high is None else high
    levels = [None if value is None else _level(value, floor, top, height) for value in drawn]
    lines = ("".join(_cell(level, line) for level in levels) for line in reversed(range(height)))
    return tuple(text.rjust(max(0, width)) for text in lines)


class Spark(Painter):
    """The last figures of a series, newest at the right, as many as there is room for."""

    DEFAULT_CSS = """
    Spark { width: 1fr; height: auto; }
    """

    def __init__(
        self,
        height: int = 1,
        *,
        low: float | None = None,
        high: float | None = None,
        name: str | None = None,
        id: str | None = None,  # noqa: A002 - Textual's own name for it
        classes: str | None = None,
    ) -> None:
        super().__init__(name=name, id=id, classes=classes)
        self._height = height
        self._low = low
        self._high = high
        self._values: tuple[float | None, ...] = ()
        self._tone = Tone.ACCENT

    def show(self, values: Sequence[float | None], tone: Tone = Tone.ACCENT) -> None:
        """Draw `values`, oldest first, all in one tone."""
        self._values, self._tone = tuple(values), tone
        self._paint()

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Return the fixed number of lines."""
        return self._height

    def on_resize(self) -> None:
        self._paint()

    def _paint(self) -> None:
        texts = columns(self._values, self.size.width, self._height, self._low, self._high)
        self.paint([(Span(text, self._tone),) for text in texts])


def _level(value: float, floor: float, top: float, height: int) -> int:
    """Return how many eighths a figure is high, from 1 to 8 × height; the middle where there is no range."""
    most = 8 * height
    share = (value - floor) / (top - floor) if top > floor else 0.5
    return max(1, min(most, round(share * most)))


def _cell(level: int | None, line: int) -> str:
    if level is None:
        return _MISSING if line == 0 else " "
    return _EIGHTHS[max(0, min(8, level - 8 * line))]
