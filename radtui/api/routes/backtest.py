"""Backtests: flown beside the engine, in a process of their own (row B1)."""

from __future__ import annotations

import asyncio
from typing import Annotated, Final

from fastapi import APIRouter, Path
from starlette.responses import Response

from radtui.api.answers import described, named_there, reply, told
from radtui.api.backtest_views import BacktestReport, Backtests, CancellingBacktest, RunningBacktest, one, report_of
from radtui.api.models import Instructing
from radtui.api.within import Give, Handle
from radtui.core.instruction import Ask

router: Final = APIRouter(tags=["backtest"])
BacktestId = Annotated[str, Path(min_length=1, max_length=64, description="Of the instruction that began it.")]
_ONE: Final = named_there("/backtests/0/id", "backtest_id", "backtest", "cancelBacktest")


@router.get(
    "/api/backtest", summary="The latest backtests.", responses=described(Backtests, links=_ONE), response_model=None
)
async def backtests(handle: Handle) -> Response:
    """Return how each stands, with its main figures."""
    return reply(Backtests(backtests=handle.snapshot().backtests))


@router.post("/api/backtest/run", summary="Fly a backtest.", responses=told(), response_model=None)
async def run(give: Give, body: RunningBacktest | None = None) -> Response:
    """Begin one; the answer's id is the backtest's. One is flown at a time, and the trading never waits for it."""
    return await give.carry_out(Ask.BACKTEST, body or RunningBacktest())


@router.get(
    "/api/backtest/{backtest_id}",
    summary="One backtest.",
    operation_id="backtest",
    responses=described(BacktestReport, 404),
    response_model=None,
)
async def backtest(handle: Handle, backtest_id: BacktestId) -> Response:
    """Return how it stands; once it is done, its figures, trades and equity curve."""
    return reply(await asyncio.to_thread(report_of, one(handle.snapshot(), backtest_id)))


@router.delete(
    "/api/backtest/{backtest_id}",
    summary="Cancel a backtest.",
    operation_id="cancelBacktest",
    responses=told(404),
    response_model=None,
)
async def cancel(give: Give, handle: Handle, backtest_id: BacktestId, body: Instructing | None = None) -> Response:
    """End it; what it came to so far is thrown away."""
    one(handle.snapshot(), backtest_id)
    said = body or Instructing()
    return await give.carry_out(
        Ask.CANCEL_BACKTEST, CancellingBacktest(backtest=backtest_id, why=said.why, who=said.who)
    )
