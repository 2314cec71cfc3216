"""What the feed has heard on its way to its reader: in order, bounded, and honest about what was given up.

Of topics whose newest word is all that counts (prices) only that waits. Everything else waits in order; where a reader
falls so far behind that it cannot, its topics are declared lost and live again, so that the reader asks over REST.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from typing import Any, Final

import msgspec

from radtui.exchange.kucoin.feed.topics import Topic

LIMIT: Final = 10_000


class Heard(msgspec.Struct, frozen=True, gc=False):
    """A message of a topic: its data, decoded, and when it came in monotonic nanoseconds."""

    topic: Topic
    subject: str
    data: Any
    at: int


class TopicLost(msgspec.Struct, frozen=True):
    """What the topic says from here on is missed."""

    topic: Topic
    why: str


class TopicLive(msgspec.Struct, frozen=True):
    """The topic is told from here on, without a gap; what it said before must be read over REST, the first time too.

    Between a `TopicLost` and this one some messages may be heard already: they are true, and no promise.
    """

    topic: Topic


class TopicRefused(msgspec.Struct, frozen=True):
    """The exchange will not tell the topic, however often it is asked; it was given up."""

    topic: Topic
    code: str
    why: str


FeedMessage = Heard | TopicLost | TopicLive | TopicRefused


class Mailbox:
    """An async iterator over `FeedMessage`s. A put never waits and never fails.

    Iterators of one mailbox share it. After `close` what waits is still told.
    """

    def __init__(self, limit: int = LIMIT) -> None:
        self._limit = limit
        self._waiting: OrderedDict[object, FeedMessage] = OrderedDict()
        self._ordinal = 0
        self._closed = False
        self._woken = asyncio.Event()

    def __len__(self) -> int:
        return len(self._waiting)

    def latest(self, key: object, message: Heard) -> None:
        """Put a message in the place of the one that waits under the same key."""
        alone = not self._waiting  # only then may a reader be asleep
        self._waiting[key] = message
        if alone:
            self._woken.set()

    def put(self, message: FeedMessage) -> None:
        """Put a message that must not be lost; where too many wait, all of them are, and it is said of which topics."""
        if len(self._waiting) >= self._limit:
            self._give_up()
        self._append(message)

    def close(self) -> None:
        """End the iteration after what waits."""
        self._closed = True
        self._woken.set()

    def __aiter__(self) -> Mailbox:
        return self

    async def __anext__(self) -> FeedMessage:
        while not self._waiting:
            if self._closed:
                raise StopAsyncIteration
            self._woken.clear()
            await self._woken.wait()
        return self._waiting.popitem(last=False)[1]

    def _append(self, message: FeedMessage) -> None:
        self._ordinal += 1
        self._waiting[self._ordinal] = message
        self._woken.set()

    def _give_up(self) -> None:
        """Drop what waits; of each topic remember only how it stands."""
        waiting, self._waiting = self._waiting, OrderedDict()
        last: dict[str, FeedMessage] = {}
        for message in waiting.values():
            name = message.topic.name
            if not isinstance(message, Heard) or not isinstance(last.get(name), TopicLost | TopicRefused):
                last[name] = message
        for message in last.values():
            if isinstance(message, TopicLost | TopicRefused):
                self._append(message)
                continue
            self._append(TopicLost(message.topic, f"it was not read: {len(waiting)} messages were given up"))
            self._append(TopicLive(message.topic))
