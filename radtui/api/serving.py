"""The application on its sockets. With `connections`, the only module that knows the server."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any, Final, NamedTuple

import uvicorn
from fastapi import FastAPI
from starlette.types import ASGIApp

from radtui.api.connections import AtTheSocket, Connection, FromOutside
from radtui.api.streams.protocol import SETTINGS, StreamProtocol

_SETTINGS: Final[dict[str, Any]] = {
    "log_config": None,
    "access_log": False,
    "lifespan": "off",
    "ws": StreamProtocol,
    **SETTINGS,
    "server_header": False,
    "proxy_headers": False,  # what a header says of its sender is no reason to believe it
    "limit_concurrency": 128,
    "timeout_graceful_shutdown": 2,
}


class Way(NamedTuple):
    """What is answered on one listener: `app`, and behind it `rooms`, the application of each bot."""

    listener: socket.socket
    app: ASGIApp
    rooms: Collection[FastAPI]


async def serve(unix: Way, tcp: Way | None, over: asyncio.Event) -> None:
    """Answer on both until `over`; what is being answered then has two seconds.

    Each has a server of its own: whoever fills the one up keeps nobody from the other.
    """
    logging.getLogger("uvicorn.error").setLevel(logging.ERROR)  # that somebody came, went or stammered is no news
    ways = [(unix, AtTheSocket), *([(tcp, FromOutside)] if tcp else [])]
    servers = [_server(way, kind) for way, kind in ways]
    serving = [
        asyncio.create_task(server.serve(sockets=[way.listener]))
        for server, (way, _) in zip(servers, ways, strict=True)
    ]
    ending = asyncio.create_task(over.wait())
    await asyncio.wait((*serving, ending), return_when=asyncio.FIRST_COMPLETED)
    rooms = {room for way, _ in ways for room in way.rooms}
    await asyncio.gather(*(room.state.streams.news.farewell() for room in rooms))
    for server in servers:
        server.should_exit = True
    ending.cancel()
    await asyncio.gather(*serving)


def _server(way: Way, kind: type[Connection]) -> uvicorn.Server:
    return _Server(uvicorn.Config(way.app, http=kind, **_SETTINGS))


class _Server(uvicorn.Server):
    """Uvicorn without its own ideas of signals."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals to us."""
        yield
