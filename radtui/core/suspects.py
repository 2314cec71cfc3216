"""Positions that the exchange shows otherwise than our books have them, until that is explained or believed."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

import msgspec

from radtui.core.desk import Desk
from radtui.core.market import SECOND
from radtui.core.orders import Purpose
from radtui.core.own_orders import OwnOrders

_FILLS_WITHIN: Final = 20 * SECOND
"""So long an order of ours that trades, or fills of one that are missing, may explain a difference: readings show
fills, and one of ours is nearly always on its way where a close is tried again and again."""


class Suspect(msgspec.Struct):
    """A position that differs.

    Attributes:
        since: wall clock of the first reading that showed it. lots: as it was shown; None while an order or a fill of
            ours may explain it.
    """

    since: int
    lots: int | None = None


class Suspects:
    """All that differ, by contract."""

    def __init__(self, desk: Desk, orders: OwnOrders) -> None:
        self._desk = desk
        self._orders = orders
        self._of: dict[str, Suspect] = {}

    @property
    def doubtful(self) -> bool:
        """Whether a difference was seen once and waits for the reading that confirms it."""
        return any(suspect.lots is not None for suspect in self._of.values())

    def __contains__(self, symbol: str) -> bool:
        return symbol in self._of

    def keep(self, symbols: Collection[str]) -> None:
        """Forget all but `symbols`: what ended meanwhile is in no doubt any more."""
        self._of = {symbol: suspect for symbol, suspect in self._of.items() if symbol in symbols}

    def clear(self, symbol: str) -> None:
        """It is shown as we have it."""
        self._of.pop(symbol, None)

    def believed(self, symbol: str, lots: int, *, at_once: bool) -> bool:
        """Return whether a difference is real: no order or fill of ours can explain it, and it was seen twice.

        Args:
            lots: as it is shown.
            at_once: seen once will do, for what protects nothing yet is not left bare for another reading.
        """
        suspect = self._of.setdefault(symbol, Suspect(self._desk.at))
        trades = any(order.purpose is not Purpose.STOP for order in self._orders.live(symbol=symbol))
        may_explain = trades or self._orders.uncounted(symbol)
        if may_explain and self._desk.at - suspect.since < _FILLS_WITHIN:
            suspect.lots = None
            return False
        if at_once:
            suspect.lots = lots
        stands = suspect.lots is not None and self._desk.at - suspect.since >= _FILLS_WITHIN  # it changes, but is there
        believed = suspect.lots == lots or stands
        suspect.lots = lots
        if believed:
            del self._of[symbol]
        return believed
