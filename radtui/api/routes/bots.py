"""``GET /api/bots``: which bots this process flies, and where on this port each of them is asked."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter
from starlette.responses import Response

from radtui.api.answers import described, reply
from radtui.api.switchboard import path_of
from radtui.api.views import BotHere, Bots, overview
from radtui.api.within import Fleet

router: Final = APIRouter(tags=["look"])


@router.get("/api/bots", summary="The bots of this process.", responses=described(Bots), response_model=None)
async def bots(fleet: Fleet) -> Response:
    """Return each bot in one line, with the path below which its whole API is."""
    here = (BotHere(name=name, path=path_of(name), status=overview(each.snapshot())) for name, each in fleet.items())
    return reply(Bots(bots=tuple(here)))
