"""An equity curve for a terminal, in braille: two by four dots a cell, with its scale beside it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

_DOTS: Final = ((0x01, 0x02, 0x04, 0x40), (0x08, 0x10, 0x20, 0x80))
"""Bits of the left and the right column of a cell, top first."""
_BLANK: Final = 0x2800


def chart(values: Sequence[float], width: int = 72, height: int = 10) -> list[str]:
    """Return `height` lines of `width` cells that draw a curve, highest and lowest figure at the right.

    A column of dots shows all the figures that fall on it, from the lowest to the highest.
    """
    if not values:
        return []
    low, high = min(values), max(values)
    rows = height * 4
    cells = [[_BLANK] * width for _ in range(height)]
    for column in range(width * 2):
        for row in _rows(_part(values, column, width * 2), low, high, rows):
            cells[row // 4][column // 2] |= _DOTS[column % 2][row % 4]
    lines = ["".join(" " if cell == _BLANK else chr(cell) for cell in line) for line in cells]
    return [f"{line} {label}".rstrip() for line, label in zip(lines, _labels(low, high, height), strict=True)]


def _part(values: Sequence[float], column: int, columns: int) -> Sequence[float]:
    """Return the figures of one column, with the one before, so that the line does not break."""
    first = column * len(values) // columns
    last = max((column + 1) * len(values) // columns, first + 1)
    return values[max(0, first - 1) : last]


def _rows(values: Sequence[float], low: float, high: float, rows: int) -> range:
    def row(value: float) -> int:
        return rows // 2 if high == low else round((high - value) / (high - low) * (rows - 1))

    return range(row(max(values)), row(min(values)) + 1)


def _labels(low: float, high: float, height: int) -> list[str]:
    if height < 2 or high == low:
        return [f"{high:,.2f}", *[""] * (height - 1)]
    return [f"{high:,.2f}", *[""] * (height - 2), f"{low:,.2f}"]
