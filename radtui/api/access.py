"""Who gets in: before any route sees a request or a stream, it is known who asks and what they may.

On the control socket the kernel says who it is. Over TCP it takes a bearer token in the header, nowhere else. Browsers
are kept out unless their page's origin is configured: a page that somebody visits must never lead a bot.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Final
from urllib.parse import parse_qsl

from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send

from radtui.api.answers import reply
from radtui.api.errors import LARGEST
from radtui.api.grumbling import grumble
from radtui.api.keyring import WRONG_AT_MOST, Caller, Failures, Keyring
from radtui.api.keyring import Scope as May
from radtui.api.outside import Outside, is_known_name
from radtui.api.places import PLACE, Place
from radtui.api.socket import Peer
from radtui.api.views import Refusal

READS: Final = frozenset(
    {
        "/api/risk/validate/order",
        "/api/config/validate",
        "/api/portfolio/allocate",
        "/api/portfolio/process-signals",
        "/api/portfolio/rebalance",
        "/api/portfolio/live/validate-trade",
    }
)
"""Paths that only look although they take a body."""
_LOOKING: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_SECRET_NAMES: Final = frozenset({"token", "access_token", "api_token", "api_key", "apikey", "authorization", "bearer"})
_JSON: Final = "application/json"
_NOBODY: Final = "nobody"


class _Kept(Exception):
    """Somebody is kept out."""

    def __init__(self, status: HTTPStatus, message: str, todo: str, **headers: str) -> None:
        super().__init__(message)
        self.status, self.todo, self.headers = status, todo, headers


def caller_of(connection: HTTPConnection) -> Caller:
    """Return who asks, as `Access` found out; for requests and streams alike."""
    caller: Caller = connection.scope["state"]["caller"]
    return caller


class Access:
    """Lets in, or answers why not.

    Args:
        outside: the TCP port; None where there is none, and then only the control socket's callers get in.
    """

    def __init__(self, app: ASGIApp, outside: Outside | None, now: Callable[[], float] = time.monotonic) -> None:
        self._app = app
        self._keyring = outside.keyring if outside else Keyring(())
        self._origins = outside.origins if outside else ()
        self._names = outside.names if outside else ()
        self._failures = Failures(now)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        try:
            _check_framing(scope, headers := Headers(scope=scope))
            caller = self._identify(scope, headers)
            _check(scope, headers, caller)
        except _Kept as kept:
            await _answer(kept, scope, receive, send)
            return
        scope.setdefault("state", {})["caller"] = caller
        await self._app(scope, receive, send)

    def _identify(self, scope: Scope, headers: Headers) -> Caller:
        peer: Peer | None = scope.get("state", {}).get("peer")
        self._check_query(scope)
        if peer is not None:
            _check_no_page(headers)
            return Caller(f"cli:{peer.user}", May.CONTROL)
        self._check_page(headers)
        caller = self._by_token(_address(scope), headers)
        _claim_place(scope, caller)
        return caller

    def _check_query(self, scope: Scope) -> None:
        """Refuse a token in the address: addresses stand in logs and histories."""
        if not scope.get("query_string"):
            return
        given = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        named = any(name.lower() in _SECRET_NAMES for name, _ in given)
        if named or any(self._keyring.find(value) for _, value in given):
            raise _Kept(
                HTTPStatus.BAD_REQUEST,
                "a token in the address is refused, right or wrong: it would stand in logs",
                "send it as the header `Authorization: Bearer TOKEN`, and replace the one that was sent",
            )

    def _check_page(self, headers: Headers) -> None:
        if not is_known_name(headers.get("host", ""), self._names):
            raise _Kept(
                HTTPStatus.FORBIDDEN, "this engine is not known under that name", "use its address, or set api.hosts"
            )
        if headers.get("origin") not in {None, *self._origins}:
            raise _Kept(HTTPStatus.FORBIDDEN, "pages of that origin may not ask", "set api.origins if they are yours")

    def _by_token(self, peer: str, headers: Headers) -> Caller:
        kind, _, token = headers.get("authorization", "").partition(" ")
        caller = self._keyring.find(token.strip()) if kind.lower() == "bearer" else None
        if caller is not None:
            return caller
        count = self._failures.add(peer)
        if count <= WRONG_AT_MOST:
            grumble("no token" if not token else "a wrong token", peer=peer)
            raise _Kept(
                HTTPStatus.UNAUTHORIZED,
                "this takes a token that this engine knows",
                "send the header `Authorization: Bearer TOKEN` with one of api.tokens",
                **{"WWW-Authenticate": 'Bearer realm="radtui"'},
            )
        if count == WRONG_AT_MOST + 1:
            grumble(f"more than {WRONG_AT_MOST} failures within a minute", peer=peer)
        raise _Kept(
            HTTPStatus.TOO_MANY_REQUESTS,
            "too many wrong tokens from this address",
            "a right one is let in at once; wait before trying others",
            **{"Retry-After": str(self._failures.wait(peer)), "Connection": "close"},
        )


def _check_framing(scope: Scope, headers: Headers) -> None:
    """Refuse a request with two ends: who reads the other one, a proxy say, takes its rest for somebody's next request.

    (RFC 9112, section 6.1, leaves it to the server.)
    """
    if "transfer-encoding" in headers and "content-length" in headers:
        grumble("both Content-Length and Transfer-Encoding", peer=_address(scope))
        raise _Kept(
            HTTPStatus.BAD_REQUEST,
            "a request has Content-Length or Transfer-Encoding, not both",
            "send Content-Length alone",
            Connection="close",
        )


def _claim_place(scope: Scope, caller: Caller) -> None:
    """Count the connection as the token's; a token that fills all of its places waits, and keeps nobody else out."""
    place: Place | None = scope["state"].get(PLACE)
    if place is not None and not place.claim(caller.name):
        raise _Kept(
            HTTPStatus.TOO_MANY_REQUESTS,
            "too many requests with this token are being answered: nothing was done",
            "wait for an answer of theirs, or ask on a connection that is open",
            **{"Retry-After": "1", "Connection": "close"},
        )


