"""Where several bots share a port: what names none of them is refused, and nothing is guessed."""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus
from typing import Final

from fastapi import FastAPI, Request
from starlette.responses import Response
from starlette.websockets import WebSocket

from radtui.api.answers import reply
from radtui.api.switchboard import path_of
from radtui.api.views import Refusal

_STATUS: Final = HTTPStatus.NOT_FOUND


def refuse_the_unnamed(app: FastAPI, bots: Iterable[str]) -> None:
    """Have `app` say which bots there are, whatever else it is asked."""
    paths = ", ".join(path_of(bot) for bot in bots)
    refusal = Refusal(
        error=_STATUS.phrase.lower(),
        message="several bots fly here, and this names none of them: nothing was asked and nothing was changed",
        todo=f"say which, before the rest of the path: {paths}; GET /api/bots lists them",
    )

    async def unnamed(_request: Request, _error: Exception) -> Response:
        return reply(refusal, _STATUS)

    async def no_stream(socket: WebSocket) -> None:
        await socket.send_denial_response(reply(refusal, _STATUS))

    app.add_exception_handler(_STATUS, unnamed)
    app.add_api_websocket_route("/{rest:path}", no_stream)
