"""What is to be seen: status, positions, money, and why (rows M1, M2, S2, S3, S5)."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated, Final

from fastapi import APIRouter, Query
from starlette.responses import Response

from radtui.api.answers import described, named_there, reply
from radtui.api.asked import Ask, answer
from radtui.api.errors import Refused
from radtui.api.views import Balances, Breakers, Overview, Positions, balances, overview
from radtui.api.within import Handle
from radtui.core.status_view import StatusView
from radtui.core.why_day import WhyDay, bounds
from radtui.core.why_view import WhyView

router: Final = APIRouter(tags=["look"])
_CONTRACTS: Final = named_there(
    "/symbols/0", "symbol", "why", "candles", "ticker", "orderbook", "shortOrderbook", "trades", "context"
)
"""Where one goes on from the contracts that are traded."""
Moment = Annotated[int, Query(ge=0, le=2**63 - 1, description="Market clock, nanoseconds UTC.")]
Day = Annotated[str, Query(pattern=r"^(\d{4}-\d{2}-\d{2})?$", description="Market day, UTC.", examples=["2026-01-31"])]


@router.get(
    "/api/status",
    summary="The engine in one line.",
    responses=described(Overview, links=_CONTRACTS),
    response_model=None,
)
async def status(handle: Handle) -> Response:
    """Return state, equity, positions and what needs the operator's eye."""
    return reply(overview(handle.snapshot()))


@router.get("/api/bot-status", summary="State and cycles.", responses=described(StatusView), response_model=None)
async def bot_status(handle: Handle) -> Response:
    """Return the bot's state and its cycles."""
    return reply(handle.snapshot().status)


@router.get("/api/positions", summary="What is open.", responses=described(Positions), response_model=None)
async def positions(handle: Handle) -> Response:
    """Return the open positions, ours and foreign."""
    return reply(Positions(positions=handle.snapshot().positions))


@router.get("/api/balances", summary="The account's money.", responses=described(Balances), response_model=None)
async def money(handle: Handle) -> Response:
    """Return what the account holds, and its profit and loss."""
    return reply(balances(handle.snapshot().money))


@router.get("/api/breakers", summary="The trading breakers.", responses=described(Breakers), response_model=None)
async def breakers(handle: Handle) -> Response:
    """Return what lets entries through, and what does not."""
    return reply(Breakers(breakers=handle.snapshot().breakers))


@router.get(
    "/api/why/{symbol}",
    summary="Why or why not.",
    operation_id="why",
    responses=described(WhyView, 404),
    response_model=None,
)
async def why(handle: Handle, symbol: str) -> Response:
    """Return why a symbol did or did not trade at its last signal that wanted something."""
    decided = {each.symbol: each for each in handle.snapshot().why}
    if found := decided.get(symbol.upper()):
        return reply(found)
    known = ", ".join(sorted(decided)) or "none yet"
    raise Refused(HTTPStatus.NOT_FOUND, "nothing was decided about this symbol", f"it was about: {known}")


@router.get(
    "/api/why/{symbol}/at",
    summary="Why or why not, then.",
    responses=described(WhyView, 404, 503),
    response_model=None,
)
async def why_then(ask: Ask, symbol: str, at: Moment) -> Response:
    """Return what came of the last signal of a symbol up to a moment, out of the ledger that the journal keeps."""
    return reply(await answer(ask.why(symbol.upper(), at)))


@router.get("/api/why", summary="What blocks entries.", responses=described(WhyDay, 503), response_model=None)
async def why_day(ask: Ask, day: Day = "") -> Response:
    """Return how often each gate refused an entry on a market day; without a day, today's."""
    if day:
        try:
            bounds(day)
        except ValueError:
            raise Refused(HTTPStatus.UNPROCESSABLE_ENTITY, f"{day} is no day", "give one like 2026-01-31") from None
    return reply(await answer(ask.why_day(day)))
