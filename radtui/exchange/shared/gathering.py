"""One reading for all who ask for it: several bots watch an account at hardly more cost than one."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from radtui.core.market import SECOND
from radtui.resilience.clock import Clock

T = TypeVar("T")


class Gathering(Generic[T]):
    """Serves a reading to everyone who asked before it began. Nobody is told what was read before they asked.

    Args:
        read: reads what is at or after a moment of the market clock.
        spacing: seconds between the beginnings of two readings; 0 where somebody is in a hurry.
    """

    def __init__(self, read: Callable[[int], Awaitable[T]], clock: Clock, spacing: Callable[[], float]) -> None:
        self._read, self._clock, self._spacing = read, clock, spacing
        self._since = 0
        self._begun_at: int | None = None
        self._coming: asyncio.Task[T] | None = None
        self._tasks: set[asyncio.Task[T]] = set()

    async def get(self, since: int = 0) -> T:
        """Return what is read from now on; it may go back further than `since`.

        Raises:
            ExchangeFailure: it could not be read.
        """
        if self._coming is None:
            self._since = since
            self._coming = asyncio.create_task(self._begin())
            self._tasks.add(self._coming)
            self._coming.add_done_callback(self._ended)
        self._since = min(self._since, since)
        return await asyncio.shield(self._coming)

    async def stop(self) -> None:
        """Abandon what is being read."""
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _begin(self) -> T:
        if (wait := self._wait()) > 0:
            await asyncio.sleep(wait)
        self._coming, self._begun_at = None, self._clock.monotonic()
        return await self._read(self._since)

    def _wait(self) -> float:
        if self._begun_at is None:
            return 0.0
        return self._spacing() - (self._clock.monotonic() - self._begun_at) / SECOND

    def _ended(self, task: asyncio.Task[T]) -> None:
        self._tasks.discard(task)
        if self._coming is task:
            self._coming = None
        if not task.cancelled():
            task.exception()  # whoever asked may have given up by now; then nobody else looks at it
