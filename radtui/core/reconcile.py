"""Comparing what we know with what the exchange shows (row O3): at the start, after a lost feed, and all the time.

The exchange is right. Fills that were missed are caught up first, so that most differences explain themselves; what is
left of a position's difference is believed on the second reading that shows it, for a message may still be on its way.
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from radtui.core.account import PositionReport
from radtui.core.desk import Desk
from radtui.core.events import ExchangeShown
from radtui.core.exits import stop_price
from radtui.core.facts import Found
from radtui.core.holding import Holding
from radtui.core.order import Fill, Side
from radtui.core.orders import Purpose
from radtui.core.own_orders import OwnOrders
from radtui.core.positions import Plan, Positions


class Reconciler:
    """Applies readings of the exchange. `take_fill` is the one way a fill is counted; it knows repeats."""

    def __init__(self, desk: Desk, orders: OwnOrders, positions: Positions, take_fill: Callable[[Fill], None]) -> None:
        self._desk = desk
        self._orders = orders
        self._positions = positions
        self._take_fill = take_fill
        self._suspects: dict[str, int] = {}
        self.readings = 0

    def shown(self, seen: ExchangeShown) -> list[str]:
        """Apply a reading; return the symbols whose position was changed by it."""
        for fill in seen.fills:
            self._take_fill(fill)
        for order in seen.orders:
            if self._orders.get(order.client_id) is None and self._desk.ids.own(order.client_id):
                self._orders.adopt(order)
            else:
                self._orders.reported(order)
        self._orders.seek_missing(frozenset(order.client_id for order in seen.orders), seen.begun)
        changed = self._positions_shown(seen)
        self.readings += 1
        return changed

    def _positions_shown(self, seen: ExchangeShown) -> list[str]:
        shown = {position.symbol: position for position in seen.positions}
        changed = []
        for symbol in sorted(shown.keys() | self._positions.open.keys()):
            report = shown.get(symbol)
            held = self._positions.open.get(symbol)
            lots = report.lots if report else 0
            if held is not None and held.lots == lots:
                held.report = report
                self._suspects.pop(symbol, None)
            elif self._believed(symbol, lots):
                self._correct(symbol, report)
                changed.append(symbol)
        return changed

    def _believed(self, symbol: str, lots: int) -> bool:
        if any(order.purpose is not Purpose.STOP for order in self._orders.live(symbol=symbol)):
            self._suspects.pop(symbol, None)
            return False
        if self.readings == 0:
            return True
        seen_before = self._suspects.get(symbol) == lots
        self._suspects[symbol] = lots
        return seen_before

    def _correct(self, symbol: str, report: PositionReport | None) -> None:
        self._suspects.pop(symbol, None)
        held = self._positions.open.get(symbol)
        known = held.lots if held else 0
        if report is None:
            if held is not None:
                held.holding = Holding()
            self._found(symbol, f"we knew {known} lots, the exchange shows none", "taken as closed")
        elif held is None:
            self._adopt(report)
        else:
            cost = held.instrument.notional(report.entry, report.lots)
            if held.lots * report.lots < 0:
                held.plan = None  # it was turned round by somebody else: the old stop would be on the wrong side
            held.holding, held.report = Holding(report.lots, cost), report
            self._found(
                symbol, f"we knew {known} lots, the exchange shows {report.lots}", "taken over from the exchange"
            )

    def _adopt(self, report: PositionReport) -> None:
        instrument = self._desk.instruments.get(report.symbol)
        if instrument is None:
            self._found(report.symbol, f"{report.lots} lots in a contract that is not traded here", "left alone")
            return
        side = Side.BUY if report.lots > 0 else Side.SELL
        stop = stop_price(instrument, side, report.entry, self._desk.config.limits.stop_share)
        position = self._positions.adopt(report, instrument, Plan(stop, None, "found on the exchange"), self._desk.at)
        # A stop of an earlier run may protect it already: its trigger is the plan.
        for order in self._orders.live(Purpose.STOP, report.symbol):
            closes = order.request.side is side.opposite  # one on the wrong side protects nothing
            if closes and order.request.stop is not None and position.plan is not None:
                position.plan = msgspec.structs.replace(position.plan, stop=order.request.stop.price)
        self._found(report.symbol, f"{report.lots} lots that we did not know", f"adopted, stop at {stop}")

    def _found(self, subject: str, difference: str, done: str) -> None:
        self._desk.say(Found(subject, difference, done))
        self._desk.trouble("reconcile", f"{subject}: {difference}; {done}", "reconcile", "warning")
