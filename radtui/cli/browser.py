"""The cockpit in a browser: who may enter, and an attached cockpit for each who did.

Textual's server brings the terminal that a browser draws. It knows no visitors, so what stands here lets nobody in
without the token: it travels behind the ``#`` of the address, which a browser never sends, and is exchanged for a
cookie by a page that comes first. Addresses and origins are checked, for any page on the web may try this port.
"""

from __future__ import annotations

import hmac
import json
import logging
import secrets
import time
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from http import HTTPStatus
from typing import Final
from urllib.parse import urlsplit

from aiohttp import WSMsgType, web
from aiohttp_jinja2 import render_template
from textual_serve.server import Server

from radtui.cli.entrance import ENTRANCE
from radtui.cli.visit import FAREWELL, Visit, cells, say

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]
HOST: Final = "127.0.0.1"
_OURS: Final = frozenset({"127.0.0.1", "localhost", "::1"})
"""What the address bar may show: this machine, also at the far end of an SSH tunnel."""
_MOST_VISITORS: Final = 8
_MOST_WRONG: Final = 10
_WRONG_WITHIN: Final = 60.0
_LONGEST_TOKEN: Final = 200
_LARGEST_MESSAGE: Final = 65_536
_POLICY: Final = (
    "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "font-src 'self' data:; connect-src 'self' {line}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_log = logging.getLogger("radtui.browser")


class Entrance:
    """Who may enter: whoever showed the token once, by the cookie they got for it.

    The right token opens however many wrong ones came: else anybody on this machine could shut out the operator. It is
    too long to be guessed; what is limited is the log of the attempts.

    Args:
        token: the one secret of this server. now: monotonic seconds.
    """

    def __init__(self, token: str, now: Callable[[], float] = time.monotonic) -> None:
        self._token = token.encode()
        self._now = now
        self._sessions: set[str] = set()
        self._wrong: deque[float] = deque(maxlen=_MOST_WRONG)

    @property
    def pestered(self) -> bool:
        """Whether so many wrong tokens came lately that one more is no news."""
        return len(self._wrong) == _MOST_WRONG and self._now() - self._wrong[0] < _WRONG_WITHIN

    def enter(self, token: bytes) -> str | None:
        """Return a new session for the right token, None for a wrong one."""
        if not hmac.compare_digest(token, self._token):
            if not self.pestered:
                _log.warning("a wrong token")
            self._wrong.append(self._now())
            return None
        session = secrets.token_urlsafe(32)
        self._sessions.add(session)
        return session

    def admits(self, session: str) -> bool:
        """Return whether the holder of this cookie has shown the token."""
        return session in self._sessions


class CockpitServer(Server):
    """Textual's server behind the entrance.

    Args:
        command: what is run for each visitor. token: what lets one in.
    """

    def __init__(self, command: Sequence[str], token: str, port: int) -> None:
        super().__init__("radtui", host=HOST, port=port, title="radtui")
        self._visit = tuple(command)
        self._entrance = Entrance(token)
        self._cookie = f"radtui-{secrets.token_hex(4)}"
        self._visitors = 0

    async def open(self) -> web.AppRunner:
        """Begin to listen and return what ends it; `port` is the one that was taken.

        Raises:
            OSError: the port cannot be had.
        """
        runner = web.AppRunner(await self._make_app(), access_log=None, shutdown_timeout=FAREWELL)
        await runner.setup()
        try:
            await web.TCPSite(runner, HOST, self.port).start()
        except OSError:
            await runner.cleanup()
            raise
        self.port = runner.addresses[0][1]
        return runner

    async def _make_app(self) -> web.Application:
        app = await super()._make_app()
        app.router.add_post("/enter", self.handle_enter)

        @web.middleware
        async def guard(request: web.Request, handler: Answer) -> web.StreamResponse:
            return await self._guard(request, handler)

        app.middlewares.append(guard)
        return app

    async def on_startup(self, app: web.Application) -> None:
        """Print nothing: the command says where the cockpit is."""

    async def _guard(self, request: web.Request, answer: Answer) -> web.StreamResponse:
        if urlsplit(f"//{request.host}").hostname not in _OURS:
            raise web.HTTPForbidden(text="This is no address of this cockpit.")
        if request.headers.get("Origin", _origin(request)) != _origin(request):
            raise web.HTTPForbidden(text="This request comes from another page.")
        if request.path == "/enter":
            return _sealed(request, await answer(request))
        if not self._entrance.admits(request.cookies.get(self._cookie, "")):
            if request.path != "/":
                raise web.HTTPUnauthorized(text="Open the address that radtui serve has printed.")
            return _sealed(request, web.Response(text=ENTRANCE, content_type="text/html"))
        if request.path == "/ws":  # a line that is open takes no headers any more
            return await answer(request)
        return _sealed(request, await answer(request))

    async def handle_enter(self, request: web.Request) -> web.Response:
        """Exchange the token for a cookie."""
        if (request.content_length or 0) > _LONGEST_TOKEN or "Origin" not in request.headers:
            raise web.HTTPForbidden(text="This is no token.")
        session = self._entrance.enter((await request.content.read(_LONGEST_TOKEN)).strip())
        if session is None and self._entrance.pestered:
            raise web.HTTPTooManyRequests(text="Too many wrong tokens. The right one is let in at once.")
        if session is None:
            raise web.HTTPForbidden(text="The token is wrong. Open the address that radtui serve has printed.")
        entered = web.Response(status=HTTPStatus.NO_CONTENT)
        entered.set_cookie(self._cookie, session, httponly=True, samesite="Strict", path="/")
        return entered

    async def handle_index(self, request: web.Request) -> web.StreamResponse:
        """Return the page with the terminal; its addresses are those that the visitor came by, also over a tunnel."""
        context = {
            "font_size": 16,
            "app_websocket_url": f"ws://{request.host}/ws",
            "config": {"static": {"url": "/static/"}},
            "application": {"name": self.title},
        }
        return render_template("app_index.html", request, context)

    async def handle_websocket(self, request: web.Request) -> web.WebSocketResponse:
        """Run a cockpit for as long as the visitor's line is open."""
        if "Origin" not in request.headers:
            raise web.HTTPForbidden(text="This is no browser.")
        if self._visitors >= _MOST_VISITORS:
            raise web.HTTPServiceUnavailable(text=f"{_MOST_VISITORS} cockpits are open already.")
        line = web.WebSocketResponse(heartbeat=15, max_msg_size=_LARGEST_MESSAGE)
        await line.prepare(request)
        visit = Visit(self._visit, line, self)
        self._visitors += 1
        try:
            await visit.start(*(cells(request.query.get(name)) for name in ("width", "height")))
            await self._relay(line, visit)
        finally:
            self._visitors -= 1
            await visit.end()
            await line.close()
        return line

    async def _relay(self, line: web.WebSocketResponse, visit: Visit) -> None:
        async for message in line:
            if message.type is WSMsgType.TEXT:
                with suppress(ValueError, KeyError, TypeError):  # what no terminal says is no key
                    await say(visit, line, json.loads(message.data))


def _origin(request: web.Request) -> str:
    return f"http://{request.host}"


def _sealed(request: web.Request, answer: web.StreamResponse) -> web.StreamResponse:
    """Keep the page to itself: no frames, nothing from other machines, no copies."""
    answer.headers["Content-Security-Policy"] = _POLICY.format(line=f"ws://{request.host}")
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["Cache-Control"] = "no-store"
    return answer
