"""The settings of a running bot: read, compared with their sources, taken over, taken back (row C4)."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter
from starlette.responses import Response

from radtui.api.answers import described, reply, told
from radtui.api.config_views import Changing, Summary, Validating, check_names, summary
from radtui.api.models import Instructing
from radtui.api.within import Give, Handle
from radtui.core.configuration_view import ConfigurationView
from radtui.core.instruction import Ask

router: Final = APIRouter(tags=["config"])


@router.get("/api/config", summary="What is in force.", responses=described(ConfigurationView), response_model=None)
async def shown(handle: Handle) -> Response:
    """Return every setting with its value (secrets masked), where it came from, and whether it can change in flight."""
    return reply(handle.snapshot().configuration)


@router.get("/api/config/summary", summary="In short.", responses=described(Summary), response_model=None)
async def in_short(handle: Handle) -> Response:
    """Return the settings that matter most, and how the configuration stands."""
    return reply(summary(handle.snapshot()))


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
