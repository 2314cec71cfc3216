"""When a position ends, and when its stop moves nearer (row W4): small pure rules, each with its name.

A rule closes the whole position or wants the stop at a price; it never closes a part of one. What it wants is taken
only where that is nearer to the market than the stop that rests: no rule loosens what another one has tightened.
Source of the figures: the row, which keeps those of the KuCoin ancestor; `radtui.core.exit_terms.HOUSE` has them.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Final

import msgspec

from radtui.core.exit_terms import ExitTerms
from radtui.core.market import HOUR
from radtui.core.measures import Measures
from radtui.core.money import HUNDRED, ONE, ratio


class Look(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A position at one price.

    Attributes:
        sign: +1 for a long, −1 for a short.
        extreme: the price is the best since the entry. age: nanoseconds of the market clock.
        measures: how the contract moves; None where that was not measured.
    """

    sign: int
    entry: Decimal
    price: Decimal
    extreme: bool
    target: Decimal | None
    leverage: int
    age: int
    measures: Measures | None = None

    @property
    def ahead(self) -> Decimal:
        """By how much the price is better than the entry, in quote currency."""
        return (self.price - self.entry) * self.sign

    @property
    def profit(self) -> Decimal:
        """The same as a share of the entry price."""
        return ratio(self.ahead, self.entry)

    def beyond_entry(self, share: Decimal) -> Decimal:
        """Return the price that is better than the entry by `share`."""
        return self.entry * (ONE + self.sign * share)

    def behind(self, share: Decimal) -> Decimal:
        """Return the price that is worse than the present one by `share`."""
        return self.price * (ONE - self.sign * share)


class Close(msgspec.Struct, frozen=True):
    """The position is to be closed."""

    rule: str
    why: str


class Tighten(msgspec.Struct, frozen=True):
    """The stop is to lie at a price, if that is nearer to the market."""

    rule: str
    stop: Decimal


Rule = Callable[[Look, ExitTerms], Close | Tighten | None]


def ladder(look: Look, terms: ExitTerms) -> Close | None:
    """Take a profit on the margin; a small one only while the target is far, a great one in any case."""
    ahead = look.ahead
    if ahead <= 0:
        return None
    gained = ahead * look.leverage
    for rung in terms.ladder:
        if gained >= rung.gain * look.entry and (not rung.beyond or _far(look, rung.beyond)):
            far = f", the target more than {_percent(rung.beyond)} away" if rung.beyond else ""
            return Close("ladder", f"{_percent(ratio(gained, look.entry))} on the margin{far}")
    return None


def longest(look: Look, terms: ExitTerms) -> Close | None:
    """Hold nothing for longer than a day."""
    return aged(look.age, terms)


def break_even(look: Look, terms: ExitTerms) -> Tighten | None:
    """Once ahead, never lose any more: the stop lies beyond the entry by what both fees cost, and a little."""
    if terms.break_even is None or look.ahead < terms.break_even * look.entry:
        return None
    return Tighten("break-even", look.beyond_entry(terms.locked))


def trailing(look: Look, terms: ExitTerms) -> Tighten | None:
    """Follow each new extreme at a distance that suits the market.

    It begins once the position is ahead by that distance, so that its first stop is the entry: until then the idea has
    the room that its own stop gives it.
    """
    if terms.trailing is None or not look.extreme or look.ahead <= 0:
        return None
    distance = trailing_distance(look, terms)
    return Tighten("trailing", look.behind(distance)) if look.ahead >= distance * look.price else None


def stall(look: Look, terms: ExitTerms) -> Tighten | None:
    """Leave little room to what has come to nothing for hours."""
    if terms.stall_after is None or look.age < terms.stall_after or look.ahead >= terms.stall_profit * look.entry:
        return None
    return Tighten("stall", look.behind(terms.stall_stop))


CLOSING: Final[tuple[Callable[[Look, ExitTerms], Close | None], ...]] = (ladder, longest)
TIGHTENING: Final[tuple[Callable[[Look, ExitTerms], Tighten | None], ...]] = (break_even, trailing, stall)


def advise(look: Look, terms: ExitTerms) -> Close | Tighten | None:
    """Return what is to be done: a close before all, else the stop that is nearest to the market; None for nothing."""
    for closing in CLOSING:
        if (close := closing(look, terms)) is not None:
            return close
    wanted = [found for rule in TIGHTENING if (found := rule(look, terms)) is not None]
    return max(wanted, key=lambda each: each.stop * look.sign, default=None)


def aged(age: int, terms: ExitTerms) -> Close | None:
    """Return the close of a position that was held for too long; it needs no price."""
    if terms.longest is None or age < terms.longest:
        return None
    return Close("longest hold", f"open for {age / HOUR:.1f} h")


def trailing_distance(look: Look, terms: ExitTerms) -> Decimal:
    """Return the distance of the trailing stop: wider in a market that moves, narrower the more there is to lose."""
    distance = terms.trailing or terms.trailing_least
    for factor in (_by_volatility(look.measures), _by_profit(look.profit), _by_momentum(look.measures)):
        distance *= factor
    return min(max(distance, terms.trailing_least), terms.trailing_most)


def opening_stop(measures: Measures | None, terms: ExitTerms) -> Decimal | None:
    """Return the distance of the stop of a signal that names none, a share of the price; None where no rule says."""
    if terms.stop is None:
        return None
    room = _room(measures.volatility) if measures is not None else Decimal(0)
    return min(max(terms.stop + room, terms.stop_least), terms.stop_most)


_MOST_ROOM: Final = Decimal("0.06")
_ROOMS: Final = ((Decimal("0.05"), Decimal("2.5")), (Decimal("0.02"), Decimal(2)), (Decimal(0), Decimal("1.5")))
"""Volatility from which on a stop gets so many times of it as room."""


def _room(volatility: Decimal) -> Decimal:
    times = next(times for least, times in _ROOMS if volatility >= least)
    return min(volatility * times, _MOST_ROOM)


def _by_volatility(measures: Measures | None) -> Decimal:
    if measures is None:
        return ONE
    if measures.volatility > Decimal("0.05"):
        return Decimal("1.5")
    return Decimal("0.8") if measures.volatility < Decimal("0.02") else ONE


def _by_profit(profit: Decimal) -> Decimal:
    if profit > Decimal("0.1"):
        return Decimal("0.7")
    return Decimal("0.85") if profit > Decimal("0.05") else ONE


def _by_momentum(measures: Measures | None) -> Decimal:
    if measures is None:
        return ONE
    pace = abs(measures.momentum)
    if pace > Decimal("0.03"):
        return Decimal("1.2")
    return Decimal("0.9") if pace < Decimal("0.01") else ONE


def _far(look: Look, beyond: Decimal) -> bool:
    return look.target is not None and (look.target - look.price) * look.sign > beyond * look.price


def _percent(share: Decimal) -> str:
    return f"{share * HUNDRED:.1f} %"
