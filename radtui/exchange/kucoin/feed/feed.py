"""The feed as the adapter uses it: topics in, decoded messages and honest markers out, books that keep themselves."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from typing import Final, Protocol

from radtui.exchange.kucoin.feed.alarms import Alarms, LineAlert, Thresholds
from radtui.exchange.kucoin.feed.connection import Ports
from radtui.exchange.kucoin.feed.figures import ConnectionView
from radtui.exchange.kucoin.feed.freshness import Freshness, TopicView
from radtui.exchange.kucoin.feed.lanes import lane
from radtui.exchange.kucoin.feed.live_book import LiveBook, Load
from radtui.exchange.kucoin.feed.mailbox import Mailbox
from radtui.exchange.kucoin.feed.pool import Pool, PoolLimits
from radtui.exchange.kucoin.feed.session import Route
from radtui.exchange.kucoin.feed.topics import Topic, level2
from radtui.resilience.observe import FeedObserver

WATCH: Final = 1.0
"""Seconds between two looks at what is stale and at the figures."""


class Follower(Protocol):
    """What follows one topic."""

    topic: Topic
    fresh: Freshness

    def take(self, frame: bytes, now: int) -> None:
        """Take one frame; raises ValueError where it cannot be read."""
        ...

    def live(self, now: int) -> None:
        """Hear that the topic is told from now on."""
        ...

    def lost(self, why: str) -> None:
        """Hear that the topic is not told for now."""
        ...

    def refused(self, code: str, why: str) -> None:
        """Hear that the topic will never be told."""
        ...


class Feed:
    """Every subscription of one account. Use it between `open` and `close`.

    Messages arrive in the mailbox they were subscribed into: `Heard`, and about each topic `TopicLive` (read over REST
    what it said before), `TopicLost` and `TopicRefused`.

    Args:
        load: loads a book's snapshot over REST.
        alert: told of what a person should know; must not fail.
    """

    def __init__(
        self,
        ports: Ports,
        *,
        load: Load,
        observer: FeedObserver,
        alert: Callable[[LineAlert], None],
        limits: PoolLimits | None = None,
        thresholds: Thresholds | None = None,
    ) -> None:
        self._ports, self._load, self._observer, self._alert = ports, load, observer, alert
        limits = limits or PoolLimits()
        self._pools = {
            private: Pool(name, private=private, ports=ports, limits=limits, listener=self)
            for name, private in (("public", False), ("private", True))
        }
        self._alarms = Alarms(thresholds or Thresholds())
        self._followers: dict[str, Follower] = {}
        self._books: dict[str, LiveBook] = {}
        self._watching: asyncio.Task[None] | None = None
        self._watched_at = 0

    def open(self) -> None:
        """Begin to watch; connections are opened by the first subscription."""
        if self._watching is None:
            self._watching = asyncio.create_task(self._watch(), name="feed watch")

    async def close(self) -> None:
        """Close every connection and stop loading books. Mailboxes stay as they are: their owner closes them."""
        task, self._watching = self._watching, None
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        await asyncio.gather(*(pool.close() for pool in self._pools.values()))
        await asyncio.gather(*(book.close() for book in self._books.values()))

    def subscribe(self, topics: Iterable[Topic], into: Mailbox) -> None:
        """Ask for topics; one that is asked for already stays with the mailbox it has.

        Raises:
            TooManyTopics: nothing of it was asked for.
        """
        self._follow([lane(topic, into) for topic in topics if topic.name not in self._followers])

    def unsubscribe(self, topics: Sequence[Topic]) -> None:
        """Ask for no more of these; what waits of them is still told."""
        for topic in topics:
            self._forget(topic)
        for private, pool in self._pools.items():
            pool.remove(topic for topic in topics if topic.private is private)

    def book(self, symbol: str) -> LiveBook:
        """Return the book of a symbol, kept from the first call on; not usable until its snapshot is there."""
        known = self._books.get(symbol)
        if known is None:
            known = LiveBook(level2(symbol), self._load, self._ports.clock, self._ports.draw)
            self._books[symbol] = known
            self._follow([known])
        return known

    def connections(self) -> tuple[ConnectionView, ...]:
        """Return the figures of every connection."""
        return tuple(view for pool in self._pools.values() for view in pool.views())

    def topics(self) -> tuple[TopicView, ...]:
        """Return how fresh every topic is."""
        now = self._ports.clock.monotonic()
        return tuple(follower.fresh.view(now) for follower in self._followers.values())

    def live(self, topic: Topic) -> None:
        """Pass on that a topic is told from now on; see `pool.Listener`."""
        if follower := self._followers.get(topic.name):
            follower.live(self._ports.clock.monotonic())

    def lost(self, topic: Topic, why: str) -> None:
        """Pass on that a topic is not told for now."""
        if follower := self._followers.get(topic.name):
            follower.lost(why)

    def refused(self, topic: Topic, code: str, why: str) -> None:
        """Pass on that a topic will never be told; it may be asked for anew."""
        if follower := self._forget(topic):
            follower.refused(code, why)

    def down(self, connection: str, why: str, *, planned: bool) -> None:
        """Count a lost connection."""
        if planned:
            return
        self._observer.reconnect(self._ports.clock.now(), f"{connection}: {why}")
        for alert in self._alarms.disconnected(connection, why, self._ports.clock.monotonic()):
            self._alert(alert)

    def _forget(self, topic: Topic) -> Follower | None:
        follower = self._followers.pop(topic.name, None)
        if isinstance(follower, LiveBook):
            del self._books[topic.symbol]
            follower.lost("nobody asks for it any more")
        return follower

    def _follow(self, followers: Sequence[Follower]) -> None:
        """Put the followers in the way of their topics' frames: of both pools, or of none."""
        self._followers.update({follower.topic.name: follower for follower in followers})
        for private, pool in self._pools.items():
            ours: list[tuple[Topic, Route]] = [(f.topic, f.take) for f in followers if f.topic.private is private]
            try:
                pool.add(ours)
            except ValueError:
                self.unsubscribe([follower.topic for follower in followers])
                raise

    async def _watch(self) -> None:
        clock = self._ports.clock
        while True:
            await asyncio.sleep(WATCH)
            now = clock.monotonic()
            self._tell_age(clock.now() - now)
            self._watched_at = now
            for book in self._books.values():
                book.check(now)
            for alert in self._alarms.check(self.connections(), now):
                self._alert(alert)

    def _tell_age(self, behind: int) -> None:
        """Tell the observer which contracts were heard of: the account's own topics may be silent for days."""
        heard: dict[str, int] = {}
        for follower in self._followers.values():
            symbol = "" if follower.topic.private else follower.topic.symbol
            if symbol and follower.fresh.heard_at > self._watched_at:
                heard[symbol] = max(follower.fresh.heard_at, heard.get(symbol, 0))
        for symbol, at in heard.items():
            self._observer.topic(symbol, behind + at)
