"""What was decided, candle by candle: the same of a recorded flight and of a replay, so that they can be compared."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import msgspec

from radtui.core.facts import AnyFact, Evaluated, Executed, OrderChanged, PositionChanged
from radtui.core.money import ZERO, ratio
from radtui.core.order import Fill
from radtui.core.orders import Purpose
from radtui.core.signal import Action, Signal
from radtui.core.why_view import GateView, WhyView

Key = tuple[int, str]
"""When the candle closed, market clock in nanoseconds UTC, and its symbol."""


class Done(msgspec.Struct):
    """The fills of what a decision asked for, of one purpose: signed lots, and Σ price × lots."""

    lots: int = 0
    worth: Decimal = ZERO

    def add(self, fill: Fill) -> None:
        """Count a fill."""
        self.lots += fill.signed_lots
        self.worth += fill.price * fill.lots

    @property
    def price(self) -> Decimal:
        """The average."""
        return ratio(self.worth, Decimal(abs(self.lots)))


class Decision(msgspec.Struct, kw_only=True):
    """What a strategy said at the close of a candle, and what came of it; grows as facts come in.

    Attributes:
        price: at which the candle closed. held: signed lots before it.
        outcome: in words; empty where it was not weighed. gates: every verdict, empty where none was asked.
        fills: of what it asked for, with what for. done: the same by purpose, once the log is cut.
    """

    symbol: str
    closed_at: int
    signal: Signal
    price: Decimal
    held: int
    outcome: str = ""
    gates: tuple[GateView, ...] = ()
    fills: list[tuple[Purpose, Fill]] = []
    done: dict[Purpose, Done] = {}

    @property
    def action(self) -> Action:
        """What it wanted."""
        return self.signal.action

    @property
    def refused(self) -> tuple[str, ...]:
        """The gates that refused it."""
        return tuple(gate.gate for gate in self.gates if not gate.passed)


class Log:
    """All decisions of a flight, made of its signals and facts as they come.

    Attributes:
        decisions: by candle and symbol.
    """

    def __init__(self) -> None:
        self.decisions: dict[Key, Decision] = {}
        self._latest: dict[str, Decision] = {}
        self._wanting: dict[str, Decision] = {}
        self._held: dict[str, int] = {}
        self._orders: dict[str, tuple[Decision, Purpose]] = {}

    def hold(self, held: Sequence[tuple[str, int]]) -> None:
        """Take what the exchange shows of positions: symbols and signed lots."""
        self._held = dict(held)

    def signal(self, symbol: str, closed_at: int, signal: Signal, price: Decimal) -> None:
        """Take what a strategy said."""
        held = self._held.get(symbol, 0)
        said = Decision(symbol=symbol, closed_at=closed_at, signal=signal, price=price, held=held)
        self.decisions[closed_at, symbol] = self._latest[symbol] = said
        if said.action is not Action.HOLD:
            self._wanting[symbol] = said

    def take(self, fact: AnyFact) -> None:
        """Take what core said."""
        match fact:
            case Evaluated(why=why) if (said := self._meant(why)) is not None:
                said.outcome, said.gates = why.outcome, why.gates
            case PositionChanged(position=position):
                self._held[position.symbol] = position.lots
            case OrderChanged(order=order) if (said := self._wanting.get(order.request.symbol)) is not None:
                self._orders.setdefault(order.request.client_id, (said, order.purpose))
            case Executed(fill=fill) if (asked := self._orders.get(fill.client_id)) is not None:
                said, purpose = asked
                said.fills.append((purpose, fill))

    def _meant(self, why: WhyView) -> Decision | None:
        """Return what was weighed: the latest, unless it is the other half of a reversal that had to wait for fills."""
        latest = self._latest.get(why.symbol)
        return latest if latest is None or latest.action == why.action else self._wanting.get(why.symbol)

    def between(self, begin: int, end: int, span: int) -> dict[Key, Decision]:
        """Return the decisions at candles that closed after `begin`, and at `end` at the latest.

        Args:
            span: nanoseconds of a candle: fills count up to one candle after the last decision. Later the one may
                still have been flown and the other not.
        """
        told = {key: said for key, said in sorted(self.decisions.items()) if begin < key[0] <= end}
        until = max((closed_at for closed_at, _ in told), default=0) + span
        return {key: msgspec.structs.replace(said, done=_done(said.fills, until)) for key, said in told.items()}


def _done(fills: Sequence[tuple[Purpose, Fill]], until: int) -> dict[Purpose, Done]:
    done: dict[Purpose, Done] = {}
    for purpose, fill in fills:
        if fill.at < until:
            done.setdefault(purpose, Done()).add(fill)
    return done
