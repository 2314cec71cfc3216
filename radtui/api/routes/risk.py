"""How much is at stake, and what the gates would say of an order (rows S4, S5)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Final

import msgspec
from fastapi import APIRouter, Query
from starlette.responses import Response

from radtui.api.answers import described, reply
from radtui.api.asked import Ask, answer
from radtui.api.models import Proposing
from radtui.api.views import Validation
from radtui.core.risk import RiskAssessment, RiskScore, score
from radtui.core.why_view import GateView
from radtui.engine.inquiries import Weighed

Share = Annotated[float, Query(ge=0, le=1, allow_inf_nan=False)]
router: Final = APIRouter(tags=["risk"])


@router.get(
    "/api/risk/assessment",
    summary="The account's risk in one word.",
    responses=described(RiskAssessment, 503),
    response_model=None,
)
async def assessment(ask: Ask) -> Response:
    """Return exposure, concentration, the day's loss and crowding, and the level that their points add up to."""
    return reply(await answer(ask.assess()))


@router.get("/api/risk/score", summary="The score of an order.", responses=described(RiskScore), response_model=None)
async def scored(confidence: Share, buy: Share = 0.0, sell: Share = 0.0) -> Response:
    """Return 1 − confidence × max(P(buy), P(sell)), and its level."""
    return reply(score(confidence=confidence, buy=buy, sell=sell))


@router.post(
    "/api/risk/validate/order",
    summary="What the gates would say.",
    responses=described(Validation, 404, 503),
    response_model=None,
)
async def validate(ask: Ask, body: Proposing) -> Response:
    """Put an entry through every gate as it would be now. Nothing is sent or kept; a token of scope read will do."""
    signal = body.signal
    weighed = await answer(ask.weigh(body.symbol, signal, body.price))
    weighed = msgspec.structs.replace(weighed, gates=(*weighed.gates, *_wishes(body, weighed)))
    refusals = tuple(gate.gate for gate in weighed.gates if not gate.passed)
    rated = score(confidence=body.confidence, buy=signal.buy, sell=signal.sell)
    return reply(
        Validation(
            valid=not refusals,
            refused_by=refusals,
            order=weighed,
            risk_score=rated.risk_score,
            risk_level=rated.risk_level,
        )
    )


def _wishes(body: Proposing, weighed: Weighed) -> Iterator[GateView]:
    """Yield what was asked for against what the engine would take by itself."""
    if body.lots is not None:
        most = weighed.lots
        yield GateView(gate="lots asked", value=f"{body.lots} lots", limit=f"≤ {most} lots", passed=body.lots <= most)
    if body.leverage is not None:
        highest = weighed.leverage
        yield GateView(
            gate="leverage asked", value=f"{body.leverage}×", limit=f"≤ {highest}×", passed=body.leverage <= highest
        )
