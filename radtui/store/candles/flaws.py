"""What is wrong with a table of candles, and the table without it."""

from __future__ import annotations

from typing import Final

import msgspec
import polars as pl

from radtui.store.candles.frame import FIGURES, PRICES, moments

GAP: Final = "gap"
DUPLICATE: Final = "duplicate"
CONFLICT: Final = "conflict"
DISORDER: Final = "disorder"
IMPOSSIBLE: Final = "impossible"
OFF_GRID: Final = "off grid"
MEANINGS: Final = {
    GAP: "no candle where one should be",
    DUPLICATE: "the same candle twice",
    CONFLICT: "two candles of one time that differ: neither can be believed",
    DISORDER: "a candle after a later one",
    IMPOSSIBLE: "the high is below or the low above another price, a price is not above 0, or the volume is below 0",
    OFF_GRID: "it opens at no multiple of the timeframe",
}
"""What each kind of flaw is, for people."""
_LOST: Final = frozenset({CONFLICT, IMPOSSIBLE, OFF_GRID})


class Flaw(msgspec.Struct, frozen=True):
    """One thing that is wrong.

    Attributes:
        at: nanoseconds UTC of the first candle it is about. count: candles it is about.
    """

    kind: str
    at: int
    count: int = 1

    @property
    def costs(self) -> bool:
        """Whether what it is about cannot be used; a duplicate or a wrong order loses nothing."""
        return self.kind in _LOST


class Mended(msgspec.Struct, frozen=True):
    """Candles in order, each once, all of them possible; and what was not so before."""

    table: pl.DataFrame
    flaws: tuple[Flaw, ...]


def mended(table: pl.DataFrame, span: int) -> Mended:
    """Return the candles of `span` nanoseconds that can be used, and every flaw by its time."""
    possible, flaws = _possible(table, span)
    once, repeated = _once(possible)
    found = [*_disordered(table), *flaws, *repeated, *gaps(once, span)]
    return Mended(once, tuple(sorted(found, key=lambda flaw: (flaw.at, flaw.kind))))


def gaps(table: pl.DataFrame, span: int) -> list[Flaw]:
    """Return what is missing between the first and the last candle of a sorted table."""
    opens = moments(table)
    missing = opens.diff() // span - 1
    places = (missing > 0).fill_null(value=False).arg_true().to_list()
    return [Flaw(GAP, opens[place - 1] + span, missing[place]) for place in places]


def _possible(table: pl.DataFrame, span: int) -> tuple[pl.DataFrame, list[Flaw]]:
    off = moments(table) % span != 0
    least, most = pl.min_horizontal(*PRICES), pl.max_horizontal(*PRICES)
    broken = (pl.col("high") < most) | (pl.col("low") > least) | (least <= 0) | (pl.col("volume") < 0)
    wrong = table.select(broken.alias("wrong"))["wrong"]
    flaws = [*_at(OFF_GRID, table, off), *_at(IMPOSSIBLE, table, wrong & ~off)]
    return table.filter(~(off | wrong)), flaws


def _once(table: pl.DataFrame) -> tuple[pl.DataFrame, list[Flaw]]:
    """Return each candle once, in order; where two of one time differ, neither."""
    different = table.unique(maintain_order=True)
    torn = different["timestamp"].is_duplicated()
    conflicts = different.filter(torn)["timestamp"].unique(maintain_order=True)
    whole = different.filter(~torn).sort("timestamp")
    repeats = table.filter(table["timestamp"].is_duplicated() & table["timestamp"].is_in(whole["timestamp"].to_list()))
    counts = repeats.group_by("timestamp", maintain_order=True).len()
    flaws = [Flaw(DUPLICATE, at, count - 1) for at, count in _counted(counts)]
    return whole, flaws + [Flaw(CONFLICT, at) for at in conflicts.cast(pl.Int64).to_list()]


def _counted(counts: pl.DataFrame) -> list[tuple[int, int]]:
    return list(zip(moments(counts).to_list(), counts["len"].to_list(), strict=True))


def _disordered(table: pl.DataFrame) -> list[Flaw]:
    return _at(DISORDER, table, (moments(table).diff() < 0).fill_null(value=False))


def _at(kind: str, table: pl.DataFrame, wrong: pl.Series) -> list[Flaw]:
    return [Flaw(kind, at) for at in moments(table.filter(wrong)).to_list()]


def differing(old: pl.DataFrame, new: pl.DataFrame) -> int:
    """Return how many candles of both tables have another figure in the new one; each has every candle once."""
    both = old.join(new, on="timestamp", suffix="_new")
    same = pl.all_horizontal(pl.col(name) == pl.col(f"{name}_new") for name in FIGURES)
    return both.filter(~same).height
