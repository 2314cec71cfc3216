"""Making positions smaller: closes, and the stop that rests on the exchange for each of them (row W3).

Exits fail open: nothing here asks for a state, a gate, the journal or a fresh price. A stop and a close take the
position's whole size by `close_order`, so neither can open anything, whatever was filled in between.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from radtui.core.desk import Desk
from radtui.core.instrument import Instrument
from radtui.core.market import SECOND
from radtui.core.order import Cross, OrderRequest, OrderType, Side, Trigger
from radtui.core.orders import Order, OrderState, Purpose
from radtui.core.own_orders import OwnOrders
from radtui.core.positions import Plan, Position, Positions

_AGAIN: Final = SECOND
"""A stop or close that came to nothing is tried again this much later."""


def stop_price(instrument: Instrument, side: Side, price: Decimal, share: Decimal) -> Decimal:
    """Return the trigger `share` of the price away on the losing side of an entry on `side`."""
    return instrument.above(price * (1 - share)) if side is Side.BUY else instrument.below(price * (1 + share))


class Exits:
    """Closes positions and keeps them protected.

    Attributes:
        awake: the exchange has been read: before that nobody knows which stops rest there.
    """

    def __init__(self, desk: Desk, orders: OwnOrders, positions: Positions) -> None:
        self._desk = desk
        self._orders = orders
        self._positions = positions
        self.awake = False

    def close(self, symbol: str, why: str) -> bool:
        """Send a market order that closes the position; return False where one is on its way or was just refused."""
        position = self._positions.open[symbol]
        if self._waits(self._orders.live(Purpose.EXIT, symbol), position.close_asked_at):
            return False
        position.close_asked_at = self._desk.at
        request = OrderRequest(
            client_id=self._desk.ids.next(),
            symbol=symbol,
            side=position.closing_side,
            type=OrderType.MARKET,
            close_order=True,
        )
        self._orders.intend(request, Purpose.EXIT, why)
        return True

    def take_profit(self, symbol: str, price: Decimal) -> None:
        """Close a position whose target is met."""
        position = self._positions.open[symbol]
        if position.lots and position.target_met(price):
            self.close(symbol, f"target met at {price}")

    def guard(self, symbol: str) -> None:
        """See that a position has its stop; alarm and close where it is bare for too long."""
        position = self._positions.open[symbol]
        if not position.lots or not self.awake:
            return
        self._note_cover(position, self._confirmed(symbol))
        if position.bare_since is None:
            return
        if not self._asked(position):
            self._place_stop(position)
        if self._desk.at - position.bare_since > self._desk.config.protect_within:
            self._give_up(symbol, position)

    def guard_all(self) -> None:
        """See to every position."""
        for symbol in list(self._positions.open):
            self.guard(symbol)

    def tidy(self, symbol: str) -> None:
        """Cancel the stops of a symbol that is flat; until then they stay, whatever else happens."""
        for order in self._orders.live(Purpose.STOP, symbol):
            self._orders.cancel(order)

    def tidy_orphans(self, shown: frozenset[str]) -> None:
        """Cancel the stops that protect nothing: neither we nor the exchange (`shown`) know a position of theirs."""
        for order in self._orders.live(Purpose.STOP):
            if order.resting and order.symbol not in self._positions.open and order.symbol not in shown:
                self._orders.cancel(order)

    def _confirmed(self, symbol: str) -> bool:
        side = self._positions.open[symbol].closing_side
        stops = self._orders.live(Purpose.STOP, symbol)
        return any(stop.resting and not stop.cancelling and stop.request.side is side for stop in stops)

    def _asked(self, position: Position) -> bool:
        stops = self._orders.live(Purpose.STOP, position.instrument.symbol)
        return self._waits([order for order in stops if order.in_flight], position.stop_asked_at)

    def _waits(self, orders: list[Order], asked_at: int) -> bool:
        # One of unknown fate does not count for ever: two cannot close more than the position, none can lose it.
        doubtful = sum(order.state is OrderState.UNKNOWN for order in orders)
        return doubtful < len(orders) or self._desk.at - asked_at < _AGAIN << min(max(doubtful - 1, 0), 6)

    def _note_cover(self, position: Position, confirmed: bool) -> None:
        if confirmed and position.bare_since is not None:
            position.bare_before += self._desk.at - position.bare_since
            position.bare_since = None
            position.alarmed = False
        elif not confirmed and position.bare_since is None:
            position.bare_since = self._desk.at

    def _place_stop(self, position: Position) -> None:
        plan = position.plan = position.plan or self._default_plan(position)
        position.stop_asked_at = self._desk.at
        side = position.closing_side
        request = OrderRequest(
            client_id=self._desk.ids.next(),
            symbol=position.instrument.symbol,
            side=side,
            type=OrderType.MARKET,
            close_order=True,
            stop=Trigger(Cross.DOWN if side is Side.SELL else Cross.UP, plan.stop),
        )
        self._orders.intend(request, Purpose.STOP, f"protects the {'long' if side is Side.SELL else 'short'}")

    def _default_plan(self, position: Position) -> Plan:
        instrument = position.instrument
        entry = position.holding.entry(instrument)
        share = self._desk.config.limits.stop_share
        return Plan(stop_price(instrument, position.closing_side.opposite, entry, share), None, "default stop")

    def _give_up(self, symbol: str, position: Position) -> None:
        seconds = self._desk.config.protect_within / 1e9
        if not position.alarmed:
            position.alarmed = True
            text = f"{symbol} has no confirmed stop after {seconds:.0f} s: it is being closed, and the stop tried again"
            self._desk.trouble("unprotected", text, "protection", "alarm")
        self.close(symbol, f"no stop within {seconds:.0f} s")
