"""What waits to be recorded: filled on the engine's loop in half a microsecond, emptied by whoever writes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from threading import Lock
from typing import Final

import msgspec

from radtui import __version__
from radtui.core.commands import Command
from radtui.core.config import CoreConfig
from radtui.core.events import Event, Passed, PriceMoved
from radtui.core.market import HOUR
from radtui.store.recording import Head

MOST_WAITING: Final = 8_000_000
"""Bytes that may wait for a disk that does not answer: minutes of the busiest market."""
_QUIET: Final = (PriceMoved, Passed)
"""Events without free text."""
_NOT_WRITABLE: Final = (msgspec.MsgspecError, TypeError, ValueError, OverflowError)


class Chunk:
    """Records on their way to the disk.

    Attributes:
        head: begins a new segment with this chunk; None where it goes on.
        first, count: their sequences. data: the records, one after the other.
        texts: begin and end of those records in `data` that hold free text.
    """

    def __init__(self, first: int, head: Head | None = None) -> None:
        self.head = head
        self.first = first
        self.count = 0
        self.data = bytearray()
        self.texts: list[tuple[int, int]] = []


class Spool:
    """Takes events and answers of one core; each has its sequence, from 1, whether it is kept or lost.

    Args:
        state: returns core's whole state as of now, empty where it cannot; called on the engine's loop.

    Attributes:
        full: set by the writer: the segment is large enough, the next one shall begin.
        trouble: why events are not recorded; empty while all is well. The writer clears it.
    """

    def __init__(self, config: CoreConfig, state: Callable[[], bytes], *, most: int = MOST_WAITING) -> None:
        self._config = config
        self._state = state
        self._most = most
        self._lock = Lock()
        self._encode = msgspec.msgpack.Encoder().encode_into
        self._next = 1
        self._number = 1
        self._lost = 0
        self._stopped = self._may_resume = False
        self._begun_at = config.boot
        self._closed: list[Chunk] = []
        self._chunk = Chunk(1, self._head(config.boot, b""))
        self.full = False
        self.trouble = ""

    def note(self, event: Event, commands: Sequence[Command] | None) -> None:
        """Take an event and what core answered, None where it broke. Never waits and never raises."""
        with self._lock:
            if self._stopped:
                self._miss(event.at)
            else:
                self._keep(event, commands)
            self._next += 1
            if not self._stopped and (self.full or event.at - self._begun_at >= HOUR):
                self._cut(event.at)

    def take(self) -> list[Chunk]:
        """Return all that waits, oldest first; for the writer."""
        with self._lock:
            self._may_resume = True
            taken = [chunk for chunk in (*self._closed, self._chunk) if chunk.count or chunk.head]
            self._closed, self._chunk = [], Chunk(self._next)
            return taken

    def fail(self, lost: int, why: str) -> None:
        """Note that `lost` events which were taken could not be written; what waits goes with them."""
        with self._lock:
            waiting = sum(chunk.count for chunk in (*self._closed, self._chunk))
            self._closed, self._chunk = [], Chunk(self._next)
            self._lose(lost + waiting, why)

    @property
    def waiting(self) -> int:
        """Bytes that wait."""
        return len(self._chunk.data)

    def _keep(self, event: Event, commands: Sequence[Command] | None) -> None:
        chunk = self._chunk
        data = chunk.data
        begin = len(data)
        if begin > self._most:
            self._lose(1, "events are not recorded: the disk does not keep up")
            return
        try:
            self._encode((event, commands), data, -1)
        except _NOT_WRITABLE as error:
            del data[begin:]
            self._lose(1, f"an event is not recorded: {type(event).__name__} cannot be written down: {error}")
            self._may_resume = True
            return
        chunk.count += 1
        if commands or type(event) not in _QUIET:
            chunk.texts.append((begin, len(data)))

    def _lose(self, count: int, why: str) -> None:
        self._lost += count
        self._stopped, self._may_resume = True, False
        self.trouble = why

    def _miss(self, at: int) -> None:
        """Lose one more event, and have the next one begin a new segment where that is possible again."""
        self._lost += 1
        if self._may_resume:
            self._cut(at, after=1)

    def _cut(self, at: int, after: int = 0) -> None:
        """Begin a new segment with the next event, from core's state of this moment."""
        self._number += 1
        self._closed.append(self._chunk)
        first = self._next + after
        self._chunk = Chunk(first, self._head(at, self._state(), first))
        self._lost, self._begun_at = 0, at
        self._stopped = self.full = False

    def _head(self, at: int, state: bytes, first: int = 1) -> Head:
        return Head(
            radtui=__version__,
            number=self._number,
            first=first,
            at=at,
            config=self._config,
            state=state,
            lost=self._lost,
            why=self.trouble if self._lost else "",
        )
