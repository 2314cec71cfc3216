"""Money that moved without a trade, as the exchange's ledger of the account lists it.

The ledger has a row for each trade and settlement too (``RealisedPNL``), and while a position is open a first row for
its profit so far (``Pending``). Neither is a movement from outside. The rest is, whatever the exchange calls it.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Final

from radtui.core.account import Transfer
from radtui.core.market import DAY, HOUR
from radtui.exchange.kucoin.contracts import SETTLED_IN
from radtui.exchange.kucoin.rest.calls.account import AccountCalls
from radtui.exchange.kucoin.wire.account import LedgerEntry
from radtui.exchange.kucoin.wire.common import MILLISECOND

SPAN: Final = 7 * DAY
"""Nanoseconds of the ledger that are asked for at once."""
FIRST: Final = HOUR
"""How far back a first reading looks, of which nobody said from when."""
HISTORY: Final = 90 * DAY
_ROWS: Final = 50
_TRADED: Final = "RealisedPNL"
_PENDING: Final = -1
_OUT: Final = frozenset({"transferout", "withdrawal"})


class TransferReader:
    """Reads the ledger.

    Args:
        now: the exchange's time, nanoseconds UTC.
    """

    def __init__(self, account: AccountCalls, now: Callable[[], int]) -> None:
        self._account, self._now = account, now

    async def since(self, since: int) -> list[Transfer]:
        """Return the movements at or after `since` (nanoseconds UTC), oldest first, each once."""
        now = self._now()
        begin = max(since, now - HISTORY) if since > 0 else now - FIRST
        found: dict[str, Transfer] = {}
        for start in range(begin, now, SPAN):
            async for entry in self._rows(start, min(start + SPAN, now)):
                if entry.type != _TRADED and entry.offset != _PENDING and entry.amount:
                    transfer = _transfer(entry)
                    found[transfer.key] = transfer
        return sorted(found.values(), key=lambda transfer: (transfer.at, transfer.key))

    async def _rows(self, begin: int, end: int) -> AsyncIterator[LedgerEntry]:
        """Iterate over the rows of a span, newest first, all pages of it."""
        offset: int | None = None
        while True:
            part = await self._account.ledger(
                SETTLED_IN, begin=begin // MILLISECOND, end=end // MILLISECOND, offset=offset, count=_ROWS
            )
            for entry in part.data_list:
                yield entry
            last = part.data_list[-1].offset if part.data_list else None
            if not part.has_more or last is None or last in {offset, _PENDING}:
                return
            offset = last


def _transfer(entry: LedgerEntry) -> Transfer:
    """Return a movement; the ledger's kind says which way it went, whatever sign the amount bears."""
    amount = -abs(entry.amount) if entry.type.lower() in _OUT else entry.amount
    return Transfer(
        key=f"{entry.currency} {entry.offset} {entry.time}",
        currency=entry.currency,
        amount=amount,
        at=entry.time * MILLISECOND,
        kind=entry.type,
    )
