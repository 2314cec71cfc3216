"""The least that still fails: first whole kinds of faults are taken away, then single ones (delta debugging).

Source: A. Zeller, R. Hildebrandt, "Simplifying and isolating failure-inducing input" (2002), the algorithm ddmin.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, TypeVar

import msgspec

from radtui.simserver.explore.explore import explore
from radtui.simserver.explore.kinds import Kind
from radtui.simserver.explore.outcome import Outcome, Plan
from radtui.simserver.explore.selection import Occurrence, Selection

Item = TypeVar("Item")

MOST_RUNS: Final = 60
"""Worlds that are run again for one failure at most."""
_SLACK: Final = 30.0
"""Seconds beyond the failure in which it may show when something was taken away."""


class Minimal(msgspec.Struct, frozen=True, kw_only=True):
    """The least that was found to fail the same way.

    Attributes:
        kinds: faults without which it does not fail. outcome: of a run with `selection` alone.
        runs: worlds that were run to find it; where that is the most, there may be less.
    """

    kinds: tuple[Kind, ...]
    selection: Selection
    outcome: Outcome
    runs: int


class _Trials:
    """Runs selections of one seed, as long as the budget lasts."""

    def __init__(self, failed: Outcome, run: Callable[..., Outcome]) -> None:
        self.best, self.runs = failed, 0
        self._run = run

    def fails(self, selection: Selection) -> bool:
        """Return whether the same invariant is broken with `selection`; False once the budget is spent."""
        violation = self.best.violation
        if self.runs >= MOST_RUNS or violation is None:
            return False
        self.runs += 1
        plan = msgspec.structs.replace(self.best.plan, selection=selection)
        outcome = self._run(plan, until=self._until(plan, violation.at))
        if outcome.violation is None or outcome.violation.invariant != violation.invariant:
            return False
        self.best = outcome
        return True

    @staticmethod
    def _until(plan: Plan, at: float) -> float:
        landing = plan.minutes * 60
        return at + _SLACK if at < landing else float("inf")


def minimise(failed: Outcome, run: Callable[..., Outcome] = explore) -> Minimal:
    """Return the least set of faults with which a failed seed still fails."""
    trials = _Trials(failed, run)
    kinds = _fewest([kind for kind in Kind if _struck(failed, kind)], lambda some: trials.fails(_whole(some)))
    whole = trials.best
    single = [each for each in whole.struck if each.kind in kinds]
    always = frozenset({Kind.SLOW} & set(kinds))  # it strikes everywhere: there is no single one of it

    def fails(some: Sequence[Occurrence]) -> bool:
        return trials.fails(Selection(always, frozenset(some)))

    if single and fails(single):
        _fewest(single, fails)
    return Minimal(kinds=tuple(kinds), selection=trials.best.plan.selection, outcome=trials.best, runs=trials.runs)


def _whole(kinds: Sequence[Kind]) -> Selection:
    return Selection(frozenset(kinds))


def _struck(outcome: Outcome, kind: Kind) -> bool:
    return kind is Kind.SLOW or any(each.kind is kind for each in outcome.struck)


def _fewest(items: list[Item], fails: Callable[[Sequence[Item]], bool]) -> list[Item]:
    """Return a subset of `items` that still fails, and no part of which, cut as finely as it goes, can be missed."""
    parts = 2
    while items:
        size = -(-len(items) // parts)
        for begin in range(0, len(items), size):
            rest = items[:begin] + items[begin + size :]
            if fails(rest):
                items, parts = rest, max(parts - 1, 2)
                break
        else:
            if size == 1:
                break
            parts = min(parts * 2, len(items))
    return items
