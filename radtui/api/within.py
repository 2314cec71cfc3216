"""What a route is handed: the engine's door, and one instruction that is to be carried out through it."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated, Final, NamedTuple

from fastapi import Depends, Request
from starlette.responses import Response

from radtui.api.access import caller_of
from radtui.api.answers import reply
from radtui.api.asking import Asking, Key, status_of
from radtui.api.models import IdempotencyKey, Instructing, Wait
from radtui.api.views import answered, unanswered
from radtui.core.instruction import Ask
from radtui.engine.handle import EngineHandle

SOON: Final = 10.0
"""Seconds that an instruction waits for its receipt where nobody says otherwise."""


class Giving(NamedTuple):
    """One request that gives an instruction."""

    request: Request
    key: str | None
    wait: float

    async def carry_out(self, ask: Ask, body: Instructing | None) -> Response:
        """Give it, wait for its receipt, and answer: 202 where there is none yet."""
        asking: Asking = self.request.app.state.asking
        caller = caller_of(self.request).name
        key = None if self.key is None else Key(caller, self.key)
        id_ = asking.tell(ask, body or Instructing(), who=caller, key=key)
        receipt = await asking.receipt(id_, self.wait, self.request.is_disconnected)
        if receipt is None:
            handle: EngineHandle = self.request.app.state.handle
            return reply(unanswered(id_, handle.snapshot()), HTTPStatus.ACCEPTED)
        return reply(answered(receipt), status_of(receipt))


async def _handle(request: Request) -> EngineHandle:
    handle: EngineHandle = request.app.state.handle
    return handle


async def _fleet(request: Request) -> Mapping[str, EngineHandle]:
    fleet: Mapping[str, EngineHandle] = request.app.state.fleet
    return fleet


async def _giving(request: Request, idempotency_key: IdempotencyKey = None, wait: Wait = SOON) -> Giving:
    return Giving(request, idempotency_key, wait)


Handle = Annotated[EngineHandle, Depends(_handle)]
Fleet = Annotated[Mapping[str, EngineHandle], Depends(_fleet)]
Give = Annotated[Giving, Depends(_giving)]
