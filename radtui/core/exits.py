"""Making positions smaller: closes by market order, and where a stop lies.

Exits fail open: nothing here asks for a state, a gate, the journal or a fresh price. A close takes the position's whole
size by `close_order`, so that it can open nothing, whatever was filled in between.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from radtui.core.desk import Desk
from radtui.core.instrument import Instrument
from radtui.core.market import SECOND
from radtui.core.order import OrderRequest, OrderType, Side
from radtui.core.orders import Order, OrderState, Purpose
from radtui.core.own_orders import OwnOrders
from radtui.core.positions import Attempts, Positions

_AGAIN: Final = SECOND
"""A stop or close that came to nothing is tried again this much later."""
_SLOW: Final = 2 * SECOND
"""A request without an answer for this long may be lost: it is no reason to wait for."""
_LONGEST: Final = 6
"""Doublings of `_AGAIN` at most: 64 s."""
_LOST: Final = 4
"""The same where the exchange answers, and knows nothing of any of them: 16 s."""


def stop_price(instrument: Instrument, side: Side, price: Decimal, share: Decimal) -> Decimal:
    """Return the trigger `share` of the price away on the losing side of an entry on `side`."""
    return instrument.above(price * (1 - share)) if side is Side.BUY else instrument.below(price * (1 + share))


def worth_waiting(coming: list[Order], tries: Attempts, last: Order | None, at: int) -> bool:
    """Return whether a close or stop that was asked for may still come to something, so that none is sent beside it.

    One of unknown fate, or without an answer for long, does not count for ever: two cannot close more than the
    position, none can lose it.

    Args:
        coming: the orders that may do what is wanted.
        last: the order of the last try. at: wall clock.
    """
    doubtful = sum(order.state is OrderState.UNKNOWN or _slow(order, at) for order in coming)
    unanswered = 0 if _answered(last) else min(max(tries.count - 1, 0), _LOST)
    return doubtful < len(coming) or at - tries.at < _AGAIN << min(max(doubtful - 1, unanswered), _LONGEST)


def tried(tries: Attempts, last: Order | None, client_id: str, at: int) -> None:
    """Note another try after `last`."""
    tries.count = 1 if _answered(last) else tries.count + 1
    tries.at, tries.last = at, client_id


def _answered(last: Order | None) -> bool:
    return last is None or not (last.in_flight or last.assumed)


def _slow(order: Order, at: int) -> bool:
    return order.in_flight and at - order.intended_at >= _SLOW


class Exits:
    """Closes positions.

    Attributes:
        awake: the exchange has been read: before that nobody knows what is open there.
        unheard: it could not be read last.
    """

    def __init__(self, desk: Desk, orders: OwnOrders, positions: Positions) -> None:
        self._desk = desk
        self._orders = orders
        self._positions = positions
        self.awake = False
        self.unheard = False

    def heard(self) -> None:
        """Note that the exchange was read.

        After an outage, tries that were not answered in it say nothing of what the exchange takes now.
        """
        if self.unheard:
            for position in self._positions.open.values():
                position.close_tries.count = position.stop_tries.count = 0
        self.awake, self.unheard = True, False

    def close(self, symbol: str, why: str, rule: str = "") -> bool:
        """Send a market order that closes the position; return False where one is on its way or was just refused.

        Args:
            rule: the exit rule that wants it, if one does.
        """
        if self._desk.config.watches:
            return False
        position = self._positions.open[symbol]
        tries, last = position.close_tries, self._orders.get(position.close_tries.last)
        whole = [order for order in self._orders.live(Purpose.EXIT, symbol) if order.request.close_order]
        if worth_waiting(whole, tries, last, self._desk.at):  # what closes a part, or at a price, is not waited for
            return False
        request = OrderRequest(
            client_id=self._desk.ids.next(),
            symbol=symbol,
            side=position.closing_side,
            type=OrderType.MARKET,
            close_order=True,
        )
        tried(tries, last, request.client_id, self._desk.at)
        self._orders.intend(request, Purpose.EXIT, why, rule)
        return True
