"""What may be asked of an engine beside its trading: books, trades, and what core would say. Nothing is changed by it.

The handle shows what is; these have to be fetched, or worked out on the engine's own thread. Each returns at once with
a future, from any thread.
"""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Future
from decimal import Decimal
from typing import TYPE_CHECKING, Protocol, runtime_checkable

import msgspec

from radtui.core.allocation import Rebalance
from radtui.core.book import BookShown, Trade
from radtui.core.risk import RiskAssessment
from radtui.core.signal import Signal
from radtui.core.why_day import WhyDay
from radtui.core.why_view import GateView, WhyView
from radtui.engine.tape import MarketTape

if TYPE_CHECKING:
    from radtui.engine.local import LocalHandle


class Unanswered(Exception):
    """What was asked is not known now; the message says why."""


class NoSuchContract(Exception):
    """The bot does not trade that contract; the message names those it does."""


class NothingWeighed(Exception):
    """The why ledger has no signal of a contract up to a moment; the message names both."""


class BookRead(msgspec.Struct, frozen=True):
    """A book, and when it was read: wall clock, nanoseconds UTC."""

    book: BookShown
    at: int


class TradesRead(msgspec.Struct, frozen=True):
    """The latest trades, newest first, and when they were read."""

    trades: tuple[Trade, ...]
    at: int


class Weighed(msgspec.Struct, frozen=True, kw_only=True):
    """The entry that would be asked for now, and what every gate says of it.

    Attributes:
        price: the last one, or the one that was given. notional, margin: in settlement currency.
    """

    symbol: str
    side: str
    lots: int
    price: Decimal
    stop: Decimal
    leverage: int
    notional: Decimal
    margin: Decimal
    gates: tuple[GateView, ...]


class CacheView(msgspec.Struct, frozen=True, kw_only=True):
    """How often what was asked had just been read. `seconds`: for how long a reading serves everybody."""

    entries: int
    hits: int
    misses: int
    seconds: float


class Inquiries(Protocol):
    """What an engine of this process can be asked.

    A future fails with `Unanswered`, `NoSuchContract` or `NothingWeighed`.
    """

    @property
    def tape(self) -> MarketTape:
        """What the market said lately."""
        ...

    def book(self, symbol: str) -> Future[BookRead]:
        """Ask for the book of a contract that is traded here."""
        ...

    def trades(self, symbol: str) -> Future[TradesRead]:
        """Ask for everybody's latest trades in a contract that is traded here."""
        ...

    def weigh(self, symbol: str, signal: Signal, price: Decimal | None) -> Future[Weighed]:
        """Ask what the gates would say of an entry, without one."""
        ...

    def assess(self) -> Future[RiskAssessment]:
        """Ask how much is at stake."""
        ...

    def rebalance(self, targets: Mapping[str, Decimal], least_change: Decimal) -> Future[tuple[Rebalance, ...]]:
        """Ask what would bring the account to `targets`, signed shares of the equity by contract."""
        ...

    def why(self, symbol: str, at: int) -> Future[WhyView]:
        """Ask what came of the last signal of a contract up to the market clock `at`."""
        ...

    def why_day(self, day: str) -> Future[WhyDay]:
        """Ask what kept the bot from trading on a market day; empty: today."""
        ...

    def cache(self) -> Future[CacheView]:
        """Ask how often readings served more than one."""
        ...


@runtime_checkable
class Inquirable(Protocol):
    """A handle near enough to its engine to ask it."""

    @property
    def inquiries(self) -> Inquiries:
        """What may be asked."""
        ...


class NearInquiries:
    """`Inquiries` of an engine in this process."""

    def __init__(self, handle: LocalHandle) -> None:
        self._handle = handle

    @property
    def tape(self) -> MarketTape:
        """What the market said lately."""
        return self._handle.tape

    def book(self, symbol: str) -> Future[BookRead]:
        """Ask for a book."""
        return self._handle.inquire(lambda engine: engine.inquirer.book(symbol))

    def trades(self, symbol: str) -> Future[TradesRead]:
        """Ask for trades."""
        return self._handle.inquire(lambda engine: engine.inquirer.trades(symbol))

    def weigh(self, symbol: str, signal: Signal, price: Decimal | None) -> Future[Weighed]:
        """Ask what the gates would say."""
        return self._handle.inquire(lambda engine: engine.inquirer.weigh(symbol, signal, price))

    def assess(self) -> Future[RiskAssessment]:
        """Ask how much is at stake."""
        return self._handle.inquire(lambda engine: engine.inquirer.assess())

    def rebalance(self, targets: Mapping[str, Decimal], least_change: Decimal) -> Future[tuple[Rebalance, ...]]:
        """Ask what would bring the account somewhere."""
        return self._handle.inquire(lambda engine: engine.inquirer.rebalance(targets, least_change))

    def why(self, symbol: str, at: int) -> Future[WhyView]:
        """Ask what came of a signal."""
        return self._handle.inquire(lambda engine: engine.inquirer.why(symbol, at))

    def why_day(self, day: str) -> Future[WhyDay]:
        """Ask what kept the bot from trading."""
        return self._handle.inquire(lambda engine: engine.inquirer.why_day(day))

    def cache(self) -> Future[CacheView]:
        """Ask how often readings served more than one."""
        return self._handle.inquire(lambda engine: engine.inquirer.cache())
