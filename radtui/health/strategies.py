"""What is wrong with the strategies of a bot, judged of what is: one that fails, hangs, or says nothing at all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from radtui.core.market import SECOND
from radtui.core.snapshot import Snapshot
from radtui.core.strategy_view import StrategyFault, StrategyView

FAILURES: Final = 2
"""Candles in a row without a usable answer from which on it is told."""
CANDLES: Final = 3
"""So many candles without any answer, of any symbol, is too long a silence."""
LEAST_SILENCE: Final = 300.0
"""Seconds that it may last at least: a quiet contract, or a feed that comes back, is no fault of a strategy."""
_NAMED: Final = 3
"""Symbols that are named where more fail."""


def strategy_fault(snapshot: Snapshot) -> str:
    """Return what is wrong with them, and what that means for the money; empty where nothing is."""
    seen = snapshot.strategy
    if seen.hangs:
        text = f"the strategy has been at a candle of {seen.hanging} for {seen.hangs} s: none of this bot is asked"
        return f"{text} until it returns; nothing is opened or closed by one; protection and stops go on"
    failing = [each for each in seen.failing if each.in_a_row >= FAILURES]
    if failing:
        worst = f"the strategy failed at {failing[0].in_a_row} candles in a row on {_named(failing)} ({failing[0].why})"
        return f"{worst}: it opens and closes nothing there; positions keep their stops"
    silent, longest = _silence(seen, snapshot.at), max(LEAST_SILENCE, CANDLES * seen.every)
    if silent > longest:
        text = f"no strategy has judged a candle for {silent:.0f} s, limit {longest:.0f} s: nothing is opened or closed"
        return f"{text} by one; positions keep their stops"
    return ""


def _named(failing: Sequence[StrategyFault]) -> str:
    named = ", ".join(each.symbol for each in failing[:_NAMED])
    return f"{named} and {len(failing) - _NAMED} more" if len(failing) > _NAMED else named


def _silence(seen: StrategyView, at: int) -> float:
    """Return the seconds without an answer at `at`; 0 before they wait for a candle."""
    latest = max(filter(None, (seen.answered_at, seen.since)), default=at)
    return (at - latest) / SECOND
