"""Every position has a stop resting on the exchange, or is closed (promise 3)."""

from __future__ import annotations

from typing import Final

from radtui.core.account import PositionReport
from radtui.core.market import SECOND
from radtui.core.order import OrderReport
from radtui.simserver.explore.checks import Check, Scene

MARGIN: Final = 4 * SECOND
"""What the way to the exchange and back, a reading and the second between two looks may add to what is promised."""


class Protected(Check):
    """No position is without a stop for longer than promised while the exchange answers.

    Args:
        within: nanoseconds that are promised.
    """

    name = "no position without a stop"

    def __init__(self, scene: Scene, within: int) -> None:
        super().__init__(scene)
        self._within = within
        self._bare_since: dict[str, int] = {}

    def turned(self) -> None:
        """Look at the exchange's own positions and stops."""
        positions = self.scene.venue.positions()
        if not positions:
            self._bare_since.clear()
            return
        orders, now = self.scene.venue.open_orders(), self.scene.passed
        bare = {position.symbol for position in positions if not covered(position, orders)}
        self._bare_since = {symbol: self._bare_since.get(symbol, now) for symbol in sorted(bare)}
        for symbol, since in self._bare_since.items():
            seconds = (now - max(since, self.scene.excused_until)) / SECOND
            if seconds > (self._within + MARGIN) / SECOND:
                self.broken(f"{symbol} has had no stop for {(now - since) / SECOND:.0f} s")


def covered(position: PositionReport, orders: list[OrderReport]) -> bool:
    """Return whether a stop waits that would close a position."""
    return any(
        order.waits
        and order.symbol == position.symbol
        and order.side.sign * position.lots < 0
        and (order.close_order or (order.reduce_only and order.lots >= abs(position.lots)))
        for order in orders
    )
