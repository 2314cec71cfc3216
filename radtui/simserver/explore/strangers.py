"""Somebody else on the same account: an order that is not ours is left alone, whatever happens (row W6)."""

from __future__ import annotations

from collections.abc import Iterable

from radtui.core.order import OrderReport
from radtui.simserver.explore.checks import Check

_MARK = "somebody-"


def name(number: int) -> str:
    """Return the client id of somebody else's order."""
    return f"{_MARK}{number}"


def ours(orders: Iterable[OrderReport]) -> list[OrderReport]:
    """Return the orders that are not somebody else's."""
    return [order for order in orders if not order.client_id.startswith(_MARK)]


class LeftAlone(Check):
    """Only whoever placed a stranger's order ends it."""

    name = "what is not ours is left alone"

    def moved(self) -> None:
        """Look at the orders that should rest."""
        for client_id, symbol in self.scene.strangers.items():
            order = self.scene.venue.order(symbol, client_id)
            if order is None or not order.active:
                self.broken(f"{client_id} ({symbol}) is gone, and whoever placed it did not cancel it")
