"""An engine in a thread of its own, with its own event loop: whatever happens to the cockpit, it beats on."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from threading import Event, Thread
from typing import Final

from radtui.core.instruction import Ask, ExitPolicy
from radtui.engine.engine import Engine
from radtui.engine.local import LocalHandle

_PATIENCE: Final = 40.0
"""Seconds a graceful shutdown may take: 30 for orders on their way, 5 for the rest, and a margin."""


class HostFailed(Exception):
    """The engine could not be built or died; the message says of what."""


class EngineHost:
    """Runs the engine that `build` makes (on the host's thread, inside its loop) until it ends.

    Args:
        build: makes the engine; its exceptions come out of `start`.
    """

    def __init__(self, build: Callable[[], Engine]) -> None:
        self._build = build
        self._thread = Thread(target=self._main, name="engine", daemon=True)
        self._ready = Event()
        self._over = Event()
        self._handle: LocalHandle | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[None] | None = None
        self.error: BaseException | None = None

    def start(self) -> LocalHandle:
        """Start the engine and return the door to it.

        Raises:
            BaseException: whatever `build` raised.
        """
        self._thread.start()
        self._ready.wait()
        if self._handle is None:
            self._thread.join()
            raise self.error or HostFailed("the engine ended before it began")
        return self._handle

    @property
    def alive(self) -> bool:
        """Whether the engine has not ended."""
        return not self._over.is_set()

    def wait(self, seconds: float | None = None) -> bool:
        """Wait until the engine has ended; return whether it has."""
        return self._over.wait(seconds)

    def shut_down(self, *, who: str, exits: ExitPolicy | None = None, why: str = "") -> None:
        """Ask for a graceful shutdown; `wait` tells when it is done."""
        if self._handle is not None and self.alive:
            with contextlib.suppress(RuntimeError):  # it ended, and its loop closed, in this very moment
                self._handle.send(Ask.SHUTDOWN, who=who, exits=exits, why=why)

    def force(self) -> None:
        """End now. What is on its way stays in the journal and is looked up at the next start."""
        if self._loop is not None and self._task is not None and self.alive:
            with contextlib.suppress(RuntimeError):  # as above
                self._loop.call_soon_threadsafe(self._task.cancel)

    def settle(self, *, who: str, exits: ExitPolicy | None = None, why: str = "") -> bool:
        """Shut down gracefully, forced after a while; return whether it went gracefully.

        A shutdown that flattens is never forced: positions are still open while it goes on.
        """
        self.shut_down(who=who, exits=exits, why=why)
        if self.wait(None if exits is ExitPolicy.FLATTEN else _PATIENCE):
            return self.error is None
        self.force()
        self.wait(5.0)
        return False

    def _main(self) -> None:
        try:
            with asyncio.Runner() as runner:
                runner.run(self._run())
        except (Exception, asyncio.CancelledError) as error:  # supervision point: the owner reads what it died of
            self.error = error
        finally:
            self._over.set()
            self._ready.set()

    async def _run(self) -> None:
        engine = self._build()
        self._loop = asyncio.get_running_loop()
        handle = LocalHandle(engine, self._loop)
        self._task = asyncio.create_task(engine.run())
        mirror = asyncio.create_task(self._mirror(handle, engine.config.pulse))
        self._handle = handle
        self._ready.set()
        try:
            await self._task
        finally:
            mirror.cancel()
            handle.renew()

    @staticmethod
    async def _mirror(handle: LocalHandle, seconds: float) -> None:
        while True:
            handle.renew()
            await asyncio.sleep(seconds)
