"""Fetching candles from KuCoin into the archive, with progress on a terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Final

import msgspec
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bars

from radtui.cli.failures import Exit, Failure
from radtui.cli.kucoin import at_exchange
from radtui.core.market import MINUTE, TIMEFRAMES
from radtui.exchange.kucoin.rest.calls.market import MarketCalls
from radtui.resilience.failures import ExchangeFailure, Refused
from radtui.settings.tree import Settings
from radtui.store.candles.archive import CandleArchive
from radtui.store.candles.filling import Ask, Filling, Progress
from radtui.store.candles.flaws import Flaw
from radtui.venue.rows import Row

_MILLISECOND: Final = 1_000_000


class Fetched(msgspec.Struct, frozen=True):
    """What came of one contract; times in nanoseconds UTC.

    Attributes:
        pages, known_pages: requests that the time took, and those that were not needed.
        missing: candles of the time that the exchange does not have: nobody traded, or it is too long ago.
    """

    symbol: str
    since: int
    until: int
    pages: int
    known_pages: int
    new: int
    replaced: int
    missing: int
    flaws: tuple[Flaw, ...]


async def fetch(
    settings: Settings,
    archive: CandleArchive,
    symbols: Sequence[str],
    timeframe: str,
    begin: int | None,
    end: int | None,
    default_begin: Callable[[int], int],
) -> list[Fetched]:
    """Fetch the candles that open in [begin, end) and have closed.

    Raises:
        Failure: the exchange refuses or cannot be reached; what came is kept.
        ArchiveBroken: the folder cannot be written.
    """
    span = TIMEFRAMES[timeframe]
    async with at_exchange(settings) as rest:
        with _refusals():
            now = await rest.market.time() * _MILLISECOND
            for symbol in symbols:
                await rest.market.contract(symbol)
        last = min(now - now % span, now if end is None else end)
        begin = default_begin(last) if begin is None else begin
        with _bars() as shown, _refusals():
            return [
                await _one(archive, symbol, timeframe, _ask(rest.market, symbol, span), (begin, last), shown)
                for symbol in symbols
            ]


async def _one(
    archive: CandleArchive, symbol: str, timeframe: str, ask: Ask, times: tuple[int, int], shown: Bars
) -> Fetched:
    begin, end = times
    task = shown.add_task(f"{symbol} {timeframe}", total=None)

    def told(progress: Progress) -> None:
        shown.update(task, total=progress.pages, completed=progress.known + progress.asked)

    filled = await Filling(archive, symbol, timeframe, ask, told).fill(begin, end)
    there = archive.read(symbol, timeframe, begin, end)
    span = TIMEFRAMES[timeframe]
    return Fetched(
        symbol,
        begin,
        max(begin, end),
        pages=filled.pages,
        known_pages=filled.known,
        new=filled.added.new,
        replaced=filled.added.replaced,
        missing=max(0, (end - begin) // span - there.height),
        flaws=filled.flaws,
    )


def _ask(market: MarketCalls, symbol: str, span: int) -> Ask:
    async def ask(begin: int, end: int) -> Sequence[Row]:
        found = await market.klines(symbol, span // MINUTE, begin // _MILLISECOND, end // _MILLISECOND)
        return [(row.start * _MILLISECOND, row.open, row.high, row.low, row.close, row.volume) for row in found]

    return ask


@contextmanager
def _refusals() -> Iterator[None]:
    try:
        yield
    except Refused as refused:
        raise Failure(
            f"KuCoin refuses: {refused}", means="The candles that came before are kept.", code=Exit.USAGE
        ) from None
    except ExchangeFailure as failure:
        raise Failure(
            f"KuCoin does not answer: {failure}",
            means="The candles that came before are kept.",
            todo="the same command goes on where it stopped",
        ) from None


@contextmanager
def _bars() -> Iterator[Bars]:
    """Show how far it has come, where somebody looks."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Bars(*columns, console=console, transient=True, disable=not sys.stderr.isatty()) as shown:
        yield shown
