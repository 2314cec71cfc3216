"""The paper exchange: the simulated venue behind the exchange port, with a market clock and seeded faults."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from decimal import Decimal
from typing import Final, NoReturn, TypeVar

from radtui.core.account import AccountReport, FundingPaid, PositionReport, Transfer
from radtui.core.book import BookShown, Level, Trade
from radtui.core.instrument import Instrument
from radtui.core.link_view import LinkView
from radtui.core.listed import Listed
from radtui.core.market import HOUR, SECOND, Candle, Ticked
from radtui.core.money import ZERO
from radtui.core.order import Fill, OrderReport, OrderRequest
from radtui.exchange.outbox import SHORTEST, M, Outbox
from radtui.exchange.port import AccountMessage, MarketMessage
from radtui.resilience.clock import Clock
from radtui.resilience.failures import Ambiguous, ExchangeFailure, RateLimited, Refused, Transient, Unknown
from radtui.resilience.observe import Observer
from radtui.resilience.redaction import named
from radtui.venue.candles import KEPT
from radtui.venue.execution import VenueMessage
from radtui.venue.faults import FEED_FAULTS, Draw, Fault, FaultPlan
from radtui.venue.refusals import VenueRefusal
from radtui.venue.tape import Print
from radtui.venue.venue import Venue

T = TypeVar("T")
Keep = Callable[[str, bytes, Sequence[Candle]], None]
"""Told of the venue's source and packed state, and of the candles that closed since the last time."""

_MARKET_FEED: Final = "market feed"
_ACCOUNT_FEED: Final = "account feed"
_CANCEL: Final = "orders.cancel"
_TRADES: Final = 100
_CATCH_UP: Final = 300
"""Steps taken at most in one go after a stall, so that the loop is not held up."""


