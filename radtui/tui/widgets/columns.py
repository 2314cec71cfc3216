"""What a table is made of: columns of a fixed width, rows by key, and which columns stay where room is short."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from radtui.tui.format import Align
from radtui.tui.widgets.tone import Span


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Attributes:
        width: in cells; where `grow` is set, the least that is useful, and the column takes what room is left.
        priority: 0 always stays; where room is short the highest number leaves first.
    """

    key: str
    title: str
    width: int
    align: Align = "left"
    priority: int = 0
    grow: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One row: a key that stays the same while its figures change, and one cell a column."""

    key: str
    cells: tuple[Span, ...]


def row(key: str, *cells: str | Span) -> Row:
    """Return a row of plain texts and spans."""
    return Row(key, tuple(cell if isinstance(cell, Span) else Span(cell) for cell in cells))


def arrange(columns: Sequence[Column], width: int, gap: int = 1) -> tuple[tuple[int, int], ...]:
    """Return ``(index, width)`` of the columns that fit into `width` cells, the least important left out first."""
    kept = list(range(len(columns)))
    while len(kept) > 1 and _needed(columns, kept, gap) > width:
        worst = max(kept, key=lambda index: (columns[index].priority, index))
        if columns[worst].priority == 0:
            break
        kept.remove(worst)
    room = max(0, width - _needed(columns, kept, gap))
    grower = next((index for index in kept if columns[index].grow), None)
    return tuple((index, columns[index].width + (room if index == grower else 0)) for index in kept)


def _needed(columns: Sequence[Column], kept: Sequence[int], gap: int) -> int:
    return sum(columns[index].width for index in kept) + gap * (len(kept) - 1)
