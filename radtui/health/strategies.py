"""What is wrong with the strategies of a bot, judged of what is: one that fails, hangs, or says nothing at all."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from radtui.core.market import SECOND
from radtui.core.snapshot import Snapshot
from radtui.core.strategy_view import StrategyView

FAILURES: Final = 2
"""Candles in a row without a usable answer from which on it is told."""
CANDLES: Final = 3
"""So many candles without any answer, of any symbol, is too long a silence."""
LEAST_SILENCE: Final = 300.0
"""Seconds that it may last at least: a quiet contract, or a feed that comes back, is no fault of a strategy."""
ALL: Final = "all"
"""The subject where no symbol is meant."""
_MEANS: Final = "it opens and closes nothing there; positions keep their stops"


def strategy_faults(snapshot: Snapshot) -> Iterator[tuple[str, str]]:
    """Yield what is wrong, a symbol each, and in words what that means."""
    seen = snapshot.strategy
    if seen.hangs:
        text = f"the strategy has been at a candle of {seen.hanging} for {seen.hangs} s: none of this bot is asked until"
        yield seen.hanging, f"{text} it returns; nothing is opened or closed by one; protection and stops go on"
        return
    for each in seen.failing:
        if each.in_a_row >= FAILURES:
            yield each.symbol, f"the strategy failed at {each.in_a_row} candles in a row ({each.why}): {_MEANS}"
    silent, longest = _silence(seen, snapshot.at), max(LEAST_SILENCE, CANDLES * seen.every)
    if silent > longest and not seen.failing:
        text = f"no strategy has judged a candle for {silent:.0f} s, limit {longest:.0f} s: nothing is opened or closed"
        yield ALL, f"{text}; positions keep their stops"


def _silence(seen: StrategyView, at: int) -> float:
    """Return the seconds without an answer at `at`; 0 before they wait for a candle."""
    latest = max(filter(None, (seen.answered_at, seen.since)), default=at)
    return (at - latest) / SECOND
