"""Positions and how they are held: margin, margin modes, position mode, leverage, risk limits."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from radtui.core.money import plain
from radtui.core.order import MarginMode
from radtui.exchange.kucoin.rest import endpoints
from radtui.exchange.kucoin.rest.asking import Query
from radtui.exchange.kucoin.rest.door import Door
from radtui.exchange.kucoin.wire import positions
from radtui.exchange.kucoin.wire.common import Page, encode
from radtui.resilience.failures import Refused

LARGEST_PAGE = 200
"""Closed positions of a page at most."""


class PositionCalls:
    """Positions over REST; all times in milliseconds UTC. Everything raises only `ExchangeFailure`."""

    def __init__(self, door: Door) -> None:
        self._door = door

    async def open(self, currency: str | None = None, *, essential: bool = False) -> Sequence[positions.Position]:
        """Return the open positions."""
        query = {"currency": currency}
        return await self._door.find(endpoints.POSITIONS, query=query, essential=essential) or []

    async def of(self, symbol: str, *, essential: bool = False) -> positions.Position | None:
        """Return a symbol's position in one-way mode, or None where there is none."""
        return await self._door.find(endpoints.POSITION, query={"symbol": symbol}, essential=essential)

    async def sides(self, symbol: str, *, essential: bool = False) -> Sequence[positions.Position]:
        """Return a symbol's positions, of which there may be two in hedge mode."""
        query = {"symbol": symbol}
        return await self._door.find(endpoints.POSITION_SIDES, query=query, essential=essential) or []

    async def history(
        self,
        symbol: str | None = None,
        *,
        begin: int | None = None,
        end: int | None = None,
        page: int = 1,
        size: int = LARGEST_PAGE,
    ) -> Page[positions.ClosedPosition]:
        """Return a page of closed positions, newest first."""
        query = {"symbol": symbol, "from": begin, "to": end, "limit": size, "pageId": page}
        return await self._door.call(endpoints.POSITIONS_HISTORY, query=query)

    async def margin_mode(self, symbol: str, *, essential: bool = False) -> MarginMode:
        """Return a symbol's margin mode."""
        found = await self._door.call(endpoints.MARGIN_MODE, query={"symbol": symbol}, essential=essential)
        said = found.margin_mode
        if said not in set(MarginMode):
            raise Refused(
                f"{symbol} is held in a margin mode that radtui does not know: {said}. Nothing was changed. "
                "Set it to isolated or cross on the exchange.",
                code="margin mode",
            )
        return MarginMode(said)

    async def set_margin_mode(self, symbol: str, mode: MarginMode) -> None:
        """Change a symbol's margin mode; refused while it has an order or a position."""
        await self._door.call(endpoints.SET_MARGIN_MODE, body=encode({"symbol": symbol, "marginMode": mode}))

    async def set_margin_modes(self, symbols: Sequence[str], mode: MarginMode) -> positions.SymbolModes:
        """Change the margin mode of many; the answer tells which of them stayed as they were, and why."""
        body = encode({"marginMode": mode, "symbols": list(symbols)})
        return await self._door.call(endpoints.SET_MARGIN_MODES, body=body)

    async def is_hedged(self, *, essential: bool = False) -> bool:
        """Return whether a symbol may have a long and a short position at once."""
        return (await self._door.call(endpoints.POSITION_MODE, essential=essential)).hedged

    async def set_hedged(self, hedged: bool) -> None:
        """Change the account's position mode; refused while there is any order or position."""
        await self._door.call(endpoints.SET_POSITION_MODE, body=encode({"positionMode": str(int(hedged))}))

    async def cross_leverage(self, symbol: str) -> Decimal:
        """Return a symbol's leverage in cross margin."""
        return (await self._door.call(endpoints.CROSS_LEVERAGE, query={"symbol": symbol})).leverage

    async def set_cross_leverage(self, symbol: str, leverage: int) -> None:
        """Change a symbol's leverage in cross margin."""
        await self._door.call(endpoints.SET_CROSS_LEVERAGE, body=encode({"symbol": symbol, "leverage": str(leverage)}))

    async def max_open_size(self, symbol: str, price: Decimal, leverage: int) -> positions.MaxOpenSize:
        """Return how many lots may be bought and sold in addition."""
        query: Query = {"symbol": symbol, "price": price, "leverage": leverage}
        return await self._door.call(endpoints.MAX_OPEN_SIZE, query=query)

    async def cross_risk_limits(
        self, symbols: Sequence[str], *, margin: Decimal | None = None, leverage: int | None = None
    ) -> Sequence[positions.CrossRiskLimit]:
        """Return how large cross positions of up to 50 symbols may be."""
        query: Query = {"symbol": ",".join(symbols), "totalMargin": margin, "leverage": leverage}
        return await self._door.call(endpoints.CROSS_RISK_LIMITS, query=query)

    async def set_risk_level(self, symbol: str, level: int) -> None:
        """Ask for another level of isolated margin. It cancels the symbol's orders; the feed tells the outcome."""
        await self._door.call(endpoints.SET_RISK_LEVEL, body=encode({"symbol": symbol, "level": level}))

    async def max_withdraw_margin(self, symbol: str) -> Decimal:
        """Return how much margin may be taken out of an isolated position."""
        return await self._door.call(endpoints.MAX_WITHDRAW_MARGIN, query={"symbol": symbol})

    async def deposit_margin(self, symbol: str, amount: Decimal, once: str) -> positions.Position:
        """Put margin into an isolated position.

        Args:
            once: an id of this deposit: however often it is sent, it is carried out once.
        """
        body = encode({"symbol": symbol, "margin": plain(amount), "bizNo": once})
        return await self._door.call(endpoints.DEPOSIT_MARGIN, body=body)

    async def withdraw_margin(self, symbol: str, amount: Decimal) -> Decimal:
        """Take margin out of an isolated position, and return how much it was."""
        body = encode({"symbol": symbol, "withdrawAmount": plain(amount)})
        return await self._door.call(endpoints.WITHDRAW_MARGIN, body=body)
