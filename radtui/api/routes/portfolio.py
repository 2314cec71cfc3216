"""The portfolio: how it stands, and what would come of signals and targets (row S6). Nothing here sends an order."""

from __future__ import annotations

import time
from http import HTTPStatus
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Query
from starlette.responses import Response

from radtui.api.answers import described, reply
from radtui.api.asked import Ask, answer, unavailable
from radtui.api.errors import Refused
from radtui.api.models import Proposing
from radtui.api.portfolio_asks import Allocating, Balancing, Processing
from radtui.api.portfolio_views import (
    Allocation,
    Decision,
    Decisions,
    LivePrice,
    LiveSnapshot,
    PortfolioStatus,
    Rebalancing,
    TradeCheck,
    allocated,
    checked,
    decision,
    status,
    voices,
)
from radtui.api.within import Handle
from radtui.core.allocation import PortfolioTerms, Stance
from radtui.core.combining import combined
from radtui.core.market import SECOND
from radtui.core.portfolio_view import PerformanceView
from radtui.core.signal import Action, Signal
from radtui.core.snapshot import Snapshot
from radtui.engine.inquiries import Inquiries

router: Final = APIRouter(tags=["portfolio"])
Span = Annotated[Literal["1h", "24h", "7d", "30d"], Query(description="Of the past.")]
Symbols = Annotated[
    str,
    Query(max_length=1000, pattern=r"^[A-Za-z0-9,]*$", description="Contracts; all without it.", examples=["XBTUSDTM"]),
]


@router.get(
    "/api/portfolio/status", summary="How it stands.", responses=described(PortfolioStatus, 503), response_model=None
)
async def stands(handle: Handle, ask: Ask) -> Response:
    """Return value, positions, profit, risk, the active strategies, and what would bring it to its allocation."""
    return reply(status(handle.snapshot(), await answer(ask.assess())))


@router.post(
    "/api/portfolio/allocate", summary="Who gets how much.", responses=described(Allocation), response_model=None
)
async def allocate(handle: Handle, body: Allocating) -> Response:
    """Share the equity out among what is wanted, by confidence. A proposal; a token of scope read will do."""
    snapshot = handle.snapshot()
    stance = body.stance or Stance(snapshot.portfolio.stance or PortfolioTerms().stance)
    return reply(allocated(body.wanted, stance, snapshot.money.equity))


@router.post(
    "/api/portfolio/process-signals",
    summary="What signals come to.",
    responses=described(Decisions, 404, 503),
    response_model=None,
)
async def process(handle: Handle, ask: Ask, body: Processing) -> Response:
    """Combine signals by the active strategies' weights, and put what they want through every gate. Nothing is sent."""
    weights = handle.snapshot().portfolio.strategies
    if not weights:
        raise unavailable("the portfolio is not known yet")
    made = [await _decision(ask, symbol, combined([*voices(weights, said)])) for symbol, said in body.by_symbol.items()]
    names = {each.name for each in weights}
    strangers = dict.fromkeys(each.strategy for each in body.signals if each.strategy not in names)
    return reply(Decisions(decisions=tuple(made), left_out=tuple(strangers)))


@router.post(
    "/api/portfolio/rebalance",
    summary="What would bring it there.",
    responses=described(Rebalancing, 404, 503),
    response_model=None,
)
async def rebalance(handle: Handle, ask: Ask, body: Balancing | None = None) -> Response:
    """Return what each contract has, should have, and lacks; the greatest difference first. Proposals, never orders."""
    snapshot = handle.snapshot()
    value = snapshot.money.equity
    if value is None:
        raise unavailable("the account was not read yet")
    if body is None or body.targets is None:
        return reply(Rebalancing(portfolio_value=value, least_change=None, actions=snapshot.portfolio.moves))
    actions = await answer(ask.rebalance(body.targets, body.least_change))
    return reply(Rebalancing(portfolio_value=value, least_change=body.least_change, actions=actions))


@router.get(
    "/api/portfolio/live/snapshot",
    summary="Account and prices now.",
    responses=described(LiveSnapshot, 404),
    response_model=None,
)
async def live(handle: Handle, ask: Ask, symbols: Symbols = "") -> Response:
    """Return account, positions and the last prices that were heard, each with its age."""
    snapshot = handle.snapshot()
    names = _named(snapshot, symbols)
    money = snapshot.money
    return reply(
        LiveSnapshot(
            at=snapshot.at,
            equity=money.equity,
            available=money.available,
            currency=money.currency,
            positions=tuple(each for each in snapshot.positions if each.symbol in names),
            prices=tuple(_price(ask, name) for name in names),
        )
    )


@router.get(
    "/api/portfolio/live/performance",
    summary="How it did.",
    responses=described(PerformanceView, 503),
    response_model=None,
)
async def performance(handle: Handle, timeframe: Span = "24h") -> Response:
    """Return gain, volatility, Sharpe ratio and drawdown over one span, as far as it is known."""
    for each in handle.snapshot().portfolio.performance:
        if each.name == timeframe:
            return reply(each)
    raise unavailable("the account was not read yet")


@router.post(
    "/api/portfolio/live/validate-trade",
    summary="Could this be traded?",
    responses=described(TradeCheck, 404, 503),
    response_model=None,
)
async def validate_trade(handle: Handle, ask: Ask, body: Proposing) -> Response:
    """Say whether an entry would pass every gate now, what it needs and how much would be taken. Nothing is sent."""
    order = await answer(ask.weigh(body.symbol, body.signal, body.price))
    return reply(checked(body.lots, order, handle.snapshot()))


async def _decision(ask: Inquiries, symbol: str, signal: Signal) -> Decision:
    if signal.action is Action.HOLD:
        return decision(symbol, signal, None)
    order = await answer(ask.weigh(symbol, signal, None))
    return decision(symbol, signal, order)


def _named(snapshot: Snapshot, symbols: str) -> tuple[str, ...]:
    known = tuple(dict.fromkeys((*snapshot.status.symbols, *(each.symbol for each in snapshot.positions))))
    wanted = tuple(dict.fromkeys(name.upper() for name in symbols.split(",") if name))
    if strangers := [name for name in wanted if name not in known]:
        raise Refused(
            HTTPStatus.NOT_FOUND, f"not traded here: {', '.join(strangers)[:200]}", f"it is: {', '.join(known)}"
        )
    return wanted or known


def _price(ask: Inquiries, symbol: str) -> LivePrice:
    heard = ask.tape.last(symbol)
    if heard is None:
        return LivePrice(symbol=symbol, price=None, age=None, why="no price was heard yet")
    return LivePrice(symbol=symbol, price=heard.tick.price, age=max(0.0, (time.time_ns() - heard.at) / SECOND))
