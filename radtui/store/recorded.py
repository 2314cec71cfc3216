"""A recorded market from a file: CSV, or the Parquet files of `radtui.store.candles`."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Final

from radtui.core.market import TIMEFRAMES
from radtui.store.candles.errors import ArchiveBroken
from radtui.venue.contracts import CONTRACTS
from radtui.venue.history import BadHistory, RecordedMarket, Recording

if TYPE_CHECKING:
    from polars import DataFrame

NO_POLARS: Final = "files of candles are read with polars, which is not installed: pip install 'radtui[research]'"
_XBT: Final = "XBTUSDTM"


def open_market(path: Path, symbols: tuple[str, ...] = (), *, warmup: int = 500) -> RecordedMarket:
    """Return the market of a CSV file, of a Parquet file, or of a folder of them, such as ``XBTUSDTM/1m``.

    Args:
        symbols: whose it is; where it is not said, that of the folder's name, else XBTUSDTM.

    Raises:
        BadHistory: it is missing, cannot be read, or cannot be replayed as it is.
    """
    symbols = symbols or named_by(path)
    if path.is_dir() or path.suffix == ".parquet":
        return RecordedMarket(_recording(path), symbols, warmup)
    return RecordedMarket(path, symbols, warmup)


def held_market(
    archive: Path, symbol: str, span: int, begin: int | None = None, end: int | None = None, *, warmup: int = 500
) -> RecordedMarket:
    """Return the market of a symbol's candles in an archive, the finest that candles of `span` can be made of.

    Args:
        begin, end: nanoseconds UTC; the market begins at `begin`, with up to `warmup` candles of `span` before it.

    Raises:
        BadHistory: there are none, they cannot be read, or cannot be replayed as they are.
    """
    fitting = [
        name for name, each in TIMEFRAMES.items() if span % each == 0 and any((archive / symbol / name).glob("*"))
    ]
    if not fitting:
        raise BadHistory(f"there are no candles of {symbol}: `radtui data download {symbol}` brings some")
    try:
        from radtui.store.candles.archive import CandleArchive

        since = None if begin is None else begin - warmup * span
        table = CandleArchive(archive).read(symbol, fitting[0], since, end)
    except ModuleNotFoundError:
        raise BadHistory(f"{symbol}: {NO_POLARS}.") from None
    except ArchiveBroken as broken:
        raise BadHistory(f"the market file {broken}.") from None
    return RecordedMarket(_sound(f"{symbol} {fitting[0]}", table), (symbol,), warmup if begin is None else 0)


def named_by(path: Path) -> tuple[str, ...]:
    """Return whose candles a file or folder has, by its own name or that of a folder above; else XBTUSDTM's."""
    return tuple([part for part in path.absolute().parts[::-1] if part in CONTRACTS][:1]) or (_XBT,)


def _recording(path: Path) -> Recording:
    files = sorted(path.glob("*.parquet")) if path.is_dir() else [path]
    if not files:
        raise BadHistory(f"the folder {path} holds no Parquet files. Give one that does, such as XBTUSDTM/1m.")
    try:
        from radtui.store.candles.archive import read_tables

        table = read_tables(files)
    except ModuleNotFoundError:
        raise BadHistory(f"{path.name}: {NO_POLARS}.") from None
    except ArchiveBroken as broken:
        raise BadHistory(f"the market file {broken}.") from None
    return _sound(path.name, table)


def _sound(name: str, table: DataFrame) -> Recording:
    from radtui.store.candles.flaws import mended
    from radtui.store.candles.frame import rows, span_of

    wrong = [flaw for flaw in mended(table, span_of(table)).flaws if flaw.kind != "gap"]
    if wrong:
        raise BadHistory(
            f"{name} has {len(wrong)} flaws, the first is a {wrong[0].kind} (see `radtui data check`). "
            "`radtui data import --skip-bad` takes what is sound."
        )
    return Recording(name, sha256(table.write_csv().encode()).hexdigest(), rows(table))
