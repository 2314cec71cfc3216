"""Reports: health, reconciliation, profile (rows H6, H8, O3)."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter
from starlette.responses import Response

from radtui.api.answers import described, reply
from radtui.api.views import Reconciliation, reconciliation
from radtui.api.within import Handle
from radtui.health.profile import Profile, profile
from radtui.health.report import report

router: Final = APIRouter(tags=["reports"])


@router.get("/api/health", summary="The health report.", responses=described(None), response_model=None)
@router.get("/api/bot/health", summary="The health report.", responses=described(None), response_model=None)
@router.get("/api/report/health", summary="The health report.", responses=described(None), response_model=None)
async def health(handle: Handle) -> Response:
    """Return the health report."""
    return reply(report(handle.snapshot(), virtual=False))


@router.get(
    "/api/report/reconcile",
    summary="Journal against exchange.",
    responses=described(Reconciliation),
    response_model=None,
)
async def reconcile(handle: Handle) -> Response:
    """Return what differed between the journal and the exchange, and what was done about it."""
    return reply(reconciliation(handle.snapshot(), handle.events()))


@router.get("/api/report/profile", summary="Where the time goes.", responses=described(Profile), response_model=None)
async def profiled(handle: Handle) -> Response:
    """Return what cycles, phases and endpoints take, and name what is slow."""
    return reply(profile(handle.snapshot()))
