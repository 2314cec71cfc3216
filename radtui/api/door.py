"""The control socket of one engine, in a thread of its own.

Its libraries take a fifth of a second to load, and a request may be anything: neither may hold up the engine's loop,
and a loop that is stuck can still be looked at from here. The socket listens from the first moment on; who connects
before the engine has looked at its exchange waits that long.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import time
from pathlib import Path
from threading import Event, Thread
from typing import Final

from radtui.api.socket import forget, listen
from radtui.engine.handle import EngineHandle

_QUIET: Final = 3.0
"""Seconds that the start of an engine is left alone at most."""
_LOOK: Final = 0.05


class Door:
    """Answers for an engine at `path` from `open` to `close`."""

    def __init__(self, handle: EngineHandle, path: Path) -> None:
        self._handle = handle
        self._path = path
        self._closing = Event()
        self._thread = Thread(target=self._main, name="door", daemon=True)
        self._listener: socket.socket | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._over: asyncio.Event | None = None

    def open(self) -> None:
        """Listen, and answer as soon as the engine is up.

        Raises:
            SocketTaken: a live process listens there.
            OSError: the socket cannot be made.
        """
        self._listener = listen(self._path)
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
        if self._listener is not None:
            forget(self._path, self._listener)

    def _main(self) -> None:
        self._let_it_start()
        if self._closing.is_set():
            return
        try:
            asyncio.run(self._serve())
        except Exception as error:  # supervision point: the engine flies on, and the log says why nobody is heard
            import structlog  # it takes a while to load, and the cockpit paints its first frame before

            structlog.get_logger("radtui.api").critical("no control socket", error=f"{type(error).__name__}: {error}")

    def _let_it_start(self) -> None:
        until = time.monotonic() + _QUIET
        while not self._handle.snapshot().status.recovered and time.monotonic() < until:
            if self._closing.wait(_LOOK):
                return

    async def _serve(self) -> None:
        from radtui.api.app import application
        from radtui.api.serving import serve

        over = asyncio.Event()
        self._loop, self._over = asyncio.get_running_loop(), over
        if self._closing.is_set() or self._listener is None:  # it was closed while all that was loaded
            return
        await serve(self._listener, application(self._handle), over)
