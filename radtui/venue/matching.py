"""How an order takes from the book, and, on a venue that matches at once, from our own resting orders."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from radtui.core.order import OrderType, TimeInForce
from radtui.venue.book import Book
from radtui.venue.desk import Desk, VenueOrder
from radtui.venue.execution import Execution
from radtui.venue.refusals import NO_CONTRA_ORDER, NO_POSITION


class Matching:
    """Price-time matching on the desks of one exchange.

    Args:
        slippage: share of the price, see `Book`.
        live: orders meet the book of the moment, and our own orders are part of it. Otherwise they meet the synthetic
            book of a bar's open alone.
    """

    __slots__ = ("_execution", "_live", "_slippage")

    def __init__(self, execution: Execution, slippage: Decimal, *, live: bool = False) -> None:
        self._execution = execution
        self._slippage = slippage
        self._live = live

    def book(self, desk: Desk, middle: Decimal) -> Book:
        """Return a whole book round a price."""
        return Book(desk.instrument, middle, self._slippage, spread=self._live)

    def moment(self, desk: Desk, last: Decimal) -> Book:
        """Return what is left of the book of this moment."""
        if desk.book is None:
            desk.book = Book(desk.instrument, last, self._slippage, spread=True)
        return desk.book

    def settle(self, desk: Desk, last: Decimal, at: int) -> None:
        """Let every order that has not met the market meet it, stops that fire now included; nothing stays crossed."""
        book = self.moment(desk, last)
        for order in _at_this_moment(desk):
            self.meet(desk, order, book, at)
        for order in list(desk.orders.values()):
            price = order.request.price
            if price is None or order.waits or not order.active or not book.crosses(order.side, price):
                continue
            if self.size(desk, order, at):
                self._execution.trade(desk, order, order.remaining, price, maker=True, at=at)

    def meet(self, desk: Desk, order: VenueOrder, book: Book, at: int) -> None:
        """Let an order, or a stop that fires, take from the book what it may."""
        request = order.request
        order.fresh = False
        if order.waits:
            self._execution.fire(order, at)
        if not self.size(desk, order, at):
            return
        if request.post_only and request.price is not None and self._crosses(desk, order, book, request.price):
            self._execution.cancel(order, desk, "post-only: it would have taken from the book", at)
            return
        self._take(desk, order, book, at)
        if order.active and (request.type is OrderType.MARKET or request.tif is TimeInForce.IOC):
            self._execution.cancel(order, desk, f"{NO_CONTRA_ORDER}: nobody trades the rest at such a price", at)

    def size(self, desk: Desk, order: VenueOrder, at: int) -> bool:
        """Give a closing order the position's size; end a reducing one that has nothing to reduce."""
        if not order.request.reduces:
            return True
        closable = self._execution.closable(desk, order.request)
        if not closable:
            self._execution.cancel(order, desk, f"{NO_POSITION}: there is no position to close", at)
            return False
        if order.request.close_order:
            order.lots = order.filled_lots + closable
        return True

    def _take(self, desk: Desk, order: VenueOrder, book: Book, at: int) -> None:
        while order.active:
            rival = self._rival(desk, order)
            self._take_levels(desk, order, book, order.request.price if rival is None else rival.request.price, at)
            if rival is None or not order.active:
                return
            self._trade_with(desk, order, rival, at)

    def _take_levels(self, desk: Desk, order: VenueOrder, book: Book, limit: Decimal | None, at: int) -> None:
        for price, lots in book.take(order.side, order.remaining, limit):
            self._execution.trade(desk, order, lots, price, maker=False, at=at)
            if not order.active:
                return

    def _trade_with(self, desk: Desk, order: VenueOrder, rival: VenueOrder, at: int) -> None:
        """Let an order trade with one of our own that rests: what the resting one gets, the taking one gives."""
        price, before = rival.request.price, rival.filled_lots
        if price is None or not self.size(desk, rival, at):
            return
        self._execution.trade(desk, rival, min(order.remaining, rival.remaining), price, maker=True, at=at)
        given = rival.filled_lots - before
        if given and order.active:
            self._execution.trade(desk, order, given, price, maker=False, at=at)
        elif rival.active:
            self._execution.cancel(rival, desk, f"{NO_POSITION}: there is nothing that it could close", at)

    def _rival(self, desk: Desk, order: VenueOrder) -> VenueOrder | None:
        """Return our own best resting order that this one would trade with."""
        limit, sign = order.request.price, order.side.sign
        crossed = [
            (price * sign, other.number, other)
            for other in desk.orders.values()
            if self._live and other.side is not order.side and not other.waits and not other.fresh
            if (price := other.request.price) is not None and (limit is None or (price - limit) * sign <= 0)
        ]
        return min(crossed)[2] if crossed else None

    def _crosses(self, desk: Desk, order: VenueOrder, book: Book, price: Decimal) -> bool:
        return book.crosses(order.side, price) or self._rival(desk, order) is not None


def _at_this_moment(desk: Desk) -> Iterator[VenueOrder]:
    """Yield the orders that are new, then the stops whose condition holds."""
    orders, prices = list(desk.orders.values()), desk.prices
    for order in orders:
        if order.fresh and order.active and not order.waits:
            yield order
    for order in orders:
        stop = order.request.stop
        if stop is None or prices is None or not order.active or order.triggered:
            continue
        if stop.fires_at(prices.of(stop.on)):
            yield order
