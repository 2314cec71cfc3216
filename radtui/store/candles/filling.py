"""Filling the archive from an exchange, page by page: what is there already is not asked for again."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from itertools import islice
from typing import Final

import msgspec

from radtui.core.market import TIMEFRAMES
from radtui.store.candles.archive import Added, CandleArchive
from radtui.store.candles.flaws import Flaw, mended
from radtui.store.candles.frame import moments, of_rows
from radtui.venue.rows import Row

PAGE: Final = 200
"""Candles of one request."""
_AT_ONCE: Final = 4
"""Requests on their way together."""
_KEEP_EVERY: Final = 48
"""Pages after which what came is written: so much is asked for again at most after a crash."""

Ask = Callable[[int, int], Awaitable[Sequence[Row]]]
"""Returns the candles that open in [begin, end), nanoseconds UTC; at most a page."""


class Progress(msgspec.Struct, frozen=True):
    """How far a filling has come, in pages: `known` were there already."""

    pages: int
    known: int
    asked: int


class Filled(msgspec.Struct, frozen=True):
    """What a filling brought. `flaws` are what was wrong with the exchange's candles: those were left out."""

    pages: int
    known: int
    added: Added
    flaws: tuple[Flaw, ...]


class Filling:
    """Fills one symbol and timeframe of an archive.

    Args:
        told: of the progress, before the first page and after each few.
    """

    def __init__(
        self, archive: CandleArchive, symbol: str, timeframe: str, ask: Ask, told: Callable[[Progress], None]
    ) -> None:
        self._archive, self._symbol, self._timeframe = archive, symbol, timeframe
        self._span = TIMEFRAMES[timeframe]
        self._ask, self._told = ask, told
        self._rows: list[Row] = []
        self._asked = 0
        self._added = Added()
        self._flaws: list[Flaw] = []

    async def fill(self, begin: int, end: int) -> Filled:
        """Fetch the candles that open in [begin, end), nanoseconds UTC; `end` must lie in the past.

        What came is kept also where this is cancelled, or a request fails; the next time goes on from there. Pages in
        which a candle lacks are asked for each time: only the exchange knows whether it was traded then.

        Raises:
            ArchiveBroken: the folder cannot be read or written. Whatever `ask` raises.
        """
        pages = list(_pages(begin, end, self._span))
        lacking = list(self._lacking(pages, begin, end))
        known = len(pages) - len(lacking)
        waiting = iter(lacking)
        try:
            while batch := list(islice(waiting, _AT_ONCE)):
                self._told(Progress(len(pages), known, self._asked))
                for rows in await asyncio.gather(*(self._ask(first, last) for first, last in batch)):
                    self._rows += [row for row in rows if begin <= row[0] < end]
                self._asked += len(batch)
                if self._asked % _KEEP_EVERY == 0:
                    self._keep()
        finally:
            self._keep()
        self._told(Progress(len(pages), known, self._asked))
        return Filled(len(pages), known, self._added, tuple(self._flaws))

    def _lacking(self, pages: list[tuple[int, int]], begin: int, end: int) -> Iterator[tuple[int, int]]:
        have = set(moments(self._archive.read(self._symbol, self._timeframe, begin, end)).to_list())
        for first, last in pages:
            if not all(at in have for at in range(first, last, self._span)):
                yield first, last

    def _keep(self) -> None:
        rows, self._rows = self._rows, []
        sound = mended(of_rows(rows), self._span)
        # A page that was not traded through has gaps: they are no fault, and `data check` shows them.
        self._flaws += [flaw for flaw in sound.flaws if flaw.costs]
        self._added += self._archive.add(self._symbol, self._timeframe, sound.table)


def _pages(begin: int, end: int, span: int) -> Iterator[tuple[int, int]]:
    """Yield the pages that cover [begin, end): they begin at multiples of a page, whatever is asked for."""
    size = PAGE * span
    first = begin + -begin % span
    while first < end:
        last = min(first - first % size + size, end)
        yield first, last
        first = last
