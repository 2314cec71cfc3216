"""Whether one side of the feed is told whole, and what is read over REST before it is said to be back."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import Final

from radtui.exchange.kucoin.feed.topics import Topic
from radtui.exchange.port import FeedBack, FeedLost
from radtui.resilience.backoff import Backoff
from radtui.resilience.failures import ExchangeFailure, Refused

AGAIN: Final = Backoff(base=0.25, maximum=5.0)
"""Between two tries to read what was missed."""
GATHER: Final = 0.1
"""Seconds before the first: what is unclear or lost rarely comes alone."""


class Standing:
    """One group of topics: lost as soon as one of them is, back once all are told and what was missed is read.

    Args:
        catch_up: reads what may have been missed and hands it over; raises `ExchangeFailure`.
        put: hands over the markers.
        draw: random numbers in [-1, 1], for the jitter.
    """

    def __init__(
        self,
        name: str,
        *,
        catch_up: Callable[[], Awaitable[None]],
        put: Callable[[FeedLost | FeedBack], None],
        draw: Callable[[], float],
    ) -> None:
        self._name, self._catch_up, self._put, self._draw = name, catch_up, put, draw
        self._missing: set[str] = set()
        self._refused: dict[str, str] = {}
        self._began = self._lost = False
        self._losses = 0
        self._changed, self._wanted = asyncio.Event(), asyncio.Event()

    @property
    def whole(self) -> bool:
        """Whether every topic is told."""
        return not self._missing and not self._refused

    def expect(self, topics: Iterable[Topic]) -> None:
        """Have these belong to the group; none of them is told yet."""
        self._missing.update(topic.name for topic in topics)

    async def first(self) -> None:
        """Wait until every topic is told.

        Raises:
            Refused: one will never be.
        """
        while not self.whole:
            if self._refused:
                name, why = next(iter(self._refused.items()))
                raise Refused(f"The exchange refuses the feed's topic {name}: {why}. Update radtui.", code="topic")
            self._changed.clear()
            await self._changed.wait()
        self._began = True

    def begin(self, why: str) -> None:
        """Begin without waiting any longer: what is not told yet counts as lost."""
        self._began = True
        if not self.whole:
            self._interrupted(why)

    def live(self, topic: Topic) -> None:
        """Note that a topic is told from now on."""
        self._missing.discard(topic.name)
        self._refused.pop(topic.name, None)
        self._changed.set()
        if self._lost and self.whole:
            self._wanted.set()

    def lost(self, topic: Topic, why: str) -> None:
        """Note that a topic is not told for now."""
        self._missing.add(topic.name)
        self._interrupted(f"{topic.name}: {why}")

    def refused(self, topic: Topic, why: str) -> None:
        """Note that a topic will never be told."""
        self._missing.discard(topic.name)
        self._refused[topic.name] = why
        self._changed.set()
        self._interrupted(f"{topic.name} is refused: {why}")

    def stumbled(self, why: str) -> None:
        """Note that a message was lost by a fault of ours: what it said is read over REST."""
        self._interrupted(why)
        self._wanted.set()

    def unclear(self) -> None:
        """Have everything read again: a push told too little."""
        self._wanted.set()

    async def run(self) -> None:
        """Read what was missed whenever that is wanted, until cancelled."""
        while True:
            await self._wanted.wait()
            await asyncio.sleep(GATHER)
            self._wanted.clear()
            attempt = 0
            while self.whole and not await self._caught_up():
                await asyncio.sleep(AGAIN.wait(attempt, self._draw()))
                attempt += 1

    async def _caught_up(self) -> bool:
        """Read what was missed; return False where it is to be read again: it failed, or more was missed meanwhile."""
        losses = self._losses
        try:
            await self._catch_up()
        except ExchangeFailure:
            return False  # the observer was told
        if self._losses != losses:
            return False
        if self._lost and self.whole:
            self._lost = False
            self._put(FeedBack())
        return True

    def _interrupted(self, why: str) -> None:
        self._losses += 1
        if self._began and not self._lost:
            self._lost = True
            self._put(FeedLost(f"{self._name}: {why}"))
