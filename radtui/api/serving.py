"""The application on the control socket. The only module that knows the server."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import structlog
import uvicorn
from fastapi import FastAPI
from uvicorn.protocols.http.h11_impl import H11Protocol

from radtui.api.socket import peer_of

_SETTINGS: Final[dict[str, Any]] = {
    "log_config": None,
    "access_log": False,
    "lifespan": "off",
    "ws": "none",
    "server_header": False,
    "limit_concurrency": 64,
    "timeout_graceful_shutdown": 2,
}


async def serve(listener: socket.socket, app: FastAPI, over: asyncio.Event) -> None:
    """Answer on `listener` until `over`; what is being answered then has two seconds."""
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)  # that it came and went is no news of the engine
    server = _Server(uvicorn.Config(app, http=_Protocol, **_SETTINGS))
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    ending = asyncio.create_task(over.wait())
    await asyncio.wait((serving, ending), return_when=asyncio.FIRST_COMPLETED)
    server.should_exit = True
    ending.cancel()
    await serving


class _Server(uvicorn.Server):
    """Uvicorn without its own ideas of signals."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals to us."""
        yield


class _Protocol(H11Protocol):
    """HTTP that knows who is at the other end: the kernel's word, in place of an address."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """Take a connection; hang up on another user's."""
        super().connection_made(transport)
        peer = peer_of(transport.get_extra_info("socket"))
        self.client = (peer.user, peer.pid)
        if not peer.admitted:
            structlog.get_logger("radtui.api").warning("refused", note="another user's process", uid=peer.uid)
            transport.abort()
