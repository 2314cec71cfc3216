"""Our orders: all of them, one of them, and having one cancelled (row S1)."""

from __future__ import annotations

from collections.abc import Iterator
from http import HTTPStatus
from typing import Annotated, Final

from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from radtui.api.answers import described, reply, told
from radtui.api.errors import Refused
from radtui.api.models import CancellingOrder
from radtui.api.views import Orders
from radtui.api.within import Give, Handle
from radtui.core.instruction import Ask
from radtui.core.orders import DONE, OrderState
from radtui.core.snapshot import OrderView, Snapshot

_STATES: Final = "|".join(OrderState)
Contract = Annotated[
    str | None, Query(min_length=2, max_length=30, pattern="^[A-Za-z0-9]+$", description="Of one contract.")
]
Standing = Annotated[
    str | None, Query(pattern=f"^(open|done|{_STATES})$", description="In one state; `open` and `done` hold several.")
]
Limit = Annotated[int, Query(ge=1, le=200, description="The latest.")]
OrderId = Annotated[str, Path(min_length=1, max_length=64, description="Our id, or the exchange's.")]
router: Final = APIRouter(tags=["orders"])


@router.get("/api/orders", summary="Our orders and fills.", responses=described(Orders), response_model=None)
async def orders(handle: Handle, symbol: Contract = None, status: Standing = None, limit: Limit = 50) -> Response:
    """Return our orders, working or done lately, and the latest fills."""
    snapshot, name = handle.snapshot(), symbol.upper() if symbol else None
    found = [each for each in snapshot.orders if name in {None, each.symbol} and _stands(each, status)]
    fills = [each for each in snapshot.fills if name in {None, each.symbol}]
    return reply(Orders(orders=tuple(found[:limit]), fills=tuple(fills[:limit])))


@router.get("/api/orders/{order_id}", summary="One order.", responses=described(OrderView, 404), response_model=None)
async def order(handle: Handle, order_id: OrderId) -> Response:
    """Return one order."""
    return reply(_one(handle.snapshot(), order_id))


@router.delete("/api/orders/{order_id}", summary="Cancel an entry.", responses=told(404), response_model=None)
async def cancel(give: Give, handle: Handle, order_id: OrderId) -> Response:
    """Cancel an entry that is on its way, and say what became of it. What protects or closes is refused (400)."""
    _one(handle.snapshot(), order_id)
    return await give.carry_out(Ask.CANCEL_ORDER, CancellingOrder(order=order_id))


def _one(snapshot: Snapshot, order_id: str) -> OrderView:
    for each in _named(snapshot, order_id):
        return each
    raise Refused(HTTPStatus.NOT_FOUND, "no such order is listed", "GET /api/orders lists them")


def _named(snapshot: Snapshot, order_id: str) -> Iterator[OrderView]:
    return (each for each in snapshot.orders if order_id in {each.client_id, each.order_id})


def _stands(order: OrderView, wanted: str | None) -> bool:
    if wanted in {"open", "done"}:
        return (order.state in DONE) is (wanted == "done")
    return wanted in {None, order.state}
