"""What became of the questions to the strategies: who answers, who fails, how long it is ago."""

from __future__ import annotations

from radtui.core.strategy_view import StrategyFault, StrategyView
from radtui.engine.minds import Rehearsal


class TrackRecord:
    """Counts. Moments are wall clock, nanoseconds UTC.

    Args:
        every: wall seconds between two candles of one symbol.
    """

    def __init__(self, every: float) -> None:
        self._every = every
        self._answers = self._faults = 0
        self._failing: dict[str, StrategyFault] = {}
        self._answered_at: int | None = None
        self._since: int | None = None

    def begin(self, at: int) -> None:
        """They were made anew."""
        self._since = at
        self._failing.clear()

    def judged(self, symbol: str, fault: str, at: int) -> None:
        """A candle that had just closed was answered, usably unless there is a `fault`."""
        if fault:
            self._fail(symbol, fault, 1)
        else:
            self._answers += 1
            self._answered_at = at
            self._failing.pop(symbol, None)

    def rehearsed(self, done: Rehearsal) -> None:
        """History was answered."""
        self._answers += done.answers
        self._faults += done.faults - done.in_a_row
        if done.in_a_row:
            self._fail(done.symbol, done.fault, done.in_a_row)

    def overdue(self, symbol: str, why: str) -> None:
        """A candle was not answered in time."""
        self._fail(symbol, why, 1)

    def view(self, hangs: int, hanging: str) -> StrategyView:
        """Return all of it; `hangs` seconds, the one of the symbol `hanging`."""
        return StrategyView(
            answers=self._answers,
            faults=self._faults,
            failing=tuple(sorted(self._failing.values(), key=lambda each: -each.in_a_row)),
            answered_at=self._answered_at,
            since=self._since,
            every=self._every,
            hangs=hangs,
            hanging=hanging,
        )

    def _fail(self, symbol: str, why: str, times: int) -> None:
        before = self._failing.get(symbol)
        self._faults += times
        self._failing[symbol] = StrategyFault(
            symbol=symbol, in_a_row=times + (before.in_a_row if before else 0), why=why
        )
