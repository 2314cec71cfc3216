"""Which margin mode and which position an order is for: always said, never left to the exchange's defaults.

An entry uses the configured margin mode and is refused where the exchange has another one for its symbol. An exit uses
the mode its symbol really has: it must work whatever the settings say.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Final

from msgspec.structs import replace

from radtui.core.order import MarginMode, OrderRequest, PositionSide, Side
from radtui.exchange.kucoin.rest.calls.positions import PositionCalls
from radtui.resilience.failures import ExchangeFailure, Refused

EXIT_WAITS: Final = 1.0
"""Seconds that an exit waits for modes that are not known: it must leave before whoever sent it gives up."""


class Modes:
    """The account's modes, read from the exchange and kept up to date by the feed."""

    def __init__(self, positions: PositionCalls, wanted: MarginMode) -> None:
        self._positions, self._wanted = positions, wanted
        self._margin: dict[str, MarginMode] = {}
        self._leverage: dict[str, int] = {}
        self._hedged: bool | None = None

    async def read(self, symbols: Iterable[str], *, essential: bool = False) -> None:
        """Read the position mode and the margin mode of each symbol, as far as they are not known."""
        if self._hedged is None:
            self._hedged = await self._positions.is_hedged(essential=essential)
        for symbol in symbols:
            if symbol not in self._margin:
                self._margin[symbol] = await self._positions.margin_mode(symbol, essential=essential)

    def forget(self) -> None:
        """Have everything read anew: the exchange says that a mode is another one."""
        self._hedged = None
        self._margin.clear()
        self._leverage.clear()

    def margin_changed(self, modes: Mapping[str, MarginMode]) -> None:
        """Note margin modes that the feed tells of."""
        self._margin.update(modes)

    def leverage_changed(self, symbol: str, leverage: Decimal) -> None:
        """Note a cross leverage that the feed tells of."""
        self._leverage[symbol] = int(leverage)

    async def fit(self, request: OrderRequest) -> OrderRequest:
        """Return an order with its modes spelt out; where it opens a cross position, its leverage is set first.

        Where a mode is not known it is read; an exit leaves all the same where that fails.

        Raises:
            Refused: the symbol's margin mode is not the configured one, and the order would open something.
            ExchangeFailure: the leverage could not be set; nothing was placed.
        """
        try:
            async with asyncio.timeout(EXIT_WAITS if request.reduces else None):
                await self.read([request.symbol], essential=request.reduces)
        except (ExchangeFailure, TimeoutError):
            if not request.reduces:
                raise
        mode = self._margin.get(request.symbol, self._wanted)
        fitted = replace(request, margin_mode=mode, position_side=self._side(request))
        if fitted.reduces:
            return fitted
        if mode is not self._wanted:
            raise Refused(
                f"{request.symbol} is held in {mode.lower()} margin at the exchange and {self._wanted.lower()} is "
                "configured. The order was not sent. Change the symbol's mode there (it needs no open order or "
                "position), or the setting here.",
                code="margin mode",
            )
        if mode is MarginMode.CROSS and request.leverage:
            await self._lever(request.symbol, request.leverage)
        return fitted

    def _side(self, request: OrderRequest) -> PositionSide:
        if not self._hedged:
            return PositionSide.BOTH
        if request.position_side is not PositionSide.BOTH:
            return request.position_side
        buys = request.side is Side.BUY
        opens_long = buys is not request.reduces  # who sells to reduce closes what was bought
        return PositionSide.LONG if opens_long else PositionSide.SHORT

    async def _lever(self, symbol: str, leverage: int) -> None:
        if symbol not in self._leverage:
            self._leverage[symbol] = int(await self._positions.cross_leverage(symbol))
        if self._leverage[symbol] != leverage:
            await self._positions.set_cross_leverage(symbol, leverage)
            self._leverage[symbol] = leverage
