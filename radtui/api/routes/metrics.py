"""``GET /metrics``: what Prometheus scrapes (rows M1, H1–H5)."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter
from starlette.responses import Response

from radtui.api.answers import described
from radtui.api.within import Fleet

router: Final = APIRouter(tags=["monitoring"])
_PAGE: Final = {
    "description": "Every figure there is, as text.",
    "content": {"text/plain": {"schema": {"type": "string"}}},
}


@router.get("/metrics", summary="For Prometheus.", responses=described(None) | {200: _PAGE}, response_model=None)
async def metrics(fleet: Fleet) -> Response:
    """Return the figures of the latest picture of every bot; a token of scope read will do, and no engine is asked."""
    from radtui.health.metrics.page import MEDIA_TYPE, page  # only who is scraped needs the library

    return Response(page(*(each.snapshot() for each in fleet.values())), headers={"Content-Type": MEDIA_TYPE})
