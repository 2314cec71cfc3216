"""Lines of text, of which only what changed is sent to the terminal (row T3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import groupby
from typing import Final

from rich.cells import get_character_cell_size
from rich.color import Color as RichColor
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.geometry import Region, Size
from textual.strip import Strip
from textual.widget import Widget

from radtui.tui.format import ELLIPSIS, clean
from radtui.tui.widgets.tone import BLANK, Ground, Line, Span, Tone, plain

Look = tuple[Tone, bool, Ground]
Glyph = tuple[str, Look]
"""What one cell of a line shows; the second cell of a wide character shows an empty text."""

_JOIN: Final = 5
"""Unchanged cells of one style that cost no more to send again than a new position does."""
_COLOURED: Final = frozenset(Tone) - {Tone.PLAIN, Tone.BOLD}
_VOID: Final[Glyph] = (" ", (Tone.PLAIN, False, Ground.NONE))


class Painter(Widget):
    """What every widget here stands on: text by lines, of which `paint` repaints the cells that differ, no others.

    Lines that are too long are cut at the edge and end in ``…``, missing ones are blank.
    """

    ALLOW_SELECT = False

    def __init__(
        self,
        *,
        name: str | None = None,
        id: str | None = None,  # noqa: A002 - Textual's own name for it
        classes: str | None = None,
    ) -> None:
        super().__init__(name=name, id=id, classes=classes)
        self._lines: tuple[Line, ...] = ()
        self._looks: dict[Look, Style] = {}

    @property
    def text(self) -> str:
        """The lines as plain text, for copying."""
        return "\n".join(plain(line).rstrip() for line in self._lines)

    def paint(self, lines: Sequence[Line]) -> None:
        """Show `lines` from the top; nothing is sent for what is the same as before."""
        before, self._lines = self._lines, tuple(lines)
        width, height = self.size
        for y in range(min(height, max(len(before), len(self._lines)))):
            runs = differences(_at(before, y), _at(self._lines, y), width)
            if runs:
                self.refresh(*(Region(start, y, end - start, 1) for start, end in runs))

    def render_line(self, y: int) -> Strip:
        """Return line `y` of the content, padded to the width."""
        width = self.size.width
        cells = glyphs(_at(self._lines, y), width)
        segments = [
            Segment("".join(text for text, _ in run), self._style(look))
            for look, run in groupby(cells, key=lambda glyph: glyph[1])
        ]
        return Strip(segments, width)

    def notify_style_update(self) -> None:
        """Forget the looks of the old theme."""
        self._looks.clear()
        super().notify_style_update()

    def _style(self, look: Look) -> Style:
        if look not in self._looks:
            self._looks[look] = self.rich_style + style_of(look, self.app.theme_variables)
        return self._looks[look]


class Lines(Painter):
    """Lines of text. With `height: auto` it is `count` lines high, whatever it shows."""

    DEFAULT_CSS = """
    Lines { height: auto; }
    """

    def __init__(
        self,
        count: int = 1,
        *,
        name: str | None = None,
        id: str | None = None,  # noqa: A002 - Textual's own name for it
        classes: str | None = None,
    ) -> None:
        super().__init__(name=name, id=id, classes=classes)
        self._count = count

    def show(self, lines: Sequence[Line]) -> None:
        """Show `lines` from the top; lines that are the same as before cost nothing."""
        self.paint(lines)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Return the fixed number of lines."""
        return self._count


def style_of(look: Look, theme: Mapping[str, str]) -> Style:
    """Return how a look differs from plain text in a theme, given by its CSS variables.

    Not by component classes: a screen has dozens of widgets here, and each would be styled for every meaning there is.
    """
    tone, bold, ground = look
    words = {
        *(theme[f"{tone}-style"].split() if tone in {Tone.DIM, Tone.STALE} else ()),
        *(["bold"] if bold or tone in {Tone.BOLD, Tone.ERROR} else ()),
        *(["reverse"] if ground is Ground.REVERSE else ()),
        *(theme["cursor-style"].split() if ground is Ground.CURSOR else ()),
    }
    return Style(
        color=_color(theme[tone]) if tone in _COLOURED else None,
        bgcolor=_color(theme["cursor"]) if ground is Ground.CURSOR else None,
        bold="bold" in words or None,
        dim="dim" in words or None,
        reverse="reverse" in words or None,
    )


@lru_cache(maxsize=64)
def _color(name: str) -> RichColor:
    return Color.parse(name).rich_color


def _at(lines: Sequence[Line], y: int) -> Line:
    return lines[y] if y < len(lines) else BLANK


@lru_cache(maxsize=1024)
def glyphs(line: Line, width: int) -> tuple[Glyph, ...]:
    """Return what each of `width` cells shows. Where text is lost at the edge, the last cell says so with ``…``."""
    cells = [glyph for span in line for glyph in _cells_of(span)]
    if 0 < width < len(cells) and any(text.strip() or not text for text, _ in cells[width:]):
        if not cells[width - 1][0]:
            cells[width - 2] = (" ", cells[width - 2][1])
        cells[width - 1] = (ELLIPSIS, cells[width - 1][1])
    del cells[width:]
    cells.extend([_VOID] * (width - len(cells)))
    return tuple(cells)


def differences(old: Line, new: Line, width: int) -> list[tuple[int, int]]:
    """Return the runs ``[start, end)`` of cells that must be sent to turn `old` into `new`."""
    if old == new:
        return []
    before, after = glyphs(old, width), glyphs(new, width)
    runs: list[tuple[int, int]] = []
    for x in range(width):
        if before[x] == after[x]:
            continue
        if runs and _cheap(after[runs[-1][1] - 1 : x + 1]):
            runs[-1] = (runs[-1][0], x + 1)
        else:
            runs.append((x, x + 1))
    return [_whole(run, after) for run in runs]


def _cheap(cells: Sequence[Glyph]) -> bool:
    """Whether what lies between two changes is sent again for less than a new position costs."""
    return len(cells) - 2 <= _JOIN and all(look == cells[0][1] for _, look in cells)


def _whole(run: tuple[int, int], cells: Sequence[Glyph]) -> tuple[int, int]:
    """Widen a run so that it cuts no wide character in two."""
    start, end = run
    return start - (cells[start][0] == ""), end + (end < len(cells) and cells[end][0] == "")


def _cells_of(span: Span) -> list[Glyph]:
    text, look = clean(span.text), span[1:]
    if text.isascii():
        return [(char, look) for char in text]
    cells: list[Glyph] = []
    for char in text:
        cells.extend([(char, look), ("", look)][: get_character_cell_size(char)])
    return cells
