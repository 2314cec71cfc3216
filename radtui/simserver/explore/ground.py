"""What the weather falls on: network, exchange, clocks, disk, process, and whoever operates it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from radtui.core.instruction import Ask, ExitPolicy
from radtui.core.market import SECOND
from radtui.simserver.explore.kinds import HABITS, Kind
from radtui.simserver.floor import Status

if TYPE_CHECKING:
    from radtui.simserver.explore.life import Life
    from radtui.simserver.explore.world import World

_COMMIT: Final = 0.002
"""Seconds of a commit on a healthy disk, on average."""
_FLATTENS: Final = 0.3
"""Share of the shutdowns that are to close every position."""


class Ground:
    """Implements `radtui.simserver.explore.weather.Land`.

    Attributes:
        down: nothing can be reached.
        step: nanoseconds by which our machine's wall clock is wrong. skewed: the same of the exchange's.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self.down = False
        self.step = self.skewed = 0
        self._commit_seconds, self._commits = _COMMIT, 0
        self._ends: dict[str, tuple[int, Callable[[], None]]] = {}
        self._at_order: list[tuple[float, Callable[[], None]]] = []

    def commit(self) -> float:
        """Return the seconds of the next commit."""
        self._commits += 1
        return self._world.chances.length(0.0, self._commit_seconds, "commit", self._commits)

    def turn(self) -> None:
        """End what has lasted long enough."""
        for name, (at, end) in list(self._ends.items()):
            if self._world.passed >= at:
                del self._ends[name]
                end()

    def clear_up(self) -> None:
        """Let everything be well from now on."""
        for _, end in self._ends.values():
            end()
        self._ends.clear()

    def ordered(self) -> None:
        """An order has reached the exchange: let begin what has waited for it."""
        waiting, self._at_order = self._at_order, []
        for seconds, begin in waiting:
            if self._world.loop is not None and not self._world.calm:
                self._world.loop.call_later(seconds, self._begin, self._world.life, begin)

    # --- what the weather brings

    def outage(self, seconds: float) -> None:
        """Let nothing be reached for a while."""
        self._world.patience.hold(Kind.OUTAGE)
        self._reach(down=True)
        self._until(Kind.OUTAGE, seconds, lambda: self._reach(down=False))

    def maintenance(self, seconds: float, *, closed: bool) -> None:
        """Let the exchange take only cancels, or nothing, for a while."""
        self._world.patience.hold(Kind.MAINTENANCE)
        self._world.exchange.floor.status = Status.CLOSE if closed else Status.CANCEL_ONLY
        self._until(Kind.MAINTENANCE, seconds, self._open)

    def set_clock(self, seconds: float) -> None:
        """Set our machine's wall clock."""
        self.step = round(seconds * SECOND)
        if self._world.life is not None:
            self._world.life.clock.step = self.step

    def skew(self, seconds: float) -> None:
        """Put the exchange's clock so far from the true time."""
        self._world.patience.excuse(HABITS[Kind.SKEW].excuse)
        self.skewed = round(seconds * SECOND)

    def slow_disk(self, seconds: float, commit: float) -> None:
        """Let each commit take long for a while."""
        self._commit_seconds = commit
        self._until("slow disk", seconds, self._mend_disk)

    def full_disk(self, seconds: float) -> None:
        """Let nothing be written for a while."""
        self._world.journal.fail("the disk is full")
        self._until("full disk", seconds, self._mend_disk)

    def crash(self, callbacks: int) -> None:
        """Let the process die after so many callbacks."""
        if self._world.loop is not None:
            self._world.loop.die_after(callbacks)

    def at_order(self, seconds: float, begin: Callable[[], None]) -> None:
        """Let something begin so long after the next order reaches the exchange."""
        self._at_order.append((seconds, begin))

    def ask(self, ask: Ask, after: float) -> None:
        """Let an operator ask for something."""
        loop, life = self._world.loop, self._world.life
        if loop is not None and life is not None:
            exits = ExitPolicy.FLATTEN if after < _FLATTENS else None
            loop.call_later(after, life.tell, ask, exits if ask is Ask.SHUTDOWN else None)

    # --- and takes away again

    def _until(self, name: str, seconds: float, end: Callable[[], None]) -> None:
        self._ends[name] = (self._world.passed + round(seconds * SECOND), end)

    def _begin(self, life: Life | None, begin: Callable[[], None]) -> None:
        if self._world.life is life and not self._world.calm:
            begin()

    def _reach(self, *, down: bool) -> None:
        self.down = down
        if self._world.life is not None:
            self._world.life.wire.down = down
        if not down:
            self._world.patience.release(Kind.OUTAGE, HABITS[Kind.OUTAGE].excuse)

    def _open(self) -> None:
        self._world.exchange.floor.status = Status.OPEN
        self._world.patience.release(Kind.MAINTENANCE, HABITS[Kind.MAINTENANCE].excuse)

    def _mend_disk(self) -> None:
        self._commit_seconds = _COMMIT
        self._world.journal.heal()
