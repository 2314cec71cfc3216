"""The way out to the terminal: whole frames, from a thread of its own, and never a wait for whoever hands them in (T3).

A terminal that stalls (a frozen SSH client, a laptop asleep) stops reading, and a write to it waits for ever. So frames
that come meanwhile are dropped as a whole, and once the terminal reads again the writer asks for one full repaint.
"""

from __future__ import annotations

import os
import select
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

PATIENCE: Final = 0.5
"""Seconds that output may wait before the frames behind it are dropped; what a key press waits for at most."""
MOST_WAITING: Final = 240
_CHUNK: Final = 16_384


@dataclass(frozen=True, slots=True)
class _Piece:
    data: bytes
    droppable: bool
    at: float


class FrameWriter:
    """Writes to a file descriptor in a daemon thread.

    Args:
        drained: called in the thread when frames were dropped and all else is written: the screen needs a full repaint.
        lost: called in the thread when the terminal is gone; nothing is written after it.
    """

    def __init__(
        self,
        descriptor: int,
        *,
        drained: Callable[[], None],
        lost: Callable[[], None],
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._descriptor = descriptor
        self._drained = drained
        self._lost = lost
        self._now = now
        self._turn = threading.Condition()
        self._waiting: deque[_Piece] = deque()
        self._writing_since: float | None = None
        self._dropped = False
        self._closing = False
        self._thread = threading.Thread(target=self._run, name="radtui-output", daemon=True)

    def start(self) -> None:
        """Begin to write."""
        self._thread.start()

    def frame(self, text: str) -> None:
        """Hand in a whole frame, which is dropped if the terminal stalls."""
        with self._turn:
            if self._dropped or self._stalls():
                self._drop_frames()
            else:
                self._push(text, droppable=True)

    def control(self, text: str) -> None:
        """Hand in a sequence that must arrive: a mode, the clipboard, the bell."""
        with self._turn:
            if len(self._waiting) < MOST_WAITING:
                self._push(text, droppable=False)

    def finish(self, within: float) -> bool:
        """Write the controls that wait, end, and say whether that was done `within` so many seconds."""
        with self._turn:
            self._drop_frames()
            self._closing = True
            self._turn.notify()
        if self._thread.is_alive() and self._thread is not threading.current_thread():
            self._thread.join(within)
        return not self._thread.is_alive()

    def abandon(self) -> None:
        """Throw away what waits and end: there is no terminal any more."""
        with self._turn:
            self._closing = True
            self._waiting.clear()
            self._turn.notify()

    def _push(self, text: str, *, droppable: bool) -> None:
        if not self._closing:
            self._waiting.append(_Piece(text.encode("utf-8", "replace"), droppable, self._now()))
            self._turn.notify()

    def _stalls(self) -> bool:
        if len(self._waiting) >= MOST_WAITING:
            return True
        oldest = self._writing_since if self._writing_since is not None else self._now()
        if self._waiting:
            oldest = min(oldest, self._waiting[0].at)
        return self._now() - oldest > PATIENCE

    def _drop_frames(self) -> None:
        self._dropped = True
        self._waiting = deque(piece for piece in self._waiting if not piece.droppable)

    def _run(self) -> None:
        while (data := self._next()) is not None:
            if not self._write(data):
                self.abandon()
                self._lost()
                return
            if self._caught_up():
                self._drained()

    def _next(self) -> bytes | None:
        with self._turn:
            while not self._waiting and not self._closing:
                self._turn.wait()
            if not self._waiting:
                return None
            data = b"".join(piece.data for piece in self._waiting)
            self._waiting.clear()
            self._writing_since = self._now()
            return data

    def _caught_up(self) -> bool:
        """Note the end of a write; say whether a repaint is due now."""
        with self._turn:
            self._writing_since = None
            if self._waiting or self._closing or not self._dropped:
                return False
            self._dropped = False
            return True

    def _write(self, data: bytes) -> bool:
        rest = memoryview(data)
        while rest:
            try:
                rest = rest[os.write(self._descriptor, rest[:_CHUNK]) :]
            except BlockingIOError:  # another program left the terminal in non-blocking mode
                select.select([], [self._descriptor], [], PATIENCE)
            except OSError:
                return False
        return True