def _check(scope: Scope, headers: Headers, caller: Caller) -> None:
    """Refuse what a caller may not do, and bodies that no route of ours takes."""
    if scope["type"] != "http" or scope["method"] in _LOOKING:
        return
    if not caller.controls and scope["path"] not in READS:
        grumble(f"scope read is not enough for {scope['method']} {scope['path'][:80]}", peer=caller.name)
        raise _Kept(HTTPStatus.FORBIDDEN, "this token may look, not lead", "use one of scope control")
    length = headers.get("content-length", "0")
    if length.isdecimal() and int(length) > LARGEST:
        raise _Kept(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"a body has at most {LARGEST} bytes", "send less")
    bears = length != "0" or "transfer-encoding" in headers
    if bears and headers.get("content-type", "").partition(";")[0].strip().lower() != _JSON:
        raise _Kept(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "bodies are JSON", f"send the header `Content-Type: {_JSON}`")


def _check_no_page(headers: Headers) -> None:
    """No browser speaks to a Unix socket by itself: who sends these was led there by a page."""
    if "origin" in headers or headers.get("sec-fetch-site", "none") != "none":
        raise _Kept(HTTPStatus.FORBIDDEN, "the control socket answers no web pages", "use the TCP port with a token")


def _address(scope: Scope) -> str:
    client: Iterable[object] | None = scope.get("client")
    return str(next(iter(client))) if client else _NOBODY


async def _answer(kept: _Kept, scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket" and "websocket.http.response" not in scope.get("extensions", {}):
        await send({"type": "websocket.close", "code": 1008, "reason": str(kept)})
        return
    refusal = Refusal(error=kept.status.phrase.lower(), message=str(kept), todo=kept.todo)
    response = reply(refusal, kept.status)
    response.headers.update(kept.headers)
    await response(scope, receive, send)
