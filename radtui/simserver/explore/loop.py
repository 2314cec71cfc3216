"""A virtual loop that can die between any two of its callbacks: a crash, which nothing inside it can see coming."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterable
from typing import Any, Final

from radtui.resilience.virtual import VirtualLoop

_FUNERAL: Final = 60.0
"""Seconds of a time that nobody lives in."""


class Crashed(BaseException):
    """The process is gone. No task is told: the loop is abandoned where it stood."""


class _Numbered(deque[Any]):
    """The loop's queue of callbacks once its end is set: what is taken from it is counted.

    Attributes:
        left: callbacks until the crash.
    """

    def __init__(self, callbacks: Iterable[Any], left: int) -> None:
        super().__init__(callbacks)
        self.left = left

    def popleft(self) -> Any:
        if not self.left:
            raise Crashed
        self.left -= 1
        return super().popleft()


class MortalLoop(VirtualLoop):
    """A virtual loop with an end that can be set."""

    _ready: deque[Any]  # asyncio's own: every callback, timers and task steps included, is taken from its left

    def die_after(self, callbacks: int) -> None:
        """Crash before the callback after the next `callbacks` ones; an earlier end that was set stands."""
        if not isinstance(self._ready, _Numbered):
            self._ready = _Numbered(self._ready, callbacks)
        self._ready.left = min(self._ready.left, callbacks)

    def bury(self) -> None:
        """Take an abandoned loop away. Its ports are dead by now: whatever its tasks still do reaches nobody."""
        self._ready = deque(self._ready)
        self.set_exception_handler(_unheard)
        left = asyncio.all_tasks(self)
        for task in left:
            task.cancel()
        if left:
            self.run_until_complete(asyncio.wait(left, timeout=_FUNERAL))
        self.run_until_complete(self.shutdown_asyncgens())
        self.close()


def _unheard(_: asyncio.AbstractEventLoop, __: dict[str, Any]) -> None:
    """A dead process has nobody to tell."""