class PaperExchange:
    """One account on a `Venue`, in process. Implements `radtui.exchange.port.Exchange`.

    Every call goes through one door that draws its fault, takes its latency and reports to the observer. The venue is
    kept before anything it said of the account is handed out: a fill that was heard of is never unknown to it later.

    Args:
        speed: market seconds in a wall second.
        chunk: wall seconds between two looks at the market; where a step takes longer, the look is at its end.
        keep: where the venue is kept; it must not fail and not block.
    """

    name = "paper"

    def __init__(
        self,
        venue: Venue,
        *,
        clock: Clock,
        observer: Observer,
        faults: FaultPlan,
        speed: int,
        chunk: float = 0.1,
        keep: Keep,
    ) -> None:
        self.speed = speed
        self._venue, self._clock, self._observer, self._faults = venue, clock, observer, faults
        self._chunk = round(chunk * SECOND)
        self._store = keep
        self._pace = max(self._chunk, venue.step_span // speed)
        self._most = max(_CATCH_UP * venue.step_span, 2 * self._chunk * speed)
        self._market_out: Outbox[MarketMessage] = Outbox(clock, observer, _MARKET_FEED)
        self._account_out: Outbox[AccountMessage] = Outbox(clock, observer, _ACCOUNT_FEED)
        self._closed_candles: list[Candle] = []
        self._kept_at = 0
        self._stood_at = venue.now
        self._moving_since: int | None = None
        self._task: asyncio.Task[None] | None = None
        self._down: Transient | None = None

    @property
    def ended(self) -> bool:
        """Whether a recorded market has run out: the feeds stay open and say nothing more."""
        return self._venue.ended

    def market_now(self) -> int:
        """Return the market clock, nanoseconds UTC; it stands still while closed and once the market has ended."""
        if self._moving_since is None:
            return self._stood_at
        return self._stood_at + (self._clock.monotonic() - self._moving_since) * self.speed

    def press(self, pressing: Callable[[], bool]) -> None:
        """Nothing stands between us and this exchange that would hold a reading up."""

    async def open(self) -> None:
        """Set the market going from where it stood."""
        if self._task is not None:
            return
        self._keep(self._known_candles())
        self._moving_since = self._clock.monotonic()
        self._task = asyncio.create_task(self._move(), name="paper market")
        self._task.add_done_callback(self._moved)

    async def close(self) -> None:
        """Stop the market, keep the venue and end the feeds. Orders and stops stay where they rest."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            if self._down is None:
                self._keep()
        self._shut(Transient("The paper exchange is closed: nothing happened. Orders and positions stand as they are."))
        if task is not None:
            await asyncio.gather(task, return_exceptions=True)

    async def instruments(self) -> Sequence[Instrument]:
        """Return the contracts this account trades."""
        return await self._call("contracts", lambda: self._venue.instruments)

    async def contract(self, symbol: str) -> Instrument:
        """Return one contract; see the port for what it raises."""
        for instrument in await self.instruments():
            if instrument.symbol == symbol:
                return instrument
        raise Refused(f"The paper exchange has no contract {symbol}.", code="unknown symbol")

    async def candles(self, symbol: str, span: int, limit: int) -> Sequence[Candle]:
        """Return up to `limit` closed candles of `span` nanoseconds, oldest first."""
        return await self._call("candles", lambda: self._venue.candles(symbol, span, limit))

    async def listed(self) -> Sequence[Listed]:
        """Return the contracts of the market, with what its hourly candles turned over; 0 where it has none."""
        return await self._call("contracts", self._listed)

    async def browse(self, symbol: str, span: int, limit: int) -> Sequence[Candle]:
        """Return what `candles` does: there is no line here that could be held up."""
        return await self.candles(symbol, span, limit)

    async def book(self, symbol: str) -> BookShown:
        """Return the book of this moment."""
        return await self._call("book", lambda: self._book(symbol))

    async def trades(self, symbol: str) -> Sequence[Trade]:
        """Return the latest trades, newest first; none where the market has no volume."""
        return await self._call("trades", lambda: self._trades(symbol))

    async def place(self, request: OrderRequest) -> str:
        """Send an order and return its id; see the port for what it raises."""
        return (await self._call("orders.place", lambda: self._changed(self._venue.place(request)))).order_id

    async def cancel(self, symbol: str, client_id: str) -> None:
        """Cancel an order or a waiting stop; see the port for what it raises."""
        await self._call(_CANCEL, lambda: self._changed(self._venue.cancel(symbol, client_id)))

    async def cancel_by_id(self, symbol: str, order_id: str) -> None:
        """Cancel an order or a waiting stop by the exchange's id; see the port for what it raises."""
        await self._call(_CANCEL, lambda: self._changed(self._venue.cancel_by_id(order_id)))

    async def order(self, symbol: str, client_id: str) -> OrderReport | None:
        """Return the order with this client id in any state, or None where there is none."""
        return await self._call("orders.get", lambda: self._venue.order(symbol, client_id))

    async def open_orders(self) -> Sequence[OrderReport]:
        """Return every active order, untriggered stops included."""
        return await self._call("orders.open", self._venue.open_orders)

    async def fills(self, since: int) -> Sequence[Fill]:
        """Return the fills at or after `since` (market clock), oldest first."""
        return await self._call("fills", lambda: self._venue.fills(since))

    async def funding(self, since: int) -> Sequence[FundingPaid]:
        """Return the funding settled at or after `since` (market clock), oldest first."""
        return await self._call("funding", lambda: self._venue.funding(since))

    async def transfers(self, since: int) -> Sequence[Transfer]:
        """Return nothing: nobody can reach this account but by trading."""
        return ()

    async def positions(self) -> Sequence[PositionReport]:
        """Return the open positions."""
        return await self._call("positions", self._venue.positions)

    async def account(self) -> AccountReport:
        """Return the account's money."""
        return await self._call("account", self._venue.account)

    def skew(self) -> float | None:
        """Return None: it goes by our own clock."""
        return None

    def link(self) -> LinkView:
        """Return nothing: between it and the engine lies no line."""
        return LinkView()

    def market_feed(self) -> AsyncIterator[MarketMessage]:
        """Iterate over ticks and closed candles until closed; of ticks that wait only the last of a symbol is told."""
        return self._market_out

    def account_feed(self) -> AsyncIterator[AccountMessage]:
        """Iterate over what happens to the account until closed."""
        return self._account_out

    async def _call(self, endpoint: str, work: Callable[[], T]) -> T:
        """The one door: every call is drawn a fault, takes its time and is recorded, whatever becomes of it."""
        began = self._clock.monotonic()
        failure = "cancelled"
        try:
            answer = await self._carry_out(endpoint, work, self._faults.draw(endpoint))
            failure = ""
        except ExchangeFailure as error:
            failure = error.kind
            raise
        except Exception as error:
            failure = type(error).__name__
            raise
        finally:
            self._observer.call(endpoint, self._clock.now(), self._clock.monotonic() - began, failure)
        return answer

    async def _carry_out(self, endpoint: str, work: Callable[[], T], draw: Draw) -> T:
        way = draw.latency_ns / 2 / SECOND
        await asyncio.sleep(way)
        if draw.fault is not None and draw.fault is not Fault.TIMEOUT_AFTER:
            await _fail(endpoint, draw)
        if self._down is not None:
            raise self._down
        try:
            answer = work()
        except VenueRefusal as refusal:
            kind = Unknown if endpoint == _CANCEL else Refused
            raise kind(refusal.message, code=refusal.code) from refusal
        finally:  # whatever the exchange answered, it does not arrive
            if draw.fault is Fault.TIMEOUT_AFTER:
                await _fail(endpoint, draw)
        await asyncio.sleep(way)
        return answer

    def _listed(self) -> list[Listed]:
        venue = self._venue
        return [Listed(each, _turnover(each, venue.candles(each.symbol, HOUR, 24))) for each in venue.instruments]

    def _book(self, symbol: str) -> BookShown:
        seen = self._venue.book(symbol)
        bids, asks = (tuple(Level(price, lots) for price, lots in side) for side in (seen.bids, seen.asks))
        return BookShown(symbol, bids, asks)

    def _trades(self, symbol: str) -> list[Trade]:
        printed = self._venue.trades(symbol, _TRADES)
        return [Trade(each.symbol, each.side, each.lots, each.price, each.at) for each in printed]

    def _changed(self, report: OrderReport) -> OrderReport:
        self._hand_out(self._venue.drain())
        return report

    async def _move(self) -> None:
        while not self._venue.ended:
            await self._wait(max(self._clock.monotonic() + self._chunk, self._next_step_at()))
            self._hand_out(self._venue.advance(min(self.market_now(), self._venue.now + self._most)))

    def _next_step_at(self) -> int:
        """Return when the next step is over, in monotonic nanoseconds: rounded up, so that it is over by then."""
        ahead = self._venue.now + self._venue.step_span - self._stood_at
        return (self._moving_since or 0) - (-ahead // self.speed)

    async def _wait(self, until: int) -> None:
        await asyncio.sleep(0)
        while (left := until - self._clock.monotonic()) > 0:  # noqa: ASYNC110 - a loop may wake it a nanosecond early
            await asyncio.sleep(max(left, SHORTEST) / SECOND)

    def _moved(self, task: asyncio.Task[None]) -> None:
        self._stood_at, self._moving_since = self.market_now(), None
        if task.cancelled() or (error := task.exception()) is None:
            return
        broken = Transient(
            f"The paper market broke down ({named(error)}). Orders and positions stand as they were "
            "last kept, and nothing moves any more. Restart radtui."
        )
        self._shut(broken, broken)

    def _shut(self, why: Transient, failure: Transient | None = None) -> None:
        self._down = self._down or why
        self._market_out.close(failure)
        self._account_out.close(failure)

    def _hand_out(self, said: Sequence[VenueMessage]) -> None:
        market: list[MarketMessage] = [m for m in said if isinstance(m, Ticked | Candle)]
        account: list[AccountMessage] = [m for m in said if not isinstance(m, Ticked | Candle | Print)]
        self._closed_candles += [m for m in market if isinstance(m, Candle)]
        if account or self._clock.monotonic() + self._pace - self._kept_at >= SECOND or self._venue.ended:
            self._keep()
        if market:
            self._speak(self._market_out, _MARKET_FEED, market)
            self._note_topics(market)
        if account:
            self._speak(self._account_out, _ACCOUNT_FEED, account)

    def _known_candles(self) -> list[Candle]:
        symbols = [instrument.symbol for instrument in self._venue.instruments]
        series = [self._venue.candles(symbol, span, KEPT) for symbol in symbols for span in self._venue.spans]
        return [candle for candles in series for candle in candles]

    def _keep(self, candles: Sequence[Candle] = ()) -> None:
        self._kept_at = self._clock.monotonic()
        closed, self._closed_candles = self._closed_candles, []
        self._store(self._venue.source, self._venue.pack(), [*candles, *closed])

    def _note_topics(self, messages: Sequence[MarketMessage]) -> None:
        if self._market_out.speaks:
            now = self._clock.now()
            for symbol in dict.fromkeys(m.symbol for m in messages if isinstance(m, Ticked)):
                self._observer.topic(symbol, now)

    def _speak(self, out: Outbox[M], name: str, messages: Sequence[M]) -> None:
        draw = self._faults.draw(name, FEED_FAULTS)
        if draw.fault is Fault.SILENCE:
            out.silence(draw.seconds)
        elif draw.fault is Fault.GAP:
            out.interrupt(draw.seconds, f"the {name} was interrupted for {draw.seconds:.1f} s (a simulated fault)")
        for message in messages:
            out.put(message)


def _turnover(instrument: Instrument, candles: Sequence[Candle]) -> Decimal:
    return sum((abs(instrument.notional(each.close, 1)) * each.volume for each in candles), ZERO)


async def _fail(endpoint: str, draw: Draw) -> NoReturn:
    """Raise what the drawn fault is to the caller, after the time it takes to notice."""
    if draw.fault is Fault.ERROR:
        raise Transient(f"{endpoint}: the connection broke on the way out (a simulated fault). Nothing happened.")
    if draw.fault is Fault.RATE_LIMIT:
        raise RateLimited(
            f"{endpoint}: too many requests (a simulated fault). Nothing happened; wait for {draw.seconds:.1f} s.",
            retry_after=draw.seconds,
        )
    await asyncio.sleep(draw.seconds)
    raise Ambiguous(
        f"{endpoint}: no answer in time ({draw.seconds:.1f} s, a simulated fault). It may have been carried out: look "
        "it up before anything is repeated.",
        code="timeout",
    )
