"""The one bar path: how orders, positions and one bar meet, on seeded seconds and on recorded minutes alike.

A bar does not say which of its extremes came first, so the worse one did: a stop before a target, liquidation before a
favourable stop, and nothing that was placed inside a bar is filled at that bar's better prices.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from radtui.core.instrument import Instrument
from radtui.core.market import Candle
from radtui.core.order import Cross, OrderType, TimeInForce, Trigger
from radtui.venue.book import Book
from radtui.venue.desk import Desk, VenueOrder
from radtui.venue.execution import Execution
from radtui.venue.margin import Position
from radtui.venue.refusals import NO_CONTRA_ORDER, NO_POSITION


class Replay:
    """Plays bars on the desks of one exchange. `slippage` is a share of the price, see `Book`."""

    __slots__ = ("_execution", "_slippage")

    def __init__(self, execution: Execution, slippage: Decimal) -> None:
        self._execution = execution
        self._slippage = slippage

    def play(self, desk: Desk, bar: Candle) -> None:
        """Let one bar happen: first its open, then its inside."""
        if self._stirs(desk, bar):
            self._open(desk, bar)
            self._inside(desk, bar)

    def _stirs(self, desk: Desk, bar: Candle) -> bool:
        """Return whether the bar meets any order, or the position's liquidation: most bars meet none."""
        for order in desk.orders.values():
            if order.met_by(bar):
                return True
        position = self._position(desk)
        return position is not None and position.liquidated_at(_worst(position, bar), desk.instrument)

    def _open(self, desk: Desk, bar: Candle) -> None:
        at, price = bar.opened_at, bar.open
        position = self._position(desk)
        if position is not None and position.bankrupt_at(price, desk.instrument):
            self._execution.liquidate(desk, price, at)
        book: Book | None = None
        for order in _at_the_open(desk, price):
            book = book or Book(desk.instrument, price, self._slippage)
            self._meet(desk, order, book, at)

    def _inside(self, desk: Desk, bar: Candle) -> None:
        at = bar.closed_at
        resting = _touched(desk, bar)
        for order, trigger in self._hit(desk, bar):
            self._liquidate(desk, bar, trigger)
            self._meet(desk, order, Book(desk.instrument, trigger.price, self._slippage), at)
        self._liquidate(desk, bar, None)
        for order, price in resting:
            if order.active and self._size(desk, order, at):
                self._execution.trade(desk, order, order.remaining, price, maker=True, at=at)

    def _meet(self, desk: Desk, order: VenueOrder, book: Book, at: int) -> None:
        """Let an order, or a stop that fires, take from the book what it may."""
        request = order.request
        order.fresh = False
        if order.waits:
            self._execution.fire(order, at)
        if not self._size(desk, order, at):
            return
        if request.post_only and request.price is not None and book.crosses(order.side, request.price):
            self._execution.cancel(order, desk, "post-only: it would have taken from the book", at)
            return
        for price, lots in book.take(order.side, order.remaining, request.price):
            self._execution.trade(desk, order, lots, price, maker=False, at=at)
            if not order.active:
                return
        if request.type is OrderType.MARKET or request.tif is TimeInForce.IOC:
            self._execution.cancel(order, desk, f"{NO_CONTRA_ORDER}: nobody trades the rest at such a price", at)

    def _size(self, desk: Desk, order: VenueOrder, at: int) -> bool:
        """Give a closing order the position's size; end a reducing one that has nothing to reduce."""
        if not order.request.reduces:
            return True
        closable = self._execution.closable(desk, order.side)
        if not closable:
            self._execution.cancel(order, desk, f"{NO_POSITION}: there is no position to close", at)
            return False
        if order.request.close_order:
            order.lots = order.filled_lots + closable
        return True

    def _hit(self, desk: Desk, bar: Candle) -> list[tuple[VenueOrder, Trigger]]:
        """Return the stops whose trigger lies inside the bar: against the position first, then nearest to the open."""
        hit = [
            (order, stop)
            for order in desk.orders.values()
            if order.waits and (stop := order.request.stop) is not None and bar.low <= stop.price <= bar.high
        ]
        if len(hit) > 1:
            position = self._position(desk)
            hit.sort(key=lambda pair: (not _harms(pair[1], position), abs(pair[1].price - bar.open), pair[0].number))
        return hit

    def _liquidate(self, desk: Desk, bar: Candle, before: Trigger | None) -> None:
        """Liquidate where the bar's adverse price, or the trigger of a harmful stop on the way there, says so."""
        position = self._position(desk)
        if position is None:
            return
        worst = _worst(position, bar)
        if before is not None and _harms(before, position):
            worst = before.price
        if position.liquidated_at(worst, desk.instrument):
            self._execution.liquidate(desk, _taken_over_at(position, desk.instrument, bar), bar.closed_at)

    def _position(self, desk: Desk) -> Position | None:
        return self._execution.ledger.positions.get(desk.instrument.symbol)


def _at_the_open(desk: Desk, price: Decimal) -> Iterator[VenueOrder]:
    """Yield the orders that meet the open: what waited for it, then the stops that lie behind it already."""
    if not desk.orders:
        return
    orders = list(desk.orders.values())
    for order in orders:
        if order.fresh and order.active and not order.waits:
            yield order
    for order in orders:
        stop = order.request.stop
        if stop is not None and order.active and not order.triggered and stop.fires_at(price):
            yield order


def _touched(desk: Desk, bar: Candle) -> list[tuple[VenueOrder, Decimal]]:
    """Return the resting orders the bar reaches, in price-time priority: nearest to the open first."""
    touched = [
        (order, price)
        for order in desk.orders.values()
        if (price := order.request.price) is not None and not order.waits and order.met_by(bar)
    ]
    touched.sort(key=lambda pair: ((bar.open - pair[1]) * pair[0].side.sign, pair[0].number))
    return touched


def _worst(position: Position, bar: Candle) -> Decimal:
    return bar.low if position.lots > 0 else bar.high


def _harms(trigger: Trigger, position: Position | None) -> bool:
    """Return whether a price on its way to the trigger moves against the position."""
    return position is not None and (trigger.cross is Cross.DOWN) == (position.lots > 0)


def _taken_over_at(position: Position, instrument: Instrument, bar: Candle) -> Decimal:
    """Return where the market trades when a position is liquidated: its price, or the open where that lies behind."""
    price = position.liquidation_price(instrument)
    return min(price, bar.open) if position.lots > 0 else max(price, bar.open)
