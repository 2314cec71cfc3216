"""How often something may be done: KuCoin's limits on connections and messages, kept by ourselves."""

from __future__ import annotations

from collections import deque
from typing import Final

from radtui.core.market import MINUTE, SECOND


class Pace:
    """At most `limit` times in any `span` nanoseconds. Pure: whoever asks brings the time."""

    __slots__ = ("_span", "_times")

    def __init__(self, limit: int, span: int) -> None:
        self._times: deque[int] = deque(maxlen=limit)
        self._span = span

    def ready_at(self, now: int) -> int:
        """Return from when on it may be done again: `now`, or later; monotonic nanoseconds."""
        if len(self._times) < (self._times.maxlen or 0):
            return now
        return max(now, self._times[0] + self._span)

    def take(self, at: int) -> None:
        """Note that it is done at `at`, which may lie ahead."""
        self._times.append(at)


CONNECTS: Final = (25, MINUTE)
"""KuCoin allows 30 new connections a minute; its minutes are not ours, so a few are left."""
MESSAGES: Final = (80, 10 * SECOND)
"""Of KuCoin's 100 messages per 10 s on one connection; what is left also pays for pings, which never wait."""
