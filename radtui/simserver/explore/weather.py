"""What a minute brings: outages, maintenance, clocks that jump, a disk that fails, crashes, operators.

Each is drawn once a minute of the world, by the minute's number. It begins at a second of its own within it, or when
the next order is on its way: that is when it hurts.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final, Protocol

import msgspec

from radtui.core.instruction import Ask
from radtui.core.market import MINUTE, SECOND
from radtui.simserver.explore.chances import Chances
from radtui.simserver.explore.kinds import MINUTELY, Kind

_ASKS: Final = (
    *(Ask.PAUSE, Ask.RESUME, Ask.STOP, Ask.START, Ask.SHUTDOWN, Ask.EMERGENCY_STOP, Ask.RESET_METRICS),
    *(Ask.PAUSE, Ask.STOP, Ask.SHUTDOWN, Ask.EMERGENCY_STOP),
)
_AT_ORDER: Final = 0.6
"""Chance that it waits for the next order to be on its way."""
_AGAIN: Final = 0.3
"""Chance that an operator asks for something else soon after."""


class Land(Protocol):
    """What the weather falls on."""

    def outage(self, seconds: float) -> None:
        """Let nothing be reached for a while."""
        ...

    def maintenance(self, seconds: float, *, closed: bool) -> None:
        """Let the exchange take only cancels, or nothing, for a while."""
        ...

    def set_clock(self, seconds: float, lasts: float) -> None:
        """Set our machine's wall clock forward, or back where negative, for so many seconds."""
        ...

    def skew(self, seconds: float, lasts: float) -> None:
        """Put the exchange's clock so far from the true time, for so many seconds."""
        ...

    def slow_disk(self, seconds: float, commit: float) -> None:
        """Let each commit take `commit` seconds for a while."""
        ...

    def full_disk(self, seconds: float) -> None:
        """Let nothing be written for a while."""
        ...

    def crash(self, callbacks: int) -> None:
        """Let the process die after so many callbacks."""
        ...

    def ask(self, ask: Ask, after: float) -> None:
        """Let an operator ask for something."""
        ...

    def hand(self, number: int) -> None:
        """Let an operator place an order by hand."""
        ...

    def stranger(self, number: int, seconds: float) -> None:
        """Let somebody else have an order on the account for a while."""
        ...

    def transfer(self, amount: int) -> None:
        """Move so many USDT into the account, or out of it where negative."""
        ...

    def at_order(self, seconds: float, begin: Callable[[], None]) -> None:
        """Let something begin so long after the next order reaches the exchange."""
        ...


class Due(msgspec.Struct, frozen=True, order=True):
    """Something that begins at a time, nanoseconds since the world began, by the draws of a minute."""

    at: int
    kind: Kind
    minute: int


class Weather:
    """The forecast of one world."""

    def __init__(self, chances: Chances, land: Land) -> None:
        self._chances, self._land = chances, land
        self._due: list[Due] = []
        self._drawn = 0

    def pass_by(self, passed: int) -> None:
        """Let begin what is due; `passed` are nanoseconds since the world began."""
        while self._drawn * MINUTE <= passed:
            self._draw(self._drawn)
            self._drawn += 1
        while self._due and self._due[0].at <= passed and not self._chances.calm:
            due = self._due.pop(0)
            begin = partial(self._begin, due.kind, due.minute)
            if self._chances.draw(f"at order {due.kind}", due.minute) < _AT_ORDER:
                self._land.at_order(self._chances.length(0.0, 0.03, f"after order {due.kind}", due.minute), begin)
            else:
                begin()

    def _draw(self, minute: int) -> None:
        for kind in MINUTELY:
            if self._chances.strikes(kind, "minute", minute):
                offset = self._chances.between(0.0, 60.0, f"begins {kind}", minute)
                self._due.append(Due(minute * MINUTE + round(offset) * SECOND, kind, minute))
        self._due.sort()

    def _begin(self, kind: Kind, minute: int) -> None:
        chances, land = self._chances, self._land
        match kind:
            case Kind.OUTAGE:
                land.outage(chances.length(1.0, 30.0, "outage", minute))
            case Kind.MAINTENANCE:
                seconds = chances.length(5.0, 45.0, "maintenance", minute)
                land.maintenance(seconds, closed=chances.draw("closed", minute) < 0.5)
            case Kind.CLOCK:
                land.set_clock(chances.between(-90.0, 90.0, "clock", minute), self._wrong("clock", minute))
            case Kind.SKEW:
                land.skew(chances.between(-8.0, 8.0, "skew", minute), self._wrong("skew", minute))
            case Kind.JOURNAL_SLOW:
                commit = chances.length(0.05, 1.5, "commit", minute)
                land.slow_disk(chances.length(5.0, 30.0, "slow disk", minute), commit)
            case Kind.JOURNAL_FAIL:
                land.full_disk(chances.length(1.0, 30.0, "full disk", minute))
            case Kind.CRASH:
                land.crash(int(chances.between(0, 60, "callbacks", minute)))
            case _:
                self._somebody(kind, minute)

    def _wrong(self, clock: str, minute: int) -> float:
        """Return the seconds until somebody sets a clock right again."""
        return self._chances.length(5.0, 60.0, f"{clock} lasts", minute)

    def _somebody(self, kind: Kind, minute: int) -> None:
        """Let somebody do something: whoever operates it, or somebody else with the same account."""
        chances, land = self._chances, self._land
        match kind:
            case Kind.HAND:
                land.hand(minute)
            case Kind.STRANGER:
                land.stranger(minute, chances.length(1.0, 90.0, "stranger", minute))
            case Kind.TRANSFER:
                land.transfer(round(chances.between(-100.0, 300.0, "transfer", minute)))
            case _:
                self._operate(minute)

    def _operate(self, minute: int) -> None:
        chances, land = self._chances, self._land
        ask = _ASKS[int(chances.draw("ask", minute) * len(_ASKS))]
        after = chances.draw("ask after", minute)
        land.ask(ask, after)
        if chances.draw("ask again", minute) < _AGAIN:
            again = _ASKS[int(chances.draw("ask what again", minute) * len(_ASKS))]
            land.ask(again, after + chances.length(0.0, 3.0, "ask again after", minute))
