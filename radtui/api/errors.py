"""Errors of the API: always a `Refusal`, and never a 500 for bad input."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, Final

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from radtui.api.answers import reply
from radtui.api.views import Refusal

LARGEST: Final = 65_536
"""Bytes of a request's body."""
_WHAT_TO_DO: Final = {404: "GET /openapi.json lists every route", 405: "GET /openapi.json lists every route"}


class Refused(HTTPException):
    """A request that cannot be answered as it is."""

    def __init__(self, status: HTTPStatus, message: str, todo: str = "") -> None:
        super().__init__(status, message)
        self.todo = todo


def speak(app: FastAPI) -> None:
    """Have `app` answer every error as a `Refusal`.

    The answers are coroutines: a plain function would be sent to a thread of its own, and wait for its turn there.
    """
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _refused)
    app.add_exception_handler(Exception, _broken)


class Limited:
    """Ends a request whose body is larger than any of ours, without reading it to its end."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        taken = 0

        async def counted() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > LARGEST:
                raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"a body has at most {LARGEST} bytes")
            return message

        await self._app(scope, counted, send)


async def _refused(_request: Request, error: Exception) -> Response:
    status = getattr(error, "status_code", HTTPStatus.INTERNAL_SERVER_ERROR)
    if status == HTTPStatus.BAD_REQUEST:  # a body that is no text; 400 is what the bot's state does not admit (row L3)
        return _unreadable(str(getattr(error, "detail", error)))
    todo = getattr(error, "todo", "") or _WHAT_TO_DO.get(status, "")
    message = str(getattr(error, "detail", error))
    response = reply(Refusal(error=_name(status), message=message, todo=todo), status)
    response.headers.update(getattr(error, "headers", None) or {})
    return response


async def _invalid(_request: Request, error: Exception) -> Response:
    faults = error.errors() if isinstance(error, RequestValidationError) else []
    return _unreadable("; ".join(map(_fault, faults)))


def _unreadable(message: str) -> Response:
    return reply(Refusal(error="invalid", message=message, todo="GET /openapi.json says what it may be"), 422)


async def _broken(request: Request, error: Exception) -> Response:
    structlog.get_logger("radtui.api").error(
        "request failed", path=request.url.path, error=f"{type(error).__name__}: {error}"
    )
    return reply(Refusal(error="internal", message="the engine flies on; this answer could not be made"), 500)


def _fault(fault: dict[str, Any]) -> str:
    """Name the place and what is wrong there, never the value: it could be a secret."""
    return f"{'.'.join(map(str, fault.get('loc', ())))}: {fault.get('msg', 'cannot be used')}"


def _name(status: int) -> str:
    return HTTPStatus(status).phrase.lower()
