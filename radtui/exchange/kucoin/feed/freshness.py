"""How long each topic has been silent (row S10), on a monotonic clock: a connection may be well and a topic dead."""

from __future__ import annotations

from typing import Final

import msgspec

from radtui.core.market import SECOND

TOLERATED: Final = 3
"""Intervals of silence after which a topic is stale."""


class TopicView(msgspec.Struct, frozen=True, kw_only=True):
    """One topic, for a screen.

    Attributes:
        live: whether the exchange has promised to tell it.
        age: seconds since it spoke, or since it was promised; None where it is not live.
        limit: seconds of silence that are borne; None where silence means nothing.
        stale: whether what it said last is too old to act on; a topic that is not live is stale.
    """

    topic: str
    live: bool
    age: float | None
    limit: float | None
    stale: bool


class Freshness:
    """When one topic spoke last. The reader of frames sets `heard_at` itself: it is its most frequent act.

    Attributes:
        heard_at: monotonic nanoseconds of its last word, or of the promise to tell it.
    """

    __slots__ = ("_limit", "heard_at", "live", "topic")

    def __init__(self, topic: str, interval: float | None) -> None:
        self.topic = topic
        self.heard_at = 0
        self.live = False
        self._limit = None if interval is None else interval * TOLERATED

    def promised(self, at: int) -> None:
        """Note that the exchange has begun to tell it."""
        self.live, self.heard_at = True, max(at, self.heard_at)

    def lost(self) -> None:
        """Note that it is not told any more."""
        self.live = False

    def view(self, now: int) -> TopicView:
        """Return how fresh it is at `now`."""
        age = max(0, now - self.heard_at) / SECOND if self.live else None
        stale = age is None or (self._limit is not None and age > self._limit)
        return TopicView(topic=self.topic, live=self.live, age=age, limit=self._limit, stale=stale)
