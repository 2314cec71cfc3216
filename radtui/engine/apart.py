"""Where work is done that may never come back: in a thread of its own, or at once under virtual time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from queue import SimpleQueue
from threading import Thread
from typing import Any, Final, Protocol, TypeVar

T = TypeVar("T")
_Piece = tuple[Callable[[], Any], Callable[[Any], object]]


class Runner(Protocol):
    """Does one piece of work after the other, in the order in which they were given."""

    @property
    def apart(self) -> bool:
        """Whether it goes on beside the loop: then a piece may take for ever."""
        ...

    def do(self, work: Callable[[], T], then: Callable[[T], object]) -> None:
        """Have `work` done, which raises nothing, and `then` called with what came of it, on the loop's thread."""
        ...

    def close(self) -> None:
        """Do nothing more; what is being done is left alone, and nobody hears of it."""
        ...


class Inline:
    """Does it at once: two runs of one seed must not differ."""

    apart: Final = False

    def do(self, work: Callable[[], T], then: Callable[[T], object]) -> None:
        """Do it, and say so."""
        then(work())

    def close(self) -> None:
        """Nothing is left to do."""


class Apart:
    """Does it in a thread, which the process does not wait for at its end."""

    apart: Final = True

    def __init__(self, name: str) -> None:
        self._work: SimpleQueue[_Piece | None] = SimpleQueue()
        self._thread: Thread | None = None
        self._name = name

    def do(self, work: Callable[[], T], then: Callable[[T], object]) -> None:
        """Queue it; on the loop's thread."""
        if self._thread is None:
            loop = asyncio.get_running_loop()
            self._thread = Thread(target=self._main, args=(loop,), name=self._name, daemon=True)
            self._thread.start()
        self._work.put((work, then))

    def close(self) -> None:
        """Let the thread end after what it is at."""
        self._work.put(None)

    def _main(self, loop: asyncio.AbstractEventLoop) -> None:
        while (piece := self._work.get()) is not None:
            work, then = piece
            done = work()
            try:
                loop.call_soon_threadsafe(then, done)
            except RuntimeError:  # the loop has ended, and with it whoever wanted to hear
                return
