"""Instructions: ``POST /api/bot/…`` and their receipts (rows L2, L3)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from radtui.api.answers import described, reply, told
from radtui.api.asking import Asking
from radtui.api.errors import Refused
from radtui.api.models import EmergencyStopping, Instructing, Previewing, ResettingBreakers, ShuttingDown, Wait
from radtui.api.within import Give
from radtui.core.instruction import Ask, Receipt

_PLAIN: Final = {
    Ask.START: "Start trading.",
    Ask.PAUSE: "No new entries; positions keep their stops.",
    Ask.RESUME: "Trade again after a pause.",
    Ask.STOP: "No more cycles and entries; positions keep their stops; start works again.",
    Ask.RESET_METRICS: "Begin the cycle metrics anew.",
}
router: Final = APIRouter(tags=["bot"])


def _plain(ask: Ask) -> Callable[..., Awaitable[Response]]:
    async def give(give: Give, body: Instructing | None = None) -> Response:
        return await give.carry_out(ask, body)

    return give


for _ask, _summary in _PLAIN.items():
    router.add_api_route(
        f"/api/bot/{_ask}",
        _plain(_ask),
        methods=["POST"],
        name=_ask,
        summary=_summary,
        responses=told(),
        response_model=None,
    )


@router.post("/api/bot/shutdown", summary="End the engine gracefully.", responses=told(), response_model=None)
async def shutdown(give: Give, body: ShuttingDown | None = None) -> Response:
    """Cancel entries, keep or close positions as `exits` says, verify it at the exchange, and end the engine."""
    return await give.carry_out(Ask.SHUTDOWN, body or ShuttingDown())


@router.post("/api/bot/emergency-stop", summary="Cancel and close everything.", responses=told(), response_model=None)
async def emergency_stop(give: Give, body: EmergencyStopping | None = None) -> Response:
    """Cancel entries, close positions, read back flat, cancel stops. The engine goes on until it is so."""
    return await give.carry_out(Ask.EMERGENCY_STOP, body or EmergencyStopping())


@router.post("/api/bot/preview", summary="What a stop would do.", responses=told(), response_model=None)
async def preview(give: Give, body: Previewing | None = None) -> Response:
    """Work out on the book what a stop would cancel, close and cost. Nothing is done."""
    return await give.carry_out(Ask.PREVIEW, body or Previewing())


@router.post("/api/bot/reset-breakers", summary="Let entries through.", responses=told(), response_model=None)
async def reset_breakers(give: Give, body: ResettingBreakers | None = None) -> Response:
    """Reset one trading breaker, or all that are tripped."""
    return await give.carry_out(Ask.RESET_BREAKERS, body or ResettingBreakers())


@router.get(
    "/api/receipts/{instruction_id}",
    summary="What came of an instruction.",
    operation_id="receipt",
    responses=described(Receipt, 404, 410),
    response_model=None,
)
async def receipt(request: Request, instruction_id: str, wait: Wait = 0.0) -> Response:
    """Return a receipt; 404 while there is none, 410 where a restart lost the instruction."""
    asking: Asking = request.app.state.asking
    found = await asking.receipt(instruction_id, wait, request.is_disconnected)
    if found is None:
        raise Refused(HTTPStatus.NOT_FOUND, "no receipt of that id yet", "ask again with ?wait=SECONDS")
    return reply(found)
