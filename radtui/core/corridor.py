"""How far a price may go, and how long, before core would do more with it than note it.

History need not be told bar by bar: between two bars at which anything can happen nobody acts. What core acts on is
known to core alone, so it is asked: while one position is open and nothing is on its way, its rules look at closes (a
target, the exit rules), at the equity (the breakers, and its highest so far) and at the time (a day's end, an age).
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

import msgspec

from radtui.core.breaker_rules import DailyLoss, Drawdown
from radtui.core.exit_bounds import Followed, bounds, moments
from radtui.core.lifecycle import State
from radtui.core.market import DAY
from radtui.core.money import LEDGER, ONE
from radtui.core.orders import OrderState, Purpose
from radtui.core.positions import Plan, Position

if TYPE_CHECKING:
    from radtui.core.core import Core


class Corridor(msgspec.Struct, frozen=True):
    """What lies between.

    Attributes:
        floor, ceiling: core wants to hear of a price at or beyond them; None where there is none.
        until: it wants to hear of the first price at or after this moment of the market clock, nanoseconds UTC.
    """

    floor: Decimal | None
    ceiling: Decimal | None
    until: int


def corridor(core: Core, symbol: str) -> Corridor | None:
    """Return the corridor of the only open position; None where core is to be told of every price."""
    trading = core.trading
    position = trading.positions.open.get(symbol)
    if position is None or len(trading.positions.open) > 1 or not _rests(core, position):
        return None
    plan = trading.caretaker.followed(position)
    followed = None if plan is None else _followed(core, position, plan)
    ruled = [] if followed is None else bounds(followed, core.config.exit_terms)
    if ruled is None:
        return None
    ruled += [*_by_equity(core, position), *_by_target(position)]
    floors = [price for price, above in ruled if not above]
    ceilings = [price for price, above in ruled if above]
    return Corridor(max(floors, default=None), min(ceilings, default=None), _until(core, position, followed))


def _rests(core: Core, position: Position) -> bool:
    """Return whether nothing is on its way: the position is open, its stop rests, and that is all there is."""
    trading, config = core.trading, core.config
    if core.control.state is not State.RUNNING or core.pressing or trading.entries.turning or trading.purse.identity():
        return False
    live = trading.orders.live()
    if len(live) != 1 or live[0].purpose is not Purpose.STOP or live[0].state is not OrderState.WORKING:
        return False
    return not (live[0].cancelling or live[0].triggered or config.watches)


def _followed(core: Core, position: Position, plan: Plan) -> Followed:
    """Return a position as the exit rules see it; one that no price was heard of since its entry has no best yet."""
    price = core.trading.positions.marks[position.instrument.symbol]
    look = core.trading.caretaker.seen(position, plan, price, extreme=False)
    return Followed(look, plan, position.best, position.instrument.tick)


def _by_target(position: Position) -> Iterator[tuple[Decimal, bool]]:
    target = position.plan.target if position.plan is not None else None
    if target is not None:
        yield target, position.lots > 0


def _by_equity(core: Core, position: Position) -> Iterator[tuple[Decimal, bool]]:
    """Yield the prices at which the equity makes a new high, or trips a breaker that is not tripped."""
    sums, kept, limits = core.trading.purse.sums, core.trading.breakers.kept, core.config.limits
    peaks = [sums.peak] if kept.peak is None else [sums.peak, kept.peak]
    long = position.lots > 0
    yield _price_at(core, position, min(peaks), above=long), long
    day = kept.day_base if kept.day == sums.day else sums.day_start
    lows = (Drawdown.name, max(peaks), limits.drawdown), (DailyLoss.name, day, limits.daily_loss)
    for name, base, share in lows:
        if name not in kept.trips:
            yield _price_at(core, position, base * (ONE - share + LEDGER), above=not long), not long


def _price_at(core: Core, position: Position, equity: Decimal, *, above: bool) -> Decimal:
    """Return a price just before that at which the account is worth so much, on the way up or down."""
    account = core.trading.purse.account
    gain = equity - (account.wallet if account is not None else equity)
    instrument, holding = position.instrument, position.holding
    value = holding.cost - gain if instrument.inverse else holding.cost + gain
    price = instrument.price_of(value, holding.lots)
    return instrument.below(price) - instrument.tick if above else instrument.above(price) + instrument.tick


def _until(core: Core, position: Position, followed: Followed | None) -> int:
    """Return when the day ends, a breaker that is tripped may be over, or the position gets to an age."""
    breakers, at = core.trading.breakers, core.desk.market_at
    until = [(at // DAY + 1) * DAY]
    if breakers.kept.trips:
        until += [view.resets_at for view in breakers.views() if view.tripped and view.resets_at is not None]
    if followed is not None:
        until += [position.opened_at + age for age in moments(followed.look, core.config.exit_terms)]
    return min(until)
