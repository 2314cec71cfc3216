"""A token opens for whom it was given; wrong ones are counted, each peer by itself, and not for ever."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from radtui.api.keyring import _PEERS, Caller, Failures, Keyring, Scope

KEYS = Keyring([("a", "read", "x" * 30), ("b", "control", "y" * 30)])


@given(st.text())
def test_only_a_token_opens(text: str) -> None:
    assert (KEYS.find(text) is not None) is (text in {"x" * 30, "y" * 30})


def test_it_opens_for_whom_it_was_given() -> None:
    assert KEYS.find("x" * 30) == Caller("api:a", Scope.READ)
    found = KEYS.find("y" * 30)
    assert found is not None
    assert found.controls
    assert not Caller("api:a", Scope.READ).controls


def test_failures_are_counted_by_peer_and_forgotten_after_a_minute() -> None:
    at = [0.0]
    failures = Failures(lambda: at[0])
    assert [failures.add("p") for _ in range(3)] == [1, 2, 3]
    assert failures.add("q") == 1
    at[0] = 59.0
    assert (failures.add("p"), failures.wait("p")) == (4, 1)
    at[0] = 60.0
    assert failures.add("p") == 1


def test_whoever_comes_from_many_addresses_fills_no_memory() -> None:
    failures = Failures(lambda: 0.0)
    for number in range(3 * _PEERS):
        failures.add(str(number))
    assert len(failures._of) == _PEERS
    assert failures.add("0") == 1
