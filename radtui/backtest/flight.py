"""One backtest's flight: core and venue, step by step, in the order in which a paper flight lives them.

In one step the market speaks first (prices, then candles), then the account (fills, orders, positions, money); then
time passes, and a cycle weighs what the strategy said. An order that leaves in it meets the open of the next bar.

Steps in which nothing can happen are leapt over: the venue says which prices meet an order or a position, core which
closes and which moment it would act on, the strategy at which candle it wants something. Of all others both would only
note the price, and are told of it with the step that comes after.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from decimal import Decimal
from typing import Any, Final

from radtui.backtest.curve import EquityCurve
from radtui.backtest.minds import Minds
from radtui.backtest.quiet import Quiet
from radtui.backtest.record import Find
from radtui.backtest.series import Series
from radtui.core.account import AccountReport, FundingPaid, PositionReport
from radtui.core.commands import Cancel, CancelOther, Command, Describe, Place, Read, Say, Seek
from radtui.core.config import CoreConfig
from radtui.core.core import Core
from radtui.core.corridor import Corridor, corridor
from radtui.core.events import (
    AccountReported,
    Described,
    Event,
    ExchangeShown,
    FeedChanged,
    FillReported,
    FundingReported,
    Listed,
    Measured,
    OrderAccepted,
    OrderRefused,
    OrderReported,
    OrderSent,
    OrderSought,
    Passed,
    PositionReported,
    PriceMoved,
    Restored,
    SignalGiven,
    Told,
)
from radtui.core.facts import AnyFact
from radtui.core.instruction import Ask, Instruction
from radtui.core.lifecycle import State
from radtui.core.market import TIMEFRAMES, Ticked
from radtui.core.order import Fill, OrderReport
from radtui.core.signal import HOLD, Signal
from radtui.venue.history import RecordedMarket
from radtui.venue.reach import EVERYWHERE, Reach
from radtui.venue.refusals import VenueRefusal
from radtui.venue.venue import Venue

_WARMUP: Final = 500
_BALANCE: Final = Decimal(10_000)
_SLIPPAGE: Final = Decimal("0.0005")
_ALL: Final = 1 << 62
Saying = Callable[[AnyFact, Find], None]
"""Told of every fact, and of who finds the orders that it is about."""
_HEARD: Final[dict[type, Callable[[int, Any], Event]]] = {
    Fill: FillReported,
    OrderReport: OrderReported,
    PositionReport: PositionReported,
    AccountReport: AccountReported,
    FundingPaid: FundingReported,
}


class Flight:
    """Flies one bot through a market that was recorded, from where that stands to its end.

    Attributes:
        curve: the equity so far. series: the candles that the strategy is fed.

    Args:
        say: told of what core publishes.
        balance: at the start, USDT. slippage: share of the price.
        warmup: closed candles that the strategy is fed before the first decision.
        weighing: told right before what the strategy said is weighed.
        past: what the bot remembers; None: it flies for the first time.
    """

    def __init__(
        self,
        config: CoreConfig,
        market: RecordedMarket,
        minds: Minds,
        say: Saying,
        *,
        balance: Decimal = _BALANCE,
        slippage: Decimal = _SLIPPAGE,
        warmup: int = _WARMUP,
        weighing: Callable[[], None] = lambda: None,
        past: Restored | None = None,
    ) -> None:
        self.series = Series(market, TIMEFRAMES[config.timeframe], warmup)
        self.core = Core(config)
        self.venue = venue = Venue(market, balance=balance, spans=(), warmup=1, slippage=slippage)
        self._minds, self._market, self._instrument = minds, market, market.instruments[0]
        self._quiet = Quiet(market.bars)
        self._queue: deque[Command] = deque()
        self._due: list[tuple[int, Signal]] = []
        self._say, self._find = say, self.core.trading.orders.get
        self._measures, self._weighing = config.measures, weighing
        self._reach: Reach | None = None
        self._corridor: Corridor | None = None
        self._now, self._step = venue.now, venue.step_span
        self._carry: dict[type[Command], Callable[[Any], None]] = {
            Place: self._place,
            Cancel: self._cancel,
            CancelOther: self._cancel_other,
            Seek: self._seek,
            Read: self._read,
            Describe: self._describe,
        }
        self.curve = EquityCurve(venue.account().equity, self._instrument)
        self._begin(past or Restored(self.now))

    @property
    def now(self) -> int:
        """Market clock, and wall clock too: nanoseconds UTC."""
        return self._now

    def step(self, most: int = _ALL) -> int:
        """Live on to the next step at which something may happen, and that one; return how many it took.

        Args:
            most: steps at most, not more than there are.
        """
        market = self._market
        here = market.passed
        self._leap(min(here + most, market.end) - 1)
        self._now += self._step
        closed = self.series.closed(market.passed)
        said = self.venue.advance(self._now)
        places = range(closed, self.series.closed(market.passed))
        self._live(said, places)
        self._note(len(places))
        return market.passed - here

    def _begin(self, past: Restored) -> None:
        now, venue = self.now, self.venue
        self._tell(past)
        self._tell(Told(now, Instruction(id="start", ask=Ask.START, who="backtest")))
        self._tell(Listed(now, venue.instruments))
        self._minds.follow(self.series, self.core.trading.positions)
        for feed in ("market feed", "account feed"):
            self._tell(FeedChanged(now, feed, ""))
        self._read(Read(0))
        self._pump()

    def _leap(self, end: int) -> None:
        """Leap to the bar before the first one that may be more than a price; at most to that before `end`."""
        market, series, here = self._market, self.series, self._market.passed
        if self._reach is None or end <= here:
            return
        if (expected := self._minds.expects()) is not None:
            end = min(end, series.closes(expected))
        end = self._quiet.until(here, end, self._reach, self._corridor)
        if end > here and (word := self._minds.speaks(series.closed(end), self.core.trading.positions)) is not None:
            end = min(end, series.closes(word))
        if end <= here:
            return
        closed = series.closed(here)
        self.venue.leap(market.leap(end - here))
        self._now = market.now
        self._note(series.closed(end) - closed)
        if self._reach.held and self._measures:
            self._measure(series.closed(end) - 1)

    def _live(self, said: Sequence[object], closed: Sequence[int]) -> None:
        """Tell core of a step, and ask the strategy about the candles `closed` once the prices are known."""
        now = self.now
        for message in said:
            if isinstance(message, Ticked):
                self._feed(PriceMoved(now, message.symbol, message.price, message.at))
        for place in closed:
            self._ask(place)
        self._account(said)
        self._pump()
        self._tell(Passed(now, now))
        self._cycle()
        self._look_ahead()

    def _look_ahead(self) -> None:
        """Find out how far the bars may go without anything to do for venue or core."""
        reach, self._corridor = self.venue.reach(self._instrument.symbol), None
        if reach is not None and not self._flat(reach):
            self._corridor = corridor(self.core, self._instrument.symbol)
            reach = reach if self._corridor is not None else None
        self._reach = reach

    def _flat(self, reach: Reach) -> bool:
        """Return whether nothing is open and nothing on its way, here and at the venue."""
        core, trading = self.core, self.core.trading
        rests = core.control.state is State.RUNNING and core.flatten is None
        return rests and reach is EVERYWHERE and not (trading.positions.open or trading.orders.live())

    def _note(self, candles: int) -> None:
        if candles:
            self.curve.add(candles, *self.venue.stake(self._instrument.symbol))

    def _ask(self, place: int) -> None:
        signal = self._minds.word(place, self.core.trading.positions)
        if signal is not HOLD:
            self._due.append((place, signal))
        if self._measures and self._instrument.symbol in self.core.trading.positions.open:
            self._measure(place)

    def _measure(self, place: int) -> None:
        """Tell core how the contract moves, where something asks for it: while it is held, and for what is weighed."""
        measures = self.series.measures(place)
        if measures is not None:
            self._feed(Measured(self.now, self._instrument.symbol, measures))

    def _account(self, said: Sequence[object]) -> None:
        now = self.now
        for message in said:
            event = _HEARD.get(type(message))
            if event is not None:
                self._feed(event(now, message))

    def _cycle(self) -> None:
        if not self._due:
            return
        now, due = self.now, self._due
        self._due = []
        self._weighing()
        self._tell(AccountReported(now, self.venue.account()))
        for place, signal in due:
            candle = self.series.candles[place]
            if self._measures:
                self._measure(place)
            self._tell(SignalGiven(now, candle.symbol, signal, candle.close, candle.closed_at, candle.closed_at))

    def _feed(self, event: Event) -> None:
        self._queue.extend(self.core.handle(event))

    def _tell(self, event: Event) -> None:
        self._feed(event)
        self._pump()

    def _pump(self) -> None:
        queue = self._queue
        while queue:
            command = queue.popleft()
            if type(command) is Say:
                self._say(command.fact, self._find)
                continue
            carry = self._carry.get(type(command))
            if carry is not None:  # the others keep or schedule: nothing here outlives its step
                carry(command)

    def _place(self, command: Place) -> None:
        if self._market.ended:  # no bar is left that it could meet
            return
        client_id = command.request.client_id
        order = self.core.trading.orders.get(client_id)
        if order is None or order.done or order.cancelling:
            self._feed(OrderRefused(self.now, client_id, "withdrawn before it was sent"))
            return
        self._feed(OrderSent(self.now, client_id))
        try:
            report = self.venue.place(command.request)
        except VenueRefusal as refusal:
            self._feed(OrderRefused(self.now, client_id, refusal.message))
            return
        self._account(self.venue.drain())
        order = self.core.trading.orders.get(client_id)
        if order is not None and order.in_flight:  # else its report has said so already
            self._feed(OrderAccepted(self.now, client_id, report.order_id))

    def _cancel(self, command: Cancel) -> None:
        try:
            self.venue.cancel(command.symbol, command.client_id)
        except VenueRefusal:  # done already, or never known: its report says which
            self._seek(Seek(command.symbol, command.client_id, 0))
        self._account(self.venue.drain())

    def _cancel_other(self, command: CancelOther) -> None:
        with suppress(VenueRefusal):  # it is gone already, which the next reading shows
            self.venue.cancel_by_id(command.order_id)
        self._account(self.venue.drain())

    def _seek(self, command: Seek) -> None:
        self._feed(OrderSought(self.now, command.client_id, self.venue.order(command.symbol, command.client_id)))

    def _read(self, command: Read) -> None:
        venue, since = self.venue, command.since
        shown = ExchangeShown(
            self.now,
            self.now,
            tuple(venue.open_orders()),
            tuple(venue.fills(since)),
            tuple(venue.positions()),
            venue.account(),
            tuple(venue.funding(since)),
            (),
        )
        self._feed(shown)

    def _describe(self, command: Describe) -> None:
        known = {instrument.symbol: instrument for instrument in self.venue.instruments}
        self._feed(Described(self.now, command.symbol, known.get(command.symbol), unlisted=True))
