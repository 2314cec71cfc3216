"""Orders under our name of which our books have no note, and the positions that they made.

A crash may lose a note, an older journal that was put back has none of what came after it, and the guardian notes in a
journal of its own. What such an order made is ours all the same, whatever policy says of strangers' positions.
"""

from __future__ import annotations

from collections.abc import Iterable

from radtui.core.account import PositionReport
from radtui.core.desk import Desk
from radtui.core.events import ExchangeShown
from radtui.core.order import Fill, OrderReport, PositionSide
from radtui.core.own_orders import OwnOrders
from radtui.core.shown import reduces


class LostNotes:
    """Knows their ids, as far as readings showed them."""

    def __init__(self, desk: Desk, orders: OwnOrders) -> None:
        self._desk = desk
        self._orders = orders
        self._ids: set[str] = set()

    def look(self, seen: ExchangeShown) -> None:
        """Note the ids that a reading shows, before its orders are taken over.

        What our books do know they have counted: a position beyond that is not the work of those orders.
        """
        ids, found = self._desk.ids, {each.client_id for each in _traces(seen)}
        self._ids |= {
            id_ for id_ in found if ids.own(id_) and not ids.this_start(id_) and self._orders.get(id_) is None
        }

    def made(self, report: PositionReport, seen: ExchangeShown) -> bool:
        """Return whether they made this very position: what closes it rests, or their fills add up to it.

        What was closed again left nothing: a position that is there all the same is somebody else's.
        """
        sides = {PositionSide.BOTH, report.position_side}
        here = [each for each in _traces(seen) if each.symbol == report.symbol and each.position_side in sides]
        lost = [each for each in here if each.client_id in self._ids]
        filled = sum(each.signed_lots for each in lost if isinstance(each, Fill))
        return filled == report.lots or any(isinstance(each, OrderReport) and _closes(each, report) for each in lost)


def _traces(seen: ExchangeShown) -> Iterable[OrderReport | Fill]:
    """Return everything that a reading shows to have been done by orders."""
    return (*seen.orders, *(seen.fills or ()))


def _closes(order: OrderReport, position: PositionReport) -> bool:
    return reduces(order) and order.side.sign * position.lots < 0
