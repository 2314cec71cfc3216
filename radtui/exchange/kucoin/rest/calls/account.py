"""The account: its money, ledger, funding and fees, what its key may do, and the dead-man switch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from radtui.exchange.kucoin.rest import endpoints
from radtui.exchange.kucoin.rest.door import Door
from radtui.exchange.kucoin.wire import account
from radtui.exchange.kucoin.wire.common import Slice, encode

SHORTEST_SWITCH: Final = 5
LONGEST_SWITCH: Final = 86_400
"""Seconds that the dead-man switch can be set to."""
_OFF: Final = -1
_FUTURES: Final = "FUTURES"


class AccountCalls:
    """The account over REST; all times in milliseconds UTC. Everything raises only `ExchangeFailure`."""

    def __init__(self, door: Door) -> None:
        self._door = door

    async def overview(self, currency: str = "USDT", *, essential: bool = False) -> account.Overview:
        """Return the money in one settlement currency. The exchange itself would take XBT where none is named."""
        return await self._door.call(endpoints.OVERVIEW, query={"currency": currency}, essential=essential)

    async def ledger(
        self,
        currency: str = "USDT",
        *,
        kind: str | None = None,
        begin: int | None = None,
        end: int | None = None,
        offset: int | None = None,
        count: int = 50,
    ) -> Slice[account.LedgerEntry]:
        """Return movements of money, newest first; the first may be pending, with offset −1.

        Args:
            kind: for example ``RealisedPNL`` or ``TransferIn``; None for all.
            offset: of the last row that is known, to read on from there.
        """
        query = {
            "startAt": begin,
            "endAt": end,
            "type": kind,
            "offset": offset,
            "maxCount": count,
            "currency": currency,
        }
        return await self._door.call(endpoints.LEDGER, query=query)

    async def funding(
        self,
        symbol: str,
        *,
        begin: int | None = None,
        end: int | None = None,
        offset: int | None = None,
        count: int | None = None,
    ) -> Slice[account.FundingEntry]:
        """Return a symbol's settlements of funding, newest first.

        Args:
            offset: the id of the last row that is known, to read on from there.
        """
        query = {"symbol": symbol, "startAt": begin, "endAt": end, "offset": offset, "maxCount": count}
        return await self._door.call(endpoints.FUNDING_HISTORY, query=query)

    async def fees(self, symbol: str) -> account.TradeFees:
        """Return this account's fee rates on a symbol."""
        return await self._door.call(endpoints.TRADE_FEES, query={"symbol": symbol})

    async def key_info(self) -> account.KeyInfo:
        """Return what the key may do."""
        return await self._door.call(endpoints.KEY_INFO)

    async def set_switch(self, seconds: int, symbols: Sequence[str] = ()) -> account.SwitchArmed:
        """Have the exchange cancel the orders after `seconds` unless it is set again before.

        Args:
            symbols: whose orders; all where none is named.

        Raises:
            ValueError: the exchange does not take so many seconds.
        """
        if not SHORTEST_SWITCH <= seconds <= LONGEST_SWITCH:
            raise ValueError(f"the dead-man switch takes {SHORTEST_SWITCH} to {LONGEST_SWITCH} s, not {seconds}")
        return await self._switch(seconds, symbols)

    async def unset_switch(self) -> account.SwitchArmed:
        """Switch the dead-man switch off."""
        return await self._switch(_OFF, ())

    async def switch(self) -> account.Switch | None:
        """Return how the dead-man switch is set, or None where it never was."""
        return await self._door.find(endpoints.SWITCH, query={"tradeType": _FUTURES})

    async def _switch(self, seconds: int, symbols: Sequence[str]) -> account.SwitchArmed:
        body: dict[str, object] = {"timeout": seconds, "tradeType": _FUTURES}
        if symbols:
            body["symbols"] = ",".join(symbols)
        return await self._door.call(endpoints.SET_SWITCH, body=encode(body))
