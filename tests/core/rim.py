"""A synchronous rim for tests: core on one side, the real venue on the other, and a journal that keeps a prefix.

Every command waits until it is carried out, with the outcome the test chooses; every message of the venue waits until
it is delivered. So any order of answers, losses and crashes can be played, without a clock and without threads.
"""

from __future__ import annotations

from collections import deque
from contextlib import suppress
from decimal import Decimal
from enum import Enum

from radtui.core.account import AccountReport, FundingPaid, PositionReport
from radtui.core.book import BookShown, Level
from radtui.core.commands import (
    Answer,
    Cancel,
    CancelOther,
    Command,
    Describe,
    End,
    Place,
    Read,
    Remember,
    Say,
    Schedule,
    Seek,
    Survey,
)
from radtui.core.config import CoreConfig, Limits
from radtui.core.core import Core
from radtui.core.events import (
    AccountReported,
    BooksShown,
    Described,
    Event,
    ExchangeShown,
    FillReported,
    FundingReported,
    Listed,
    OrderAccepted,
    OrderRefused,
    OrderReported,
    OrderSent,
    OrderSought,
    OrderUnclear,
    Passed,
    PositionReported,
    PriceMoved,
    ReadFailed,
    Restored,
    SignalGiven,
    Told,
)
from radtui.core.exit_terms import ExitTerms
from radtui.core.facts import AnyFact, OrderChanged, Receipted
from radtui.core.instruction import Ask, ExitPolicy, Instruction, Receipt
from radtui.core.market import MINUTE, SECOND, Candle, Ticked
from radtui.core.order import Fill, OrderReport
from radtui.core.orders import Order, Purpose
from radtui.core.signal import Signal
from radtui.venue.contracts import CONTRACTS
from radtui.venue.refusals import VenueRefusal
from radtui.venue.venue import Venue

SYMBOLS = ("XBTUSDTM", "ETHUSDTM")
UNCHECKED = Limits(losing_streak=1_000, drawdown=Decimal(1), daily_loss=Decimal(1), entries_per_minute=1_000)
"""No breaker trips."""
START = 1_700_000_000 * SECOND // (5 * MINUTE) * (5 * MINUTE)


class Walk:
    """A market of one-second bars that moves by the ticks it is given; flat when it is given none."""

    source = "walk"

    def __init__(self) -> None:
        self.instruments = tuple(CONTRACTS[symbol] for symbol in SYMBOLS)
        self.now = START
        self.step_span = SECOND
        self.ended = False
        self.prices = {"XBTUSDTM": Decimal("60000.0"), "ETHUSDTM": Decimal("3000.00")}
        self.moves: deque[int] = deque()

    def warm(self, span: int, count: int) -> list[Candle]:
        return [
            Candle(s, self.now - (count - n) * span, span, p, p, p, p, Decimal(1))
            for n in range(count)
            for s, p in self.prices.items()
        ]

    def step(self) -> list[Candle]:
        permille = self.moves.popleft() if self.moves else 0
        bars = []
        for instrument in self.instruments:
            before = self.prices[instrument.symbol]
            after = instrument.below(before * (1000 + permille) / 1000)
            self.prices[instrument.symbol] = after
            high, low = max(before, after), min(before, after)
            bars.append(Candle(instrument.symbol, self.now, SECOND, before, high, low, after, Decimal(9)))
        self.now += SECOND
        return bars

    def pack(self) -> bytes:
        raise AssertionError("these tests never pack a market")

    def restore(self, state: bytes) -> None:
        raise AssertionError("these tests never restore a market")


class Outcome(Enum):
    """How a call to the venue ends."""

    OK = "ok"
    LOST_BEFORE = "lost before"
    LOST_AFTER = "lost after"
    REFUSED = "refused"


