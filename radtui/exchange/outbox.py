"""One feed's messages on their way to its consumer: in order, bounded, and honest about what was lost."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from contextlib import suppress
from typing import Final, Generic, TypeVar

from radtui.core.market import SECOND, Ticked
from radtui.exchange.port import AccountMessage, FeedBack, FeedLost, MarketMessage
from radtui.resilience.clock import Clock
from radtui.resilience.observe import FeedObserver

M = TypeVar("M", MarketMessage, AccountMessage)

LIMIT: Final = 10_000
"""Messages that wait for a consumer: days of candles. Past it they are given up, which is announced."""
SHORTEST: Final = 1_000
"""Nanoseconds of the shortest sleep: less may be nothing at all to a loop that counts float seconds."""


class Outbox(Generic[M]):
    """An async iterator with a place to put things. A put never waits and never fails.

    A `Ticked` replaces the one of its symbol that still waits; everything else is kept in order. Iterators of the same
    outbox share it: a second consumer continues where the first one stopped.
    """

    def __init__(self, clock: Clock, observer: FeedObserver, name: str, limit: int = LIMIT) -> None:
        self._clock, self._observer, self._name, self._limit = clock, observer, name, limit
        self._waiting: OrderedDict[object, M] = OrderedDict()
        self._count = 0
        self._held_until = self._lost_until = 0
        self._woken = asyncio.Event()
        self._closed = False
        self._failure: Exception | None = None

    def __len__(self) -> int:
        return len(self._waiting)

    @property
    def speaks(self) -> bool:
        """Whether what is put now can be heard now: neither silent, nor interrupted, nor closed."""
        return not self._closed and self._clock.monotonic() >= self._held_until

    def put(self, message: M) -> None:
        """Hand a message over; it is dropped while the feed is interrupted or closed."""
        if self._closed or self._clock.monotonic() < self._lost_until:
            return
        if len(self._waiting) >= self._limit:
            self._waiting.clear()
            self._announce(f"the {self._name} was not read: {self._limit} messages were given up")
        self._append(message)

    def silence(self, seconds: float) -> None:
        """Say nothing for `seconds`; what is put meanwhile comes late, all at once."""
        self._held_until = max(self._held_until, self._clock.monotonic() + round(seconds * SECOND))

    def interrupt(self, seconds: float, why: str) -> None:
        """Lose what is put during `seconds`, then say so."""
        interrupted = self._clock.monotonic() < self._lost_until
        self.silence(seconds)
        self._lost_until = self._held_until
        if not interrupted and not self._closed:
            self._announce(why)

    def close(self, failure: Exception | None = None) -> None:
        """End the iteration after what waits, by raising `failure` where there is one."""
        self._closed = True
        self._failure = self._failure or failure
        self._held_until = 0
        self._woken.set()

    def __aiter__(self) -> Outbox[M]:
        return self

    async def __anext__(self) -> M:
        while True:
            held = self._held_until - self._clock.monotonic()
            if self._waiting and held <= 0:
                return self._waiting.popitem(last=False)[1]
            if self._closed:
                raise self._failure or StopAsyncIteration
            self._woken.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(max(held, SHORTEST) / SECOND if self._waiting else None):
                    await self._woken.wait()

    def _announce(self, why: str) -> None:
        self._observer.reconnect(self._clock.now(), why)
        self._append(FeedLost(why))
        self._append(FeedBack())

    def _append(self, message: M) -> None:
        self._count += 1
        key: object = self._count
        if isinstance(message, Ticked):
            key = message.symbol
            self._waiting.pop(key, None)
        self._waiting[key] = message
        self._woken.set()
