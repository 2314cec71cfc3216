"""Whole worlds, short ones: clean, the same in every process, and worth their time."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from radtui.simserver.explore.batch import Survey, survey
from radtui.simserver.explore.explore import explore
from radtui.simserver.explore.kinds import Kind
from radtui.simserver.explore.outcome import Plan
from radtui.simserver.explore.report import failure
from radtui.simserver.explore.selection import Selection, of, parse

PROJECT = Path(__file__).parents[3]
DIGEST = """
from radtui.simserver.explore.explore import explore
from radtui.simserver.explore.outcome import Plan
print(explore(Plan(seed=2, minutes=3.0)).digest)
"""


@pytest.mark.parametrize("seed", [1, 2, 7])
def test_a_short_storm_is_survived(seed: int) -> None:
    verdict = next(survey(Survey(first=seed, minutes=5.0)))
    assert verdict.outcome.violation is None, failure(verdict)
    assert verdict.outcome.tally.orders >= 4
    assert verdict.outcome.struck


def test_without_faults_nothing_goes_wrong_and_it_trades() -> None:
    outcome = explore(Plan(seed=3, minutes=4.0, selection=Selection()))
    assert outcome.violation is None
    assert (outcome.tally.lives, outcome.tally.crashes, outcome.tally.faults) == (1, 0, 0)
    assert outcome.tally.orders >= 4


def test_the_same_seed_has_the_same_hash_in_every_process() -> None:
    here = explore(Plan(seed=2, minutes=3.0)).digest
    for seed in ("0", "4711"):
        there = subprocess.run(
            [sys.executable, "-c", DIGEST],
            capture_output=True,
            text=True,
            check=True,
            timeout=100,
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(PROJECT)},
        )
        assert there.stdout.strip() == here
    assert explore(Plan(seed=4, minutes=3.0)).digest != here


def test_the_faults_that_struck_make_the_same_world_when_they_are_named_one_by_one() -> None:
    selection = Selection(frozenset(Kind) - {Kind.SLOW})
    whole = explore(Plan(seed=2, minutes=4.0, selection=selection))
    single = explore(Plan(seed=2, minutes=4.0, selection=of(whole.struck)))
    assert whole.struck == single.struck
    assert whole.digest == single.digest


def test_what_is_of_no_interest_any_more_is_not_run() -> None:
    assert explore(Plan(seed=1, minutes=5.0), until=30.0).simulated <= 32.0


def test_every_kind_strikes_somewhere() -> None:
    struck: Counter[Kind] = Counter()
    for seed in range(20, 26):
        struck.update(each.kind for each in explore(Plan(seed=seed, minutes=4.0)).struck)
    assert len(struck) >= 12, struck


def test_crashes_make_lives() -> None:
    outcome = explore(Plan(seed=18, minutes=6.0, selection=parse("crash")))
    assert outcome.violation is None
    assert outcome.tally.lives == outcome.tally.crashes + 1
