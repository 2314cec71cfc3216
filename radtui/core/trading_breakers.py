"""The trading breakers (row S5): limits on how trading may go. Tripped, they admit only what reduces.

They look at every tick, at every closed position and before every entry, at figures that are true: while a message is
on its way the account and our own sums disagree, and what a false equity trips an operator would have to reset.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import msgspec

from radtui.core.breaker_rules import DailyLoss, Drawdown, Figures, Kept, LosingStreak, OrderRate, Rule, Trip
from radtui.core.breaker_view import TradingBreakerView
from radtui.core.commands import Remember
from radtui.core.config import Limits
from radtui.core.desk import Desk
from radtui.core.facts import BreakerMoved
from radtui.core.money import HUNDRED, ratio
from radtui.core.purse import Purse


class TradingBreakers:
    """Four rules and what they found.

    Attributes:
        kept: what survives a restart.
    """

    def __init__(
        self, desk: Desk, purse: Purse, *, equity: Callable[[], Decimal | None], withdraw: Callable[[], None]
    ) -> None:
        self.kept = Kept()
        self._desk = desk
        self._purse = purse
        self._equity = equity
        self._withdraw = withdraw
        self._rules = {rule.name: rule for rule in rules(desk.config.limits)}
        self._figures = Figures(at=0)
        self._values: dict[str, Decimal | None] = {}

    def limit(self, limits: Limits) -> None:
        """Have other limits from the next look on; what is tripped stays so until its time is over or it is reset."""
        self._rules = {rule.name: rule for rule in rules(limits)}

    def look(self) -> None:
        """Judge every rule at this moment of the market clock."""
        self._figures = self._read()
        for rule in self._rules.values():
            self._judge(rule)

    def ended(self, net: Decimal) -> None:
        """A position was closed, and brought `net` after fees and funding."""
        if net > 0:
            self.kept.streak, self.kept.wins = 0, self.kept.wins + 1
        elif net < 0:
            self.kept.streak, self.kept.wins = self.kept.streak + 1, 0
            self.kept.lost_at = self._desk.market_at
        self._look_at(LosingStreak.name)

    def entered(self) -> None:
        """An entry was asked for."""
        self.kept.entered.append(self._desk.market_at)
        self._look_at(OrderRate.name)

    def moved(self, amount: Decimal) -> None:
        """Money was moved in (or out: negative): neither profit nor loss, so what those are counted from moves too."""
        self.kept.day_base += amount
        if self.kept.peak is not None:
            self.kept.peak += amount

    def renew(self, name: str, who: str) -> tuple[bool, str]:
        """Reset the tripped breaker `name`, or all that are tripped; return whether one was, and words for people."""
        if name and name not in self._rules:
            return False, f"there is no breaker {name!r}; there are: {', '.join(self._rules)}"
        tripped = [rule for rule in self._rules.values() if rule.name in self.kept.trips and name in {"", rule.name}]
        renewed = [rule.name for rule in tripped if self._renew(rule, who)]
        if renewed:
            return True, f"reset, counting anew from now: {', '.join(renewed)}"
        if tripped:
            return False, "the equity is not known yet: nothing to count from; nothing was reset"
        return False, f"{name or 'no breaker'} is {'not ' if name else ''}tripped: there is nothing to reset"

    @property
    def tripped(self) -> dict[str, str]:
        """Why each tripped breaker is, by name."""
        return {name: trip.why for name, trip in self.kept.trips.items()}

    def views(self) -> tuple[TradingBreakerView, ...]:
        """Return every breaker as it stood at the last look."""
        return tuple(self._view(rule) for rule in self._rules.values())

    def _look_at(self, name: str) -> None:
        self._figures = msgspec.structs.replace(self._figures, at=self._desk.market_at)
        self._judge(self._rules[name])

    def _read(self) -> Figures:
        equity, sums = self._equity(), self._purse.sums
        if equity is None:
            return msgspec.structs.replace(self._figures, at=self._desk.market_at)
        return Figures(at=self._desk.market_at, equity=equity, peak=sums.peak, day=sums.day, day_start=sums.day_start)

    def _judge(self, rule: Rule) -> None:
        trip = self.kept.trips.get(rule.name)
        if trip is not None and rule.over(self.kept, self._figures, trip.since):
            self._close(rule, "its time is over", "core")
        value = self._values[rule.name] = rule.measure(self.kept, self._figures)
        if rule.name not in self.kept.trips and value is not None and value >= rule.limit:
            self._trip(rule, value)

    def _trip(self, rule: Rule, value: Decimal) -> None:
        why = f"{rule.say(value)}, limit {rule.say(rule.limit)}"
        self.kept.trips[rule.name] = Trip(self._desk.market_at, why)
        self._desk.say(BreakerMoved(self._view(rule), why))
        text = f"{rule.name}: {why}; no entries, open positions keep their stops and targets"
        self._desk.trouble("breaker tripped", text, "risk", "warning")
        self._desk.order(Remember())
        if rule.withdraws:
            self._withdraw()

    def _close(self, rule: Rule, why: str, who: str) -> None:
        del self.kept.trips[rule.name]
        self._values[rule.name] = rule.measure(self.kept, self._figures)
        self._desk.say(BreakerMoved(self._view(rule), why), who)
        self._desk.order(Remember())

    def _renew(self, rule: Rule, who: str) -> bool:
        renewed = rule.renew(self.kept, self._figures)
        if renewed:
            self._close(rule, f"reset by {who}", who)
        return renewed

    def _view(self, rule: Rule) -> TradingBreakerView:
        value, trip = self._values.get(rule.name), self.kept.trips.get(rule.name)
        return TradingBreakerView(
            name=rule.name,
            value="–" if value is None else rule.say(value),
            limit=rule.say(rule.limit),
            share=None if value is None else float(min(ratio(value, rule.limit), Decimal(1)) * HUNDRED),
            tripped=trip is not None,
            since=trip.since if trip else None,
            resets_at=rule.resets_at(self.kept, trip.since) if trip else None,
            why=trip.why if trip else "",
        )


def rules(limits: Limits) -> tuple[Rule, ...]:
    """Return the rules of a profile, in the order in which they are shown."""
    return (
        DailyLoss(limits.daily_loss),
        Drawdown(limits.drawdown),
        LosingStreak(limits.losing_streak, limits.cooldown),
        OrderRate(limits.entries_per_minute),
    )
