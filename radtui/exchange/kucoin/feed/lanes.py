"""From a topic's raw frame to its reader: decoded, in sequence, noted as fresh, and put into a mailbox.

A lane's `take` is called for every frame of its topic and is the feed's hot path.
"""

from __future__ import annotations

from typing import Any, Final

from radtui.exchange.kucoin.feed.freshness import Freshness
from radtui.exchange.kucoin.feed.mailbox import Heard, Mailbox, TopicLive, TopicLost, TopicRefused
from radtui.exchange.kucoin.feed.topics import Topic
from radtui.exchange.kucoin.wire.common import decode
from radtui.exchange.kucoin.wire.feed import Frame, TickerPush
from radtui.exchange.kucoin.wire.frames import ticker_frame

REPEATS: Final = 20
"""Old sequences in a row after which the exchange has started to count anew rather than repeated itself."""


class Rising:
    """Sequences that must rise; what does not is old and is dropped."""

    __slots__ = ("_last", "_old", "dropped")

    def __init__(self) -> None:
        self._last = self._old = self.dropped = 0

    def passes(self, sequence: int | None) -> bool:
        """Return whether a message with this sequence is newer than all before it; without one it counts as newer."""
        if sequence is None:
            return True
        if sequence > self._last:
            self._last, self._old = sequence, 0
            return True
        self.dropped += 1
        self._old += 1
        if self._old < REPEATS:
            return False
        self._last, self._old = sequence, 0
        return True

    def forget(self) -> None:
        """Take any sequence next."""
        self._last = self._old = 0


class Lane:
    """The way of one topic of any kind.

    Attributes:
        fresh: when it spoke last.
    """

    __slots__ = ("_mailbox", "_rising", "fresh", "topic")

    def __init__(self, topic: Topic, mailbox: Mailbox) -> None:
        self.topic = topic
        self.fresh = Freshness(topic.name, topic.interval)
        self._mailbox = mailbox
        self._rising = Rising()

    def take(self, frame: bytes, now: int) -> None:
        """Take one frame that came at `now`, monotonic nanoseconds.

        Raises:
            ValueError: it cannot be read.
        """
        read = decode(frame, Frame)
        self.fresh.heard_at = now
        kind = self.topic.subjects.get(read.subject)
        if kind is not None:
            self._deliver(read.subject, decode(read.data, kind), now)

    def live(self, now: int) -> None:
        """Tell the reader that the topic is told from now on."""
        self.fresh.promised(now)
        self._mailbox.put(TopicLive(self.topic))

    def lost(self, why: str) -> None:
        """Tell the reader that the topic is not told for now."""
        self.fresh.lost()
        self._rising.forget()
        self._mailbox.put(TopicLost(self.topic, why))

    def refused(self, code: str, why: str) -> None:
        """Tell the reader that the topic will never be told."""
        self.fresh.lost()
        self._mailbox.put(TopicRefused(self.topic, code, why))

    def _deliver(self, subject: str, data: Any, now: int) -> None:
        heard = Heard(self.topic, subject, data, now)
        if not self.topic.latest:
            self._mailbox.put(heard)
        elif self._rising.passes(getattr(data, "sequence", None)):
            self._mailbox.latest(_key(self.topic, subject), heard)


class TickerLane(Lane):
    """The way of a ticker: the most frequent message of all, so its common case is written out."""

    __slots__ = ("_key", "_subject")

    def __init__(self, topic: Topic, mailbox: Mailbox) -> None:
        super().__init__(topic, mailbox)
        self._subject = next(iter(topic.subjects))
        self._key = _key(topic, self._subject)

    def take(self, frame: bytes, now: int) -> None:
        """Take one frame; see `Lane.take`."""
        try:
            data = ticker_frame(frame).data
        except ValueError:
            return super().take(frame, now)
        if not (data.best_bid_price.is_finite() and data.best_ask_price.is_finite()):
            raise ValueError("a ticker without prices")
        if data.price is not None and not (data.price.is_finite() and data.price > 0):
            raise ValueError("a ticker with a senseless last price")
        self.fresh.heard_at = now
        if self._rising.passes(data.sequence):
            self._mailbox.latest(self._key, Heard(self.topic, self._subject, data, now))
        return None


def lane(topic: Topic, mailbox: Mailbox) -> Lane:
    """Return the way of `topic` into `mailbox`."""
    kinds = set(topic.subjects.values())
    return TickerLane(topic, mailbox) if kinds == {TickerPush} else Lane(topic, mailbox)


def _key(topic: Topic, subject: str) -> str:
    """Return what the newest message replaces the one before by."""
    return f"{topic.name} {subject}"
