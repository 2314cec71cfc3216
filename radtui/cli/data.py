"""``radtui data``: candles on disk, from KuCoin or from files, and whether they are sound."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import msgspec
from cyclopts import Parameter

from radtui.cli.answers import document, moment, table
from radtui.cli.failures import Exit, Failure
from radtui.cli.flags import Flags
from radtui.cli.opening import opened
from radtui.cli.streams import complain, say
from radtui.core.market import SECOND, TIMEFRAMES
from radtui.settings.places import places
from radtui.store.candles.errors import ArchiveBroken, NotCandles

if TYPE_CHECKING:
    from radtui.store.candles.archive import CandleArchive
    from radtui.store.candles.flaws import Flaw

AsJson = Annotated[bool, Parameter(name="--json", help="Print one JSON document.", negative="")]
Folder = Annotated[Path | None, Parameter(help="Folder of the candles; without it that of paths.data.")]
_SHOWN: Final = 20
_DAYS: Final = 30
_FIRST_YEAR: Final = 1971
_LAST_YEAR: Final = 2200


def download(
    *symbols: Annotated[str, Parameter(help="Contracts, for example XBTUSDTM ETHUSDTM.")],
    timeframe: Annotated[str, Parameter(help="Span of a candle, for example 1m, 1h or 1d.")] = "1m",
    from_: Annotated[
        str | None, Parameter(name="--from", help="First day or moment, UTC; else 30 days before the end.")
    ] = None,
    to: Annotated[str | None, Parameter(help="End, UTC, itself not included; else now.")] = None,
    kucoin_url: Annotated[str | None, Parameter(help="Address of KuCoin's REST interface.")] = None,
    folder: Folder = None,
    as_json: AsJson = False,
) -> int:
    """Fetch candles from KuCoin and keep them. No key is needed. The same command goes on where it was cut."""
    _timeframe(timeframe)
    if not symbols:
        raise _usage("no contract was named", "give one or several, for example XBTUSDTM")
    begin = None if from_ is None else instant("--from", from_)
    end = None if to is None else instant("--to", to)
    if begin is not None and end is not None and begin >= end:
        raise _usage(f"--from {from_} is not before --to {to}", "give a time before it")
    settings = opened(Flags(kucoin_url=kucoin_url)).settings
    with told():
        from radtui.cli.downloading import fetch

        archive = archive_in(folder)
        try:
            wanted = tuple(dict.fromkeys(symbols))
            fetched = asyncio.run(fetch(settings, archive, wanted, timeframe, begin, end, _month_before))
        except KeyboardInterrupt:
            complain("radtui: stopped; the candles that came are kept")
            complain("  What to do: the same command goes on where it stopped")
            raise
        if as_json:
            say(document({"folder": str(archive.folder), "downloaded": fetched}))
            return Exit.DONE
        for each in fetched:
            if not each.pages:
                say(f"{each.symbol} {timeframe}: no candle of that time has closed yet")
                continue
            say(
                f"{each.symbol} {timeframe}, {moment(each.since)} to {moment(each.until)}: {each.new:,} new candles, "
                f"{each.replaced:,} replaced, {each.known_pages:,} of {each.pages:,} pages were there, "
                f"{each.missing:,} candles the exchange does not have"
            )
            for line in _lines(each.flaws):
                say(f"  left out: {line}")
    return Exit.DONE


def import_file(
    files: Annotated[tuple[Path, ...], Parameter(help="Files of candles, their times in UTC.")],
    /,
    *,
    symbol: Annotated[str, Parameter(help="Whose they are, for example XBTUSDTM.")],
    timeframe: Annotated[str | None, Parameter(help="Span of a candle; else the smallest distance of two.")] = None,
    skip_bad: Annotated[bool, Parameter(help="Leave out what cannot be, and take the rest.", negative="")] = False,
    folder: Folder = None,
    as_json: AsJson = False,
) -> int:
    """Take candles from files: CSV, Parquet, and what freqtrade and ccxt write (JSON, feather).

    Repeats and a wrong order are put right. Candles that cannot be, and two that differ, are refused with their file.
    """
    if timeframe is not None:
        _timeframe(timeframe)
    with told():
        archive = archive_in(folder)
        taken = [_taken(archive, file, symbol, timeframe, skip_bad=skip_bad) for file in files]
        if as_json:
            say(document({"folder": str(archive.folder), "imported": taken}))
            return Exit.DONE
        for each in taken:
            say(
                f"{each['file']}: {each['new']:,} new candles of {symbol} {each['timeframe']}, {each['replaced']:,} "
                f"replaced, {each['known']:,} known already"
            )
            if each["rounded"]:
                say("  its figures are floats: they were read to 12 decimals")
            for line in _lines(each["flaws"]):
                say(f"  found: {line}")
    return Exit.DONE


def list_all(*, folder: Folder = None, as_json: AsJson = False) -> int:
    """Show what candles there are. Exit 1 where some cannot be read."""
    with told():
        archive = archive_in(folder)
        found = archive.holdings()
    broken = [each for each in found if each.fault]
    if as_json:
        say(document({"folder": str(archive.folder), "candles": found}))
        return Exit.REFUSED if broken else Exit.DONE
    if not found:
        say(f"no candles in {archive.folder}: `radtui data download` or `radtui data import` brings some")
        return Exit.DONE
    heads = ("symbol", "timeframe", "from", "to", "candles", "missing", "MB")
    rows = (
        (each.symbol, each.timeframe, moment(each.since), moment(each.until), f"{each.candles:,}",
         f"{each.missing:,}", f"{each.size / 1e6:.1f}")
        for each in found
        if not each.fault
    )  # fmt: skip
    say("\n".join([str(archive.folder), table(heads, rows), *(f"! {each.fault}" for each in broken)]))
    return Exit.REFUSED if broken else Exit.DONE


def check(
    files: Annotated[tuple[Path, ...], Parameter(help="Other files to check; without them the folder.")] = (),
    /,
    *,
    symbol: Annotated[str | None, Parameter(help="Only this contract of the folder.")] = None,
    folder: Folder = None,
    as_json: AsJson = False,
) -> int:
    """Look for gaps, repeats, a wrong order, candles that cannot be, and files that cannot be read.

    Exit 1 for anything but gaps.
    """
    with told():
        found = _checked_files(files) if files else _checked(archive_in(folder), symbol)
    if symbol is not None and not found:
        raise Failure(f"there are no candles of {symbol}", todo="see `radtui data list`")
    bad = any(each["fault"] or any(flaw.kind != "gap" for flaw in each["flaws"]) for each in found)
    if as_json:
        say(document({"ok": not bad, "checked": found}))
    else:
        for each in found:
            sound = f"{each['candles']:,} candles, {'nothing wrong' if not each['flaws'] else 'found:'}"
            say(f"{each['name']}: {each['fault'] or sound}")
            for line in _lines(each["flaws"]):
                say(f"  {line}")
        if not found:
            say("there is nothing to check")
    return Exit.REFUSED if bad else Exit.DONE


@contextmanager
def told() -> Iterator[None]:
    """Turn what can be wrong with files of candles into a message with what to do."""
    try:
        yield
    except ModuleNotFoundError as missing:
        if missing.name != "polars":
            raise
        raise _usage("files of candles need polars, which is not installed", "pip install 'radtui[research]'") from None
    except NotCandles as refused:
        raise Failure(str(refused), means="Nothing of it was taken.", code=Exit.USAGE) from None
    except ArchiveBroken as broken:
        raise Failure(str(broken), means="The other files are as they were.") from None


def archive_in(folder: Path | None) -> CandleArchive:
    """Return the archive in a folder, else the one of the settings."""
    from radtui.store.candles.archive import CandleArchive

    return CandleArchive(folder.expanduser() if folder else places(opened(Flags()).settings).candles)


def instant(flag: str, text: str) -> int:
    """Return a day or a moment in UTC as nanoseconds.

    Raises:
        Failure: it is neither (exit code 2).
    """
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        raise _usage(
            f"{flag} {text} is no time", "give a day like 2026-01-31, or 2026-01-31T12:00:00, in UTC"
        ) from None
    aware = read if read.tzinfo else read.replace(tzinfo=UTC)
    if not _FIRST_YEAR <= aware.year < _LAST_YEAR:
        raise _usage(f"{flag} {text} is no time of candles", f"give one between {_FIRST_YEAR} and {_LAST_YEAR}")
    return round(aware.timestamp()) * SECOND


def _month_before(now: int) -> int:
    day = datetime.fromtimestamp(now // SECOND, UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return round((day - timedelta(days=_DAYS)).timestamp()) * SECOND


def _taken(archive: CandleArchive, file: Path, symbol: str, timeframe: str | None, *, skip_bad: bool) -> dict[str, Any]:
    from radtui.store.candles.flaws import mended
    from radtui.store.candles.foreign import read_foreign
    from radtui.store.candles.frame import span_of

    read = read_foreign(file)
    name = timeframe or _named(file, span_of(read.table))
    sound = mended(read.table, TIMEFRAMES[name])
    bad = [flaw for flaw in sound.flaws if flaw.costs]
    if bad and not skip_bad:
        raise Failure(
            f"{file.name} holds {len(bad)} candles that cannot be used",
            means="\n".join(["Nothing of it was taken.", *_lines(bad)]),
            todo="correct them, or give --skip-bad to take the others",
        )
    added = msgspec.structs.asdict(archive.add(symbol, name, sound.table))
    told = {"file": str(file), "symbol": symbol, "timeframe": name, "rounded": read.rounded}
    return {**told, **added, "flaws": sound.flaws}


def _checked(archive: CandleArchive, symbol: str | None) -> list[dict[str, Any]]:
    from radtui.store.candles.flaws import mended

    found = []
    for held in archive.holdings():
        if symbol in {None, held.symbol}:
            told = {"name": f"{held.symbol} {held.timeframe}", "candles": held.candles, "fault": held.fault}
            table = None if held.fault else archive.read(held.symbol, held.timeframe)
            flaws = () if table is None else mended(table, TIMEFRAMES[held.timeframe]).flaws
            found.append({**told, "flaws": flaws})
    return found


def _checked_files(files: Sequence[Path]) -> list[dict[str, Any]]:
    from radtui.store.candles.flaws import mended
    from radtui.store.candles.foreign import read_foreign
    from radtui.store.candles.frame import span_of

    tables = ((file, read_foreign(file).table) for file in files)
    return [
        {"name": str(file), "candles": read.height, "flaws": mended(read, span_of(read)).flaws, "fault": ""}
        for file, read in tables
    ]


def _lines(flaws: Iterable[Flaw]) -> Iterator[str]:
    """Yield the flaws for people: the first few, and how many there are of each kind."""
    from radtui.store.candles.flaws import MEANINGS

    flaws = list(flaws)
    for flaw in flaws[:_SHOWN]:
        more = f", {flaw.count:,} candles" if flaw.count > 1 else ""
        yield f"{moment(flaw.at)}  {flaw.kind}{more}: {MEANINGS[flaw.kind]}"
    if len(flaws) > _SHOWN:
        kinds = Counter(flaw.kind for flaw in flaws)
        yield f"and {len(flaws) - _SHOWN:,} more; in all {', '.join(f'{n:,} × {kind}' for kind, n in kinds.items())}"


def _timeframe(name: str) -> None:
    if name not in TIMEFRAMES:
        raise _usage(f"no timeframe is called {name}", f"choose from {', '.join(TIMEFRAMES)}")


def _named(file: Path, span: int) -> str:
    for name, known in TIMEFRAMES.items():
        if known == span:
            return name
    raise _usage(f"{file.name} has candles of {span / SECOND:g} s", f"give --timeframe: {', '.join(TIMEFRAMES)}")


def _usage(title: str, todo: str) -> Failure:
    return Failure(title, means="Nothing was changed.", todo=todo, code=Exit.USAGE)
