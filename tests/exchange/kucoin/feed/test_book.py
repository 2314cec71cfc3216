"""Whatever is lost, repeated, reordered or garbled: the book equals the exchange's, or says that it is not usable."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from contextlib import suppress
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from radtui.exchange.kucoin.feed.book import BUFFERED, REPEATS, BadDelta, Book, Level

EXAMPLE = (
    Path(os.environ.get("RADTUI_SHARED", "../shared")) / "kucoin/fixtures/ws/olddocs_level2_calibration_example.json"
)
BIDS = [(Decimal("3988.51"), 56), (Decimal("3988.50"), 15), (Decimal("3988.49"), 100)]
ASKS = [(Decimal("3988.59"), 3), (Decimal("3988.60"), 47), (Decimal("3988.61"), 32)]


def loaded() -> Book:
    book = Book("XBTUSDTM")
    assert book.snapshot(16, BIDS, ASKS)
    return book


def test_it_starts_out_not_usable_and_says_so() -> None:
    book = Book("XBTUSDTM")
    assert not book.usable
    assert "snapshot" in book.why
    assert (book.best_bid, book.best_ask, book.bids(5), book.asks(5)) == (None, None, (), ())
    assert not book.delta(1, "1,buy,1")


def test_deltas_that_waited_are_applied_to_the_snapshot_and_older_ones_dropped() -> None:
    book = Book("XBTUSDTM")
    for sequence, change in ((15, "1,buy,1"), (16, "2,buy,1"), (17, "3988.50,buy,44"), (18, "3988.59,sell,0")):
        assert not book.delta(sequence, change)
    assert book.snapshot(16, BIDS, ASKS)
    assert (book.sequence, book.why) == (18, "")
    assert book.bids(2) == (Level(Decimal("3988.51"), 56), Level(Decimal("3988.50"), 44))
    assert book.best_ask == Level(Decimal("3988.60"), 47)


def test_the_exchanges_own_worked_example() -> None:
    if not EXAMPLE.exists():
        pytest.skip("the captured frames are not part of the project; set RADTUI_SHARED to check them")
    example = json.loads(EXAMPLE.read_text())
    whole, deltas, end = example["request"]["snapshot"], example["request"]["deltas"], example["response"]
    book = Book("XBTUSDM")
    for delta in deltas:
        book.delta(delta["sequence"], delta["change"])
    sides = [[(Decimal(price), lots) for price, lots in whole[side]] for side in ("bids", "asks")]
    assert book.snapshot(whole["sequence"], *sides)
    assert book.sequence == end["sequence"]
    assert [(level.price, level.lots) for level in book.bids(9)] == [(Decimal(p), n) for p, n in end["bids"]]
    assert [(level.price, level.lots) for level in book.asks(9)] == [(Decimal(p), n) for p, n in end["asks"]]


def test_the_same_price_in_another_spelling_is_the_same_level() -> None:
    book = loaded()
    assert book.delta(17, "3988.5,buy,1")
    assert book.delta(18, "3988.500,buy,2")
    assert [level.lots for level in book.bids(9)] == [56, 2, 100]


def test_a_gap_is_noticed_and_told() -> None:
    book = loaded()
    assert not book.delta(18, "3988.5,buy,1")
    assert not book.usable
    assert book.why == "a gap: 18 came after 16, 1 changes are missing"
    assert (book.gaps, book.best_bid) == (1, None)
    assert not book.snapshot(16, BIDS, ASKS), "a snapshot from before the gap does not close it"
    assert book.snapshot(17, BIDS, ASKS)
    assert (book.sequence, book.bids(2)[1].lots) == (18, 1)


def test_a_repeated_delta_changes_nothing() -> None:
    book = loaded()
    assert book.delta(17, "3988.5,buy,1")
    assert book.delta(17, "3988.5,buy,9")
    assert book.delta(3, "3988.5,buy,9")
    assert (book.bids(2)[1].lots, book.repeats) == (1, 2)


def test_an_exchange_that_counts_anew_is_noticed() -> None:
    book = loaded()
    for number in range(1, REPEATS):
        assert book.delta(number % 5, "3988.5,buy,1")
    assert not book.delta(1, "3988.5,buy,1")
    assert "counts anew" in book.why


def test_a_crossed_book_is_not_usable() -> None:
    book = loaded()
    assert not book.delta(17, "3988.59,buy,1")
    assert book.why == "its bid 3988.59 is not below its ask 3988.59"
    assert book.best_bid is None
    assert not Book("X").snapshot(1, [(Decimal(2), 1)], [(Decimal(2), 1)])


@pytest.mark.parametrize(
    "change",
    [
        "",
        "1,buy",
        "1,buy,1,1",
        "x,buy,1",
        "NaN,buy,1",
        "Infinity,buy,1",
        "-1,buy,1",
        "0,buy,1",
        "1,hold,1",
        "1,buy,-1",
        "1,buy,x",
    ],
)
def test_a_delta_that_cannot_be_read_makes_the_book_not_usable(change: str) -> None:
    book = loaded()
    with pytest.raises(BadDelta):
        book.delta(17, change)
    assert not book.usable
    assert "could not be read" in book.why


def test_an_unreadable_delta_that_waited_is_found_when_it_is_applied() -> None:
    book = Book("X")
    book.delta(17, "nonsense")
    with pytest.raises(BadDelta):
        book.snapshot(16, BIDS, ASKS)
    assert not book.usable
    assert book.snapshot(17, BIDS, ASKS)


def test_what_waits_for_a_snapshot_is_bounded() -> None:
    book = Book("X")
    for sequence in range(3 * BUFFERED):
        book.delta(sequence, "1,buy,1")
    assert len(book._buffer) <= BUFFERED
    assert book.snapshot(3 * BUFFERED - 1, BIDS, ASKS)


def test_prices_that_are_remembered_are_bounded() -> None:
    book = loaded()
    for number in range(20_000):
        book.delta(17 + number, f"{1 + number % 3000}.{number},buy,0")
    assert len(book._bids._texts) <= 4_096
    assert book.usable


def test_one_empty_side_is_no_fault() -> None:
    book = Book("X")
    assert book.snapshot(1, [], ASKS)
    assert book.best_bid is None
    assert book.delta(2, "1,buy,4")
    assert book.best_bid == Level(Decimal(1), 4)


class Exchange:
    """The truth: a book, its history, and the deltas that made it."""

    def __init__(self) -> None:
        self.sides: dict[str, dict[Decimal, int]] = {"buy": {Decimal(90): 1}, "sell": {Decimal(110): 1}}
        self.sequence = 0
        self.deltas: list[tuple[int, str]] = []
        self.states = [self.state()]

    def state(self) -> tuple[list[tuple[Decimal, int]], list[tuple[Decimal, int]]]:
        bids, asks = (sorted(self.sides[side].items()) for side in ("buy", "sell"))
        return bids[::-1], asks

    def change(self, side: str, offset: int, lots: int) -> None:
        price = Decimal(100) + (offset + 1) * (Decimal("0.5") if side == "sell" else Decimal("-0.5"))
        self.sides[side].pop(price, None)
        if lots:
            self.sides[side][price] = lots
        self.sequence += 1
        self.deltas.append((self.sequence, f"{price},{side},{lots}"))
        self.states.append(self.state())


changes = st.lists(st.tuples(st.sampled_from(["buy", "sell"]), st.integers(0, 8), st.integers(0, 3)), max_size=40)
happenings = st.lists(
    st.one_of(
        st.tuples(st.just("next"), st.just(0)),
        st.tuples(st.just("lose"), st.integers(1, 3)),
        st.tuples(st.just("repeat"), st.integers(1, 5)),
        st.tuples(st.just("swap"), st.just(0)),
        st.tuples(st.just("garble"), st.just(0)),
        st.tuples(st.just("snapshot"), st.integers(-6, 6)),
        st.tuples(st.just("reconnect"), st.just(0)),
    ),
    max_size=80,
)


def equals(book: Book, state: tuple[Sequence[tuple[Decimal, int]], Sequence[tuple[Decimal, int]]]) -> bool:
    bids, asks = state
    best = (bids[0] if bids else None, asks[0] if asks else None)
    same_best = (book.best_bid, book.best_ask) == best
    return same_best and (list(book.bids(99)), list(book.asks(99))) == (list(bids), list(asks))


class Feed:
    """Tells a book the truth, more or less."""

    def __init__(self, exchange: Exchange) -> None:
        self.exchange, self.book, self.place = exchange, Book("X"), 0

    def give(self, index: int) -> None:
        if 0 <= index < len(self.exchange.deltas):
            self.book.delta(*self.exchange.deltas[index])

    def next(self, number: int) -> None:
        self.give(self.place)
        self.place += 1

    def lose(self, number: int) -> None:
        self.place += number

    def repeat(self, number: int) -> None:
        self.give(self.place - number)

    def swap(self, number: int) -> None:
        self.give(self.place + 1)
        self.give(self.place)
        self.place += 2

    def garble(self, number: int) -> None:
        self.place += 1
        with suppress(BadDelta):
            self.book.delta(self.place, "?")

    def reconnect(self, number: int) -> None:
        self.book.lose("reconnected")

    def snapshot(self, number: int) -> None:
        at = min(max(0, self.place + number), self.exchange.sequence)
        with suppress(BadDelta):  # one that waited was garbled
            self.book.snapshot(at, *self.exchange.states[at])


@settings(deadline=None, max_examples=300)
@given(changes, happenings)
def test_it_equals_the_truth_or_says_that_it_does_not(
    made: list[tuple[str, int, int]], happened: list[tuple[str, int]]
) -> None:
    exchange = Exchange()
    for change in made:
        exchange.change(*change)
    feed = Feed(exchange)
    for what, number in happened:
        getattr(feed, what)(number)
        feed.place = min(feed.place, len(exchange.deltas))
        assert feed.book.usable != bool(feed.book.why)
        assert not feed.book.usable or equals(feed.book, exchange.states[feed.book.sequence])
    while feed.place < len(exchange.deltas):
        with suppress(BadDelta):
            feed.next(0)
    for _ in range(2):  # in the end everything heals
        feed.snapshot(99)
    assert equals(feed.book, exchange.states[-1])


def test_a_snapshot_with_hollow_levels_has_none_of_them() -> None:
    book = Book("X")
    assert book.snapshot(1, [(Decimal(2), -1), (Decimal(1), 0), (Decimal("0.5"), 3)], [])
    assert book.bids(9) == (Level(Decimal("0.5"), 3),)
    assert book.delta(2, "2,buy,0")
    assert book.delta(3, "0.50,buy,0")
    assert (book.best_bid, book.bids(9)) == (None, ())
