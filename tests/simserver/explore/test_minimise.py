"""The least that still fails is found, whatever it takes, and within a bound."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from radtui.simserver.explore.kinds import Kind
from radtui.simserver.explore.minimise import MOST_RUNS, minimise
from radtui.simserver.explore.outcome import Outcome, Plan, Tally, Violation
from radtui.simserver.explore.selection import Occurrence

KINDS = (Kind.LOST, Kind.CRASH, Kind.GAP, Kind.TWICE)
PLACES = tuple(Occurrence(kind, f"request.{number}") for kind in KINDS for number in range(5))


class Laboratory:
    """Worlds that fail exactly where all of `guilty` strike."""

    def __init__(self, guilty: frozenset[Occurrence], invariant: str = "it holds") -> None:
        self.guilty, self.invariant, self.runs = guilty, invariant, 0

    def __call__(self, plan: Plan, *, until: float = 0.0) -> Outcome:
        self.runs += 1
        struck = tuple(each for each in PLACES if plan.selection.admits(each))
        broken = Violation(self.invariant, 70.0, "it does not") if self.guilty <= set(struck) else None
        return Outcome(plan=plan, digest="", simulated=1.0, spent=1.0, tally=Tally(), violation=broken, struck=struck)


@given(st.frozensets(st.sampled_from(PLACES), max_size=3))
def test_exactly_what_is_guilty_is_left(guilty: frozenset[Occurrence]) -> None:
    run = Laboratory(guilty)
    minimal = minimise(run(Plan(seed=7)), run)
    assert set(minimal.kinds) == {each.kind for each in guilty}
    assert minimal.outcome.violation is not None
    assert minimal.selection.single == guilty
    assert minimal.runs <= MOST_RUNS


def test_another_failure_is_not_taken_for_this_one() -> None:
    run = Laboratory(frozenset(PLACES[:1]))
    failed = run(Plan(seed=1))

    def other(plan: Plan, **told: Any) -> Outcome:
        return Laboratory(frozenset(), "something else")(plan, **told)

    minimal = minimise(failed, other)
    assert set(minimal.kinds) == {*KINDS, Kind.SLOW}
    assert minimal.outcome is failed


def test_the_search_is_bounded() -> None:
    run = Laboratory(frozenset(PLACES))
    assert minimise(run(Plan(seed=1)), run).runs <= MOST_RUNS
