"""What is to be seen: status, orders, positions, money, and why (rows M1, M2, S2, S3, S5)."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

import msgspec
from fastapi import APIRouter
from starlette.responses import Response

from radtui.api.answers import described, reply
from radtui.api.errors import Refused
from radtui.api.views import Breakers, Orders, Overview, Positions, overview
from radtui.api.within import Handle
from radtui.core.snapshot import MoneyView, OrderView, StatusView, WhyView

router: Final = APIRouter(tags=["look"])


@router.get("/api/status", summary="The engine in one line.", responses=described(Overview), response_model=None)
async def status(handle: Handle) -> Response:
    """Return state, equity, positions and what needs the operator's eye."""
    return reply(overview(handle.snapshot()))


@router.get("/api/bot-status", summary="State and cycles.", responses=described(StatusView), response_model=None)
async def bot_status(handle: Handle) -> Response:
    """Return the bot's state and its cycles."""
    return reply(handle.snapshot().status)


@router.get("/api/orders", summary="Our orders and fills.", responses=described(Orders), response_model=None)
async def orders(handle: Handle) -> Response:
    """Return our orders, working or done lately, and the latest fills."""
    snapshot = handle.snapshot()
    return reply(Orders(orders=snapshot.orders, fills=snapshot.fills))


@router.get("/api/orders/{order_id}", summary="One order.", responses=described(OrderView, 404), response_model=None)
async def order(handle: Handle, order_id: str) -> Response:
    """Return one order, by our id or by the exchange's."""
    for each in handle.snapshot().orders:
        if order_id in {each.client_id, each.order_id}:
            return reply(each)
    raise Refused(HTTPStatus.NOT_FOUND, "no such order is listed", "GET /api/orders lists them")


@router.get("/api/positions", summary="What is open.", responses=described(Positions), response_model=None)
async def positions(handle: Handle) -> Response:
    """Return the open positions, ours and foreign."""
    return reply(Positions(positions=handle.snapshot().positions))


@router.get("/api/balances", summary="The account's money.", responses=described(MoneyView), response_model=None)
async def balances(handle: Handle) -> Response:
    """Return profit, loss and what the account holds; without the curve."""
    return reply(msgspec.structs.replace(handle.snapshot().money, curve=()))


@router.get("/api/breakers", summary="The trading breakers.", responses=described(Breakers), response_model=None)
async def breakers(handle: Handle) -> Response:
    """Return what lets entries through, and what does not."""
    return reply(Breakers(breakers=handle.snapshot().breakers))


@router.get("/api/why/{symbol}", summary="Why or why not.", responses=described(WhyView, 404), response_model=None)
async def why(handle: Handle, symbol: str) -> Response:
    """Return why a symbol did or did not trade at its last signal."""
    decided = {each.symbol: each for each in handle.snapshot().why}
    if found := decided.get(symbol.upper()):
        return reply(found)
    known = ", ".join(sorted(decided)) or "none yet"
    raise Refused(HTTPStatus.NOT_FOUND, "nothing was decided about this symbol", f"it was about: {known}")
