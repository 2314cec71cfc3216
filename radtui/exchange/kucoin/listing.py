"""The contracts this account trades, with its own fees; read once and then now and again."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Final

from radtui.core.instrument import Instrument
from radtui.core.market import MINUTE
from radtui.exchange.kucoin.contracts import chosen, instruments
from radtui.exchange.kucoin.rest.client import Rest
from radtui.exchange.kucoin.wire.account import TradeFees
from radtui.exchange.kucoin.wire.market import Contract
from radtui.resilience.clock import Clock
from radtui.resilience.failures import ExchangeFailure, Refused

GOOD_FOR: Final = 10 * MINUTE
"""Nanoseconds after which the list is read again."""


class Listing:
    """The contracts to trade.

    Attributes:
        traded: by symbol; empty before the first reading.
        contracts: the same as the exchange describes them.
    """

    def __init__(self, rest: Rest, symbols: Sequence[str], clock: Clock) -> None:
        self._rest, self._symbols, self._clock = rest, symbols, clock
        self._fees: dict[str, TradeFees] = {}
        self._read_at = 0
        self.traded: dict[str, Instrument] = {}
        self.contracts: tuple[Contract, ...] = ()

    async def fresh(self) -> tuple[Instrument, ...]:
        """Return the contracts; they are read where that was not done or is long ago, and kept where that fails."""
        if not self.traded:
            await self.read()
        elif self._clock.monotonic() - self._read_at >= GOOD_FOR:
            with suppress(ExchangeFailure):  # the observer was told; a contract's rules rarely change
                await self.read()
        return tuple(self.traded.values())

    async def read(self) -> None:
        """Read the contracts, and the fees of those whose fees are not known.

        Raises:
            Refused: a configured symbol is not traded; see `contracts.chosen`.
        """
        contracts = chosen(await self._rest.market.contracts(), self._symbols)
        for contract in contracts:
            if contract.symbol not in self._fees:
                with suppress(Refused):  # then the contract's own rates stand
                    self._fees[contract.symbol] = await self._rest.account.fees(contract.symbol)
        self.contracts = tuple(contracts)
        self.traded.update((found.symbol, found) for found in instruments(contracts, self._fees))
        self._read_at = self._clock.monotonic()
