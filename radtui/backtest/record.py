"""What a flight leaves: its trades, why it did not trade, and what went wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from radtui.backtest.trades import TradeBook
from radtui.core.facts import AnyFact, BreakerMoved, Evaluated, Executed, FundingSettled, Trouble
from radtui.core.instrument import Instrument
from radtui.core.orders import Order, Purpose
from radtui.core.why_view import GateView

Find = Callable[[str], Order | None]
"""Finds an order of ours by its client id."""


class Record:
    """Takes the facts that core publishes.

    Attributes:
        signals: that wanted to trade. entries: that were let through. turns: that first close what they contradict.
        blocked: how often each gate refused an entry. troubles: what went wrong, by kind. firsts: the first of each.
        trips: market clock, name and reason of each trading breaker that tripped.
    """

    def __init__(self, instruments: dict[str, Instrument]) -> None:
        self.book = TradeBook(instruments)
        self.signals = self.entries = self.turns = 0
        self.blocked: Counter[str] = Counter()
        self.troubles: Counter[str] = Counter()
        self.firsts: dict[str, str] = {}
        self.trips: list[tuple[int, str, str]] = []
        self._takes: dict[type[AnyFact], Callable[[Any, Find], None]] = {
            Executed: self._executed,
            FundingSettled: lambda fact, find: self.book.funded(fact.symbol, fact.amount),
            Evaluated: lambda fact, find: self._weighed(fact.why.gates),
            BreakerMoved: self._tripped,
            Trouble: self._wrong,
        }

    def take(self, fact: AnyFact, find: Find) -> None:
        """Take one fact; `find` finds the order of an execution."""
        take = self._takes.get(type(fact))
        if take is not None:  # most facts tell of orders on their way
            take(fact, find)

    def _executed(self, fact: Executed, find: Find) -> None:
        self.book.fill(fact.fill, _why(find(fact.fill.client_id)))

    def _tripped(self, fact: BreakerMoved, find: Find) -> None:
        if fact.breaker.tripped and fact.breaker.since is not None:
            self.trips.append((fact.breaker.since, fact.breaker.name, fact.why))

    def _wrong(self, fact: Trouble, find: Find) -> None:
        self.troubles[fact.kind] += 1
        self.firsts.setdefault(fact.kind, fact.message)

    def _weighed(self, gates: Sequence[GateView]) -> None:
        refused = [gate.gate for gate in gates if not gate.passed]
        self.signals += 1
        self.turns += not gates
        self.entries += bool(gates) and not refused
        self.blocked.update(refused)


def _why(order: Order | None) -> str:
    if order is None:
        return ""
    return f"stop: {order.why}" if order.purpose is Purpose.STOP and order.why else order.why or order.purpose
