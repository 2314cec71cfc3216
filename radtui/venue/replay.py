"""The one bar path: how orders, positions and one bar meet, on seeded seconds and on recorded minutes alike.

A bar does not say which of its extremes came first, so the worse one did: a stop before a target, liquidation before a
favourable stop, and nothing that was placed inside a bar is filled at that bar's better prices.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from radtui.core.market import Candle
from radtui.core.order import PriceType, Side, Trigger
from radtui.venue.bars import Bars
from radtui.venue.desk import Desk, VenueOrder
from radtui.venue.execution import Execution
from radtui.venue.liquidation import Liquidator, harms
from radtui.venue.matching import Matching
from radtui.venue.position import Position
from radtui.venue.reach import EVERYWHERE, Reach, edge_of, liquidated_from


class Replay:
    """Plays bars on the desks of one exchange."""

    __slots__ = ("_execution", "_liquidator", "_matching")

    def __init__(self, execution: Execution, matching: Matching, liquidator: Liquidator) -> None:
        self._execution = execution
        self._matching = matching
        self._liquidator = liquidator

    def play(self, desk: Desk, bars: Bars) -> None:
        """Let one step happen: first its open, then its inside."""
        if self._stirs(desk, bars):
            self._open(desk, bars)
            self._inside(desk, bars)

    def _stirs(self, desk: Desk, bars: Bars) -> bool:
        """Return whether the step meets any order, or a position's liquidation: most steps meet none."""
        for order in desk.orders.values():
            if order.met_by(bars):
                return True
        return self._liquidator.threatens(desk, bars.mark)

    def reach(self, desk: Desk) -> Reach | None:
        """Return within which prices `_stirs` says no; None where the next step does more than move them."""
        whole: Reach | None = EVERYWHERE
        for order in desk.orders.values():
            whole = whole and whole.within(edge_of(order))
        for _, position in self._execution.accounts.positions(desk.instrument):
            whole = whole and whole.within(liquidated_from(position, desk.instrument))
        return whole

    def _open(self, desk: Desk, bars: Bars) -> None:
        at, price = bars.last.opened_at, bars.last.open
        self._liquidator.gap(desk, bars.mark.open, at)
        book = None
        for order in _at_the_open(desk, bars):
            book = book or self._matching.book(desk, price)
            self._matching.meet(desk, order, book, at)

    def _inside(self, desk: Desk, bars: Bars) -> None:
        at, bar = bars.last.closed_at, bars.last
        resting = _touched(desk, bars)
        for order, trigger in self._hit(desk, bars):
            self._liquidator.inside(desk, bars.mark, trigger if _same(bars, trigger) else None, at)
            middle = trigger.price if bars.of(trigger.on) is bar else _worse_end(order.side, bar)
            self._matching.meet(desk, order, self._matching.book(desk, middle), at)
        self._liquidator.inside(desk, bars.mark, None, at)
        for order, price in resting:
            if order.active and self._matching.size(desk, order, at):
                self._execution.trade(desk, order, order.remaining, price, maker=True, at=at)

    def _hit(self, desk: Desk, bars: Bars) -> list[tuple[VenueOrder, Trigger]]:
        """Return the stops whose trigger lies inside the bar: against the position first, then nearest to the open."""
        hit = [
            (order, stop)
            for order in desk.orders.values()
            if order.waits
            and (stop := order.request.stop) is not None
            and bars.of(stop.on).low <= stop.price <= bars.of(stop.on).high
        ]
        if len(hit) > 1:
            hit.sort(key=lambda pair: self._rank(desk, bars, *pair))
        return hit

    def _rank(self, desk: Desk, bars: Bars, order: VenueOrder, stop: Trigger) -> tuple[bool, Decimal, int]:
        position: Position | None = self._execution.accounts.position(desk.instrument, order.request.position_side)
        return not harms(stop, position), abs(stop.price - bars.of(stop.on).open), order.number


def _same(bars: Bars, trigger: Trigger) -> bool:
    """Return whether a stop watches the price that liquidates: then its trigger says how far that has come."""
    return bars.of(trigger.on) is bars.mark or trigger.on is PriceType.MARK


def _worse_end(side: Side, bar: Candle) -> Decimal:
    """Return where the last price may have been, at its worse for who trades, when another price set a stop off."""
    return max(bar.open, bar.close) if side is Side.BUY else min(bar.open, bar.close)


def _at_the_open(desk: Desk, bars: Bars) -> Iterator[VenueOrder]:
    """Yield the orders that meet the open: what waited for it, then the stops that lie behind it already."""
    if not desk.orders:
        return
    orders = list(desk.orders.values())
    for order in orders:
        if order.fresh and order.active and not order.waits:
            yield order
    for order in orders:
        stop = order.request.stop
        if stop is not None and order.active and not order.triggered and stop.fires_at(bars.of(stop.on).open):
            yield order


def _touched(desk: Desk, bars: Bars) -> list[tuple[VenueOrder, Decimal]]:
    """Return the resting orders the bar reaches, in price-time priority: nearest to the open first."""
    touched = [
        (order, price)
        for order in desk.orders.values()
        if (price := order.request.price) is not None and not order.waits and order.met_by(bars)
    ]
    touched.sort(key=lambda pair: ((bars.last.open - pair[1]) * pair[0].side.sign, pair[0].number))
    return touched
