"""One bot's exposure by its own books, which know an entry from the moment it is intended."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from radtui.core.exposure import Exposure, together
from radtui.core.instrument import Instrument
from radtui.core.money import ratio
from radtui.core.orders import Order, Purpose
from radtui.core.own_orders import OwnOrders
from radtui.core.positions import Position, Positions


def own_exposure(positions: Positions, orders: OwnOrders, instruments: Mapping[str, Instrument]) -> Exposure:
    """Return positions and entries on their way, at the last prices; a position without one at what it cost."""
    held = (_of_position(positions, symbol, position) for symbol, position in positions.open.items())
    return together((*held, *_coming(positions, orders, instruments)))


def _of_position(positions: Positions, symbol: str, position: Position) -> Exposure:
    mark = positions.mark(symbol)
    instrument = position.instrument
    value = position.holding.cost if mark is None else instrument.notional(mark, position.lots)
    margin = ratio(abs(value), Decimal(position.leverage or 1))
    return Exposure(coins={instrument.base: value}, margin=margin)


def _coming(positions: Positions, orders: OwnOrders, instruments: Mapping[str, Instrument]) -> Iterator[Exposure]:
    for order in orders.live(Purpose.ENTRY):
        if order.symbol in instruments:
            yield _of_entry(order, instruments[order.symbol], positions)


def _of_entry(order: Order, instrument: Instrument, positions: Positions) -> Exposure:
    request = order.request
    price = positions.marks.get(order.symbol) or request.price
    if not price:
        return Exposure()
    value = instrument.notional(price, (request.lots - order.filled_lots) * request.side.sign)
    return Exposure(coins={instrument.base: value}, margin=ratio(abs(value), Decimal(request.leverage or 1)))
