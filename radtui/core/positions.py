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
    """

    stop: Decimal
    target: Decimal | None
    reason: str


class Position(msgspec.Struct, kw_only=True):
    """One open position; mutable, owned by `Positions`.

    Attributes:
        fees: paid so far, both ways. funding: received so far. realised: gross, of its partial exits.
        opened_at: market clock. bare_since: wall clock since when no stop is confirmed; None while one is.
        bare_before: nanoseconds without a confirmed stop before that.
        alarmed: the operator was told that it is bare for too long.
        stop_asked_at, close_asked_at: wall clock of the last attempt.
        report: what the exchange showed last.
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
    stop_asked_at: int = 0
    close_asked_at: int = 0
    report: PositionReport | None = None

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

    def target_met(self, price: Decimal) -> bool:
        """Return whether a trade at `price` is at or beyond the target."""
        target = self.plan.target if self.plan else None
        if target is None:
            return False
        return price >= target if self.lots > 0 else price <= target


class Positions:
    """The book of open positions and of the last prices."""

    def __init__(self) -> None:
        self.open: dict[str, Position] = {}
        self.marks: dict[str, Decimal] = {}
        self.marked_at: dict[str, int] = {}

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
        return sum((self._value(symbol, position) for symbol, position in self.open.items()), ZERO)

    def _profit(self, symbol: str, position: Position) -> Decimal:
        mark = self.marks.get(symbol)
        return ZERO if mark is None else position.holding.unrealised(mark, position.instrument)

    def _value(self, symbol: str, position: Position) -> Decimal:
        mark = self.marks.get(symbol)
        if mark is None:
            return abs(position.holding.cost)
        return abs(position.instrument.notional(mark, position.lots))
