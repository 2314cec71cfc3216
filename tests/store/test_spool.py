"""What waits to be recorded: bounded, counted, and begun anew from core's state after every loss."""

from __future__ import annotations

import msgspec
import pytest

from radtui.core.events import ReadFailed
from radtui.core.market import HOUR
from radtui.store.spool import Spool
from tests.store.recordings import CONFIG, price

STATE = b"state"


def spool(most: int = 1_000_000) -> Spool:
    return Spool(CONFIG, lambda: STATE, most=most)


def test_sequences_count_on_over_all_that_is_taken() -> None:
    made = spool()
    taken = []
    for number in range(1, 8):
        made.note(price(number), [])
        if number % 3 == 0:
            taken += made.take()
    taken += made.take()
    assert [(chunk.first, chunk.count) for chunk in taken] == [(1, 3), (4, 3), (7, 1)]
    assert [chunk.head is not None for chunk in taken] == [True, False, False]
    assert made.take() == []


def test_a_full_segment_ends_after_the_event_in_hand() -> None:
    made = spool()
    made.note(price(1), [])
    made.full = True
    made.note(price(2), [])
    made.note(price(3), [])
    first, second = made.take()
    assert (first.first, first.count) == (1, 2)
    assert second.head is not None
    assert (second.first, second.head.first, second.head.number, second.head.state) == (3, 3, 2, STATE)
    assert (second.head.lost, second.head.why, made.full) == (0, "", False)


def test_a_segment_ends_after_an_hour() -> None:
    made = spool()
    made.note(price(1), [])
    made.note(price(HOUR // 1_000_000_000 + 1), [])
    made.note(price(2), [])
    assert [chunk.first for chunk in made.take()] == [1, 3]


def test_what_the_disk_does_not_take_is_lost_and_counted_and_begun_anew() -> None:
    made = spool(most=200)
    for number in range(1, 11):
        made.note(price(number), [])
    assert "does not keep up" in made.trouble
    (kept,) = made.take()
    assert kept.count < 10
    made.note(price(11), [])  # the one after which core's state is taken
    made.note(price(12), [])
    (anew,) = made.take()
    assert anew.head is not None
    assert (anew.first, anew.count, anew.head.lost) == (12, 1, 11 - kept.count)
    assert "does not keep up" in anew.head.why


def test_while_nothing_was_taken_all_that_comes_is_lost() -> None:
    made = spool(most=0)
    for number in range(1, 5):
        made.note(price(number), [])
    (kept,) = made.take()
    assert kept.count == 1
    made.note(price(5), [])
    (anew,) = made.take()
    assert anew.head is not None
    assert (anew.head.lost, anew.head.first) == (4, 6)


def test_what_was_taken_and_could_not_be_written_is_lost_with_what_waits() -> None:
    made = spool()
    for number in range(1, 4):
        made.note(price(number), [])
    taken = made.take()
    made.note(price(4), [])
    made.fail(sum(chunk.count for chunk in taken), "no space")
    made.note(price(5), [])  # not before the writer asks again
    assert made.take() == []
    made.note(price(6), [])
    made.note(price(7), [])
    (anew,) = made.take()
    assert anew.head is not None
    assert (anew.head.lost, anew.head.why, anew.first, anew.count) == (6, "no space", 7, 1)


@pytest.mark.parametrize("event", [ReadFailed(2**70, "too large"), ReadFailed(1, "\ud800")], ids=["number", "letter"])
def test_an_event_that_cannot_be_written_down_costs_itself_and_the_next(event: ReadFailed) -> None:
    made = spool()
    made.note(price(1), [])
    made.note(event, [])
    made.note(price(3), [])
    made.note(price(4), [])
    first, anew = made.take()
    assert (first.first, first.count) == (1, 1)
    assert msgspec.msgpack.decode(first.data)[0]["at"] == price(1).at, "half of an event was left behind"
    assert anew.head is not None
    assert (anew.first, anew.head.lost) == (4, 2)
    assert "cannot be written down" in made.trouble


def test_texts_are_marked_where_there_may_be_some() -> None:
    made = spool()
    for event in (price(1), ReadFailed(1, "why"), price(2)):
        made.note(event, [])
    (chunk,) = made.take()
    ((begin, end),) = chunk.texts
    assert b"why" in chunk.data[begin:end]
    assert b"PriceMoved" not in chunk.data[begin:end]
