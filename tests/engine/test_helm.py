"""Who holds control: one at a time, taken over in plain sight, and free when its holder is gone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radtui.core.instruction import Ask
from radtui.engine.helm import EMBEDDED, FREE_FOR_ALL, Helm, HelmView
from radtui.engine.local import LocalHandle
from tests.api.callers import Scripted

SEATS = ("a", "b", "c")
MOVES = st.tuples(st.sampled_from(["take", "over", "board", "leave"]), st.sampled_from(SEATS))


@given(st.lists(MOVES, max_size=30))
def test_at_most_one_holds_it_and_everybody_sees_the_same_holder(moves: list[tuple[str, str]]) -> None:
    helm, lines, holder = Helm(), dict.fromkeys(SEATS, 0), ""
    for at, (move, seat) in enumerate(moves):
        if move == "board":
            helm.board(seat)
            lines[seat] += 1
        elif move == "leave":
            helm.leave(seat)
            lines[seat] = max(0, lines[seat] - 1)
            holder = "" if holder == seat and not lines[seat] else holder
        else:
            taken = helm.take(seat, f"name of {seat}", at, over=move == "over")
            holder = seat if move == "over" or not holder else holder
            assert taken is (holder == seat)
        views = {each: helm.view(each) for each in SEATS}
        assert {view.holder for view in views.values()} == {f"name of {holder}" if holder else ""}
        assert [each for each, view in views.items() if view.yours] == ([holder] if holder else [])


def test_who_has_no_seat_never_holds_it() -> None:
    assert not Helm().view("").yours


@pytest.mark.parametrize("ask", list(Ask))
def test_only_the_helm_steers_but_an_emergency_stop_is_anybodys(ask: Ask) -> None:
    others = HelmView(holder="bob", since=1)
    assert bool(others.forbids(ask)) is (ask not in FREE_FOR_ALL)
    assert not HelmView(holder="bob", since=1, yours=True).forbids(ask)
    assert not HelmView().forbids(ask)
    assert Ask.EMERGENCY_STOP in FREE_FOR_ALL


def test_a_refusal_says_who_holds_it_and_what_to_do() -> None:
    said = HelmView(holder="cli:bob").forbids(Ask.START)
    assert said.startswith("cli:bob holds control: nothing was done; take over first")


def test_the_cockpit_of_the_engines_own_process_has_a_seat_too() -> None:
    handle = LocalHandle(Scripted().seen)
    assert handle.take_helm("alice")
    assert handle.helm() == HelmView(holder="alice", since=1, yours=True)
    handle.bridge.board("far")
    assert not handle.bridge.take("far", "bob", 2, over=False)
    assert handle.bridge.take("far", "bob", 3, over=True)
    assert handle.helm() == HelmView(holder="bob", since=3)
    assert not handle.take_helm("alice", over=False)
    handle.leave_helm()
    assert handle.helm().holder == "bob"
    handle.bridge.leave("far")
    assert handle.take_helm("alice", over=False)
    handle.leave_helm()
    assert handle.bridge.view(EMBEDDED) == HelmView()
