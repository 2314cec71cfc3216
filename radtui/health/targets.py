"""What the cycles of a bot should reach (row M3)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import msgspec

from radtui.core.snapshot import StatusView


class Target(msgspec.Struct, frozen=True):
    """One figure of the cycles and what it should be.

    Attributes:
        field: its name in reports.
        text: the target for people, for example ``> 95 %``.
        met: tells of a status; True while there is no cycle to judge.
    """

    field: str
    text: str
    met: Callable[[StatusView], bool]


TARGETS: Final = (
    Target("success_rate", "> 95 %", lambda status: not status.cycles or status.success_rate > 95),
    Target("average_cycle_time", "< 60 s", lambda status: (status.average_cycle or 0) < 60),
    Target("consecutive_failures", "0", lambda status: status.failures_in_a_row == 0),
)
