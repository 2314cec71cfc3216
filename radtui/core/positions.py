"""Open positions of this bot: what they hold, what protects them, and how long they were bare."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from radtui.core.account import PositionReport
from radtui.core.holding import Holding
from radtui.core.instrument import Instrument
from radtui.core.money import ZERO
from radtui.core.order import Fill, Side


class Plan(msgspec.Struct, frozen=True):
    """Where a position should end, decided with its entry.

    Attributes:
        stop: its stop's trigger. target: where its profit is taken; None for none.
        rule: the exit rule that has moved the stop to where it is; empty while it is the entry's own.
        followed: the exit rules look after the position; one that was found keeps its stop and its target.
    """

    stop: Decimal
    target: Decimal | None
    reason: str
    rule: str = ""
    followed: bool = False

    def stopped_at(self, price: Decimal, lots: int) -> bool:
        """Return whether the stop of signed `lots` fires at `price`, so that one placed there fires at once."""
        return price <= self.stop if lots > 0 else price >= self.stop


class Attempts(msgspec.Struct):
    """Tries at one thing, until one of them is answered.

    Attributes:
        at: wall clock of the last one. count: how many in a row without a definite answer. last: its order.
    """

    at: int = 0
    count: int = 0
    last: str = ""


class Position(msgspec.Struct, kw_only=True):
    """One open position; mutable, owned by `Positions`.

    Attributes:
        fees: paid so far, both ways. funding: received so far. realised: gross, of its partial exits.
        opened_at: market clock. bare_since: wall clock since when no stop is confirmed; None while one is.
        bare_before: nanoseconds without a confirmed stop before that.
        alarmed: the operator was told that it is bare for too long.
        stop_tries, close_tries: at placing its stop and at closing it. stop_sought_at: wall clock of the last look-up.
        report: what the exchange showed last, at the wall clock `shown_at`.
        best: the best price since the entry, as far as it was heard; None before the first.
    """

    instrument: Instrument
    holding: Holding
    leverage: int
    opened_at: int
    plan: Plan | None = None
    fees: Decimal = ZERO
    funding: Decimal = ZERO
    realised: Decimal = ZERO
    bare_since: int | None = None
    bare_before: int = 0
    alarmed: bool = False
    stop_tries: Attempts = msgspec.field(default_factory=Attempts)
    close_tries: Attempts = msgspec.field(default_factory=Attempts)
    stop_sought_at: int = 0
    report: PositionReport | None = None
    shown_at: int = 0
    best: Decimal | None = None

    @property
    def lots(self) -> int:
        """Signed lots."""
        return self.holding.lots

    @property
    def closing_side(self) -> Side:
        """The side of an order that makes it smaller."""
        return Side.SELL if self.lots > 0 else Side.BUY

    @property
    def net(self) -> Decimal:
        """What it brought once closed: gross profit − fees + funding."""
        return self.realised - self.fees + self.funding

    def bare(self, at: int) -> int:
        """Return nanoseconds it was without a confirmed stop, up to the wall clock `at`."""
        return self.bare_before + (at - self.bare_since if self.bare_since is not None else 0)

    def show(self, report: PositionReport | None, at: int) -> None:
        """Note how the exchange shows it at the wall clock `at`."""
        self.report, self.shown_at = report, at

    def restart(self, at: int) -> None:
        """Forget what only the run before knew: whether its stop rests is asked again at once.

        So it is also where the clock of this run is behind that of the last.
        """
        self.bare_since, self.report = at, None
        self.stop_tries, self.close_tries = Attempts(), Attempts()
        self.stop_sought_at = self.shown_at = 0

    def covered(self, at: int, since: int) -> None:
        """Note that a stop is confirmed, which was asked for at the wall clock `since`.

        One that was asked for before the position seemed bare rested there all along: only our knowledge was missing.
        """
        if self.bare_since is not None and since >= self.bare_since:
            self.bare_before += at - self.bare_since
        self.bare_since = None
        self.alarmed = False

    def note_best(self, price: Decimal) -> bool:
        """Note a price; return whether it is the best one since the entry."""
        if self.best is not None and (price - self.best) * self.lots <= 0:
            return False
        self.best = price
        return True

    def tighter(self, price: Decimal) -> bool:
        """Return whether a stop at `price` would lie nearer to the market than the planned one."""
        return self.plan is None or (price - self.plan.stop) * self.lots > 0

    def target_met(self, price: Decimal) -> bool:
        """Return whether a trade at `price` is at or beyond the target."""
        target = self.plan.target if self.plan else None
        if target is None:
            return False
        return price >= target if self.lots > 0 else price <= target


class Positions:
    """The book of open positions and of the last prices.

    Attributes:
        open: what we hold and look after. left: what somebody else holds, and by policy is left alone.
        paired: contracts with a long and a short position at once (hedge mode), both as the exchange showed them last.
        marks, marked_at: last price of each symbol, and the wall clock of it.
        spreads: between bid and ask, a share of the ask, of each symbol whose exchange tells them.
    """

    def __init__(self) -> None:
        self.open: dict[str, Position] = {}
        self.left: dict[str, PositionReport] = {}
        self.paired: dict[str, tuple[PositionReport, ...]] = {}
        self.marks: dict[str, Decimal] = {}
        self.marked_at: dict[str, int] = {}
        self.spreads: dict[str, Decimal] = {}

    def taken(self, symbol: str) -> bool:
        """Return whether anybody holds a position there: one position a symbol is all that we can tell apart."""
        return symbol in self.open or symbol in self.left or symbol in self.paired

    def holds(self, report: PositionReport) -> bool:
        """Return whether a position that the exchange shows is one that we look after."""
        held = self.open.get(report.symbol)
        return held is not None and not report.beside(held.lots)

    def strangers(self) -> list[PositionReport]:
        """Return the positions of somebody else, by symbol; of a pair what is not ours."""
        pairs = [report for pair in self.paired.values() for report in pair if not self.holds(report)]
        return sorted([*self.left.values(), *pairs], key=lambda report: (report.symbol, report.lots))

    def price_now(self, symbol: str, at: int, stale: int) -> Decimal | None:
        """Return the last price, else the exchange's mark; None where neither is younger than `stale` nanoseconds."""
        held = self.open[symbol]
        if symbol in self.marks and at - self.marked_at[symbol] < stale:
            return self.marks[symbol]
        return held.report.mark or None if held.report is not None and at - held.shown_at < stale else None

    def mark(self, symbol: str) -> Decimal | None:
        """Return the last price of an open position, else the exchange's mark: not every contract is followed."""
        held = self.open[symbol]
        return self.marks.get(symbol) or (held.report.mark or None if held.report is not None else None)

    def fill(self, fill: Fill, instrument: Instrument, plan: Plan | None, leverage: int, at: int) -> Decimal | None:
        """Add an execution; return the gross profit it realised, None where it only opened.

        A position that reaches 0 lots stays until `drop`, so that its end can be told.
        """
        position = self.open.get(fill.symbol)
        if position is None:
            position = self.open[fill.symbol] = Position(
                instrument=instrument,
                holding=Holding(),
                leverage=leverage,
                opened_at=fill.at,
                plan=plan,
                bare_since=at,
            )
        before = position.holding
        position.holding, realised = before.after(fill.signed_lots, fill.price, instrument)
        position.fees += fill.fee
        position.realised += realised
        return realised if before.lots * fill.signed_lots < 0 else None

    def adopt(self, report: PositionReport, instrument: Instrument, plan: Plan, at: int) -> Position:
        """Take over a position that only the exchange knew."""
        cost = instrument.notional(report.entry, report.lots)
        position = self.open[report.symbol] = Position(
            instrument=instrument,
            holding=Holding(report.lots, cost),
            leverage=report.leverage,
            opened_at=report.opened_at,
            plan=plan,
            bare_since=at,
            report=report,
            shown_at=at,
        )
        return position

    def drop(self, symbol: str) -> Position:
        """Forget a position that is closed, and return it."""
        return self.open.pop(symbol)

    def unrealised(self) -> Decimal:
        """Return the open profit of all, at the last prices; a position without a price yet counts as 0."""
        return sum((self._profit(symbol, position) for symbol, position in self.open.items()), ZERO)

    def notional(self) -> Decimal:
        """Return the unsigned value of all, at the last prices, else at cost."""
        return sum(self.notionals(), ZERO)

    def notionals(self) -> list[Decimal]:
        """Return the unsigned value of each, at the last price, else at cost."""
        return [self._value(symbol, position) for symbol, position in self.open.items()]

    def _profit(self, symbol: str, position: Position) -> Decimal:
        mark = self.mark(symbol)
        return ZERO if mark is None else position.holding.unrealised(mark, position.instrument)

    def _value(self, symbol: str, position: Position) -> Decimal:
        mark = self.mark(symbol)
        if mark is None:
            return abs(position.holding.cost)
        return abs(position.instrument.notional(mark, position.lots))
