"""Each message counts once, whatever is told again and in whichever order; and memory has an end."""

from __future__ import annotations

from unittest.mock import patch

from hypothesis import given
from hypothesis import strategies as st

from radtui.core import once
from radtui.core.once import KEPT, Once

FEW = 5
KEYS = st.integers(0, 12).map(str)
MESSAGES = st.lists(st.tuples(KEYS, st.integers(0, 50), st.integers(0, 60)), max_size=80)
STRIDES = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 20)), max_size=80)


@given(MESSAGES)
def test_what_a_reading_may_show_again_counts_once(messages: list[tuple[str, int, int]]) -> None:
    moments: dict[str, int] = {}
    since = 0
    taken = Once()
    with patch.object(once, "KEPT", FEW):
        for key, at, shown_since in messages:
            since = max(since, shown_since)  # what readings show moves on, never back
            known = moments.get(key)
            first = taken.first(key, at, shown_since=since)
            if known is None:
                assert first
            elif known >= since:
                assert not first, "it may be shown again, and must not count again"
            if first:
                moments[key] = at


@given(STRIDES)
def test_of_what_is_older_only_so_many_are_kept_and_the_latest_of_them(strides: list[tuple[int, int]]) -> None:
    at = since = 0
    told: list[tuple[str, int]] = []
    taken = Once()
    with patch.object(once, "KEPT", FEW):
        for stride, reach in strides:
            at += stride
            since = max(since, at - reach)
            told.append((str(len(told)), at))
            assert taken.first(*told[-1], shown_since=since)
            assert len(taken.keys) >= min(FEW, len(told))
            assert list(taken.keys.items()) == told[-len(taken.keys) :], "the oldest go first"
            assert {key for key, moment in told if moment >= since} <= taken.keys.keys(), "it may be shown again"
            if len(taken.keys) > FEW:
                assert next(iter(taken.keys.values())) >= since, "more are kept only for what may be shown again"


def test_a_thousand_are_kept_in_any_case() -> None:
    taken = Once()
    for number in range(KEPT + 1):
        taken.first(str(number), number, shown_since=10**6)
    assert len(taken.keys) == KEPT
    assert not taken.first("1", 1, shown_since=10**6)
    assert taken.first("0", 0, shown_since=10**6), "the only one that is forgotten"


@given(st.dictionaries(KEYS, st.integers(0, 50)), KEYS)
def test_a_restart_changes_nothing_and_shares_nothing(before: dict[str, int], key: str) -> None:
    taken, kept = Once(before), dict(before)
    assert taken.first(key, 9, shown_since=0) == (key not in kept)
    assert not taken.first(key, 9, shown_since=0)
    assert before == kept
    assert not Once(taken.keys).first(key, 9, shown_since=0)
