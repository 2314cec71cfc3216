"""Every position has a stop resting on the exchange, or is closed (promise 3)."""

from __future__ import annotations

from typing import Final

from radtui.core.account import PositionReport
from radtui.core.market import SECOND
from radtui.core.order import OrderReport
from radtui.simserver.explore.checks import Check, Scene

MARGIN: Final = 2 * SECOND
"""What the way to the exchange and back, and the second between two looks, may add to what is promised."""


class Protected(Check):
    """No position is without a stop for longer than promised while the exchange answers.

    Args:
        within: nanoseconds that are promised.
    """

    name = "no position without a stop"

    def __init__(self, scene: Scene, within: int) -> None:
        super().__init__(scene)
        self._within = within
        self._bare: dict[str, tuple[int, int]] = {}
        """When each position lost its stop: time of the world, and run of the stopwatch."""
        self._positions = 0
        self._at = (scene.passed, scene.patience.run())

    def moved(self) -> None:
        """Look at the exchange's own positions and stops: something has happened to them."""
        self._measure()
        venue = self.scene.venue
        positions = venue.positions()
        orders = venue.open_orders() if positions else []
        bare = sorted({position.symbol for position in positions if not covered(position, orders)})
        self._positions = len(positions)
        self._bare = {symbol: self._bare.get(symbol, self._at) for symbol in bare}

    def turned(self) -> None:
        """See how long each has been without."""
        self._measure()
        now, run = self._at
        for symbol, (since, begun) in self._bare.items():
            if run - begun > self._within + MARGIN:
                seconds, answered = (now - since) / SECOND, (run - begun) / SECOND
                self.broken(f"{symbol} has had no stop for {seconds:.1f} s, {answered:.1f} of them without an excuse")

    def _measure(self) -> None:
        (before, ran), exposure = self._at, self.scene.exposure
        self._at = now, run = self.scene.passed, self.scene.patience.run()
        exposure.held += self._positions * (now - before) / SECOND
        exposure.excused += self._positions * (now - before - run + ran) / SECOND
        exposure.bare += len(self._bare) * (now - before) / SECOND
        for _, begun in self._bare.values():
            exposure.worst = max(exposure.worst, (run - begun) / SECOND)


def covered(position: PositionReport, orders: list[OrderReport]) -> bool:
    """Return whether a stop waits that would close a position."""
    return any(
        order.waits
        and order.symbol == position.symbol
        and order.side.sign * position.lots < 0
        and (order.close_order or (order.reduce_only and order.lots >= abs(position.lots)))
        for order in orders
    )
