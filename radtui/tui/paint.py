"""Frames in as few bytes as they can be said in (row T3).

Textual sends a changed line from its widget's left edge, once for each changed part of it, and says every colour anew
for each piece of text. Over a bad line that is five times what is needed: here a part begins where it changed, and a
style says only how it differs from the one before.

The compositor and its updates are private to Textual; the contract that an upgrade must keep is in
`tests/tui/test_paint.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final, Generic, cast

from rich.color import Color, ColorSystem
from rich.console import Console, RenderableType
from rich.style import Style
from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate
from textual.app import App, ReturnType
from textual.screen import Screen
from textual.strip import Strip

Part = tuple[int, int, Strip]
"""What to write from column x of line y on, both from 0."""

_PLAIN: Final = Style.null()
_DEFAULT: Final = Color.default()
_SWITCHES: Final = (
    ("bold", "1", "22"),
    ("dim", "2", "22"),
    ("italic", "3", "23"),
    ("underline", "4", "24"),
    ("blink", "5", "25"),
    ("reverse", "7", "27"),
    ("strike", "9", "29"),
)


class ThriftyApp(App[ReturnType], Generic[ReturnType]):
    """An app whose frames are thrifty. Shows the same as any other."""

    def _display(self, screen: Screen[object], renderable: RenderableType | None) -> None:
        super()._display(screen, thrifty(renderable))


class ThriftyUpdate(CompositorUpdate):
    """An update that knows what the terminal's pen looks like."""

    def __init__(self, parts: Iterable[Part]) -> None:
        self.parts = parts

    def render_segments(self, console: Console) -> str:
        """Return the update as it is sent, which leaves the pen plain."""
        return write_parts(self.parts, console._color_system or ColorSystem.TRUECOLOR)  # noqa: SLF001


def thrifty(renderable: RenderableType | None) -> RenderableType | None:
    """Return a thrifty update for one of the compositor's, and anything else as it is."""
    if isinstance(renderable, ChopsUpdate):
        return cast("RenderableType", ThriftyUpdate(changed_parts(renderable)))
    if isinstance(renderable, LayoutUpdate):
        return cast("RenderableType", ThriftyUpdate(all_parts(renderable)))
    return renderable


def changed_parts(update: ChopsUpdate) -> Iterator[Part]:
    """Return the parts of lines that a partial update changes, cut at both edges of each change."""
    for y, start, end in update.spans:
        for limit, (x, strip) in zip(update.chop_ends[y], update.chops[y].items(), strict=False):
            if strip is not None and x < end and limit > start:
                left = max(x, start)
                yield left, y, strip.crop(left - x, min(limit, end) - x)


def all_parts(update: LayoutUpdate) -> Iterator[Part]:
    """Return the lines of a full update."""
    for y, strips in enumerate(update.strips, update.region.y):
        yield update.region.x, y, Strip(segment for strip in strips for segment in strip)


def write_parts(parts: Iterable[Part], colors: ColorSystem) -> str:
    """Return `parts` as text and escape sequences."""
    written: list[str] = []
    pen, line = _PLAIN, -1
    for x, y, strip in parts:
        written.append(f"\x1b[{x + 1}G" if y == line else f"\x1b[{y + 1};{x + 1}H")
        line = y
        for text, style, _ in strip:
            wanted = style or _PLAIN
            written.append(_link(wanted, change(pen, wanted, colors) + text))
            pen = wanted
    written.append("\x1b[0m")
    return "".join(written)


@lru_cache(maxsize=4096)
def change(old: Style, new: Style, colors: ColorSystem) -> str:
    """Return the shortest sequence that turns a pen of style `old` into one of `new`; empty where they look alike."""
    off = {stop for name, _, stop in _SWITCHES if getattr(old, name) and not getattr(new, name)}
    on = [begin for name, begin, stop in _SWITCHES if getattr(new, name) and (stop in off or not getattr(old, name))]
    step = [*sorted(off), *on, *_colors(old, new, colors)]
    afresh = ["0", *(begin for name, begin, _ in _SWITCHES if getattr(new, name)), *_colors(_PLAIN, new, colors)]
    codes = min(";".join(step), ";".join(afresh), key=len) if step else ""
    return f"\x1b[{codes}m" if codes else ""


def _colors(old: Style, new: Style, colors: ColorSystem) -> list[str]:
    codes: list[str] = []
    for before, after, foreground in ((old.color, new.color, True), (old.bgcolor, new.bgcolor, False)):
        was, wanted = _codes(before, colors, foreground=foreground), _codes(after, colors, foreground=foreground)
        codes.extend(() if was == wanted else wanted)
    return codes


def _codes(color: Color | None, colors: ColorSystem, *, foreground: bool) -> tuple[str, ...]:
    return (_DEFAULT if color is None else color).downgrade(colors).get_ansi_codes(foreground)


def _link(style: Style, text: str) -> str:
    return f"\x1b]8;;{style.link}\x1b\\{text}\x1b]8;;\x1b\\" if style.link else text
