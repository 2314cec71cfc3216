"""The port to an exchange: what the engine may ask of any of them, real or simulated.

Every method raises only `radtui.resilience.failures.ExchangeFailure`; every call reports itself to the observer the
adapter was given, by construction: an adapter has one inner door and that door records.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from typing import Protocol

import msgspec

from radtui.core.account import AccountReport, FundingPaid, PositionReport, Transfer
from radtui.core.book import BookShown, Trade
from radtui.core.instrument import Instrument
from radtui.core.link_view import LinkView
from radtui.core.listed import Listed
from radtui.core.market import Candle, Ticked
from radtui.core.order import Fill, OrderReport, OrderRequest


class FeedLost(msgspec.Struct, frozen=True):
    """The feed was interrupted: what was missed must be read again over REST."""

    why: str


class FeedBack(msgspec.Struct, frozen=True):
    """The feed speaks again after `FeedLost`."""


MarketMessage = Ticked | Candle | FeedLost | FeedBack
"""A `Candle` has just closed: one for each span the adapter was given, without gaps and in order."""


AccountMessage = OrderReport | Fill | PositionReport | AccountReport | FundingPaid | FeedLost | FeedBack
"""A `PositionReport` with 0 lots says that the position is closed."""


class Exchange(Protocol):
    """One account on one exchange."""

    name: str
    """``paper`` or ``kucoin``."""

    speed: int
    """Market seconds in a wall second; 1 on a real exchange."""

    def market_now(self) -> int:
        """Return the market clock, nanoseconds UTC (the wall clock on a real exchange)."""
        ...

    def press(self, pressing: Callable[[], bool]) -> None:
        """Tell what says whether a start, a stop, a flatten or a bare position waits for what is read back (row E3)."""
        ...

    async def open(self) -> None:
        """Connect; on the paper exchange, set the market going."""
        ...

    async def close(self) -> None:
        """Disconnect. Orders and stops stay where they rest."""
        ...

    async def instruments(self) -> Sequence[Instrument]:
        """Return the contracts this account trades."""
        ...

    async def contract(self, symbol: str) -> Instrument:
        """Return one contract that is listed, whether this account trades it or not.

        Raises:
            Refused: there is no such contract.
        """
        ...

    async def listed(self) -> Sequence[Listed]:
        """Return every contract that could be traded, with what it turned over in 24 hours."""
        ...

    async def browse(self, symbol: str, span: int, limit: int) -> Sequence[Candle]:
        """Return what `candles` does, of any listed contract, for whoever is in no hurry: it gives way to all else."""
        ...

    async def candles(self, symbol: str, span: int, limit: int) -> Sequence[Candle]:
        """Return up to `limit` closed candles of `span` nanoseconds, oldest first."""
        ...

    async def book(self, symbol: str) -> BookShown:
        """Return the best levels of both sides of a contract's book, as of now."""
        ...

    async def trades(self, symbol: str) -> Sequence[Trade]:
        """Return the latest trades of a contract, everybody's, newest first."""
        ...

    async def place(self, request: OrderRequest) -> str:
        """Send an order and return the exchange's order id: received, not yet filled.

        Raises:
            Refused: definitely not accepted.
            Ambiguous: nobody knows; look it up by its client id.
            Transient: definitely not accepted, may be tried again.
        """
        ...

    async def cancel(self, symbol: str, client_id: str) -> None:
        """Cancel an order or an untriggered stop; done when its report says so.

        Raises:
            Unknown: no such order, or it is done already.
        """
        ...

    async def cancel_by_id(self, symbol: str, order_id: str) -> None:
        """Cancel an order or an untriggered stop by the exchange's own id, whoever placed it.

        Raises:
            Unknown: no such order, or it is done already.
        """
        ...

    async def order(self, symbol: str, client_id: str) -> OrderReport | None:
        """Return the order with this client id in any state, or None where the exchange knows none."""
        ...

    async def open_orders(self) -> Sequence[OrderReport]:
        """Return every active order of the account, untriggered stops included, ours or not."""
        ...

    async def fills(self, since: int) -> Sequence[Fill]:
        """Return the fills at or after `since` (market clock), oldest first."""
        ...

    async def funding(self, since: int) -> Sequence[FundingPaid]:
        """Return the funding settled at or after `since` (market clock), oldest first."""
        ...

    async def transfers(self, since: int) -> Sequence[Transfer]:
        """Return what came into the account or left it without a trade, at or after `since` (market clock)."""
        ...

    async def positions(self) -> Sequence[PositionReport]:
        """Return the open positions."""
        ...

    async def account(self) -> AccountReport:
        """Return the account's money."""
        ...

    def skew(self) -> float | None:
        """Return seconds by which its clock is ahead of this machine's; None where it is unknown or the same clock."""
        ...

    def link(self) -> LinkView:
        """Return how the line to it is: budgets, connections, clock and breakers; empty where there is no line."""
        ...

    def market_feed(self) -> AsyncIterator[MarketMessage]:
        """Iterate over the market's messages until closed."""
        ...

    def account_feed(self) -> AsyncIterator[AccountMessage]:
        """Iterate over the account's messages until closed."""
        ...
