"""Orders that bring their own protection: a target and a stop that come into being when the entry fills.

The exchange does not say when the protective orders of `st-orders` exist. Here they are placed for what was filled
once the entry is done, both reduce-only market stops; when one of them is done, the other goes.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import msgspec

from radtui.core.order import Cross, OrderReport, OrderRequest, OrderType, PriceType, Trigger


class Bracket(msgspec.Struct, frozen=True):
    """The prices of an entry's protection; None where one side has none."""

    up: Decimal | None
    down: Decimal | None
    on: PriceType

    @property
    def triggers(self) -> list[Trigger]:
        """What sets the protective orders off."""
        sides = ((Cross.UP, self.up), (Cross.DOWN, self.down))
        return [Trigger(cross, price, self.on) for cross, price in sides if price is not None]


class Brackets:
    """Which entries still owe their protection, and which protective orders belong together."""

    def __init__(self) -> None:
        self._owed: dict[str, Bracket] = {}
        self._group: dict[str, list[str]] = {}

    def add(self, order_id: str, bracket: Bracket) -> None:
        """Remember what an accepted entry brings."""
        self._owed[order_id] = bracket

    def protect(self, order_id: str, report: OrderReport) -> Iterator[OrderRequest]:
        """Yield the protective orders that are due now: an entry is done and something of it was filled."""
        if report.active or order_id not in self._owed:
            return
        bracket = self._owed.pop(order_id)
        if not report.filled_lots:
            return
        for trigger in bracket.triggers:
            yield OrderRequest(
                client_id=f"{trigger.cross}-{order_id}",
                symbol=report.symbol,
                side=report.side.opposite,
                type=OrderType.MARKET,
                lots=report.filled_lots,
                reduce_only=True,
                stop=trigger,
                margin_mode=report.margin_mode,
                position_side=report.position_side,
            )

    def pair(self, order_id: str, protective_id: str) -> None:
        """Note that a protective order of an entry was placed."""
        group = self._group.get(order_id, [])
        group.append(protective_id)
        self._group[order_id] = self._group[protective_id] = group

    def release(self, order_id: str, report: OrderReport) -> list[str]:
        """Return the protective orders that go because this one has fired or is done."""
        group = self._group.get(order_id)
        if group is None or order_id not in group or not (report.triggered or not report.active):
            return []
        self._group = {member: other for member, other in self._group.items() if other is not group}
        return [member for member in group if member != order_id]
