"""Other people's files of candles: CSV, Parquet, and what freqtrade and ccxt write (JSON, feather)."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import msgspec
import polars as pl

from radtui.store.candles.errors import NotCandles
from radtui.store.candles.frame import FIGURES, SCHEMA, of_texts
from radtui.venue.rows import moment

_TIMES: Final = ("timestamp", "time", "date", "datetime", "open_time", "opened_at", "ts")
_NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "open": ("open", "o"),
    "high": ("high", "h"),
    "low": ("low", "l"),
    "close": ("close", "c"),
    "volume": ("volume", "vol", "v", "amount"),
}
_LIST: Final = ("timestamp", "open", "high", "low", "close", "volume")
"""The order of freqtrade's, ccxt's and KuCoin's rows without names."""
_SEPARATORS: Final = (",", ";", "\t")
_HEAD: Final = 4096
"""Bytes that a line of names is looked for in."""


class Foreign(msgspec.Struct, frozen=True):
    """What a file held, as it stands there: nothing is sorted or dropped.

    Attributes:
        rounded: its figures were floats, and are read to 12 decimals.
    """

    table: pl.DataFrame
    rounded: bool = False


def read_foreign(path: Path) -> Foreign:
    """Return the candles of a file, by its ending: .csv, .json (both also .gz), .parquet, .feather.

    Raises:
        NotCandles: it cannot be read, or holds no candles.
    """
    ending = path.name.removesuffix(".gz").rpartition(".")[2].lower()
    reader = _READERS.get(ending)
    if reader is None:
        raise NotCandles(f"{path.name}: no file of candles ends so; possible: {', '.join(sorted(_READERS))}")
    try:
        table = reader(path)
        if table.schema == SCHEMA:
            return Foreign(table)
        return _told(table)
    except (OSError, EOFError, zlib.error, pl.exceptions.PolarsError, msgspec.MsgspecError, ValueError) as error:
        raise NotCandles(f"{path.name} cannot be taken: {_why(error)}") from None


def _why(error: Exception) -> str:
    """Return in a line what is wrong with a file."""
    if isinstance(error, UnicodeDecodeError):
        return "it is no text in UTF-8"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return (str(error).splitlines() or [type(error).__name__])[0]


def _csv(path: Path) -> pl.DataFrame:
    """Read text; where its first line names no columns, they are those of ccxt's rows."""
    content = _content(path)
    head = content.lstrip()[:_HEAD].split(b"\n", 1)[0].decode("utf-8-sig").strip()
    separator = max(_SEPARATORS, key=head.count)
    named = not all(map(_is_figure, head.split(separator)[1 : len(_LIST)]))
    table = pl.read_csv(content, infer_schema=False, separator=separator, has_header=named)
    if named or table.width < len(_LIST):
        return table
    return table.rename(dict(zip(table.columns, _LIST, strict=False)))


def _is_figure(text: str) -> bool:
    try:
        return Decimal(text.strip().strip('"')).is_finite()
    except ArithmeticError:
        return False


def _json(path: Path) -> pl.DataFrame:
    """Read rows as lists or as objects; numbers stay as they are written."""
    rows = msgspec.json.Decoder(list[Any], float_hook=Decimal).decode(_content(path))
    if not rows:
        raise ValueError("it holds no rows")
    if all(isinstance(row, list) and len(row) >= len(_LIST) for row in rows):
        rows = [dict(zip(_LIST, row, strict=False)) for row in rows]
    if not all(isinstance(row, dict) for row in rows):
        raise ValueError("it is no list of candles")
    names = list(rows[0])
    return pl.DataFrame({name: pl.Series([_text(row.get(name)) for row in rows], dtype=pl.String) for name in names})


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _content(path: Path) -> bytes:
    content = path.read_bytes()
    return gzip.decompress(content) if path.name.endswith(".gz") else content


_READERS: Final[Mapping[str, Callable[[Path], pl.DataFrame]]] = {
    "csv": _csv,
    "json": _json,
    "parquet": pl.read_parquet,
    "feather": pl.read_ipc,
    "arrow": pl.read_ipc,
}


def _told(table: pl.DataFrame) -> Foreign:
    known = {name.strip().lower(): name for name in table.columns}
    columns = {wanted: _column(table, known, wanted, names) for wanted, names in _NAMES.items()}
    if table.is_empty():
        raise ValueError("it holds no rows")
    times = _column(table, known, "timestamp", _TIMES)
    rounded = any(columns[name].dtype.is_float() for name in FIGURES)
    return Foreign(of_texts(_moments(times), columns, rounded=rounded), rounded)


def _column(table: pl.DataFrame, known: dict[str, str], wanted: str, names: tuple[str, ...]) -> pl.Series:
    for name in names:
        if name in known:
            return table[known[name]]
    called = " or ".join(dict.fromkeys((wanted, *names)))
    raise ValueError(f"it has no column {called}, only {', '.join(table.columns)}")


def _moments(times: pl.Series) -> pl.Series:
    """Return nanoseconds UTC of moments, dates, ISO texts or epochs (seconds to nanoseconds, told by their size)."""
    if times.dtype.is_temporal():
        return times.cast(pl.Datetime("ns")).cast(pl.Int64)
    texts = times.cast(pl.String).to_list()
    return pl.Series([_moment(number, text) for number, text in enumerate(texts, 1)], dtype=pl.Int64)


def _moment(number: int, text: str | None) -> int:
    try:
        return moment((text or "").removesuffix(".0"))
    except ValueError:
        raise ValueError(f"row {number}: {text!r} is no time") from None
