"""Stops of ours that ended although none of us asked for it: told of, for their position was bare for a moment."""

from __future__ import annotations

from typing import Final

from radtui.core.orders import Order, OrderState, Purpose
from radtui.core.own_orders import OwnOrders
from radtui.core.positions import Positions
from radtui.core.reconcile import Reconciler
from radtui.core.recovery import Recovery
from radtui.core.recovery_report import Finding

_AGAIN: Final = "a new one is placed, as long as its position is there"
_AGAIN_IN_CASE: Final = "its position is not shown as we know it either: it is read again, and keeps a stop meanwhile"


class LostStops:
    """Compares an order before and after a word of the exchange."""

    def __init__(self, orders: OwnOrders, positions: Positions, recovery: Recovery, reconciler: Reconciler) -> None:
        self._orders = orders
        self._positions = positions
        self._recovery = recovery
        self._reconciler = reconciler

    def look(self, before: Order | None, after: Order | None) -> None:
        """Tell of a stop that was cancelled by somebody else while its position is open."""
        if before is None or after is None or before.done or after.state is not OrderState.CANCELLED:
            return
        held = self._positions.open.get(after.symbol)
        wanted = after.purpose is Purpose.STOP and not after.cancelling and held is not None and held.lots
        if not wanted or not self._recovery.done or self._orders.live(Purpose.EXIT, after.symbol):
            return
        self._reconciler.found(
            Finding(
                kind="stop",
                subject=f"{after.symbol} ({after.client_id})",
                before="a stop that rests",
                after="none",
                explanation=after.error or "cancelled by somebody else",
                done=_AGAIN_IN_CASE if self._reconciler.suspects(after.symbol) else _AGAIN,
            )
        )
