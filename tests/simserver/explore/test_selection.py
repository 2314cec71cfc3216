"""Lists of faults, as they are written and read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radtui.simserver.explore.kinds import HABITS, Kind
from radtui.simserver.explore.selection import EVERYTHING, BadSelection, Occurrence, Selection, parse

SINGLE = st.builds(Occurrence, st.sampled_from(Kind), st.builds("{}.{}".format, st.just("request"), st.integers(0)))


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
    ("text", "says"), [("lsot", "did you mean lost?"), ("all,lost", "Possible: all, slow"), ("lost@", "names no place")]
)
def test_what_cannot_be_read_says_what_can(text: str, says: str) -> None:
    with pytest.raises(BadSelection, match=says):
        parse(text)
