"""The application on its sockets. With `connections`, the only module that knows the server."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import uvicorn
from fastapi import FastAPI

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


async def serve(unix: socket.socket, tcp: socket.socket | None, app: FastAPI, over: asyncio.Event) -> None:
    """Answer on both until `over`; what is being answered then has two seconds.

    Each has a server of its own: whoever fills the one up keeps nobody from the other.
    """
    logging.getLogger("uvicorn.error").setLevel(logging.ERROR)  # that somebody came, went or stammered is no news
    servers = [_server(app, AtTheSocket, unix)]
    if tcp is not None:
        servers.append(_server(app, FromOutside, tcp))
    serving = [asyncio.create_task(server.serve(sockets=[listener])) for server, listener in servers]
    ending = asyncio.create_task(over.wait())
    await asyncio.wait((*serving, ending), return_when=asyncio.FIRST_COMPLETED)
    await app.state.streams.news.farewell()
    for server, _ in servers:
        server.should_exit = True
    ending.cancel()
    await asyncio.gather(*serving)


def _server(app: FastAPI, kind: type[Connection], listener: socket.socket) -> tuple[uvicorn.Server, socket.socket]:
    return _Server(uvicorn.Config(app, http=kind, **_SETTINGS)), listener


class _Server(uvicorn.Server):
    """Uvicorn without its own ideas of signals."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals to us."""
        yield
