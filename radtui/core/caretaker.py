"""Looks after open positions by the exit rules (row W4): at every price, and where no price comes, at every tick.

Like all exits it fails open: no state, gate or journal holds it up. Only before the exchange was first read it waits:
what our books hold may be gone, and what stands there may be somebody else's. It looks after what a strategy's entry
opened; what was found on the exchange (row W6), or opened by hand, keeps the stop and the target that it was given. A
position is only ever closed as a whole, and its stop only ever moved nearer to the market.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from radtui.core.desk import Desk
from radtui.core.exit_rules import Close, Look, Tighten, advise, aged
from radtui.core.exit_terms import ExitTerms
from radtui.core.exits import Exits
from radtui.core.positions import Plan, Position, Positions
from radtui.core.protection import Protection

STEP: Final = Decimal("0.001")
"""A stop is moved only where it gets nearer by this share of the price: each move is two requests."""


class Caretaker:
    """Closes positions and tightens stops as the rules advise."""

    def __init__(self, desk: Desk, positions: Positions, exits: Exits, protection: Protection) -> None:
        self._desk = desk
        self._positions = positions
        self._exits = exits
        self._protection = protection

    def look(self, symbol: str, price: Decimal) -> None:
        """Judge a position at a new price."""
        position = self._positions.open[symbol]
        if not position.lots or not self._exits.awake:
            return
        if position.target_met(price):
            self._exits.close(symbol, f"target met at {price}", "target")
        elif (plan := self.followed(position)) is not None:
            self._follow(position, plan, price)

    def look_at_ages(self) -> None:
        """Close what was held for too long, also where its price is not heard."""
        if not self._exits.awake:
            return
        for symbol, position in list(self._positions.open.items()):
            old = aged(self._desk.market_at - position.opened_at, self._terms)
            if old is not None and position.lots and self.followed(position) is not None:
                self._close(symbol, old)

    @property
    def _terms(self) -> ExitTerms:
        return self._desk.config.exit_terms

    def followed(self, position: Position) -> Plan | None:
        """Return the plan of a position that the rules look after; None of any other."""
        plan = position.plan
        return plan if plan is not None and plan.followed and self._terms.active else None

    def _follow(self, position: Position, plan: Plan, price: Decimal) -> None:
        extreme = position.note_best(price)
        advice = advise(self.seen(position, plan, price, extreme=extreme), self._terms)
        if isinstance(advice, Close):
            self._close(position.instrument.symbol, advice)
        elif isinstance(advice, Tighten) and _worth_it(position, plan, advice.stop):
            self._protection.tighten(position.instrument.symbol, advice.stop, advice.rule)

    def _close(self, symbol: str, advice: Close) -> None:
        self._exits.close(symbol, f"{advice.rule}: {advice.why}", advice.rule)

    def seen(self, position: Position, plan: Plan, price: Decimal, *, extreme: bool) -> Look:
        """Return a position as the rules see it at a price."""
        symbol = position.instrument.symbol
        return Look(
            sign=1 if position.lots > 0 else -1,
            entry=position.holding.entry(position.instrument),
            price=price,
            extreme=extreme,
            target=plan.target,
            leverage=max(position.report.leverage if position.report else position.leverage, 1),
            age=self._desk.market_at - position.opened_at,
            measures=self._desk.measures.get(symbol),
        )


def _worth_it(position: Position, plan: Plan, stop: Decimal) -> bool:
    nearer = (stop - plan.stop) * (1 if position.lots > 0 else -1)
    return nearer >= STEP * stop
