"""The strategies: what there is to choose from, with what each can be told (rows W2, B1)."""

from __future__ import annotations

import asyncio
from http import HTTPStatus
from typing import Annotated, Final

from fastapi import APIRouter, Path
from starlette.responses import Response

from radtui.api.answers import described, reply
from radtui.api.errors import Refused
from radtui.api.strategy_views import Strategies, StrategyInfo, listed
from radtui.api.within import Handle
from radtui.strategies.describing import all_known

router: Final = APIRouter(tags=["strategies"])
Name = Annotated[
    str, Path(min_length=1, max_length=100, pattern=r"^[\w.-]+$", description="Of a strategy.", examples=["ema_cross"])
]


@router.get("/api/strategies", summary="The strategies.", responses=described(Strategies), response_model=None)
@router.get("/api/backtest/strategies", summary="The strategies.", responses=described(Strategies), response_model=None)
async def strategies(handle: Handle) -> Response:
    """Return every strategy that has a name, with its parameters and their bounds; broken ones with the reason."""
    return reply(listed(await asyncio.to_thread(all_known), handle.snapshot()))


@router.get(
    "/api/strategies/{name}",
    summary="One strategy.",
    operation_id="strategy",
    responses=described(StrategyInfo, 404),
    response_model=None,
)
async def strategy(handle: Handle, name: Name) -> Response:
    """Return one strategy with its parameters."""
    found = listed(await asyncio.to_thread(all_known), handle.snapshot())
    for each in found.strategies:
        if each.name == name:
            return reply(each)
    there = ", ".join(each.name for each in found.strategies)
    raise Refused(HTTPStatus.NOT_FOUND, "no strategy of that name is installed", f"there are: {there}")
