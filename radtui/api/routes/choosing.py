"""What to trade and when: the scanner's result and the trading window (rows W1, S8)."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter
from starlette.responses import Response

from radtui.api.answers import described, reply
from radtui.api.within import Handle
from radtui.core.scan_view import ScanView
from radtui.core.window_view import WindowView

router: Final = APIRouter(tags=["choosing"])


@router.get("/api/scanner", summary="The scan of the market.", responses=described(ScanView), response_model=None)
async def scanner(handle: Handle) -> Response:
    """Return how far the scan is, what it found with the parts of each score, and why it may not be followed."""
    return reply(handle.snapshot().scan)


@router.get("/api/window", summary="The trading window.", responses=described(WindowView), response_model=None)
async def window(handle: Handle) -> Response:
    """Return whether entries are allowed by the clock, the trades of the day, and when they are counted anew."""
    return reply(handle.snapshot().window)
