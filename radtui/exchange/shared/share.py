"""The exchange port for one bot of a shared account: its own contracts, orders, positions and money, and no others'."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Final, TypeVar

from radtui.core.account import AccountReport, FundingPaid, PositionReport, Transfer
from radtui.core.book import BookShown, Trade
from radtui.core.core import Core
from radtui.core.facts import Envelope, Executed, FundingSettled
from radtui.core.instrument import Instrument
from radtui.core.link_view import LinkView
from radtui.core.listed import Listed
from radtui.core.market import Candle
from radtui.core.money import ZERO
from radtui.core.order import Fill, OrderReport, OrderRequest
from radtui.exchange.outbox import Outbox
from radtui.exchange.port import AccountMessage, MarketMessage
from radtui.exchange.shared.account import SharedAccount
from radtui.resilience.clock import Clock
from radtui.resilience.observe import FeedObserver

T = TypeVar("T")
AT_ONCE: Final = 4
"""Calls of one bot on their way at the same time, but for what closes, cancels or resolves an order.

The limiter's line is first come, first served: where no bot may stand in it more than so often, each gets its turn.
"""


class Share:
    """One bot's part of a `SharedAccount`. Implements `radtui.exchange.port.Exchange`.

    Args:
        observer: told of what this bot's feeds lost.
    """

    def __init__(self, account: SharedAccount, name: str, *, clock: Clock, observer: FeedObserver) -> None:
        self._account, self._bot = account, name
        self._inner = account.exchange
        self._symbols = frozenset(account.members.by_name[name].symbols)
        self._turn = asyncio.Semaphore(AT_ONCE)
        self._pressing: Callable[[], bool] = lambda: False
        self._market_out: Outbox[MarketMessage] = Outbox(clock, observer, "market feed")
        self._account_out: Outbox[AccountMessage] = Outbox(clock, observer, "account feed")
        self.name, self.speed = self._inner.name, self._inner.speed
        account.join(name, self, self._is_pressing)

    @property
    def ended(self) -> bool:
        """Whether a recorded market has run out."""
        return bool(getattr(self._inner, "ended", False))

    def follow(self, core: Core) -> None:
        """Know the bot's books."""
        self._account.follow(self._bot, core)

    def heard(self, envelope: Envelope) -> None:
        """Hear what the bot publishes: where it has counted something its money is another, and is told anew."""
        if isinstance(envelope.fact, Executed | FundingSettled):
            self._account.counted(self)

    def market_now(self) -> int:
        """Return the market clock, nanoseconds UTC."""
        return self._inner.market_now()

    def press(self, pressing: Callable[[], bool]) -> None:
        """Tell what says whether this bot waits for what is read back."""
        self._pressing = pressing

    async def open(self) -> None:
        """Open the account, unless another bot has."""
        await self._account.open()

    async def close(self) -> None:
        """Leave; the account is closed with the last bot."""
        self.over(None)
        await self._account.leave(self._bot)

    async def instruments(self) -> Sequence[Instrument]:
        """Return the contracts of this bot."""
        listed = await self._in_turn(self._account.readings.listed)
        return [instrument for instrument in listed if instrument.symbol in self._symbols]

    async def contract(self, symbol: str) -> Instrument:
        """Return one contract that is listed, whoever trades it."""
        return await self._in_turn(lambda: self._inner.contract(symbol))

    async def candles(self, symbol: str, span: int, limit: int) -> Sequence[Candle]:
        """Return up to `limit` closed candles of `span` nanoseconds, oldest first."""
        return await self._in_turn(lambda: self._inner.candles(symbol, span, limit))

    async def listed(self) -> Sequence[Listed]:
        """Return every contract that could be traded, whoever trades it."""
        return await self._in_turn(self._inner.listed)

    async def browse(self, symbol: str, span: int, limit: int) -> Sequence[Candle]:
        """Return candles for whoever is in no hurry; not in turn, for they give way to everybody's calls."""
        return await self._account.browsing.of(symbol, span, limit)

    async def book(self, symbol: str) -> BookShown:
        """Return the best levels of both sides of a contract's book."""
        return await self._in_turn(lambda: self._inner.book(symbol))

    async def trades(self, symbol: str) -> Sequence[Trade]:
        """Return the latest trades of a contract."""
        return await self._in_turn(lambda: self._inner.trades(symbol))

    async def place(self, request: OrderRequest) -> str:
        """Send an order; an entry only where all bots together may still open, and in this bot's turn."""
        if request.reduces:
            return await self._told(self._inner.place(request))
        async with self._turn:
            self._account.admit(self._bot, request)
            return await self._told(self._inner.place(request))

    async def cancel(self, symbol: str, client_id: str) -> None:
        """Cancel an order or an untriggered stop."""
        await self._told(self._inner.cancel(symbol, client_id))

    async def cancel_by_id(self, symbol: str, order_id: str) -> None:
        """Cancel an order by the exchange's own id."""
        await self._told(self._inner.cancel_by_id(symbol, order_id))

    async def order(self, symbol: str, client_id: str) -> OrderReport | None:
        """Return the order with this client id in any state."""
        return await self._told(self._inner.order(symbol, client_id))

    async def open_orders(self) -> Sequence[OrderReport]:
        """Return this bot's active orders, and those of strangers in what is its own."""
        found = await self._told(self._account.readings.orders.get())
        return [order for order in found if self._is_ours(order.symbol, order.client_id)]

    async def fills(self, since: int) -> Sequence[Fill]:
        """Return this bot's fills at or after `since` (market clock), oldest first."""
        found = await self._told(self._account.readings.fills.get(since))
        return [fill for fill in found if fill.at >= since and self._is_ours(fill.symbol, fill.client_id)]

    async def funding(self, since: int) -> Sequence[FundingPaid]:
        """Return the funding of this bot's contracts at or after `since` (market clock), oldest first."""
        found = await self._told(self._account.readings.funding.get(since))
        return [paid for paid in found if paid.at >= since and self._owns(paid.symbol)]

    async def transfers(self, since: int) -> Sequence[Transfer]:
        """Return this bot's share of what was moved, and what its budget changed by."""
        found = await self._told(self._account.readings.transfers.get(since))
        return self._account.purses.share(self._bot, found)

    async def positions(self) -> Sequence[PositionReport]:
        """Return the open positions of this bot's contracts."""
        found = await self._told(self._account.readings.positions.get())
        return [position for position in found if self._owns(position.symbol)]

    async def account(self) -> AccountReport:
        """Return this bot's part of the account's money."""
        return self._own(await self._told(self._account.readings.account.get()))

    def skew(self) -> float | None:
        """Return how far its clock is ahead of this machine's; see the port."""
        return self._inner.skew()

    def link(self) -> LinkView:
        """Return how the line to the exchange is: all bots use it."""
        return self._inner.link()

    def market_feed(self) -> AsyncIterator[MarketMessage]:
        """Iterate over ticks and closed candles of this bot's contracts until closed."""
        return self._market_out

    async def account_feed(self) -> AsyncIterator[AccountMessage]:
        """Iterate over what happens to this bot's part of the account until closed."""
        async for message in self._account_out:
            yield self._own(message) if isinstance(message, AccountReport) else message

    def hear_market(self, message: MarketMessage) -> None:
        """Take a message of the market feed."""
        self._market_out.put(message)

    def hear_account(self, message: AccountMessage) -> None:
        """Take a message of the account feed."""
        self._account_out.put(message)

    def missed(self, why: str) -> None:
        """Have everything read again."""
        for out in (self._market_out, self._account_out):
            out.interrupt(0.0, why)

    def over(self, failure: Exception | None) -> None:
        """End the feeds."""
        self._market_out.close(failure)
        self._account_out.close(failure)

    def _is_pressing(self) -> bool:
        return self._pressing()

    def _own(self, whole: AccountReport) -> AccountReport:
        """Return this bot's part as it stands at this moment, beside what the others hold."""
        held = self._account.readings.held(self._owns)
        unrealised = sum((position.unrealised for position in held), ZERO)
        margin = sum((position.margin for position in held), ZERO)
        wallet = self._account.purses.of(self._bot)
        free = max(ZERO, wallet + min(unrealised, ZERO) - margin)
        return AccountReport(
            currency=whole.currency,
            equity=wallet + unrealised,
            wallet=wallet,
            available=min(whole.available, free),
            position_margin=margin,
            unrealised=unrealised,
            elsewhere=self._account.elsewhere(self._bot),
        )

    def _owns(self, symbol: str) -> bool:
        return self._account.members.of_symbol(symbol) == self._bot

    def _is_ours(self, symbol: str, client_id: str) -> bool:
        return self._account.members.of_order(symbol, client_id) == self._bot

    async def _in_turn(self, call: Callable[[], Awaitable[T]]) -> T:
        async with self._turn:
            return await call()

    async def _told(self, answer: Awaitable[T]) -> T:
        """Return an answer about the account once it may be handed on, also where it is a refusal."""
        try:
            return await answer
        finally:
            await self._account.settled()
