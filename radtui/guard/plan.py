"""What is still to be done, from one reading of the account. Pure, and empty once all is as it should be.

Own orders that could open or enlarge a position go. Every own position has a stop, or the operator is told that it has
none. What reduces, what is a stop of a held position, and what is not ours is never touched. Where positions are to be
closed as well, their stops are cancelled last, once the exchange shows them flat.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Final

import msgspec

from radtui.core.guarding import Beat, Cover
from radtui.guard.account import Holding, Order, Shown


class Cancel(msgspec.Struct, frozen=True):
    """End an order by the exchange's id."""

    order: Order
    why: str


class Protect(msgspec.Struct, frozen=True):
    """Place the stop that a position lacks."""

    holding: Holding
    price: Decimal


class Close(msgspec.Struct, frozen=True):
    """Close a position at the market."""

    holding: Holding


Step = Cancel | Protect | Close
_BEFORE_BEAT: Final = 60_000
"""Milliseconds before its last beat from which on an entry counts as one the engine may not have told of: more than
two clocks differ that still sign requests for one another."""


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What to do now, in order, and what nothing can be done about.

    Attributes:
        bare: own positions without a stop whose planned stop nobody told.
        held: own positions.
    """

    steps: tuple[Step, ...] = ()
    bare: tuple[Holding, ...] = ()
    held: tuple[Holding, ...] = ()


def plan(shown: Shown, beat: Beat, *, flatten: bool) -> Plan:
    """Return what is to be done for the bot that beat last."""
    covers = {cover.symbol: cover for cover in beat.covers}
    held = tuple(holding for holding in shown.holdings if holding.lots and is_own(holding, shown, beat))
    exposed = tuple(holding for holding in held if not protected(holding, shown.stops))
    priced = [(holding, planned_stop(holding, covers.get(holding.symbol))) for holding in exposed]
    steps: list[Step] = [Cancel(order, "it could open a position") for order in entries(shown, beat.bot)]
    steps += [Protect(holding, price) for holding, price in priced if price is not None]
    if flatten:
        steps += [Close(holding) for holding in held]
        steps += [Cancel(stop, "its position is flat") for stop in _left_over(shown, beat.bot)]
    return Plan(steps=tuple(steps), bare=tuple(h for h, price in priced if price is None and not flatten), held=held)


def entries(shown: Shown, bot: str) -> tuple[Order, ...]:
    """Return the bot's orders that could open or enlarge a position, stops that are entries included."""
    working = (*shown.orders, *shown.stops)
    return tuple(order for order in working if order.active and order.is_of(bot) and not order.reduces)


def protected(holding: Holding, stops: Iterable[Order]) -> bool:
    """Return whether stops rest that close all of a position at the market on its losing side, whoever placed them."""
    lots = 0
    for stop in stops:
        if _protects(stop, holding):
            if stop.close_order:
                return True
            lots += stop.size or 0
    return lots >= holding.lots


def planned_stop(holding: Holding, cover: Cover | None) -> Decimal | None:
    """Return where its stop belongs; None where nobody said so for a position of this direction."""
    return cover.stop if cover is not None and cover.long == holding.long else None


def is_own(holding: Holding, shown: Shown, beat: Beat) -> bool:
    """Return whether a position is the bot's: it said so, or an entry of its own has filled since.

    A position of a symbol that another hand trades is left alone: the engine names what it holds in every beat.
    """
    covers = [cover for cover in beat.covers if cover.symbol == holding.symbol]
    if any(cover.long == holding.long for cover in covers):
        return True
    since = beat.at // 1_000_000 - _BEFORE_BEAT
    side = "buy" if holding.long else "sell"
    return any(
        order.symbol == holding.symbol
        and order.is_of(beat.bot)
        and not order.reduces
        and order.side == side
        and bool(order.filled_size)
        and (order.updated_at or 0) >= since
        for order in (*shown.done, *shown.orders)
    )


def _protects(stop: Order, holding: Holding) -> bool:
    return (
        stop.symbol == holding.symbol
        and stop.active
        and not stop.stop_triggered
        and stop.reduces
        and (stop.type or "market").startswith("market")
        and stop.stop == ("down" if holding.long else "up")
        and (stop.side or _closing(holding)) == _closing(holding)
        and stop.position_side in {None, "", "BOTH", holding.position_side}
    )


def _closing(holding: Holding) -> str:
    return "sell" if holding.long else "buy"


def _left_over(shown: Shown, bot: str) -> Iterable[Order]:
    held = {holding.symbol for holding in shown.holdings if holding.lots}
    return (stop for stop in shown.stops if stop.active and stop.is_of(bot) and stop.symbol not in held)
