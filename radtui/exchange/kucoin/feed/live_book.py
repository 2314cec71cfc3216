"""A book that keeps itself: deltas from the feed, snapshots over REST, and never two loads at once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from radtui.core.market import SECOND
from radtui.exchange.kucoin.feed.book import BadDelta, Book
from radtui.exchange.kucoin.feed.freshness import Freshness
from radtui.exchange.kucoin.feed.topics import Topic
from radtui.exchange.kucoin.wire.common import decode
from radtui.exchange.kucoin.wire.feed import Frame, LevelChange
from radtui.exchange.kucoin.wire.frames import level_frame
from radtui.exchange.kucoin.wire.market import Book as Snapshot
from radtui.resilience.backoff import Backoff
from radtui.resilience.clock import Clock

Load = Callable[[str], Awaitable[Snapshot]]
"""Loads the whole book of a symbol over REST."""

PATIENCE: Final = Backoff(base=0.25, maximum=5.0)
"""Between two loads of one book: the first follows at once, a book that breaks again and again is loaded less often."""
LOADING: Final = 20.0
"""Seconds a load may take."""
SOUND: Final = 30 * SECOND
"""A book that was usable for this long was a good one: its next load follows at once."""


class LiveBook:
    """The book of one symbol, kept up to date while its topic is live.

    Attributes:
        book: what is known; read it only where `trouble` says nothing.
        loads: snapshots asked for since it was made.
    """

    def __init__(self, topic: Topic, load: Load, clock: Clock, draw: Callable[[], float]) -> None:
        self.topic = topic
        self.book = Book(topic.symbol)
        self.fresh = Freshness(topic.name, topic.interval)
        self.loads = 0
        self._load, self._clock, self._draw = load, clock, draw
        self._loading: asyncio.Task[None] | None = None
        self._attempt = 0
        self._usable_at = 0

    def trouble(self) -> str:
        """Return why the book must not be used now; empty where it may."""
        if not self.book.usable:
            return self.book.why
        view = self.fresh.view(self._clock.monotonic())
        return f"it has not changed for {view.age:.0f} s" if view.stale and view.age is not None else ""

    def take(self, frame: bytes, now: int) -> None:
        """Take one frame of the topic.

        Raises:
            ValueError: it cannot be read.
        """
        try:
            change = level_frame(frame).data
        except ValueError:
            change = decode(decode(frame, Frame).data, LevelChange)
        self.fresh.heard_at = now
        try:
            usable = self.book.delta(change.sequence, change.change)
        except BadDelta:
            self._resync()
            raise
        if not usable:
            self._resync()

    def live(self, now: int) -> None:
        """The topic is told from now on: load a snapshot."""
        self.fresh.promised(now)
        self._resync()

    def lost(self, why: str) -> None:
        """The topic is not told for now."""
        self.fresh.lost()
        self.book.lose(f"the feed was lost: {why}")
        self._give_up()

    def refused(self, code: str, why: str) -> None:
        """The topic will never be told."""
        self.fresh.lost()
        self.book.lose(f"the exchange refuses the feed: {why} ({code})")
        self._give_up()

    def check(self, now: int) -> None:
        """Load again a book that has been silent for too long; called about once a second."""
        view = self.fresh.view(now)
        if self.book.usable and view.live and view.stale:
            self.book.lose(f"it has not changed for {view.age:.0f} s")
            self._resync()

    async def close(self) -> None:
        """Stop loading."""
        self._give_up()

    def _resync(self) -> None:
        if self._loading is None and self.fresh.live:
            self._loading = asyncio.create_task(self._until_usable(), name=f"book of {self.book.symbol}")

    def _give_up(self) -> None:
        task, self._loading = self._loading, None
        if task is not None:
            task.cancel()

    async def _until_usable(self) -> None:
        if self._clock.monotonic() - self._usable_at >= SOUND:
            self._attempt = 0
        while not self.book.usable:
            if self._attempt:
                await asyncio.sleep(PATIENCE.wait(self._attempt - 1, self._draw()))
            self._attempt += 1
            self.loads += 1
            await self._once()
        self._usable_at = self.fresh.heard_at = self._clock.monotonic()
        self._loading = None

    async def _once(self) -> None:
        try:
            async with asyncio.timeout(LOADING):
                whole = await self._load(self.book.symbol)
            self.book.snapshot(whole.sequence, whole.bids, whole.asks)
        except BadDelta as bad:
            self.book.why = str(bad)
        except Exception as failure:  # supervised here: whatever is wrong with one load, the next one follows
            self.book.lose(f"no snapshot could be loaded: {str(failure) or type(failure).__name__}")
