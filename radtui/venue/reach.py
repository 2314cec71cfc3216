"""How far bars may go before they meet an order, or liquidate a position."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

import msgspec

from radtui.core.instrument import Instrument
from radtui.core.order import Cross, Side
from radtui.venue.desk import VenueOrder
from radtui.venue.ledger import AnyPosition
from radtui.venue.margin import IsolatedPosition


class Reach(msgspec.Struct, frozen=True):
    """Prices between which nothing is met.

    Attributes:
        floor: a low at or below it meets something; None where there is none.
        ceiling: the same of a high at or above it.
        held: a position is open, so that funding is met as well.
    """

    floor: Decimal | None = None
    ceiling: Decimal | None = None
    held: bool = False

    def within(self, other: Reach | None) -> Reach | None:
        """Return what is within both; None where the other is nothing."""
        if other is None:
            return None
        floors = [price for price in (self.floor, other.floor) if price is not None]
        ceilings = [price for price in (self.ceiling, other.ceiling) if price is not None]
        return Reach(max(floors, default=None), min(ceilings, default=None), self.held or other.held)


EVERYWHERE: Final = Reach()


def edge_of(order: VenueOrder) -> Reach | None:
    """Return how far bars may go without meeting an order (see `VenueOrder.met_by`); None where the next one does."""
    stop, price = order.request.stop, order.request.price
    if stop is not None and not order.triggered:
        return Reach(floor=stop.price) if stop.cross is Cross.DOWN else Reach(ceiling=stop.price)
    if order.fresh or price is None:
        return None
    return Reach(floor=price) if order.side is Side.BUY else Reach(ceiling=price)


def liquidated_from(position: AnyPosition, instrument: Instrument) -> Reach | None:
    """Return how far marks may go without threatening a position; None of one whose margin others share."""
    if not isinstance(position, IsolatedPosition):
        return None
    price = position.liquidation_price(instrument)
    if position.lots > 0:
        return Reach(floor=price + instrument.tick, held=True)
    return Reach(ceiling=price - instrument.tick, held=True) if price else Reach(held=True)
