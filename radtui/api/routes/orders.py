"""Our orders: all of them, one of them, having one placed and having one cancelled (row S1)."""

from __future__ import annotations

from collections.abc import Iterator
from http import HTTPStatus
from typing import Annotated, Final

from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from radtui.api.answers import described, named_there, reply, told
from radtui.api.errors import Refused
from radtui.api.models import CancellingOrder, PlacingOrder
from radtui.api.views import Orders
from radtui.api.within import Give, Handle
from radtui.core.instruction import Ask
from radtui.core.order_view import OrderView
from radtui.core.orders import DONE, OrderState
from radtui.core.snapshot import Snapshot

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
_ONE: Final = named_there("/orders/0/client_id", "order_id", "order", "cancelOrder")


@router.get(
    "/api/orders", summary="Our orders and fills.", responses=described(Orders, links=_ONE), response_model=None
)
async def orders(handle: Handle, symbol: Contract = None, status: Standing = None, limit: Limit = 50) -> Response:
    """Return our orders, working or done lately, and the latest fills."""
    snapshot, name = handle.snapshot(), symbol.upper() if symbol else None
    found = [each for each in snapshot.orders if name in {None, each.symbol} and _stands(each, status)]
    fills = [each for each in snapshot.fills if name in {None, each.symbol}]
    return reply(Orders(orders=tuple(found[:limit]), fills=tuple(fills[:limit])))


@router.get(
    "/api/orders/{order_id}",
    summary="One order.",
    operation_id="order",
    responses=described(OrderView, 404),
    response_model=None,
)
async def order(handle: Handle, order_id: OrderId) -> Response:
    """Return one order."""
    return reply(_one(handle.snapshot(), order_id))


@router.post("/api/orders", summary="Place an order by hand.", responses=told(404), response_model=None)
async def place(give: Give, handle: Handle, body: PlacingOrder) -> Response:
    """Place an order, and answer once the exchange has taken it, or why it was not placed.

    An entry passes every gate that the strategy's own do (400 with each that refused it) and gets its stop with its
    first fill; what only reduces always passes. 202: it is not known yet whether the exchange has it; the receipt will
    tell. Give an Idempotency-Key: the same key never places a second order, whatever is lost or restarted.
    """
    snapshot = handle.snapshot()
    if body.symbol not in {*snapshot.status.symbols, *(held.symbol for held in snapshot.positions)}:
        raise Refused(HTTPStatus.NOT_FOUND, "no such contract is traded here", "GET /api/status names the contracts")
    return await give.carry_out(Ask.PLACE_ORDER, body)


@router.delete(
    "/api/orders/{order_id}",
    summary="Cancel an order.",
    operation_id="cancelOrder",
    responses=told(404),
    response_model=None,
)
async def cancel(give: Give, handle: Handle, order_id: OrderId) -> Response:
    """Cancel an order that may still enter, or that waits to close at a price. What protects is refused (400)."""
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
