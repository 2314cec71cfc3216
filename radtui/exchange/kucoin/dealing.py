"""Placing, cancelling and looking up single orders."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from msgspec.structs import replace

from radtui.core.market import SECOND
from radtui.core.order import OrderReport, OrderRequest
from radtui.exchange.kucoin import convert
from radtui.exchange.kucoin.blotter import Blotter
from radtui.exchange.kucoin.modes import Modes
from radtui.exchange.kucoin.rest.bodies import order_body
from radtui.exchange.kucoin.rest.calls.orders import LEAVES_WITHIN, OrderCalls
from radtui.exchange.kucoin.wire.orders import Order
from radtui.resilience.failures import Refused, Unknown

REMARK: Final = "radtui"
"""What an order of ours says of itself on the exchange's own pages."""
OTHER_MODE: Final = frozenset({"330005", "330011", "330012"})
"""Codes that say that a symbol's margin mode or the account's position mode is not what it was."""


class Dealing:
    """Single orders over REST.

    Args:
        now: the exchange's time, nanoseconds UTC.
    """

    def __init__(self, orders: OrderCalls, modes: Modes, blotter: Blotter, now: Callable[[], int]) -> None:
        self._orders, self._modes, self._blotter, self._now = orders, modes, blotter, now

    async def place(self, request: OrderRequest) -> str:
        """Send an order once and return the exchange's id; see the port for what it raises."""
        began = self._now()
        fitted = await self._modes.fit(request)
        left = LEAVES_WITHIN - (self._now() - began) / SECOND
        try:
            placed = await self._orders.place(replace(order_body(fitted), remark=REMARK), within=left)
        except Refused as refusal:
            if refusal.code in OTHER_MODE:  # changed by somebody: the next order is made with what it is now
                self._modes.forget()
            raise
        self._blotter.placed(fitted, placed.order_id, self._now())
        return placed.order_id

    async def cancel(self, symbol: str, client_id: str) -> None:
        """Cancel an order or an untriggered stop.

        The exchange documents cancels by our id for orders only: a stop is cancelled by the exchange's id, which is
        known from its placing or looked up.
        """
        known = self._blotter.find(client_id)
        if known is not None and known.waits and await self._cancelled(known.order_id):
            return
        try:
            await self._orders.cancel_by_client_id(symbol, client_id)
        except Unknown:
            stop = await self._stop(symbol, client_id) if known is None else None
            if stop is None or not await self._cancelled(stop.id):
                raise

    async def find(self, symbol: str, client_id: str) -> OrderReport | None:
        """Return an order in any state, or None where the exchange knows none among orders, stops and done ones."""
        found = (
            await self._orders.by_client_id(client_id)
            or await self._stop(symbol, client_id)
            or _of(client_id, await self._orders.recent_done(symbol, essential=True))
            or await self._orders.by_client_id(client_id)  # a stop that fired while the lists were read
        )
        return self._blotter.listed(convert.order_report(found)) if found else None

    async def _stop(self, symbol: str, client_id: str) -> Order | None:
        return _of(client_id, await self._orders.stops(symbol, essential=True))

    async def _cancelled(self, order_id: str) -> bool:
        """Cancel by the exchange's id; return False where it knows no such order any more."""
        try:
            await self._orders.cancel(order_id)
        except Unknown:
            return False
        return True


def _of(client_id: str, orders: Iterable[Order]) -> Order | None:
    return next((order for order in orders if order.client_oid == client_id), None)
