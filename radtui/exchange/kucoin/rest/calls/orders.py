"""Orders: place, cancel, look up. Placing is never repeated by itself; what cancels goes first."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Final

from radtui.exchange.kucoin.rest import endpoints, errors
from radtui.exchange.kucoin.rest.bodies import (
    CancelBody,
    CancelByClientBody,
    ClientOrder,
    OrderBody,
    ProtectedBody,
    batch,
)
from radtui.exchange.kucoin.rest.door import Door
from radtui.exchange.kucoin.rest.endpoints import Endpoint
from radtui.exchange.kucoin.wire import orders
from radtui.exchange.kucoin.wire.common import Page, encode
from radtui.resilience.failures import Transient, Unknown

LARGEST_PAGE = 1000
"""Rows of a page at most."""
LEAVES_WITHIN: Final = 1.0
"""Seconds within which what opens a position leaves, or does not leave at all: whoever finds no such order at the
exchange takes it for refused once a request sent at once can no longer arrive."""
_MOST_PAGES: Final = 100
_TRIES: Final = 3
"""Readings of a list from its beginning, where rows go while its pages are read."""


class OrderCalls:
    """Orders over REST; all times in milliseconds UTC.

    Everything raises only `ExchangeFailure`; `Ambiguous` where an order or a cancel may have been carried out, and
    `Unknown` where the exchange knows no such order or it is done already.
    """

    def __init__(self, door: Door) -> None:
        self._door = door

    async def place(self, body: OrderBody, *, within: float = LEAVES_WITHIN) -> orders.Placed:
        """Send an order. The answer means that it was received, no more. One that reduces goes by the reserved lane.

        Args:
            within: seconds within which an order that does not reduce must leave; then it is `Transient`.
        """
        return await self._placed(endpoints.PLACE, body, within)

    async def place_test(self, body: OrderBody) -> orders.Placed:
        """Have an order checked as if it were placed: nothing enters the market."""
        return await self._door.call(endpoints.PLACE_TEST, body=body.encoded())

    async def place_protected(self, body: ProtectedBody) -> orders.Placed:
        """Send an order together with the stops that are to protect its position."""
        return await self._placed(endpoints.PLACE_PROTECTED, body, LEAVES_WITHIN)

    async def place_many(self, bodies: Sequence[OrderBody]) -> Sequence[orders.PlacedItem]:
        """Send up to 20 orders at once. Some may be refused while others are taken: look at each.

        Raises:
            ValueError: there are none, or too many.
        """
        essential = all(body.reduces for body in bodies)
        within = None if essential else LEAVES_WITHIN
        return await self._door.call(endpoints.PLACE_MANY, body=batch(bodies), essential=essential, within=within)

    async def cancel(self, order_id: str) -> orders.Cancelled:
        """Cancel an order or an untriggered stop by the exchange's id; done when its report says so."""
        return await self._door.call(endpoints.CANCEL, path={"order_id": order_id})

    async def cancel_by_client_id(self, symbol: str, client_id: str) -> orders.CancelledByClient:
        """Cancel an order or an untriggered stop by our id; done when its report says so."""
        path = {"client_id": client_id}
        return await self._door.call(endpoints.CANCEL_BY_CLIENT, path=path, query={"symbol": symbol})

    async def cancel_many(self, order_ids: Sequence[str]) -> Sequence[orders.CancelledItem]:
        """Cancel some orders by the exchange's ids; look at each."""
        return await self._door.call(endpoints.CANCEL_MANY, body=encode(CancelBody(order_ids_list=tuple(order_ids))))

    async def cancel_many_by_client_id(self, symbol: str, client_ids: Sequence[str]) -> Sequence[orders.CancelledItem]:
        """Cancel some orders of a symbol by our ids; look at each."""
        found = tuple(ClientOrder(symbol=symbol, client_oid=client_id) for client_id in client_ids)
        return await self._door.call(endpoints.CANCEL_MANY, body=encode(CancelByClientBody(client_oids_list=found)))

    async def cancel_all(self, symbol: str) -> orders.Cancelled:
        """Cancel every active order of a symbol, whoever placed it. Untriggered stops stay."""
        return await self._door.call(endpoints.CANCEL_ALL, query={"symbol": symbol})

    async def cancel_stops(self, symbol: str | None = None) -> orders.Cancelled:
        """Cancel every untriggered stop of a symbol, or of all where none is named, whoever placed it."""
        return await self._door.call(endpoints.CANCEL_STOPS, query={"symbol": symbol})

    async def page(
        self,
        status: str = "active",
        *,
        symbol: str | None = None,
        begin: int | None = None,
        end: int | None = None,
        page: int = 1,
        size: int = LARGEST_PAGE,
        essential: bool = False,
    ) -> Page[orders.Order]:
        """Return a page of the orders that are ``active``, or ``done`` in at most seven days, newest first."""
        query = {
            "status": status,
            "symbol": symbol,
            "startAt": begin,
            "endAt": end,
            "currentPage": page,
            "pageSize": size,
        }
        return await self._door.call(endpoints.ORDERS, query=query, essential=essential)

    async def active(self, symbol: str | None = None, *, essential: bool = False) -> Sequence[orders.Order]:
        """Return every active order, all pages of them. Untriggered stops are not among them."""
        return await _all(partial(self._active_page, symbol, essential))

    async def stops_page(
        self, symbol: str | None = None, *, page: int = 1, size: int = LARGEST_PAGE, essential: bool = False
    ) -> Page[orders.Order]:
        """Return a page of the untriggered stops; one that fired is found among the orders."""
        query = {"symbol": symbol, "currentPage": page, "pageSize": size}
        return await self._door.call(endpoints.STOP_ORDERS, query=query, essential=essential)

    async def stops(self, symbol: str | None = None, *, essential: bool = False) -> Sequence[orders.Order]:
        """Return every untriggered stop, all pages of them."""
        return await _all(partial(self._stops_page, symbol, essential))

    async def get(self, order_id: str) -> orders.Order | None:
        """Return an order in any state by the exchange's id, or None where it knows none."""
        try:
            return await self._door.call(endpoints.ORDER, path={"order_id": order_id})
        except Unknown:
            return None

    async def by_client_id(self, client_id: str) -> orders.Order | None:
        """Return an order in any state by our id, or None where the exchange knows none."""
        try:
            return await self._door.find(endpoints.ORDER_BY_CLIENT, query={"clientOid": client_id})
        except Unknown:
            return None

    async def recent_done(self, symbol: str | None = None, *, essential: bool = False) -> Sequence[orders.Order]:
        """Return the orders done in the last day, up to 1000, newest first."""
        return await self._door.call(endpoints.RECENT_DONE, query={"symbol": symbol}, essential=essential)

    async def fills_page(
        self,
        *,
        symbol: str | None = None,
        order_id: str | None = None,
        begin: int | None = None,
        end: int | None = None,
        page: int = 1,
        size: int = LARGEST_PAGE,
        essential: bool = False,
    ) -> Page[orders.Fill]:
        """Return a page of our fills in at most seven days, newest first; not those of the last moments."""
        query = {
            "orderId": order_id,
            "symbol": symbol,
            "startAt": begin,
            "endAt": end,
            "currentPage": page,
            "pageSize": size,
        }
        return await self._door.call(endpoints.FILLS, query=query, essential=essential)

    async def recent_fills(self, symbol: str | None = None, *, essential: bool = False) -> Sequence[orders.Fill]:
        """Return our fills of the last day, up to 1000, newest first, those of the last moments among them."""
        return await self._door.call(endpoints.RECENT_FILLS, query={"symbol": symbol}, essential=essential)

    async def statistics(self, symbol: str) -> orders.OpenOrderStatistics:
        """Return lots and cost of a symbol's active orders."""
        return await self._door.call(endpoints.OPEN_ORDER_STATISTICS, query={"symbol": symbol})

    async def _placed(self, endpoint: Endpoint[orders.Placed], body: OrderBody, within: float) -> orders.Placed:
        placed = await self._door.call(
            endpoint, body=body.encoded(), essential=body.reduces, within=None if body.reduces else within
        )
        if not placed.order_id or (placed.client_oid or body.client_oid) != body.client_oid:
            raise errors.unreadable("it is not about this order", changes=True)
        return placed

    async def _active_page(self, symbol: str | None, essential: bool, number: int) -> Page[orders.Order]:
        return await self.page(symbol=symbol, page=number, essential=essential)

    async def _stops_page(self, symbol: str | None, essential: bool, number: int) -> Page[orders.Order]:
        return await self.stops_page(symbol, page=number, essential=essential)


async def _all(read: Callable[[int], Awaitable[Page[orders.Order]]]) -> Sequence[orders.Order]:
    """Return the orders of all pages, each once: what comes while pages are read moves others on, into sight twice.

    Raises:
        Transient: rows went again and again while it was read, so that others may have moved out of sight.
    """
    for _ in range(_TRIES):
        if (found := await _whole(read)) is not None:
            return found
    raise Transient("The exchange's list of orders changes faster than it can be read. It is read again.", code="list")


async def _whole(read: Callable[[int], Awaitable[Page[orders.Order]]]) -> Sequence[orders.Order] | None:
    """Return the orders of all pages; None where rows went meanwhile, so that others may have moved out of sight."""
    found: dict[str, orders.Order] = {}
    total = 0
    for number in range(1, _MOST_PAGES + 1):
        page = await read(number)
        if page.total_num < total:
            return None
        total = page.total_num
        found.update((order.id, order) for order in page.items)
        if page.is_last or not page.items:
            return list(found.values())
    return None
