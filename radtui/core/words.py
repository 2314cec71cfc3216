"""Counting in words."""

from __future__ import annotations

from typing import Final, Literal

_LONGEST: Final = 300
"""Letters of a line that other code brought."""


def counted(count: int, noun: str) -> str:
    """Return how many of something there are: ``1 lot``, ``-2 lots``, ``0 fills``."""
    return f"{count} {noun}{'' if abs(count) == 1 else 's'}"


def side_of(lots: int) -> Literal["long", "short"]:
    """Return which side signed lots are on."""
    return "long" if lots > 0 else "short"


def moved_by(rule: str) -> str:
    """Return what is said of a stop that an exit rule has moved; nothing of one that stays where it was planned."""
    return f", moved there by {rule}" if rule else ""


def line(text: str) -> str:
    """Return a text that other code brought as a line that can be shown and written anywhere, cut where it is long."""
    if len(text) <= _LONGEST and text.isprintable() and "  " not in text:
        return text.strip()
    shown = "".join(letter if letter.isprintable() else "·" for letter in " ".join(text[: 2 * _LONGEST].split()))
    return shown if len(shown) <= _LONGEST and len(text) <= 2 * _LONGEST else f"{shown[: _LONGEST - 1]}…"
