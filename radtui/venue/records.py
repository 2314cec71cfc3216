"""What the exchange remembers of orders and fills that are done, and every client id it ever took."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from typing import Final

import msgspec

from radtui.core.account import FundingPaid
from radtui.core.order import Fill
from radtui.venue.desk import VenueOrder
from radtui.venue.statements import Statements, StatementsState

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
    statements: StatementsState = msgspec.field(default_factory=StatementsState)


class Records:
    """The exchange's memory: counters, client ids, the last done orders and the last fills.

    Args:
        kept: how many of each to keep, ledger rows and closed positions included; 0 keeps the usual numbers, and of
            these two none.
    """

    __slots__ = ("_done", "_kept", "_numbers", "_orders", "_trades", "fills", "fundings", "ids", "statements")

    def __init__(self, state: RecordsState | None = None, kept: int = 0) -> None:
        known = state or RecordsState(0, 0, {}, [], [])
        self._kept = kept or KEPT_ORDERS
        self._orders = known.orders
        self._trades = known.trades
        self._done = {order.request.client_id: order for order in known.done}
        self._numbers = {order.number: order for order in known.done}
        self.ids = ClientIds(known.ids)
        self.fills: deque[Fill] = deque(known.fills, maxlen=kept or KEPT_FILLS)
        self.fundings: deque[FundingPaid] = deque(known.fundings, maxlen=kept or KEPT_FUNDINGS)
        self.statements = Statements(kept, known.statements)

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

    def done_number(self, number: int) -> VenueOrder | None:
        """Return a done order by its number, as far back as they are kept."""
        return self._numbers.get(number)

    def all_done(self) -> list[VenueOrder]:
        """Return the done orders, the first that ended first."""
        return list(self._done.values())

    def retire(self, order: VenueOrder) -> None:
        """Keep an order that is done, and forget the oldest."""
        self._done[order.request.client_id] = order
        self._numbers[order.number] = order
        if len(self._done) > self._kept:
            oldest = self._done.pop(next(iter(self._done)))
            del self._numbers[oldest.number]

    def pack(self) -> RecordsState:
        """Return all of it."""
        done, fills, fundings = list(self._done.values()), list(self.fills), list(self.fundings)
        statements = self.statements.pack()
        return RecordsState(self._orders, self._trades, self.ids.pack(), done, fills, fundings, statements)
