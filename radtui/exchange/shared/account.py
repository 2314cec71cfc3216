"""One account behind one exchange connection, and the bots that share it (row A4).

Opened with the first bot and closed with the last; what the exchange tells is told to whom it belongs, and read once
for all. A bot that ends, however it does, takes nothing with it.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from decimal import Decimal
from typing import Final, Protocol, TypeVar

from radtui.core.account import AccountReport, FundingPaid, PositionReport
from radtui.core.core import Core
from radtui.core.exposure import Elsewhere, Exposure, together
from radtui.core.market import Candle, Ticked
from radtui.core.order import Fill, OrderReport, OrderRequest
from radtui.core.own_exposure import own_exposure
from radtui.exchange.port import AccountMessage, Exchange, MarketMessage
from radtui.exchange.shared.browsing import Browsing
from radtui.exchange.shared.limits import AccountLimits
from radtui.exchange.shared.members import Members
from radtui.exchange.shared.purses import Allotment, Purses
from radtui.exchange.shared.readings import Readings
from radtui.resilience.clock import Clock
from radtui.resilience.failures import ExchangeFailure, Refused
from radtui.resilience.redaction import named

M = TypeVar("M", MarketMessage, AccountMessage)
_STUMBLED: Final = 1.0
"""Seconds of rest after a fault of ours in handing messages on."""


class Ear(Protocol):
    """One bot, as the account tells it of what happens."""

    def hear_market(self, message: MarketMessage) -> None:
        """Take a message of the market feed."""
        ...

    def hear_account(self, message: AccountMessage) -> None:
        """Take a message of the account feed."""
        ...

    def missed(self, why: str) -> None:
        """Hear that messages of either feed may have been lost."""
        ...

    def over(self, failure: Exception | None) -> None:
        """Hear that the feeds are over, and of what."""
        ...


class _Seat:
    """What is known of one bot: who hears for it, and whether it is in a hurry."""

    __slots__ = ("ear", "pressing")

    def __init__(self, ear: Ear, pressing: Callable[[], bool]) -> None:
        self.ear = ear
        self.pressing = pressing


class SharedAccount:
    """The account that several bots share.

    Args:
        settled: waited for before anything that the exchange said of the account is handed on. On paper that is until
            the venue is kept, so that no bot's journal knows of a fill that the venue could forget; it never fails.
        before, keep: see `Purses`. closed: called once the exchange is closed.

    Attributes:
        exchange: the connection. members: its bots. readings: of the whole account. purses: whose money is whose.
        browsing: what the scanners of all bots look at.
        closed: the last bot has left, and nobody can join any more.
    """

    def __init__(
        self,
        exchange: Exchange,
        members: Members,
        limits: AccountLimits,
        clock: Clock,
        *,
        settled: Callable[[], Awaitable[object]] | None = None,
        before: Allotment | None = None,
        keep: Callable[[Allotment], None] = lambda allotment: None,
        closed: Callable[[], None] = lambda: None,
    ) -> None:
        budgets = {member.name: member.budget for member in members.by_name.values()}
        self.exchange, self.members, self._limits = exchange, members, limits
        self.purses = Purses(budgets, clock, part=self._part, agreed=self._agreed, before=before, keep=keep)
        self.browsing = Browsing(exchange)
        self.readings = Readings(exchange, clock, self._pressing, lambda money: self.purses.read(money.wallet))
        self._settled, self._on_close = settled, closed
        self.closed = False
        self._seats: dict[str, _Seat] = {}
        self._books: dict[str, Core] = {}
        self._opening: asyncio.Lock | None = None
        self._pumps: tuple[asyncio.Task[None], ...] = ()
        exchange.press(self._pressing)

    def join(self, name: str, ear: Ear, pressing: Callable[[], bool]) -> None:
        """Have a bot hear what is its own: before anybody opens, or while others fly."""
        self._seats[name] = _Seat(ear, pressing)

    def follow(self, name: str, core: Core) -> None:
        """Know a bot's books: they say what it holds from the moment it intends it, and what of the money is its."""
        self._books[name] = core

    def counted(self, ear: Ear) -> None:
        """Tell a bot that has counted something its money, and the others theirs where that explains a difference."""
        money, differed = self.readings.money, self.purses.counted()
        if money is not None:
            for each in [seat.ear for seat in self._seats.values()] if differed else [ear]:
                each.hear_account(money)

    async def settled(self) -> None:
        """Wait until what the exchange said may be handed on."""
        if self._settled is not None:
            await self._settled()

    async def open(self) -> None:
        """Open the exchange, unless a bot has."""
        self._opening = self._opening or asyncio.Lock()
        async with self._opening:
            if self._pumps:
                return
            await self.exchange.open()
            self._pumps = (
                asyncio.create_task(self._pump(self.exchange.market_feed, self._market), name="shared market feed"),
                asyncio.create_task(self._pump(self.exchange.account_feed, self._account), name="shared account feed"),
            )

    async def leave(self, name: str) -> None:
        """Let a bot go; the exchange is closed with the last one."""
        self._seats.pop(name, None)
        if self._seats:
            return
        self.closed = True
        for pump in self._pumps:
            pump.cancel()
        await asyncio.gather(*self._pumps, return_exceptions=True)
        await self.readings.stop()
        try:
            await self.exchange.close()
        finally:
            self._on_close()

    def elsewhere(self, name: str) -> Elsewhere | None:
        """Return what the others hold and all together may; None before the account was read."""
        money = self.readings.money
        if money is None:
            return None
        return Elsewhere(
            held=together(self._exposure(other) for other in self.members.by_name if other != name),
            exposure_limit=money.equity * self._limits.exposure,
            margin_limit=money.equity * self._limits.margin_share,
        )

    def admit(self, name: str, request: OrderRequest) -> None:
        """Let an entry through that its bot has in its books, or refuse it: two may have decided in one moment.

        Raises:
            Refused: all bots together would hold too much. It was not sent.
        """
        elsewhere, core = self.elsewhere(name), self._books.get(name)
        if elsewhere is None or core is None:
            raise Refused("the account was not read yet, so no entry leaves; nothing was sent", code="account")
        own = self._exposure(name)
        after = own.beside(elsewhere.held)
        instrument, mark = core.desk.instruments[request.symbol], core.trading.positions.marks.get(request.symbol)
        value = instrument.notional(mark or request.price or Decimal(0), request.lots) * request.side.sign
        before = after.plus(instrument.base, -value)
        if after.gross > elsewhere.exposure_limit and after.gross >= before.gross:
            raise _too_much("exposure", after.gross, elsewhere.exposure_limit)
        if after.margin > elsewhere.margin_limit:
            raise _too_much("margin", after.margin, elsewhere.margin_limit)

    def _exposure(self, name: str) -> Exposure:
        """Return a bot's exposure: by its own books while it flies, else as the exchange shows it."""
        core = self._books.get(name)
        if core is None or name not in self._seats or not core.recovered:
            return self.readings.exposure(lambda symbol: self.members.of_symbol(symbol) == name)
        return own_exposure(core.trading.positions, core.trading.orders, core.desk.instruments)

    def _part(self, name: str) -> Decimal | None:
        core = self._books.get(name)
        return None if core is None else core.trading.purse.sums.wallet

    def _agreed(self) -> bool:
        flies = self._seats.keys() & self._books.keys()
        return flies == self.members.by_name.keys() and all(self._books[name].recovered for name in flies)

    def _pressing(self) -> bool:
        return any(seat.pressing() for seat in self._seats.values())

    def _market(self, message: MarketMessage) -> None:
        if isinstance(message, Ticked | Candle):
            self._tell_one(self.members.of_symbol(message.symbol), lambda ear: ear.hear_market(message))
        else:
            self._tell_all(lambda ear: ear.hear_market(message))

    def _account(self, message: AccountMessage) -> None:
        self.readings.note(message)
        match message:
            case OrderReport() | Fill():
                owner = self.members.of_order(message.symbol, message.client_id)
            case PositionReport() | FundingPaid():
                owner = self.members.of_symbol(message.symbol)
            case _:
                self._tell_all(lambda ear: ear.hear_account(message))
                return
        self._tell_one(owner, lambda ear: ear.hear_account(message))

    def _tell_one(self, name: str, tell: Callable[[Ear], None]) -> None:
        if (seat := self._seats.get(name)) is not None:
            tell(seat.ear)

    def _tell_all(self, tell: Callable[[Ear], None]) -> None:
        for seat in tuple(self._seats.values()):
            tell(seat.ear)

    async def _pump(self, feed: Callable[[], AsyncIterator[M]], take: Callable[[M], None]) -> None:
        """Hand a feed's messages on until it is over; a fault of ours loses some, which is told, and goes on."""
        while True:
            try:
                async for message in feed():
                    if isinstance(message, Fill | OrderReport | AccountReport | PositionReport | FundingPaid):
                        await self.settled()
                    take(message)
            except ExchangeFailure as failure:
                self._over(failure)
                return
            except Exception as error:  # supervision point: a fault in handing on must not end every bot's feed
                why = f"a message could not be handed on: {named(error)}"
                self._tell_all(lambda ear: ear.missed(why))  # noqa: B023 - it is called at once
                await asyncio.sleep(_STUMBLED)
            else:
                self._over(None)
                return

    def _over(self, failure: Exception | None) -> None:
        self._tell_all(lambda ear: ear.over(failure))


def _too_much(what: str, value: Decimal, limit: Decimal) -> Refused:
    return Refused(
        f"account {what}: all bots together would hold {value:,.2f} USDT, and {limit:,.2f} is the account's limit. "
        "Nothing was sent.",
        code=f"account {what}",
    )
