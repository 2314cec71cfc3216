"""What the exchange remembers of orders and fills that are done, and every client id it ever took."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from typing import Final

import msgspec

from radtui.core.account import FundingPaid
from radtui.core.order import Fill
from radtui.venue.desk import VenueOrder

KEPT_ORDERS: Final = 200
KEPT_FILLS: Final = 500
KEPT_FUNDINGS: Final = 200


class ClientIds:
    """Every client id ever accepted. Ids share their prefixes (up to the last ``-``), which are kept once."""

    __slots__ = ("_suffixes",)

    def __init__(self, packed: Mapping[str, Sequence[str]] | None = None) -> None:
        self._suffixes = {prefix: dict.fromkeys(suffixes) for prefix, suffixes in (packed or {}).items()}

    def __contains__(self, client_id: str) -> bool:
        prefix, suffix = _split(client_id)
        return suffix in self._suffixes.get(prefix, ())

    def add(self, client_id: str) -> None:
        """Remember one."""
        prefix, suffix = _split(client_id)
        self._suffixes.setdefault(prefix, {})[suffix] = None

    def pack(self) -> dict[str, list[str]]:
        """Return them by prefix."""
        return {prefix: list(suffixes) for prefix, suffixes in self._suffixes.items()}


def _split(client_id: str) -> tuple[str, str]:
    prefix, dash, suffix = client_id.rpartition("-")
    return prefix + dash, suffix


class RecordsState(msgspec.Struct, array_like=True):
    """The records as they are packed."""

    orders: int
    trades: int
    ids: dict[str, list[str]]
    done: list[VenueOrder]
    fills: list[Fill]
    fundings: list[FundingPaid] = []


class Records:
    """The exchange's memory: counters, client ids, the last done orders and the last fills."""

    __slots__ = ("_done", "_orders", "_trades", "fills", "fundings", "ids")

    def __init__(self, state: RecordsState | None = None) -> None:
        known = state or RecordsState(0, 0, {}, [], [])
        self._orders = known.orders
        self._trades = known.trades
        self._done = {order.request.client_id: order for order in known.done}
        self.ids = ClientIds(known.ids)
        self.fills: deque[Fill] = deque(known.fills, maxlen=KEPT_FILLS)
        self.fundings: deque[FundingPaid] = deque(known.fundings, maxlen=KEPT_FUNDINGS)

    def next_order(self) -> int:
        """Return the number of a new order."""
        self._orders += 1
        return self._orders

    def next_trade(self) -> str:
        """Return the id of a new fill."""
        self._trades += 1
        return str(self._trades)

    def done(self, client_id: str) -> VenueOrder | None:
        """Return a done order, as far back as they are kept."""
        return self._done.get(client_id)

    def retire(self, order: VenueOrder) -> None:
        """Keep an order that is done, and forget the oldest."""
        self._done[order.request.client_id] = order
        if len(self._done) > KEPT_ORDERS:
            del self._done[next(iter(self._done))]

    def pack(self) -> RecordsState:
        """Return all of it."""
        done, fills, fundings = list(self._done.values()), list(self.fills), list(self.fundings)
        return RecordsState(self._orders, self._trades, self.ids.pack(), done, fills, fundings)
