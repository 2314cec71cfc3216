"""Candles for the tests."""

from __future__ import annotations

from decimal import Decimal

import polars as pl

from radtui.core.market import MINUTE
from radtui.store.candles.frame import of_rows
from radtui.venue.rows import Row

START = 1_641_168_000_000_000_000
"""2022-01-03, a multiple of every timeframe, and of a page of minutes."""


def row(minute: int, price: str = "100", *, high: str = "", low: str = "", volume: str = "7") -> Row:
    """Return the candle that opens so many minutes after the start."""
    last = Decimal(price)
    return START + minute * MINUTE, last, Decimal(high or price), Decimal(low or price), last, Decimal(volume)


def table(*rows: Row | int) -> pl.DataFrame:
    """Return a table of rows, or of the minutes they open at."""
    return of_rows(row(each) if isinstance(each, int) else each for each in rows)
