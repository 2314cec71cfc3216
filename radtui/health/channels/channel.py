"""One channel: a queue that never blocks who puts something in, a thread that sends, a limit of time for each try.

What carries a message may hang for ever: each try is a thread of its own, left behind when its time is over, and no
other begins before it has ended. Threads are daemons: none of them keeps a process from ending.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from threading import Condition, Thread
from typing import Final, Protocol

from radtui.core.alert_view import ChannelView
from radtui.health.channels.message import Message, merged
from radtui.resilience.backoff import Backoff

WITHIN: Final = 10.0
"""Seconds that one try may take."""
MOST_WAITING: Final = 100
"""Messages; beyond them the oldest is dropped."""
_BACKOFF: Final = Backoff(base=5.0, maximum=600.0, retries=12)
"""More than an hour of tries."""


class Undelivered(Exception):
    """A message did not get through; the text says why, without any secret."""


class Carrier(Protocol):
    """What carries messages, slowly and perhaps never; on threads of the channel alone."""

    kind: str

    def carry(self, message: Message) -> None:
        """Deliver.

        Raises:
            Undelivered: it did not get through.
        """
        ...


class Channel:
    """Sends messages in their order, those that waited together as one.

    Args:
        within: seconds that a try may take.
        now: the wall clock, nanoseconds UTC.
    """

    def __init__(
        self,
        name: str,
        carrier: Carrier,
        *,
        within: float = WITHIN,
        most: int = MOST_WAITING,
        backoff: Backoff = _BACKOFF,
        now: Callable[[], int] = time.time_ns,
    ) -> None:
        self.name = name
        self._carrier, self._within, self._backoff, self._now = carrier, within, backoff, now
        self._queue: deque[Message] = deque()
        self._most = most
        self._tests: deque[tuple[Message, Future[str]]] = deque()
        self._wake = Condition()
        self._closing = False
        self._failures = 0
        self._not_before = 0.0
        self._hanging: Thread | None = None
        self._state, self._why = "unused", ""
        self._since: int | None = None
        self._dropped = self._delivered = self._in_hand = 0
        self._thread = Thread(target=self._run, name=f"channel {name}", daemon=True)

    def open(self) -> None:
        """Begin to send."""
        self._thread.start()

    def send(self, message: Message) -> None:
        """Queue a message; returns at once, whatever becomes of it."""
        with self._wake:
            self._queue.append(message)
            while len(self._queue) > self._most:
                self._queue.popleft()
                self._dropped += 1
            self._wake.notify()

    def test(self, message: Message) -> Future[str]:
        """Send a message before all others and once; the future says why it failed, or is empty."""
        future: Future[str] = Future()
        with self._wake:
            if self._closing:
                future.set_result("it is closed")
            else:
                self._tests.append((message, future))
                self._wake.notify()
        return future

    def view(self) -> ChannelView:
        """Return how it fares."""
        with self._wake:
            return ChannelView(
                name=self.name,
                kind=self._carrier.kind,
                state=self._state,
                why=self._why,
                since=self._since,
                waiting=len(self._queue) + self._in_hand,
                dropped=self._dropped,
                delivered=self._delivered,
            )

    def close(self, within: float) -> None:
        """Send what waits, once, and end; wait for that no longer than `within` seconds."""
        with self._wake:
            self._closing = True
            self._wake.notify()
        if self._thread.is_alive():
            self._thread.join(within)

    def _run(self) -> None:
        while (taken := self._take()) is not None:
            messages, future = taken
            why = self._try(merged(messages))
            self._note(why)
            if future is not None:
                future.set_result(why)
            elif why:
                self._put_back(messages)
        for _, waiting in self._tests:
            waiting.set_result("it is closed")

    def _take(self) -> tuple[list[Message], Future[str] | None] | None:
        """Wait for something to send; None when the channel is closing and nothing waits or could be sent."""
        with self._wake:
            while True:
                if self._tests:
                    message, future = self._tests.popleft()
                    return [message], future
                if self._closing and (not self._queue or self._failures):
                    return None
                left = self._not_before - time.monotonic() if self._failures else 0.0
                if self._queue and left <= 0:
                    messages = list(self._queue)
                    self._queue.clear()
                    self._in_hand = len(messages)
                    return messages, None
                self._wake.wait(left if self._queue else None)

    def _try(self, message: Message) -> str:
        """Make one try, and return why it failed; empty where it did not."""
        if self._hanging is not None and self._hanging.is_alive():
            return "an earlier try still hangs"
        outcome: list[str] = []
        self._hanging = Thread(
            target=self._carry, args=(message, outcome), name=f"channel {self.name} try", daemon=True
        )
        self._hanging.start()
        self._hanging.join(self._within)
        return outcome[0] if outcome else f"no answer within {self._within:g} s"

    def _carry(self, message: Message, outcome: list[str]) -> None:
        try:
            self._carrier.carry(message)
        except Undelivered as undelivered:
            outcome.append(str(undelivered) or "it was not taken")
        except Exception as error:  # supervision point: whatever a library does of its own, the channel lives on
            outcome.append(f"it broke down: {type(error).__name__}")
        else:
            outcome.append("")

    def _note(self, why: str) -> None:
        with self._wake:
            state = "dead" if why else "works"
            if state != self._state:
                self._state, self._since = state, self._now()
            self._why = why
            self._failures = self._failures + 1 if why else 0
            if why:
                wait = self._backoff.wait(self._failures - 1)
                self._not_before = time.monotonic() + wait
            else:
                self._delivered += max(1, self._in_hand)
            self._in_hand = 0

    def _put_back(self, messages: list[Message]) -> None:
        """Keep what did not get through for another try, the oldest first; give up after too many."""
        with self._wake:
            if self._backoff.exhausted(self._failures - 1):
                self._dropped += len(messages)
                return
            kept = [*messages, *self._queue]
            self._dropped += max(0, len(kept) - self._most)
            self._queue = deque(kept[-self._most :])
