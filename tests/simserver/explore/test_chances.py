"""Draws that belong to their place: taking one fault away moves no other."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from radtui.simserver.explore.chances import ORDER, REQUEST, Chances
from radtui.simserver.explore.kinds import Kind
from radtui.simserver.explore.selection import EVERYTHING, Occurrence, Selection, of

SEEDS = st.integers(0, 2**40)


def rolled(seed: int, selection: Selection) -> dict[Occurrence, None]:
    """Return what strikes when every kind is asked at some hundred places."""
    chances = Chances(seed, selection)
    for kind in Kind:
        for ordinal in range(150):
            chances.strikes(kind, ORDER, ordinal)
    return chances.struck


@given(SEEDS, st.sampled_from(Kind))
def test_a_kind_that_is_taken_away_moves_no_other(seed: int, gone: Kind) -> None:
    kept = [each for each in rolled(seed, EVERYTHING) if each.kind is not gone]
    assert list(rolled(seed, Selection(frozenset(Kind) - {gone}))) == kept


@given(SEEDS, st.data())
def test_single_faults_strike_where_they_struck_and_nowhere_else(seed: int, data: st.DataObject) -> None:
    all_of_them = list(rolled(seed, EVERYTHING))
    some = data.draw(st.lists(st.sampled_from(all_of_them), unique=True)) if all_of_them else []
    assert set(rolled(seed, of(some))) == set(some)


def test_in_a_calm_nothing_strikes() -> None:
    chances = Chances(1, EVERYTHING)
    chances.calm = True
    assert not any(chances.strikes(kind, ORDER, ordinal) for kind in Kind for ordinal in range(500))
    assert chances.figure(Kind.SLOW) == 0.0


def test_orders_are_struck_far_more_often_than_questions() -> None:
    struck = {ORDER: 0, REQUEST: 0}
    for seed in range(30):
        chances = Chances(seed, EVERYTHING)
        for seam in struck:
            struck[seam] += sum(chances.strikes(Kind.LOST, seam, ordinal) for ordinal in range(300))
    assert struck[ORDER] > 10 * struck[REQUEST]


def test_who_is_told_hears_kind_and_seam() -> None:
    heard: list[tuple[Kind, str]] = []
    chances = Chances(3, EVERYTHING)
    chances.told = lambda kind, seam: heard.append((kind, seam))
    for ordinal in range(200):
        chances.strikes(Kind.ERROR, ORDER, ordinal)
    assert heard == [(Kind.ERROR, ORDER)] * len(chances.struck)


@given(SEEDS, st.floats(0.0, 10.0), st.floats(10.5, 100.0))
def test_figures_lie_where_they_should(seed: int, least: float, most: float) -> None:
    chances = Chances(seed, EVERYTHING)
    assert least <= chances.between(least, most, "x") <= most
    assert chances.length(least, most, "x") > least
