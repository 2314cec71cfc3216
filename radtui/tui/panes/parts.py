"""Pieces of one line, the least important left out where they do not fit."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len

from radtui.tui.widgets.tone import Line, Span, line, plain

Part = tuple[int, Line]
"""A piece of a line with its priority: 0 stays always, the highest number leaves first."""


def fill_between(left: Sequence[Part], right: Sequence[Part], width: int, gap: int = 2) -> Line:
    """Return a line with parts at both ends; where they do not fit, the least important are left out."""
    kept = [*left, *right]
    while len(kept) > 1 and _breadth(kept, gap) > width - 2:
        kept.remove(max(kept, key=lambda part: part[0]))
    before = _joined([part for part in kept if part in left], gap)
    after = _joined([part for part in kept if part in right], gap)
    room = width - 2 - cell_len(plain(before)) - cell_len(plain(after))
    return line(" ", *before, " " * max(0, room), *after, " ")


def _breadth(parts: Sequence[Part], gap: int) -> int:
    return sum(cell_len(plain(text)) for _, text in parts) + gap * (len(parts) - 1)


def _joined(parts: Sequence[Part], gap: int) -> Line:
    spans: list[Span] = []
    for place, (_, text) in enumerate(parts):
        spans.extend([Span(" " * gap)] * bool(place) + list(text))
    return tuple(spans)
