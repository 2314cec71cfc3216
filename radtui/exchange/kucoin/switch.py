"""KuCoin's dead man's switch as an engine uses it."""

from __future__ import annotations

import asyncio
from typing import Final

from radtui.exchange.kucoin.rest.client import Rest
from radtui.resilience.failures import Ambiguous

_WITHIN: Final = 5.0
"""Seconds a setting may take; it is repeated soon anyway."""


class AccountSwitch:
    """The switch of one account, on the unified account's host."""

    def __init__(self, rest: Rest) -> None:
        self._rest = rest

    async def set_switch(self, seconds: int, symbols: tuple[str, ...]) -> None:
        """Have every order of `symbols` cancelled after `seconds` unless it is set again; no symbols: switch it off.

        Raises:
            ExchangeFailure: it could not be set.
        """
        account = self._rest.account
        try:
            async with asyncio.timeout(_WITHIN):
                await (account.set_switch(seconds, symbols) if symbols else account.unset_switch())
        except TimeoutError:
            raise Ambiguous("The dead-man switch was not answered in time. It is set again soon.") from None
