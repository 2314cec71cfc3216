"""The wire: HTTP and WebSocket bytes to and from the pure exchange. The only module that knows an ASGI server."""

from __future__ import annotations

import asyncio
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, Final

import uvicorn
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect
from starlette.requests import Request as HttpRequest
from starlette.responses import Response as HttpResponse
from starlette.routing import Mount, WebSocketRoute
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketDisconnect

from radtui.core.market import SECOND
from radtui.simserver.exchange import SimExchange
from radtui.simserver.frames import AWAY, Close
from radtui.simserver.http import Request, Response
from radtui.simserver.session import Session
from radtui.simserver.wirefaults import SocketFaults

TURN: Final = 0.05
"""Seconds between two looks at the market."""
_MOST_BYTES: Final = 1_000_000
"""Of one request's body."""
_TOO_LARGE: Final = Response(
    413, b'{"code":"400100","msg":"The body is too large."}', {"content-type": "application/json"}
)
_FORGOTTEN: Final = 3600.0
"""Seconds until a request whose answer is lost is given up by us as well; clients do so far earlier."""
_BROKEN: Final = 1011
_SETTINGS: Final[dict[str, Any]] = {
    "log_config": None,
    "access_log": False,
    "ws": "websockets-sansio",
    "ws_ping_interval": None,
    "ws_ping_timeout": None,
    "timeout_graceful_shutdown": 2,
    "lifespan": "off",
}
"""No pings of the WebSocket protocol: KuCoin's are JSON text."""


async def serve_on(listener: socket.socket, exchange: SimExchange, started: Callable[[], None]) -> int:
    """Serve on a listening socket until SIGTERM or SIGINT, and return the signal's number. A second one forces the end.

    Args:
        started: called once requests are answered.
    """
    server = _Server(uvicorn.Config(_application(exchange), **_SETTINGS), started)
    caught = 0

    def stop(number: int) -> None:
        nonlocal caught
        server.force_exit = bool(caught)
        caught = caught or number
        server.should_exit = True
        exchange.sessions.close_all(Close(AWAY, "the server stops"))

    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop, number)
    mover = asyncio.create_task(_move(exchange))
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    await asyncio.wait((mover, serving), return_when=asyncio.FIRST_COMPLETED)
    if mover.done():
        server.should_exit = True
        await serving
        mover.result()
    mover.cancel()
    return caught


def _application(exchange: SimExchange) -> Starlette:
    return Starlette(routes=[WebSocketRoute("/{path:path}", _Sockets(exchange)), Mount("/", _Requests(exchange))])


async def _move(exchange: SimExchange) -> None:
    while True:
        exchange.look()
        await asyncio.sleep(TURN)


class _Server(uvicorn.Server):
    """Uvicorn without its own ideas of signals, telling when it listens."""

    def __init__(self, config: uvicorn.Config, started: Callable[[], None]) -> None:
        super().__init__(config)
        self._tell = started

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals to us."""
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to listen, and say so."""
        await super().startup(sockets)
        if self.started:
            self._tell()


class _Requests:
    """Carries HTTP requests to the exchange, through the faults of the wire."""

    def __init__(self, exchange: SimExchange) -> None:
        self._exchange = exchange

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            body = await _body(HttpRequest(scope, receive))
        except ClientDisconnect:
            return
        response = _TOO_LARGE if body is None else await self._answer(scope, body, receive)
        if response is not None:
            await HttpResponse(response.body, response.status, dict(response.headers))(scope, receive, send)

    async def _answer(self, scope: Scope, body: bytes, receive: Receive) -> Response | None:
        plan = self._exchange.faults.answer()
        response: Response | None = None
        for _ in range(plan.times):
            response = self._exchange.handle(_request(scope, body, self._exchange.now()))
        if plan.lost:
            await _until_gone(receive)
            return None
        if plan.delay:
            await asyncio.sleep(plan.delay / SECOND)
        return plan.instead or response


class _Sockets:
    """Carries WebSocket frames between sessions and their sockets."""

    def __init__(self, exchange: SimExchange) -> None:
        self._exchange = exchange

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        line = WebSocket(scope, receive, send)
        await line.accept()
        query = line.query_params
        session = self._exchange.connect(query.get("token", ""), query.get("connectId", ""))
        faults = self._exchange.faults.socket()
        reading = asyncio.create_task(self._read(line, session, faults))
        try:
            await write(line, session, faults, reading)
        except (WebSocketDisconnect, RuntimeError):
            pass  # it is gone while we were writing: RuntimeError is how the ASGI server says so
        finally:
            self._exchange.sessions.closed(session)
            reading.cancel()
            with suppress(asyncio.CancelledError):
                await reading

    async def _read(self, line: WebSocket, session: Session, faults: SocketFaults) -> None:
        while True:
            message = await line.receive()
            if message["type"] == "websocket.disconnect":
                return
            if not faults.silent:
                session.receive(message.get("text") or message.get("bytes") or "", self._exchange.now())


async def write(line: WebSocket, session: Session, faults: SocketFaults, reading: asyncio.Task[None]) -> None:
    """Send what the session says until either side ends it."""
    wake = asyncio.Event()
    session.woken = wake.set
    reading.add_done_callback(lambda _: wake.set())
    wake.set()
    while not reading.done():
        await wake.wait()
        wake.clear()
        delay = faults.delay()
        if delay:
            await asyncio.sleep(delay / SECOND)
        for frame in faults.through(session.take()):
            await line.send_text(frame)
            await asyncio.sleep(0)  # writing alone lets nobody say that the client has gone
            if reading.done():
                return
        if faults.cut or (session.closing is not None and not faults.silent):
            close = session.closing
            await line.close(close.code if close else _BROKEN, close.why if close else "")
            return


async def _body(request: HttpRequest) -> bytes | None:
    """Return a request's body, None where it is larger than any that makes sense."""
    chunks: list[bytes] = []
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size <= _MOST_BYTES:
            chunks.append(chunk)
    return b"".join(chunks) if size <= _MOST_BYTES else None


def _request(scope: Scope, body: bytes, at: int) -> Request:
    query = scope["query_string"]
    target = scope["raw_path"] + (b"?" + query if query else b"")
    client = scope.get("client")
    return Request(
        method=scope["method"].upper(),
        target=target.decode("latin-1"),
        headers={name.decode("latin-1").lower(): text.decode("latin-1") for name, text in scope["headers"]},
        body=body,
        at=at,
        address=client[0] if client else "",
    )


async def _until_gone(receive: Receive) -> None:
    """Wait until the client has given up."""
    with suppress(TimeoutError):
        async with asyncio.timeout(_FORGOTTEN):
            while (await receive())["type"] != "http.disconnect":
                pass
