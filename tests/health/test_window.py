from __future__ import annotations

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from radtui.health.window import SLOTS, Window

EPOCH = 1_700_000_000


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 200), st.integers(1, 9)), max_size=200), st.integers(1, SLOTS))
def test_time_that_moves_on_keeps_exactly_the_last_spans(steps: list[tuple[int, int]], spans: int) -> None:
    window, expected, now = Window(), Counter[int](), EPOCH
    for step, times in steps:
        now += step
        window.add(now, times)
        expected[now] += times
    assert window.last(now, spans) == [expected[span] for span in range(now - spans + 1, now + 1)]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(EPOCH, EPOCH + SLOTS - 1), max_size=200))
def test_within_the_ring_the_order_of_arrival_does_not_matter(spans: list[int]) -> None:
    window = Window()
    for span in spans:
        window.add(span, 1)
    assert window.last(EPOCH + SLOTS - 1, SLOTS) == [spans.count(EPOCH + slot) for slot in range(SLOTS)]


def test_a_clock_that_was_set_back_does_not_lose_what_comes() -> None:
    window = Window()
    window.add(EPOCH + 10_000 * SLOTS, 1)
    window.add(EPOCH, 1)
    assert window.last(EPOCH, 1) == [1]
