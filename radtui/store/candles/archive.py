"""The folder of candles: ``SYMBOL/timeframe/YYYY-MM.parquet``. A file is replaced whole or not at all."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Final

import msgspec
import polars as pl
from filelock import FileLock, Timeout

from radtui.core.market import TIMEFRAMES
from radtui.store.candles.errors import ArchiveBroken, NotCandles
from radtui.store.candles.flaws import differing, gaps
from radtui.store.candles.frame import MOMENT, SCHEMA, empty, moments

_MONTH: Final = "%Y-%m"
_PART: Final = ".part"
_SYMBOL: Final = re.compile(r"[A-Z0-9][A-Z0-9_-]{0,39}")
"""What may be a folder's name."""
_PATIENCE: Final = 30.0
"""Seconds that a writer waits for another one."""


class Added(msgspec.Struct, frozen=True):
    """What became of candles that were added: `new` ones, ones that `replaced` others, and ones known already."""

    new: int = 0
    replaced: int = 0
    known: int = 0

    def __add__(self, other: Added) -> Added:
        return Added(self.new + other.new, self.replaced + other.replaced, self.known + other.known)


class Holding(msgspec.Struct, frozen=True):
    """What there is of one symbol and timeframe.

    Attributes:
        since, until: nanoseconds UTC; the first open and the last close.
        missing: candles that lack in between. files, size: in number and bytes.
        fault: why its files cannot be read; empty where they can.
    """

    symbol: str
    timeframe: str
    candles: int
    since: int
    until: int
    missing: int
    files: int
    size: int
    fault: str = ""


class CandleArchive:
    """The candles in one folder. Reading needs no lock; two writers of one symbol and timeframe take turns."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def add(self, symbol: str, timeframe: str, table: pl.DataFrame) -> Added:
        """Keep candles that are in order and without flaws; where one is known already, the new one counts.

        Raises:
            NotCandles: that is no contract's name. ArchiveBroken: it cannot be written; the files are as they were.
        """
        if not _SYMBOL.fullmatch(symbol):
            raise NotCandles(f"{symbol!r} is no contract's name: capital letters and digits, as in XBTUSDTM")
        added = Added()
        if table.is_empty():
            return added
        with self._writing(symbol, timeframe) as folder:
            for month, part in _by_month(table):
                added += _merge(folder / f"{month}.parquet", part)
        return added

    def read(self, symbol: str, timeframe: str, begin: int | None = None, end: int | None = None) -> pl.DataFrame:
        """Return the candles that open in [begin, end), nanoseconds UTC, in order; none where there are none.

        Raises:
            ArchiveBroken: a file cannot be read.
        """
        first, last = (None if at is None else _month(at) for at in (begin, end))
        wanted = [
            file
            for file in self._files(symbol, timeframe)
            if (first is None or file.stem >= first) and (last is None or file.stem <= last)
        ]
        table = read_tables(wanted)
        opens = moments(table)
        inside = pl.repeat(value=True, n=len(opens), eager=True)
        inside = inside if begin is None else inside & (opens >= begin)
        return table.filter(inside if end is None else inside & (opens < end))

    def holdings(self) -> list[Holding]:
        """Return what there is, by symbol and timeframe, also what cannot be read."""
        folders = sorted(self.folder.glob("*/*/")) if self.folder.is_dir() else []
        known = [folder for folder in folders if folder.name in TIMEFRAMES and any(folder.glob("*.parquet"))]
        found = [self._holding(folder.parent.name, folder.name) for folder in known]
        return sorted(found, key=lambda each: (each.symbol, TIMEFRAMES[each.timeframe]))

    def _holding(self, symbol: str, timeframe: str) -> Holding:
        files, span = self._files(symbol, timeframe), TIMEFRAMES[timeframe]
        size = sum(file.stat().st_size for file in files)
        try:
            table = self.read(symbol, timeframe)
        except ArchiveBroken as broken:
            return Holding(symbol, timeframe, 0, 0, 0, 0, len(files), size, str(broken))
        opens = moments(table)
        since, until = (opens[0], opens[-1] + span) if len(opens) else (0, 0)
        missing = sum(gap.count for gap in gaps(table, span))
        return Holding(symbol, timeframe, table.height, since, until, missing, len(files), size)

    def _files(self, symbol: str, timeframe: str) -> list[Path]:
        return sorted((self.folder / symbol / timeframe).glob("????-??.parquet"))

    @contextmanager
    def _writing(self, symbol: str, timeframe: str) -> Iterator[Path]:
        folder = self.folder / symbol / timeframe
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with FileLock(folder / ".lock", timeout=_PATIENCE):
                for left in folder.glob(f".*{_PART}"):  # of a writer that was killed
                    left.unlink()
                yield folder
        except Timeout:
            raise ArchiveBroken(
                f"another radtui has been writing to {folder} for {_PATIENCE:.0f} s: wait for it"
            ) from None
        except OSError as error:
            raise ArchiveBroken(
                f"{folder} cannot be written: {error.strerror or error}; give another --folder"
            ) from error


def read_table(path: Path) -> pl.DataFrame:
    """Return the candles of one file of ours.

    Raises:
        ArchiveBroken: it cannot be read, or is not one.
    """
    try:
        table = pl.read_parquet(path)
    except (OSError, pl.exceptions.PolarsError) as error:
        raise ArchiveBroken(f"{path} cannot be read ({_line(error)}): remove it and download it again") from None
    if table.schema != SCHEMA:
        raise ArchiveBroken(f"{path} has other columns than our files of candles: `radtui data import` takes others")
    return table


def read_tables(paths: Iterable[Path]) -> pl.DataFrame:
    """Return the candles of several files of ours, one after the other.

    Raises:
        ArchiveBroken: one cannot be read, or is not one.
    """
    return pl.concat([empty(), *map(read_table, paths)])


def write_table(path: Path, table: pl.DataFrame) -> None:
    """Put a table in the place of a file: after a crash it is the old one or the new one.

    Raises:
        OSError: it cannot be written; the file is as it was.
    """
    part, content = path.with_name(f".{path.name}{_PART}"), BytesIO()
    table.write_parquet(content, compression="zstd")  # polars itself would not say that a disk is full
    try:
        with part.open("wb") as file:
            file.write(content.getbuffer())
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _merge(path: Path, new: pl.DataFrame) -> Added:
    old = read_table(path) if path.exists() else empty()
    kept = old.join(new, on="timestamp", how="anti")
    replaced = differing(old, new)
    added = Added(new.height - (old.height - kept.height), replaced, old.height - kept.height - replaced)
    if added.new or replaced:
        write_table(path, pl.concat([kept, new]).sort("timestamp"))
    return added


def _by_month(table: pl.DataFrame) -> Iterator[tuple[str, pl.DataFrame]]:
    months = table["timestamp"].dt.strftime(_MONTH)
    for month in months.unique().sort().to_list():
        yield month, table.filter(months == month)


def _month(at: int) -> str:
    return str(pl.Series([at]).cast(MOMENT).dt.strftime(_MONTH)[0])


def _line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]
