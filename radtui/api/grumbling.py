"""What the API says of those it keeps out: a line each, but never so many that they are an attack of their own."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

import structlog

_A_MINUTE: Final = 30


class Grumbling:
    """Writes lines of the log, so many a minute."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._since = now()
        self._said = self._left_out = 0

    def say(self, note: str, **more: object) -> None:
        """Log that something was refused, and of the last minute how much was not told."""
        log = structlog.get_logger("radtui.api")
        if self._now() - self._since >= 60.0:
            if self._left_out:
                log.warning("refused", note=f"and {self._left_out} more that were not told one by one")
            self._since, self._said, self._left_out = self._now(), 0, 0
        if self._said >= _A_MINUTE:
            self._left_out += 1
            return
        self._said += 1
        log.warning("refused", note=note, **more)


grumble: Final = Grumbling().say
"""One measure for all doors of the process."""
