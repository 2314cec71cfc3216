"""A small table as lines of text, for pages that are read and not moved about in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from radtui.tui.format import fit
from radtui.tui.widgets.columns import Column, Row, arrange
from radtui.tui.widgets.tone import Line, Span, Tone, line


def grid(columns: Sequence[Column], rows: Iterable[Row], width: int, *, indent: int = 0) -> list[Line]:
    """Return titles and rows in `width` cells; where room is short, the least important columns are left out."""
    plan = arrange(columns, width - indent)
    margin = [Span(" " * indent)] * bool(indent)
    titles = (fit(columns[index].title, cells, columns[index].align) for index, cells in plan)
    heads = line(*margin, Span(" ".join(titles), Tone.DIM))
    return [heads, *(line(*margin, *_cells(columns, plan, each)) for each in rows)]


def _cells(columns: Sequence[Column], plan: Sequence[tuple[int, int]], row: Row) -> Iterable[Span]:
    for place, (index, cells) in enumerate(plan):
        if place:
            yield Span(" ")
        cell = row.cells[index]
        yield cell._replace(text=fit(cell.text, cells, columns[index].align))
