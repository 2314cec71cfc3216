"""What a scan of the market picked, and what entries ask of it (row W1)."""

from __future__ import annotations

import msgspec

from radtui.core.market import SECOND
from radtui.core.order import Side


class ScanPolicy(msgspec.Struct, frozen=True, kw_only=True):
    """What a scan must be for an entry to follow it.

    Attributes:
        top: how many of the best it picks. max_age: wall nanoseconds after which it is stale.
    """

    top: int = 5
    max_age: int = 180 * SECOND


class Picks(msgspec.Struct, frozen=True, kw_only=True):
    """The best of one scan, the best first: symbol and side.

    Attributes:
        at: wall clock of when it began to read. partial: why it is not whole; empty where it is.
    """

    at: int
    sides: dict[str, Side] = {}
    partial: str = ""
