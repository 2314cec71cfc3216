"""Candles as a table: exact decimals in, exact decimals out, never a float in between.

A price or volume is a decimal of 12 places (128 bits wide): the finest tick that is traded has ten. What has more is
refused, not rounded, unless it was a float before, whose digits beyond the twelfth are noise.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Final

import polars as pl

from radtui.core.market import MINUTE, Candle
from radtui.venue.rows import Row

PLACES: Final = 12
"""Decimals of a price or volume."""
FIGURE: Final = pl.Decimal(38, PLACES)
MOMENT: Final = pl.Datetime("ns", "UTC")
PRICES: Final = ("open", "high", "low", "close")
FIGURES: Final = (*PRICES, "volume")
SCHEMA: Final = pl.Schema({"timestamp": MOMENT, **dict.fromkeys(FIGURES, FIGURE)})
"""The columns of every file: ``timestamp`` is the candle's open, UTC; ``volume`` is in lots."""
_FINER: Final = rf"\.\d{{{PLACES}}}\d*[1-9]"
_MOST: Final = 10**15
"""Above it there is no price, and no time in milliseconds."""


def empty() -> pl.DataFrame:
    """Return a table without candles."""
    return pl.DataFrame(schema=SCHEMA)


def of_rows(rows: Iterable[Row]) -> pl.DataFrame:
    """Return the table of candles.

    Raises:
        ValueError: a figure has more than 12 decimals.
    """
    columns = list(zip(*rows, strict=True)) or [()] * len(SCHEMA)
    texts = {name: [format(value, "f") for value in column] for name, column in zip(FIGURES, columns[1:], strict=True)}
    return of_texts(pl.Series(columns[0], dtype=pl.Int64), {name: pl.Series(text) for name, text in texts.items()})


def of_texts(moments: pl.Series, texts: dict[str, pl.Series], *, rounded: bool = False) -> pl.DataFrame:
    """Return the table of nanoseconds UTC and figures as text.

    Args:
        rounded: the figures were floats: what stands beyond the last place is noise and is dropped.

    Raises:
        ValueError: a figure is none, or has more decimals than are kept. The message names the first such row.
    """
    columns = {name: texts[name].cast(pl.String).fill_null("").str.strip_chars() for name in FIGURES}
    made = {name: _figures(name, column, rounded=rounded) for name, column in columns.items()}
    return pl.DataFrame({"timestamp": moments.cast(pl.Int64).cast(MOMENT), **made}, schema=SCHEMA)


def rows(table: pl.DataFrame) -> Iterable[Row]:
    """Yield the candles, their figures without trailing zeros."""
    columns = [_exact(table[name]) for name in FIGURES]
    return zip(moments(table).to_list(), *columns, strict=True)


def candles(table: pl.DataFrame, symbol: str, span: int) -> list[Candle]:
    """Return the table as candles of `span` nanoseconds."""
    return [Candle(symbol, at, span, *figures) for at, *figures in rows(table)]


def moments(table: pl.DataFrame) -> pl.Series:
    """Return the opens in nanoseconds UTC."""
    return table["timestamp"].cast(pl.Int64)


def span_of(table: pl.DataFrame) -> int:
    """Return the smallest distance of two opens in nanoseconds; a minute where there are fewer than two."""
    steps = moments(table).unique().sort().diff().drop_nulls()
    least = steps.min()
    return least if isinstance(least, int) else MINUTE


def _figures(name: str, texts: pl.Series, *, rounded: bool) -> pl.Series:
    unused = texts.str.contains(r"[eE]")
    if unused.any():
        texts = pl.Series([_unfolded(text) for text in texts.to_list()], dtype=pl.String)
    figures = texts.cast(FIGURE, strict=False)
    _refuse(name, texts, figures.is_null() | (figures.abs() >= _MOST), "is no price or volume")
    if not rounded:
        _refuse(name, texts, texts.str.contains(_FINER), f"has more than {PLACES} decimals")
    return figures.alias(name)


def _unfolded(text: str) -> str:
    """Write ``1e-05`` out; what is no number stays what it is."""
    try:
        return format(Decimal(text), "f")
    except ArithmeticError:
        return text


def _refuse(name: str, texts: pl.Series, wrong: pl.Series, why: str) -> None:
    at = wrong.arg_true()
    if len(at):
        raise ValueError(f"row {at[0] + 1}: {name} {texts[at[0]]!r} {why}")


def _exact(column: pl.Series) -> Sequence[Decimal]:
    """Return a column's figures. Each different one is made once: prices repeat, and a decimal is dear."""
    values = column.to_physical()
    known = {value: _shortest(value) for value in values.unique().to_list()}
    return [known[value] for value in values.to_list()]


def _shortest(scaled: int) -> Decimal:
    value = Decimal(scaled).scaleb(-PLACES)
    whole = value.to_integral_value()
    return whole if value == whole else value.normalize()
