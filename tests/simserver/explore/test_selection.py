"""Lists of faults, as they are written and read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radtui.simserver.explore.explore import explore
from radtui.simserver.explore.kinds import HABITS, Kind, seams
from radtui.simserver.explore.outcome import Plan
from radtui.simserver.explore.selection import EVERYTHING, BadSelection, Occurrence, Selection, parse

PLACED = st.sampled_from([(kind, seam) for kind in Kind for seam in seams(kind)])
SINGLE = st.builds(
    lambda at, socket, ordinal: Occurrence(at[0], f"{at[1].replace('N', str(socket))}.{ordinal}"),
    PLACED,
    st.integers(1, 99),
    st.integers(0),
)


@given(st.frozensets(st.sampled_from(Kind)), st.frozensets(SINGLE))
def test_what_is_written_is_read_again(kinds: frozenset[Kind], single: frozenset[Occurrence]) -> None:
    written = Selection(kinds, frozenset() if kinds == frozenset(Kind) else single)
    assert parse(str(written)) == written


def test_all_is_every_kind_and_every_kind_has_its_habits() -> None:
    assert parse("all") == EVERYTHING
    assert str(EVERYTHING) == "all"
    assert HABITS.keys() == set(Kind)


@given(st.frozensets(st.sampled_from(Kind)), SINGLE)
def test_a_kind_admits_all_of_its_own_and_a_single_fault_only_itself(kinds: frozenset[Kind], one: Occurrence) -> None:
    elsewhere = Occurrence(one.kind, f"{one.place}0")
    chosen = Selection(kinds, frozenset({one}))
    assert chosen.admits(one)
    assert chosen.knows(one.kind)
    assert chosen.admits(elsewhere) == (one.kind in kinds)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("lsot", "did you mean lost?"),
        ("all,lost", "Possible: all, slow"),
        ("lost@", "names no place"),
        ("lost@nowhere.3", "known: lost@order.17 or lost@request.17"),
        ("lost@request", "known: lost@order.17"),
        ("lost@request.-1", "known: lost@order.17"),
        ("lost@request.017", "known: lost@order.17"),
        ("lost@minute.3", "never strikes"),
        ("crash@request.3", "known: crash@minute.17"),
        ("cut@socket-x.1", "known: cut@socket-N.17, N being"),
        ("slow@request.1", "give slow alone"),
    ],
)
def test_what_cannot_be_read_says_what_can(text: str, says: str) -> None:
    with pytest.raises(BadSelection, match=says):
        parse(text)


def test_every_fault_that_strikes_is_one_that_can_be_asked_for() -> None:
    outcome = explore(Plan(seed=3, minutes=20.0))
    assert len(outcome.struck) > 20
    assert parse(",".join(map(str, outcome.struck))).single == frozenset(outcome.struck)
    assert {one.place.rstrip("0123456789") for one in outcome.struck} >= {"order.", "request.", "minute."}
