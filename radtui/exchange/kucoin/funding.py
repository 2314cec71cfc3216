"""Funding: asked for a symbol at a time, only where there was a position and only when something may have been settled.

The exchange charges weight 5 for each look at one symbol, and the engine asks every second.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from typing import Final

from radtui.core.account import FundingPaid
from radtui.core.market import DAY, MINUTE, SECOND
from radtui.exchange.kucoin import convert
from radtui.exchange.kucoin.rest.calls.account import AccountCalls
from radtui.exchange.kucoin.wire.account import FundingEntry
from radtui.exchange.kucoin.wire.common import MILLISECOND
from radtui.exchange.kucoin.wire.market import Contract

LOOK: Final = 5 * MINUTE
"""Nanoseconds after which a symbol is looked at again although nothing says that anything was settled."""
SETTLING: Final = 2 * MINUTE
"""How long after its hour a settlement may take to be listed."""
PATIENCE: Final = 5 * SECOND
"""Between two looks while a settlement is awaited."""
FIRST: Final = 7 * DAY
_ROWS: Final = 100
_KEPT: Final = 500


class _Symbol:
    """What is known of one symbol's settlements; times in nanoseconds UTC.

    Attributes:
        asked_from: how far back was looked; None before the first look.
        told_at: when a settlement was last said to have happened.
    """

    __slots__ = ("asked_from", "found", "looked_at", "told_at")

    def __init__(self) -> None:
        self.found: dict[int, FundingPaid] = {}
        self.asked_from: int | None = None
        self.looked_at = self.told_at = 0

    def wants_look(self, since: int, now: int, settled_at: int | None) -> bool:
        """Return whether something may be listed that is not known yet.

        Args:
            settled_at: the last time at which settling was due; None where that is not known.
        """
        if self.asked_from is None or since < self.asked_from or now - self.looked_at >= LOOK:
            return True
        awaited = settled_at is not None and now - settled_at < SETTLING and settled_at not in self.found
        told = self.told_at > self.looked_at or now - self.told_at < PATIENCE
        return told or (awaited and now - self.looked_at >= PATIENCE)


class FundingReader:
    """Reads settlements and remembers them.

    Args:
        now: the exchange's time, nanoseconds UTC.
    """

    def __init__(self, account: AccountCalls, now: Callable[[], int]) -> None:
        self._account, self._now = account, now
        self._symbols: dict[str, _Symbol] = {}
        self._schedule: dict[str, tuple[int, int]] = {}
        self._looking = asyncio.Lock()

    def scheduled(self, contracts: Iterable[Contract]) -> None:
        """Note when contracts are settled next, as far as the exchange tells."""
        for contract in contracts:
            at, span = contract.next_funding_rate_date_time, contract.funding_rate_granularity
            if at and span:
                self._schedule[contract.symbol] = at * MILLISECOND, span * MILLISECOND

    def held(self, symbol: str) -> None:
        """Note that there is or was a position: from here on its settlements are looked for."""
        if symbol not in self._symbols:
            self._symbols[symbol] = _Symbol()

    def settled(self, symbol: str) -> None:
        """Note that a settlement is said to have happened: of a symbol, or where none is named of one that is held."""
        if symbol:
            self.held(symbol)
        for known in [self._symbols[symbol]] if symbol else self._symbols.values():
            known.told_at = self._now()

    async def since(self, since: int) -> list[FundingPaid]:
        """Return the settlements at or after `since` (nanoseconds UTC), oldest first, each once."""
        begin = since if since > 0 else self._now() - FIRST
        async with self._looking:
            for symbol, known in list(self._symbols.items()):
                if known.wants_look(begin, self._now(), self._settled_at(symbol)):
                    await self._look(symbol, known, begin)
        found = [paid for known in self._symbols.values() for paid in known.found.values() if paid.at >= begin]
        return sorted(found, key=lambda paid: (paid.at, paid.symbol))

    async def _look(self, symbol: str, known: _Symbol, begin: int) -> None:
        now = self._now()
        for entry in await self._read(symbol, begin):
            paid = convert.funding_paid(entry)
            known.found[paid.at] = paid
        known.looked_at = now
        known.asked_from = begin if known.asked_from is None else min(begin, known.asked_from)
        for at in sorted(known.found)[:-_KEPT]:
            del known.found[at]

    def _settled_at(self, symbol: str) -> int | None:
        """Return the last time at or before now at which the symbol's funding was to be settled."""
        if symbol not in self._schedule:
            return None
        next_at, span = self._schedule[symbol]
        return next_at - -(-(next_at - self._now()) // span) * span

    async def _read(self, symbol: str, begin: int) -> list[FundingEntry]:
        found: dict[int, FundingEntry] = {}
        offset: int | None = None
        while True:
            part = await self._account.funding(symbol, begin=begin // MILLISECOND, offset=offset, count=_ROWS)
            news = [entry for entry in part.data_list if entry.id not in found or not entry.id]
            found.update((entry.id or entry.time_point, entry) for entry in news)
            if not part.has_more or not news or not news[-1].id:
                return list(found.values())
            offset = news[-1].id
