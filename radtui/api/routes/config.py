"""The settings of a running bot: read, compared with their sources, taken over, taken back (row C4)."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from fastapi import APIRouter
from starlette.responses import Response

from radtui.api.answers import described, reply, told
from radtui.api.config_views import (
    Changing,
    ChangingStrategy,
    Summary,
    Trusting,
    Validating,
    Weighing,
    check_names,
    summary,
)
from radtui.api.errors import Refused
from radtui.api.models import Instructing
from radtui.api.routes.strategies import Name
from radtui.api.strategy_views import (
    Probability,
    StrategySettings,
    StrategyWeights,
    probability,
    settings_of,
    weights,
)
from radtui.api.within import Give, Handle
from radtui.core.configuration_view import ConfigurationView
from radtui.core.instruction import Ask

router: Final = APIRouter(tags=["config"])
_NOTHING: Final = "the bot does not trade by a strategy of that name, and nothing is set for one"
_ALONE: Final = "this bot trades by one strategy alone: there is nothing to weigh it against"


@router.get("/api/config", summary="What is in force.", responses=described(ConfigurationView), response_model=None)
async def shown(handle: Handle) -> Response:
    """Return every setting with its value (secrets masked), where it came from, and whether it can change in flight."""
    return reply(handle.snapshot().configuration)


@router.get("/api/config/summary", summary="In short.", responses=described(Summary), response_model=None)
async def in_short(handle: Handle) -> Response:
    """Return the settings that matter most, and how the configuration stands."""
    return reply(summary(handle.snapshot()))


@router.get(
    "/api/config/strategies", summary="Who counts how much.", responses=described(StrategyWeights), response_model=None
)
async def strategies(handle: Handle) -> Response:
    """Return the active strategies with their weights, and the confidence below which each does not count."""
    return reply(weights(handle.snapshot()))


@router.get(
    "/api/config/strategy/{name}",
    summary="What a strategy is told.",
    operation_id="strategySettings",
    responses=described(StrategySettings, 404),
    response_model=None,
)
async def strategy(handle: Handle, name: Name) -> Response:
    """Return the parameters of a strategy that the bot trades by, or that are set, with where each came from."""
    found = settings_of(name, handle.snapshot())
    if not found.parameters:
        raise Refused(HTTPStatus.NOT_FOUND, _NOTHING, "GET /api/strategies lists what there is to be set")
    return reply(found)


@router.patch(
    "/api/config/strategy/{name}",
    summary="Tell a strategy something else.",
    operation_id="changeStrategy",
    responses=told(404),
    response_model=None,
)
async def told_anew(give: Give, handle: Handle, name: Name, body: ChangingStrategy) -> Response:
    """Change parameters in flight: the strategies are made anew and fed the candles that are kept; no file changes."""
    snapshot = handle.snapshot()
    if not settings_of(name, snapshot).parameters:
        raise Refused(HTTPStatus.NOT_FOUND, _NOTHING, "GET /api/strategies lists what there is to be set")
    change = body.of(name)
    check_names(snapshot.configuration, change)
    return await give.carry_out(Ask.CHANGE_CONFIG, change)


@router.put(
    "/api/config/strategy/{name}/weight",
    summary="Let it count more or less.",
    operation_id="weighStrategy",
    responses=told(404),
    response_model=None,
)
async def weighed(give: Give, handle: Handle, name: Name, body: Weighing) -> Response:
    """Change the weight of one of a portfolio's strategies in flight. No file is written."""
    snapshot = handle.snapshot()
    if snapshot.status.strategy != "portfolio":
        raise Refused(HTTPStatus.CONFLICT, _ALONE, "set bot.strategy = portfolio and restart, to combine several")
    parts = snapshot.portfolio.strategies
    if all(part.name != name for part in parts):
        there = ", ".join(part.name for part in parts)
        raise Refused(HTTPStatus.NOT_FOUND, "no strategy of that name is in the portfolio", f"in it are: {there}")
    change = body.of(name, parts)
    check_names(snapshot.configuration, change)
    return await give.carry_out(Ask.CHANGE_CONFIG, change)


@router.get(
    "/api/config/probability", summary="From odds to trades.", responses=described(Probability), response_model=None
)
async def odds(handle: Handle) -> Response:
    """Return how the strategies' probabilities are combined, and the confidence that an entry needs."""
    return reply(probability(handle.snapshot()))


@router.put("/api/config/probability", summary="How sure an entry must be.", responses=told(), response_model=None)
async def trusted(give: Give, handle: Handle, body: Trusting) -> Response:
    """Change the least confidence with which anything is entered, in flight. No file is written."""
    check_names(handle.snapshot().configuration, body.change)
    return await give.carry_out(Ask.CHANGE_CONFIG, body.change)


@router.get("/api/bot/validate-config", summary="Is it right?", responses=told(), response_model=None)
@router.get("/api/config/diff", summary="What a reload would change.", responses=told(), response_model=None)
async def compared(give: Give) -> Response:
    """Read the sources again and return what a reload would change, and what waits for a restart."""
    return await give.carry_out(Ask.CHECK_CONFIG, None)


@router.post("/api/config/validate", summary="What would change.", responses=told(), response_model=None)
async def validated(give: Give, handle: Handle, body: Validating | None = None) -> Response:
    """Say what a reload, or setting `values`, would change. Nothing is changed; a token of scope read will do."""
    if body is not None and body.values:
        check_names(handle.snapshot().configuration, body)
    return await give.carry_out(Ask.CHECK_CONFIG, body)


@router.post("/api/config/reload", summary="Read the sources again.", responses=told(), response_model=None)
async def reloaded(give: Give, body: Instructing | None = None) -> Response:
    """Take over what differs and can change in flight, all of it or nothing; the rest waits for a restart."""
    return await give.carry_out(Ask.RELOAD_CONFIG, body)


@router.post("/api/config/rollback", summary="Take the last change back.", responses=told(), response_model=None)
async def rolled_back(give: Give, body: Instructing | None = None) -> Response:
    """Go by the settings before the last change again. The files are left as they are."""
    return await give.carry_out(Ask.ROLLBACK_CONFIG, body)


@router.patch("/api/config", summary="Change settings in flight.", responses=told(), response_model=None)
async def changed(give: Give, handle: Handle, body: Changing) -> Response:
    """Change settings until the engine ends or they are set to null; no file is written."""
    check_names(handle.snapshot().configuration, body)
    return await give.carry_out(Ask.CHANGE_CONFIG, body)