class Rim:
    """One bot, one venue. `run` is what an undisturbed rim would do."""

    def __init__(
        self,
        *,
        balance: int = 10_000,
        limits: Limits = UNCHECKED,
        symbols: tuple[str, ...] = SYMBOLS,
        terms: ExitTerms = ExitTerms(),  # noqa: B008  # frozen
    ) -> None:
        self.limits, self.symbols, self.terms = limits, symbols, terms
        self.traded = symbols
        self.market = Walk()
        self.venue = Venue(self.market, balance=Decimal(balance), spans=(5 * MINUTE,), warmup=2)
        self.at = START
        self.pending: deque[Command] = deque()
        self.inbox: deque[object] = deque()
        self.journal: list[AnyFact | tuple[str, str, bytes]] = []
        self.durable = 0
        self.receipts: dict[str, Receipt] = {}
        self.entries_sent: list[tuple[str, str]] = []
        self.ended = False
        self.asked = 0
        self.boots = 0
        self.core = self._boot(())

    # events

    def feed(self, event: Event) -> None:
        for command in self.core.handle(event):
            self._take(command)

    def pass_time(self, seconds: float = 1.0, *, moves: tuple[int, ...] = ()) -> None:
        self.market.moves.extend(moves)
        self.at += round(seconds * SECOND)
        self.inbox.extend(self.venue.advance(self.at))
        self.feed(Passed(self.at, self.at))

    def tell(self, ask: Ask, exits: ExitPolicy | None = None, *, foreign: bool = False) -> str:
        self.asked += 1
        told = Instruction(id=f"i{self.asked}", ask=ask, who="test", exits=exits, foreign=foreign)
        self.feed(Told(self.at, told))
        return f"i{self.asked}"

    def signal(self, symbol: str, buy: float, confidence: float = 0.9) -> None:
        price = self.market.prices[symbol]
        signal = Signal(buy=buy, sell=1 - buy, hold=0.0, confidence=confidence, reason="test")
        self.feed(SignalGiven(self.at, symbol, signal, price, self.at))

    def deliver(self, count: int = 1_000_000) -> None:
        for _ in range(min(count, len(self.inbox))):
            self._deliver(self.inbox.popleft())

    # commands

    def carry(self, outcome: Outcome = Outcome.OK) -> None:
        command = self.pending.popleft()
        match command:
            case Place():
                self._place(command, outcome)
            case Cancel(symbol, client_id):
                self._cancel(symbol, client_id, outcome)
            case Seek(symbol, client_id, not_before):
                if self.at < not_before or outcome is not Outcome.OK:
                    self.pending.append(command)
                else:
                    self.feed(OrderSought(self.at, client_id, self.venue.order(symbol, client_id)))
            case Read(since):
                self._read(since, outcome)
            case CancelOther(_, order_id):
                self._cancel_other(order_id, outcome)
            case Describe(symbol):
                self._describe(symbol, outcome)
            case Survey(id_, symbols):
                self.feed(BooksShown(self.at, id_, tuple(self._book(symbol, outcome) for symbol in symbols)))

    def calm(self, rounds: int = 40) -> None:
        """Let everything go well until nothing more is on its way, at most `rounds` times."""
        quiet = 0
        for _ in range(rounds):
            self.deliver()
            for _ in range(len(self.pending)):
                self.carry()
            self.feed_read()
            self.pass_time(1.0)
            self.deliver()
            trading = self.core.trading
            busy = self.pending or self.inbox or trading.orders.unsettled or self.core.flatten is not None
            quiet = 0 if busy else quiet + 1
            if quiet > 2:
                return

    def feed_read(self) -> None:
        self._read(self.core.trading.read_since, Outcome.OK)

    # crash and restart

    def crash(self, keep: int) -> None:
        """Kill the process: of the journal the durable part stays, and `keep` of the writes after it."""
        kept = self.journal[: self.durable + keep]
        self.journal = list(kept)
        self.durable = len(kept)
        self.pending.clear()
        self.inbox.clear()
        self.core = self._boot(tuple(kept))

    def _boot(self, kept: tuple[AnyFact | tuple[str, str, bytes], ...]) -> Core:
        self.boots += 1
        boot = START + self.boots * SECOND
        config = CoreConfig(
            bot="t",
            boot=boot,
            symbols=self.symbols,
            stale_after=3600 * SECOND,
            limits=self.limits,
            exit_terms=self.terms,
        )
        core = Core(config)
        orders: dict[str, Order] = {}
        desired, who, memory = "stopped", "", b""
        receipted: list[str] = []
        for written in kept:
            if isinstance(written, OrderChanged):
                orders[written.order.client_id] = written.order
            elif isinstance(written, Receipted):
                receipted.append(written.receipt.id)
            elif isinstance(written, tuple):
                desired, who, memory = written
        self.core = core
        self.at = max(self.at, self.market.now)
        self.feed(Listed(self.at, tuple(i for i in self.venue.instruments if i.symbol in self.traded)))
        live = tuple(order for order in orders.values() if not order.done)
        done = tuple(order for order in orders.values() if order.done)
        clean, ids = self.boots == 1, tuple(receipted)
        self.feed(Restored(self.at, desired, who, self.at, clean, memory, live, done, receipted=ids))
        for symbol, price in self.market.prices.items():
            self.feed(PriceMoved(self.at, symbol, price, self.at))
        return core

    def _take(self, command: Command) -> None:
        match command:
            case Say(fact, _):
                self.journal.append(fact)
                if isinstance(fact, Receipted):
                    self.receipts[fact.receipt.id] = fact.receipt
            case Remember():
                control = self.core.control
                self.journal.append((control.desired, control.desired_who, self.core.memory()))
            case End():
                self.ended = True
            case Answer(receipt):
                self.receipts[receipt.id] = receipt
            case Schedule():
                return
            case _:
                self.pending.append(command)

    def _place(self, command: Place, outcome: Outcome) -> None:
        request = command.request
        order = self.core.trading.orders.get(request.client_id)
        assert order is not None
        if command.durable_first:
            self.durable = len(self.journal)
        if order.done or order.cancelling:
            self.feed(OrderRefused(self.at, request.client_id, "withdrawn"))
            return
        if order.purpose is Purpose.ENTRY:
            self.entries_sent.append((request.client_id, self.core.control.state))
        self.feed(OrderSent(self.at, request.client_id))
        if outcome is Outcome.REFUSED:
            self.feed(OrderRefused(self.at, request.client_id, "refused by the test"))
            return
        if outcome is Outcome.LOST_BEFORE:
            self.feed(OrderUnclear(self.at, request.client_id, "no answer"))
            return
        try:
            report = self.venue.place(request)
        except VenueRefusal as refusal:
            self.feed(OrderRefused(self.at, request.client_id, str(refusal)))
            return
        self.inbox.extend(self.venue.drain())
        if outcome is Outcome.LOST_AFTER:
            self.feed(OrderUnclear(self.at, request.client_id, "no answer"))
        else:
            self.feed(OrderAccepted(self.at, request.client_id, report.order_id))

    def _cancel(self, symbol: str, client_id: str, outcome: Outcome) -> None:
        if outcome in {Outcome.LOST_BEFORE, Outcome.REFUSED}:
            self.pending.append(Cancel(symbol, client_id))
            return
        try:
            self.venue.cancel(symbol, client_id)
        except VenueRefusal:
            self.pending.append(Seek(symbol, client_id, 0))
        self.inbox.extend(self.venue.drain())
        if outcome is Outcome.LOST_AFTER:
            self.pending.append(Cancel(symbol, client_id))

    def _cancel_other(self, order_id: str, outcome: Outcome) -> None:
        if outcome in {Outcome.OK, Outcome.LOST_AFTER}:
            with suppress(VenueRefusal):
                self.venue.cancel_by_id(order_id)
            self.inbox.extend(self.venue.drain())

    def _describe(self, symbol: str, outcome: Outcome) -> None:
        """Answer with the rules of a contract that the venue has; a refusal says that there is none."""
        if outcome is Outcome.OK:
            self.feed(Described(self.at, symbol, CONTRACTS[symbol]))
        else:
            unlisted = outcome is Outcome.REFUSED
            self.feed(Described(self.at, symbol, None, "there is no such contract", unlisted=unlisted))

    def _book(self, symbol: str, outcome: Outcome) -> BookShown:
        if outcome is not Outcome.OK:
            return BookShown(symbol, failing="no answer")
        seen = self.venue.book(symbol)
        bids, asks = (tuple(Level(price, lots) for price, lots in side) for side in (seen.bids, seen.asks))
        return BookShown(symbol, bids, asks)

    def _read(self, since: int, outcome: Outcome) -> None:
        if outcome is not Outcome.OK:
            self.feed(ReadFailed(self.at, "the exchange does not answer"))
            return
        venue = self.venue
        self.feed(
            ExchangeShown(
                self.at,
                self.at,
                tuple(venue.open_orders()),
                tuple(venue.fills(since)),
                tuple(venue.positions()),
                venue.account(),
                tuple(venue.funding(since)),
            )
        )

    def _deliver(self, message: object) -> None:
        match message:
            case Ticked(symbol, price, at):
                self.feed(PriceMoved(self.at, symbol, price, at))
            case Fill():
                self.feed(FillReported(self.at, message))
            case OrderReport():
                self.feed(OrderReported(self.at, message))
            case PositionReport():
                self.feed(PositionReported(self.at, message))
            case AccountReport():
                self.feed(AccountReported(self.at, message))
            case FundingPaid():
                self.feed(FundingReported(self.at, message))
