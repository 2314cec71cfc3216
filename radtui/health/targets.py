"""What the cycles of a bot should reach (row M3)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import msgspec

from radtui.core.status_view import StatusView


class Target(msgspec.Struct, frozen=True):
    """One figure of the cycles and what it should be.

    Attributes:
        field: its name in reports.
        text: the target for people, for example ``> 95 %``.
        met: tells of a status; None while there is no cycle to judge.
    """

    field: str
    text: str
    met: Callable[[StatusView], bool | None]


def _below(figure: float | None, limit: float) -> bool | None:
    return None if figure is None else figure < limit


TARGETS: Final = (
    Target("success_rate", "> 95 %", lambda status: status.success_rate > 95 if status.cycles else None),
    Target("average_cycle_time", "< 60 s", lambda status: _below(status.average_cycle, 60)),
    Target("consecutive_failures", "0", lambda status: status.failures_in_a_row == 0),
)
