"""Counting in words."""

from __future__ import annotations

from typing import Literal


def counted(count: int, noun: str) -> str:
    """Return how many of something there are: ``1 lot``, ``-2 lots``, ``0 fills``."""
    return f"{count} {noun}{'' if abs(count) == 1 else 's'}"


def side_of(lots: int) -> Literal["long", "short"]:
    """Return which side signed lots are on."""
    return "long" if lots > 0 else "short"
