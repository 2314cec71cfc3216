"""The words say what a figure means, and name what is missing."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from radtui.backtest.search.legs import Measure
from radtui.backtest.search.outcome import Outcome, outcome
from radtui.backtest.search.overfitting import Overfitting
from radtui.backtest.search.plan import Plan, Sampler
from radtui.backtest.search.space import space
from radtui.backtest.search.wording import BEST_HEADS, FOLD_HEADS, best_rows, count, fold_rows, heading, meanings
from tests.backtest.search.studies import plan
from tests.backtest.search.test_outcome import flown


@pytest.fixture
def told(tmp_path: Path) -> Plan:
    return plan(tmp_path, knobs=space("fast=2:90"))


@pytest.fixture
def found(told: Plan) -> Outcome:
    return outcome(told, [flown(0, 0.01, 0.02, -0.03), flown(1, 0.0, 0.0, 0.0)], 3)


def test_rows_fit_their_heads(found: Outcome) -> None:
    best, folds = best_rows(found, Measure.PROFIT), fold_rows(found, Measure.PROFIT)
    assert {len(row) for row in best} == {len(BEST_HEADS)}
    assert {len(row) for row in folds} == {len(FOLD_HEADS)}
    assert best[0][:6] == ("1", "0", "fast=2", "+1.50 %", "−3.00 %", "−3.00 %")


def test_what_was_not_flown_is_named(found: Outcome) -> None:
    assert list(count(found)) == ["3 trials: 2 flown, 0 refused, 1 NOT FLOWN"]
    refused = replace(found, refused=9, tasks=11, refusals={f"reason {number}": number for number in range(1, 8)})
    lines = list(count(refused))
    assert lines[0] == "11 trials: 2 flown, 9 refused"
    assert lines[1] == "  7 × reason 7"
    assert lines[-1] == "  and 2 other reasons"


@pytest.mark.parametrize(
    ("probability", "verdict"), [(0.8, "worse than choosing blindly"), (0.3, "was luck"), (0.1, "mostly stayed good")]
)
def test_the_probability_has_a_meaning(probability: float, verdict: str, told: Plan, found: Outcome) -> None:
    figures = Overfitting(ways=12_870, trials=2, probability=probability, loss=0.25, rank=0.4)
    text = "\n".join(meanings(told, replace(found, overfitting=figures)))
    assert verdict in text
    assert "25.00 %" in text
    assert "was seen by no choice" in text
    assert "not known with fewer than two trials" in "\n".join(meanings(told, replace(found, overfitting=None)))


def test_who_learns_is_believed_only_at_the_end(told: Plan, found: Outcome) -> None:
    warning = "believe that one more"
    assert warning not in "\n".join(meanings(told, found))
    assert warning in "\n".join(meanings(replace(told, sampler=Sampler.TPE), found))


def test_the_heading_names_what_is_searched_and_what_is_set(told: Plan) -> None:
    fixed = replace(told, terms=replace(told.terms, parameters={"slow": "40"}))
    first, second, third = heading(fixed)
    assert first == "ema_cross 1m slow=40 on XBTUSDTM: fast"
    assert "in 3 segments, candles walk" in second
    assert third.endswith("sampler random, seed 1, by profit")
