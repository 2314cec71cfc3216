"""The engine's own doings: calls, budgets, feeds, breakers, what is remembered, and what it may not do."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter
from starlette.responses import Response

from radtui.api.answers import described, reply
from radtui.api.asked import Ask, answer
from radtui.api.monitoring_views import (
    AllBreakers,
    Feeds,
    Limitations,
    Limits,
    all_breakers,
    feeds,
    limitations,
    limits,
)
from radtui.api.within import Handle
from radtui.core.health_view import ApiView
from radtui.engine.inquiries import CacheView

router: Final = APIRouter(tags=["monitoring"])


@router.get(
    "/api/monitoring/requests", summary="Calls to the exchange.", responses=described(ApiView), response_model=None
)
async def requests(handle: Handle) -> Response:
    """Return the calls to the exchange, and each endpoint's latencies in milliseconds."""
    return reply(handle.snapshot().api)


@router.get("/api/monitoring/limits", summary="Budgets.", responses=described(Limits), response_model=None)
async def budgets(handle: Handle) -> Response:
    """Return what is left of each budget of requests."""
    return reply(limits(handle.snapshot()))


@router.get("/api/monitoring/feeds", summary="The feeds.", responses=described(Feeds), response_model=None)
async def heard(handle: Handle) -> Response:
    """Return the feeds and their connections."""
    return reply(feeds(handle.snapshot()))


@router.get("/api/monitoring/breakers", summary="All breakers.", responses=described(AllBreakers), response_model=None)
async def breakers(handle: Handle) -> Response:
    """Return the breakers of calls and of trading."""
    return reply(all_breakers(handle.snapshot()))


@router.get(
    "/api/monitoring/cache",
    summary="Readings that served more than one.",
    responses=described(CacheView, 503),
    response_model=None,
)
async def cache(ask: Ask) -> Response:
    """Return how often a book or trades had just been read when somebody asked for them."""
    return reply(await answer(ask.cache()))


@router.get(
    "/api/trading-limitations", summary="What it may not do.", responses=described(Limitations), response_model=None
)
async def may_not(handle: Handle) -> Response:
    """Return what this engine does and does not do, and what keeps it from entries now."""
    return reply(limitations(handle.snapshot()))
