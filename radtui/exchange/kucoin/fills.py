"""Fills as the exchange lists them, each with our own order id, which the list does not tell.

The last day is one list, told at once; what is older comes in pages of at most seven days and lags by moments.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from typing import Final

from radtui.core.market import DAY, HOUR
from radtui.core.order import Fill
from radtui.exchange.kucoin import convert
from radtui.exchange.kucoin.blotter import Blotter
from radtui.exchange.kucoin.rest.calls.orders import OrderCalls
from radtui.exchange.kucoin.wire.common import MILLISECOND, nanoseconds
from radtui.exchange.kucoin.wire.orders import Fill as WireFill
from radtui.exchange.kucoin.wire.orders import Order

RECENT: Final = DAY - HOUR
"""How far back the list of the last day is trusted to reach."""
RECENT_ROWS: Final = 1000
"""Rows of that list: where it is full, something older may be missing from it."""
SPAN: Final = 7 * DAY
"""The most that one page of older fills may cover."""
FIRST: Final = 7 * DAY
"""How far back a first reading looks, of which nobody said from when."""
HISTORY: Final = 90 * DAY
"""How long the exchange keeps them."""
_FEW: Final = 3
"""Orders looked up one by one; more are read as lists first."""


class FillReader:
    """Reads fills and finds out whose they are.

    Args:
        now: the exchange's time, nanoseconds UTC.
    """

    def __init__(self, orders: OrderCalls, blotter: Blotter, now: Callable[[], int]) -> None:
        self._orders, self._blotter, self._now = orders, blotter, now

    async def since(self, since: int) -> list[Fill]:
        """Return the fills at or after `since` (nanoseconds UTC), oldest first, each once."""
        now = self._now()
        begin = max(since, now - HISTORY) if since > 0 else now - FIRST
        found = list(await self._orders.recent_fills())
        if begin < now - RECENT or len(found) >= RECENT_ROWS:
            found += [fill async for fill in self._older(begin, now)]
        return await self.named(fill for fill in found if _at(fill) >= begin)

    async def recent(self) -> list[Fill]:
        """Return the fills of the last day, oldest first."""
        return await self.named(await self._orders.recent_fills())

    async def named(self, found: Iterable[WireFill]) -> list[Fill]:
        """Return fills with their client ids, oldest first, each once; of a foreign order without one it is empty."""
        once = {(fill.symbol, fill.trade_id, fill.side): fill for fill in found}
        fills = sorted(once.values(), key=lambda fill: (_at(fill), fill.trade_id.zfill(24)))
        await self._learn([fill for fill in fills if self._blotter.client_id(fill.order_id) is None])
        return [convert.fill(fill, self._blotter.client_id(fill.order_id) or "") for fill in fills]

    async def _older(self, begin: int, end: int) -> AsyncIterator[WireFill]:
        for start in range(begin, end, SPAN):
            number, last = 1, False
            stop = min(start + SPAN, end) // MILLISECOND
            while not last:
                page = await self._orders.fills_page(begin=start // MILLISECOND, end=stop, page=number)
                for fill in page.items:
                    yield fill
                number, last = number + 1, page.is_last or not page.items

    async def _learn(self, unknown: Sequence[WireFill]) -> None:
        """Find out the client ids of orders that nobody has told of: by lists where there are many, else one by one."""
        missing = {fill.order_id: _at(fill) for fill in unknown}
        if len(missing) > _FEW:
            self._note(await self._orders.recent_done())
            missing = self._still(missing)
        if len(missing) > _FEW:
            await self._learn_by_pages(min(missing.values()))
            missing = self._still(missing)
        for order_id in missing:
            await self._learn_one(order_id)

    def _still(self, missing: dict[str, int]) -> dict[str, int]:
        return {order_id: at for order_id, at in missing.items() if self._blotter.client_id(order_id) is None}

    async def _learn_by_pages(self, begin: int) -> None:
        end = self._now()
        for start in range(begin - HOUR, end, SPAN):
            number, last = 1, False
            stop = min(start + SPAN, end) // MILLISECOND
            while not last:
                page = await self._orders.page("done", begin=start // MILLISECOND, end=stop, page=number)
                self._note(page.items)
                number, last = number + 1, page.is_last or not page.items

    async def _learn_one(self, order_id: str) -> None:
        order = await self._orders.get(order_id)
        if order is not None:
            self._blotter.listed(convert.order_report(order))
        if order is None or not order.client_oid:
            self._blotter.nameless(order_id)

    def _note(self, orders: Iterable[Order]) -> None:
        for order in orders:
            self._blotter.listed(convert.order_report(order))


def _at(fill: WireFill) -> int:
    return nanoseconds(fill.trade_time or fill.created_at)
