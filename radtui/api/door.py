"""The control socket of one engine, and its TCP port where there is one, in a thread of their own.

Its libraries take a fifth of a second to load, and a request may be anything: neither may hold up the engine's loop,
and a loop that is stuck can still be looked at from here. The socket listens from the first moment on; who connects
before the engine has looked at its exchange waits that long.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import time
from collections.abc import Iterable
from functools import partial
from itertools import islice
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING, Final

from radtui.api.outside import Outside
from radtui.api.socket import forget, listen
from radtui.engine.handle import EngineHandle
from radtui.engine.local import LocalHandle

if TYPE_CHECKING:
    from radtui.engine.engine import Engine

_QUIET: Final = 3.0
"""Seconds that the start of an engine is left alone at most."""
_LOOK: Final = 0.05


async def _warn(engine: Engine, text: str) -> None:
    engine.warn("no control socket", text, "door")


class Door:
    """Answers for an engine at `path` from `open` to `close`.

    Args:
        outside: the TCP port beside it; None for none.
        beside: engines of further bots, for which that port answers too.

    Attributes:
        port: of TCP, once it listens there.
        shut: why it does not listen on TCP although it should; empty where it does.
    """

    def __init__(
        self, handle: EngineHandle, path: Path, outside: Outside | None = None, beside: Iterable[EngineHandle] = ()
    ) -> None:
        self._handle = handle
        self._fleet = {each.snapshot().bot: each for each in (handle, *beside)}
        self._path = path
        self._outside = outside
        self.port: int | None = None
        self.shut = ""
        self._closing = Event()
        self._thread = Thread(target=self._main, name="door", daemon=True)
        self._listener: socket.socket | None = None
        self._tcp: socket.socket | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._over: asyncio.Event | None = None

    def open(self) -> None:
        """Listen, and answer as soon as the engine is up. A TCP port that is not to be had is said in `shut`.

        Raises:
            SocketTaken: a live process listens there.
            OSError: the socket cannot be made.
        """
        self._listener = listen(self._path)
        if self._outside is not None:
            self._listen_outside(self._outside)
        self._thread.start()

    def close(self) -> None:
        """Answer what was asked, and go; no longer than some seconds."""
        self._closing.set()
        loop, over = self._loop, self._over
        if loop is not None and over is not None:
            with contextlib.suppress(RuntimeError):  # its loop has ended by itself
                loop.call_soon_threadsafe(over.set)
        if self._thread.is_alive():
            self._thread.join(5.0)
        if self._tcp is not None:
            self._tcp.close()
        if self._listener is not None:
            forget(self._path, self._listener)

    def _listen_outside(self, outside: Outside) -> None:
        try:
            self._tcp = outside.listen()
        except OSError as error:
            self.shut = f"{outside.host} port {outside.port}: {os.strerror(error.errno) if error.errno else error}"
            return
        self.port = self._tcp.getsockname()[1]

    def _main(self) -> None:
        self._let_it_start()
        if self._closing.is_set():
            return
        try:
            asyncio.run(self._serve())
        except Exception as error:  # supervision point: the engine flies on, and it is said why nobody is heard
            self._give_up(f"{type(error).__name__}: {error}")

    def _give_up(self, why: str) -> None:
        """Take the sockets away, so that who comes is refused at once instead of waiting for nobody, and say so."""
        import structlog  # it takes a while to load, and the cockpit paints its first frame before

        structlog.get_logger("radtui.api").critical("no control socket", error=why)
        if self._listener is not None:
            forget(self._path, self._listener)
        if self._tcp is not None:
            self._tcp.close()
        if isinstance(self._handle, LocalHandle):
            text = f"no command finds this engine any more: {why}; `kill -TERM {os.getpid()}` ends it gracefully"
            self._handle.inquire(partial(_warn, text=text))

    def _let_it_start(self) -> None:
        until = time.monotonic() + _QUIET
        while not self._handle.snapshot().status.recovered and time.monotonic() < until:
            if self._closing.wait(_LOOK):
                return

    async def _serve(self) -> None:
        from radtui.api.app import applications, switchboard
        from radtui.api.serving import Way, serve

        over = asyncio.Event()
        self._loop, self._over = asyncio.get_running_loop(), over
        if self._closing.is_set() or self._listener is None:  # it was closed while all that was loaded
            return
        apps = applications(self._fleet, self._outside)
        own = dict(islice(apps.items(), 1))
        unix = Way(self._listener, switchboard(own, self._outside), own.values())
        tcp = Way(self._tcp, switchboard(apps, self._outside), apps.values()) if self._tcp else None
        await serve(unix, tcp, over)
