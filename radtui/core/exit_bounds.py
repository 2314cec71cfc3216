"""How far a price may go, and how long, before an exit rule of row W4 would act: each rule's bounds, beside the rules.

A rule that acts at a price acts at every better one, but for a rung of the ladder that asks for a far target. While no
price is better than the best so far the trailing stop stands still.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import msgspec

from radtui.core.caretaker import STEP
from radtui.core.exit_rules import Look
from radtui.core.exit_terms import ExitTerms
from radtui.core.money import ONE, ratio
from radtui.core.positions import Plan


class Followed(msgspec.Struct, frozen=True):
    """A position that the rules look after.

    Attributes:
        look: at its last price. best: the best price heard since the entry; None before the first one.
        grain: the least move of a price.
    """

    look: Look
    plan: Plan
    best: Decimal | None
    grain: Decimal


Bound = tuple[Decimal, bool]
"""A price at which a rule may act, and whether it acts there and beyond on the way up (else: down)."""


def bounds(held: Followed, terms: ExitTerms) -> list[Bound] | None:
    """Return where the rules may act; None where one may act at the price where it is."""
    return _all([_best(held), _break_even(held, terms), _stall(held, terms), *_ladder(held, terms)])


def moments(look: Look, terms: ExitTerms) -> Iterator[int]:
    """Yield the ages at which a rule begins to act, nanoseconds."""
    for age in (terms.longest, terms.stall_after):
        if age is not None and look.age < age:
            yield age


def _all(found: list[list[Bound] | None]) -> list[Bound] | None:
    every: list[Bound] = []
    for each in found:
        if each is None:
            return None
        every += each
    return every


def _best(held: Followed) -> list[Bound] | None:
    """The first price after the entry is the best so far, whatever it is."""
    if held.best is None:
        return None
    return [(held.best + held.look.sign * held.grain, held.look.sign > 0)]


def _break_even(held: Followed, terms: ExitTerms) -> list[Bound] | None:
    look = held.look
    if terms.break_even is None or not _worth(held, look.beyond_entry(terms.locked)):
        return []
    return _from(held, look.entry * (ONE + look.sign * terms.break_even))


def _stall(held: Followed, terms: ExitTerms) -> list[Bound] | None:
    look = held.look
    if terms.stall_after is None or look.age < terms.stall_after:
        return []
    return _from(held, ratio(held.plan.stop, (ONE - look.sign * terms.stall_stop) * (ONE - look.sign * STEP)))


def _ladder(held: Followed, terms: ExitTerms) -> Iterator[list[Bound] | None]:
    look = held.look
    for rung in terms.ladder:
        gained = look.entry * (ONE + look.sign * ratio(rung.gain, Decimal(look.leverage)))
        if not rung.beyond:
            yield _from(held, gained)
        elif look.target is not None:
            far = ratio(look.target, ONE + look.sign * rung.beyond)
            if (far - gained) * look.sign > -2 * held.grain:
                yield _back_to(held, far) if (look.price - far) * look.sign > 0 else _from(held, gained)


def _worth(held: Followed, stop: Decimal) -> bool:
    """Return whether the caretaker would move the stop there, or nearly so."""
    return (stop - held.plan.stop) * held.look.sign + held.grain >= STEP * stop


def _from(held: Followed, price: Decimal) -> list[Bound] | None:
    """Return the bound of what acts from a price on, the better ones included; None where that is reached."""
    near = price - held.look.sign * held.grain
    return [(near, held.look.sign > 0)] if (near - held.look.price) * held.look.sign > 0 else None


def _back_to(held: Followed, price: Decimal) -> list[Bound] | None:
    """Return the bound of what acts once the price falls back so far; None where it is as good as there."""
    near = price + held.look.sign * held.grain
    return [(near, held.look.sign < 0)] if (held.look.price - near) * held.look.sign > 0 else None
