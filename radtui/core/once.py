"""Each message counts once, however often it is told: a feed and a reading tell of the same fill."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

KEPT: Final = 1000
"""Keys that are kept in any case."""


class Once:
    """Keys of what was taken, each with its moment on the market clock, oldest first.

    What a reading may show again is never forgotten, however much it is; of what is older, `KEPT` are kept.

    Attributes:
        keys: with their moments; survives a restart.
    """

    def __init__(self, keys: Mapping[str, int] | None = None) -> None:
        self.keys = dict(keys or {})

    def first(self, key: str, at: int, *, shown_since: int) -> bool:
        """Return whether `key` comes for the first time, and remember it.

        Args:
            at: moment of what it names. shown_since: readings show nothing that is older.
        """
        if key in self.keys:
            return False
        self.keys[key] = at
        while len(self.keys) > KEPT and self.keys[oldest := next(iter(self.keys))] < shown_since:
            del self.keys[oldest]
        return True
