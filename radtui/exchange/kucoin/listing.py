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
        missing: why configured symbols are not traded, by symbol, as of the last reading.
    """

    def __init__(self, rest: Rest, symbols: Sequence[str], clock: Clock) -> None:
        self._rest, self._symbols, self._clock = rest, symbols, clock
        self._fees: dict[str, TradeFees] = {}
        self._read_at: int | None = None
        self.traded: dict[str, Instrument] = {}
        self.contracts: tuple[Contract, ...] = ()
        self.missing: dict[str, str] = {}

    async def fresh(self) -> tuple[Instrument, ...]:
        """Return the contracts; they are read where that was not done or is long ago, and kept where that fails."""
        if self._read_at is None:
            await self.read()
        elif self._clock.monotonic() - self._read_at >= GOOD_FOR:
            with suppress(ExchangeFailure):  # the observer was told; a contract's rules rarely change
                await self.read()
        return tuple(self.traded.values())

    async def read(self) -> None:
        """Read the contracts, and the fees of those whose fees are not known.

        Raises:
            Refused: nothing that is configured can ever be traded; see `contracts.chosen`.
        """
        found = chosen(await self._rest.market.contracts(), self._symbols)
        for contract in found.traded:
            await self._read_fees(contract.symbol)
        self.contracts, self.missing = found.traded, found.missing
        self.traded.update((each.symbol, each) for each in instruments(found.traded, self._fees))
        self._read_at = self._clock.monotonic()

    async def describe(self, symbol: str) -> Instrument:
        """Return one contract that is listed, traded here or not.

        Raises:
            Refused: the exchange has no such contract.
        """
        listed = {contract.symbol: contract for contract in await self._rest.market.contracts()}
        contract = listed.get(symbol) or await self._rest.market.contract(symbol)  # a list may leave out what is paused
        await self._read_fees(symbol)
        (found,) = instruments([contract], self._fees)
        return found

    async def _read_fees(self, symbol: str) -> None:
        if symbol not in self._fees:
            with suppress(Refused):  # then the contract's own rates stand
                self._fees[symbol] = await self._rest.account.fees(symbol)
