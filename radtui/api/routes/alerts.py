"""Alerts: what fires, who has seen it, and whether the channels work (rows M3, S11)."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated, Final

from fastapi import APIRouter, Path
from pydantic import Field
from starlette.responses import Response

from radtui.api.alert_views import Alerts, alerts
from radtui.api.answers import described, reply, told
from radtui.api.errors import Refused
from radtui.api.models import Instructing, Particulars
from radtui.api.within import Give, Handle
from radtui.core.instruction import Ask

router: Final = APIRouter(tags=["alerts"])
AlertId = Annotated[str, Path(max_length=20, pattern=r"^\d+$", description="Of an alert that is open.")]


class TryingChannels(Instructing):
    """Which channel is to be tried."""

    channel: Annotated[str, Field(max_length=100, description="One channel; all of them without it.")] = ""

    def particulars(self) -> Particulars:
        """Return which one."""
        return {"subject": self.channel}


class _Acknowledging(Instructing):
    """One alert that somebody has seen."""

    alert: str

    def particulars(self) -> Particulars:
        """Return which one."""
        return {"subject": self.alert}


@router.get("/api/alerts", summary="What fires, and what did.", responses=described(Alerts), response_model=None)
async def listed(handle: Handle) -> Response:
    """Return the open alerts, the latest that are over, and how the channels fare."""
    return reply(alerts(handle.snapshot()))


@router.post("/api/alerts/ack", summary="All that fires has been seen.", responses=told(), response_model=None)
async def acknowledge_all(give: Give, body: Instructing | None = None) -> Response:
    """Acknowledge every alert that fires: nobody is reminded of it again."""
    return await give.carry_out(Ask.ACKNOWLEDGE, body)


@router.post("/api/alerts/test", summary="Whether the channels work.", responses=told(), response_model=None)
async def try_channels(give: Give, body: TryingChannels | None = None) -> Response:
    """Send a message through one channel, or through each; the answer names those that are dead."""
    return await give.carry_out(Ask.TEST_ALERTS, body or TryingChannels())


@router.post("/api/alerts/{alert_id}/ack", summary="It has been seen.", responses=told(404), response_model=None)
async def acknowledge(give: Give, handle: Handle, alert_id: AlertId, body: Instructing | None = None) -> Response:
    """Acknowledge one alert: nobody is reminded of it again."""
    if all(each.id != alert_id for each in handle.snapshot().alerts.open):
        raise Refused(HTTPStatus.NOT_FOUND, f"no open alert has the id {alert_id}", "GET /api/alerts lists them")
    said = body or Instructing()
    return await give.carry_out(Ask.ACKNOWLEDGE, _Acknowledging(alert=alert_id, why=said.why, who=said.who))
