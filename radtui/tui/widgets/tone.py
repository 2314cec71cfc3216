"""What a piece of text means, before any theme says what that looks like."""

from __future__ import annotations

from enum import StrEnum
from typing import Final, NamedTuple


class Tone(StrEnum):
    """A meaning of text. The five between PROFIT and STALE are the only ones that colour may carry."""

    PLAIN = "plain"
    DIM = "dim"
    BOLD = "bold"
    ACCENT = "accent"
    PROFIT = "profit"
    LOSS = "loss"
    WARN = "warn"
    ERROR = "error"
    STALE = "stale"


class Ground(StrEnum):
    """What lies behind text: nothing, the row the cursor is on, or reversed for what must be seen without colour."""

    NONE = "none"
    CURSOR = "cursor"
    REVERSE = "reverse"


class Span(NamedTuple):
    """A piece of one line.

    Attributes:
        bold: heavier than the tone says by itself; marks a change for one refresh.
    """

    text: str
    tone: Tone = Tone.PLAIN
    bold: bool = False
    ground: Ground = Ground.NONE


Line = tuple[Span, ...]
"""One line of text, from left to right."""

BLANK: Final[Line] = ()


def line(*parts: str | Span) -> Line:
    """Return a line of plain text and spans."""
    return tuple(part if isinstance(part, Span) else Span(part) for part in parts)


def plain(text: Line) -> str:
    """Return a line's text alone."""
    return "".join(span.text for span in text)
