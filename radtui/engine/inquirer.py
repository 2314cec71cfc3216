"""Answers inquiries on the engine's loop, beside the trading. However many ask, the exchange is asked once a moment."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from decimal import Decimal
from typing import Any, Final, Generic, TypeVar

from radtui.core.allocation import PortfolioTerms, Rebalance
from radtui.core.core import Core
from radtui.core.events import SignalGiven
from radtui.core.market import SECOND
from radtui.core.risk import RiskAssessment
from radtui.core.signal import Signal
from radtui.core.why_day import WhyDay, bounds, day_of, moment_of, tally
from radtui.core.why_view import WhyView
from radtui.engine.aside import BOOK_WITHIN
from radtui.engine.inquiries import (
    BookRead,
    CacheView,
    NoSuchContract,
    NothingWeighed,
    TradesRead,
    Unanswered,
    Weighed,
)
from radtui.engine.portfolio import Portfolio, assessed
from radtui.exchange.port import Exchange
from radtui.resilience.clock import Clock
from radtui.resilience.failures import ExchangeFailure
from radtui.store.port import Journal, JournalFailed

T = TypeVar("T")
SERVES: Final = 1.0
"""Seconds for which a reading serves everybody who asks: readers must not use up the exchange's budget."""


class Inquirer:
    """Reads the books of core and of the exchange; changes neither."""

    def __init__(self, core: Core, exchange: Exchange, clock: Clock, journal: Journal) -> None:
        self._core = core
        self._journal = journal
        self._exchange = exchange
        self._clock = clock
        self._books: _Readings[BookRead] = _Readings(clock)
        self._trades: _Readings[TradesRead] = _Readings(clock)

    async def book(self, symbol: str) -> BookRead:
        """Return a book, at most `SERVES` old."""
        self._known(symbol)
        return await self._books.of(symbol, lambda: self._read_book(symbol))

    async def trades(self, symbol: str) -> TradesRead:
        """Return everybody's latest trades, at most `SERVES` old."""
        self._known(symbol)
        return await self._trades.of(symbol, lambda: self._read_trades(symbol))

    async def weigh(self, symbol: str, signal: Signal, price: Decimal | None) -> Weighed:
        """Return what the gates say of an entry on `signal` now, at the last price unless another is given."""
        self._known(symbol)
        desk, trading = self._core.desk, self._core.trading
        at_price = price or trading.positions.marks.get(symbol)
        if at_price is None:
            raise Unanswered(f"{symbol} has no price yet")
        found = trading.entries.weigh(SignalGiven(desk.at, symbol, signal, at_price, desk.market_at))
        if found is None:
            raise NoSuchContract(f"{symbol} cannot be entered: the exchange does not trade it now")
        proposal, gates = found
        return Weighed(
            symbol=symbol,
            side=proposal.side,
            lots=proposal.lots,
            price=proposal.price,
            stop=proposal.stop,
            leverage=proposal.leverage,
            notional=proposal.notional,
            margin=proposal.margin,
            gates=gates,
        )

    async def assess(self) -> RiskAssessment:
        """Return how much is at stake."""
        return assessed(self._core)

    async def rebalance(self, targets: Mapping[str, Decimal], least_change: Decimal) -> tuple[Rebalance, ...]:
        """Return what would bring the account to `targets`; proposals."""
        for symbol in targets:
            self._known(symbol)
        if self._core.trading.purse.account is None:
            raise Unanswered("the account was not read yet")
        return Portfolio(self._core, PortfolioTerms(least_change=least_change), ()).moves(targets)

    async def why(self, symbol: str, at: int) -> WhyView:
        """Return what came of the last signal of a contract up to the market clock `at`."""
        try:
            found = await self._journal.weighed_at(symbol, at)
        except JournalFailed as failed:
            raise Unanswered(str(failed)) from failed
        if found is None:
            raise NothingWeighed(f"the ledger knows no signal of {symbol[:30]} up to {moment_of(at)} UTC market time")
        return found

    async def why_day(self, day: str) -> WhyDay:
        """Return what kept the bot from trading on a market day; empty: today."""
        day = day or day_of(self._core.desk.market_at or self._core.desk.at)
        try:
            return tally(day, await self._journal.weighed_between(*bounds(day)))
        except JournalFailed as failed:
            raise Unanswered(str(failed)) from failed

    async def cache(self) -> CacheView:
        """Return how often a reading served more than one."""
        both = (self._books, self._trades)
        return CacheView(
            entries=sum(each.count for each in both),
            hits=sum(each.hits for each in both),
            misses=sum(each.misses for each in both),
            seconds=SERVES,
        )

    def _known(self, symbol: str) -> None:
        traded = self._core.desk.instruments
        if not traded:
            raise Unanswered("the contracts are not known yet: the exchange has not answered")
        if symbol not in traded:
            raise NoSuchContract(f"{symbol[:30]} is not traded here; it is: {', '.join(sorted(traded))}")

    async def _read_book(self, symbol: str) -> BookRead:
        book = await _within(self._exchange.book(symbol))
        return BookRead(book, self._clock.now())

    async def _read_trades(self, symbol: str) -> TradesRead:
        trades = await _within(self._exchange.trades(symbol))
        return TradesRead(tuple(trades), self._clock.now())


class _Readings(Generic[T]):
    """Readings on their way or just made, one a contract, failures too."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._of: dict[str, tuple[int, asyncio.Task[T]]] = {}
        self.hits = self.misses = 0

    @property
    def count(self) -> int:
        """Contracts of which there is one."""
        return len(self._of)

    async def of(self, symbol: str, read: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """Return the reading of a contract; a new one where the last is too old."""
        now = self._clock.monotonic()
        begun, task = self._of.get(symbol, (now, None))
        if task is None or (task.done() and now - begun >= SERVES * SECOND):
            self.misses += 1
            task = asyncio.create_task(read())
            self._of[symbol] = now, task
        else:
            self.hits += 1
        return await asyncio.shield(task)  # who asked may leave, others still wait for it


async def _within(reading: Awaitable[T]) -> T:
    try:
        async with asyncio.timeout(BOOK_WITHIN):
            return await reading
    except TimeoutError:
        raise Unanswered(f"the exchange did not answer within {BOOK_WITHIN:.0f} s") from None
    except ExchangeFailure as failure:
        raise Unanswered(str(failure)) from failure
