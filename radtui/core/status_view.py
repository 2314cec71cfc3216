"""The state of the bot and its cycles, as it is shown (rows M1, M2)."""

from __future__ import annotations

import msgspec

from radtui.core.lifecycle import State
from radtui.core.standing import Mode


class StatusView(msgspec.Struct, frozen=True, kw_only=True):
    """The bot's state and its cycles (rows M1, M2).

    Attributes:
        since, who, why: of the last change of state.
        next_cycle_at: wall clock; None when none is due.
        cycle_count: cycles since the start of this process; `cycles` and what follows since the last reset.
        success_rate: percent to two decimals; 0.0 with no cycle yet.
        average_cycle, last_cycle: seconds, over successful cycles; None with no cycle yet.
        trading: whether it may open, only reduce, or does nothing of its own accord. reasons: why, worst first.
    """

    state: State
    since: int
    who: str
    why: str
    mode: str
    speed: int
    bot: str
    strategy: str
    timeframe: str
    symbols: tuple[str, ...]
    dev_mode: bool
    started_at: int
    next_cycle_at: int | None = None
    cycle_count: int = 0
    cycles: int = 0
    cycles_ok: int = 0
    cycles_failed: int = 0
    success_rate: float = 0.0
    average_cycle: float | None = None
    last_cycle: float | None = None
    last_cycle_at: int | None = None
    failures_in_a_row: int = 0
    cycle_interval: float = 300.0
    max_retries: int = 3
    retry_delay: float = 60.0
    error: str = ""
    trading: Mode = Mode.ACTIVE
    reasons: tuple[str, ...] = ()
    recovered: bool = False

    @property
    def blocked(self) -> str:
        """Why no entry is possible now, the worst reason; empty when entries are possible."""
        return self.reasons[0] if self.reasons else ""
