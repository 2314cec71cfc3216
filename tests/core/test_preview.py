"""What a stop would do, worked out on the book: walking it, and answering without changing anything."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radtui.core.book import BookShown, Level
from radtui.core.commands import Answer, Say, Survey
from radtui.core.events import BooksShown, Told
from radtui.core.instruction import Ask, ExitPolicy, Instruction
from radtui.core.order import OrderType, Side
from radtui.core.preview import Preview, closing, total, unknown, walk
from radtui.venue.contracts import CONTRACTS
from tests.core.holdings import holding
from tests.core.makers import ETH, XBT, request
from tests.core.rim import SYMBOLS, Outcome, Rim

LEVELS = st.lists(st.tuples(st.integers(1, 10**6), st.integers(1, 1000)), max_size=8, unique_by=lambda each: each[0])


def levels(*rows: tuple[str, int]) -> tuple[Level, ...]:
    return tuple(Level(Decimal(price), lots) for price, lots in rows)


@given(LEVELS, st.integers(0, 5000))
def test_a_walk_takes_the_best_levels_first_and_never_more_than_there_is(
    rows: list[tuple[int, int]], lots: int
) -> None:
    book = tuple(Level(Decimal(price), held) for price, held in sorted(rows))
    taken = walk(book, lots)
    assert sum(level.lots for level in taken) == min(lots, sum(level.lots for level in book))
    assert all(
        mine.price == there.price and 0 < mine.lots <= there.lots for mine, there in zip(taken, book, strict=False)
    )
    assert all(mine.lots == there.lots for mine, there in list(zip(taken, book, strict=False))[: len(taken) - 1])


@pytest.mark.parametrize(("lots", "sign"), [(15, 1), (-15, -1)])
def test_a_position_that_takes_two_levels(lots: int, sign: int) -> None:
    prices = ("59990", "59980") if lots > 0 else ("60010", "60020")
    side = levels((prices[0], 10), (prices[1], 10))
    book = BookShown(XBT.symbol, bids=side if lots > 0 else (), asks=side if lots < 0 else ())
    found = closing(XBT, lots, Decimal(60_000), book)
    assert found.side is (Side.SELL if lots > 0 else Side.BUY)
    assert found.levels == levels((prices[0], 10), (prices[1], 5))
    cost = Decimal(10 * 10 + 20 * 5) * XBT.multiplier
    assert found.slippage == pytest.approx(cost)
    assert found.slippage_ticks == round(Decimal(200) / 15 / XBT.tick)
    value = (Decimal(prices[0]) * 10 + Decimal(prices[1]) * 5) * XBT.multiplier
    assert found.fee == value * XBT.taker_fee
    assert (found.beyond, found.failing, unknown((found,))) == (0, "", ())
    assert total((found,)) == {"USDT": found.fee + found.slippage}


def test_a_book_that_is_too_thin_says_what_is_not_known_and_counts_its_fee_at_the_mark() -> None:
    found = closing(XBT, 30, Decimal(60_000), BookShown(XBT.symbol, bids=levels(("60000", 10))))
    assert found.beyond == 20
    assert found.slippage == 0
    assert found.fee == Decimal(60_000) * XBT.multiplier * 30 * XBT.taker_fee
    assert unknown((found,)) == ("XBTUSDTM: the shown book is 20 lots too thin; beyond it the price is unknown",)


def test_without_a_book_and_without_a_mark_nothing_is_made_up() -> None:
    blind = closing(ETH, 5, None, None)
    assert (blind.average, blind.slippage, blind.slippage_ticks, blind.fee) == (None, None, None, None)
    assert unknown((blind,)) == ("ETHUSDTM: its book was not read", "ETHUSDTM: no last price yet, so no slippage")
    assert total((blind,)) == {"USDT": 0}


def test_what_is_the_same_of_several_contracts_is_said_once() -> None:
    down = [closing(each, 5, Decimal(60_000), BookShown(each.symbol, failing="no answer")) for each in (XBT, ETH)]
    thin = closing(XBT, 30, None, BookShown(XBT.symbol, bids=levels(("60000", 10))))
    assert unknown((down[0], thin, down[1])) == (
        "XBTUSDTM, ETHUSDTM: no answer",
        "XBTUSDTM: the shown book is 20 lots too thin; beyond it the price is unknown",
        "XBTUSDTM: no last price yet, so no slippage",
    )


def test_an_inverse_contract_is_reckoned_in_coin() -> None:
    inverse = next(each for each in CONTRACTS.values() if each.inverse)
    found = closing(inverse, 100, Decimal(50_000), BookShown(inverse.symbol, bids=levels(("49000", 500))))
    assert found.settle == inverse.settle
    assert found.slippage is not None
    assert found.slippage > 0, "a sale below the mark costs coin"
    assert found.fee is not None
    assert found.fee == inverse.notional(Decimal(49_000), 100) * inverse.taker_fee


def beside_a_stranger() -> Rim:
    """Return a bot with two positions, and somebody else's order on the same account."""
    rim = holding(*SYMBOLS)
    asked = request("stranger-1", 3, symbol="ETHUSDTM", type=OrderType.LIMIT, price=Decimal("2700.00"))
    rim.venue.place(asked)
    rim.venue.drain()
    rim.feed_read()
    rim.pending.clear()
    return rim


def previewed(
    rim: Rim, exits: ExitPolicy | None = None, *, foreign: bool = False, outcome: Outcome = Outcome.OK
) -> Preview:
    told = rim.tell(Ask.PREVIEW, exits, foreign=foreign)
    rim.carry(outcome)
    preview = rim.receipts[told].preview
    assert preview is not None
    return preview


def test_a_preview_lists_what_an_emergency_stop_would_do_and_the_stop_does_just_that() -> None:
    rim = beside_a_stranger()
    preview = previewed(rim)
    assert [each.symbol for each in preview.closes] == sorted(SYMBOLS)
    assert {each.symbol for each in preview.stops} == set(SYMBOLS)
    assert preview.foreign == ("ETHUSDTM limit buy 3 lots @ 2700.00",)
    assert (preview.others, preview.keeps, preview.unknown) == ((), (), ())
    assert preview.read_at == rim.at
    told = rim.tell(Ask.EMERGENCY_STOP)
    rim.calm()
    receipt = rim.receipts[told]
    closed = {each.symbol: each for each in receipt.closed}
    for each in preview.closes:
        assert (each.lots, each.side) == (closed[each.symbol].lots, closed[each.symbol].side)
        assert each.average == closed[each.symbol].average
        assert each.slippage == closed[each.symbol].slippage
        assert each.fee == closed[each.symbol].fee
    assert preview.cost["USDT"] == sum((each.fee + (each.slippage or 0) for each in receipt.closed), Decimal(0))


def test_of_a_stop_that_keeps_positions_it_says_what_stays() -> None:
    preview = previewed(beside_a_stranger(), ExitPolicy.KEEP)
    assert len(preview.keeps) == 2
    assert (preview.closes, preview.stops, preview.cost) == ((), (), {})


def test_what_is_not_ours_is_in_it_where_that_is_asked() -> None:
    preview = previewed(beside_a_stranger(), foreign=True)
    (other,) = preview.others
    assert (other.client_id, other.own, other.lots) == ("stranger-1", False, 3)
    assert preview.foreign == ()


def test_books_that_cannot_be_read_are_said() -> None:
    preview = previewed(beside_a_stranger(), outcome=Outcome.LOST_BEFORE)
    assert [each.failing for each in preview.closes] == ["no answer"] * 2
    assert preview.unknown == ("ETHUSDTM, XBTUSDTM: no answer",)


def test_a_preview_changes_nothing_and_is_not_kept() -> None:
    rim = beside_a_stranger()
    before = rim.core.memory()
    told = Instruction(id="p", ask=Ask.PREVIEW, who="test")
    (survey,) = rim.core.handle(Told(rim.at, told))
    assert survey == Survey("p", tuple(sorted(SYMBOLS)))
    assert rim.core.handle(Told(rim.at, told)) == [survey]
    (answer,) = rim.core.handle(BooksShown(rim.at, "p", ()))
    assert isinstance(answer, Answer)
    assert not isinstance(answer, Say)
    assert rim.core.memory() == before
    assert rim.core.handle(BooksShown(rim.at, "p", ())) == [], "books that come twice"


def test_a_preview_without_books_is_in_nobodys_way_and_forgotten_in_the_end() -> None:
    rim = beside_a_stranger()
    for number in range(30):
        rim.core.handle(Told(rim.at, Instruction(id=f"p{number}", ask=Ask.PREVIEW, who="test")))
    assert len(rim.core.surveys._waiting) == 16
    told = rim.tell(Ask.EMERGENCY_STOP)
    rim.calm()
    assert rim.receipts[told].success


def test_before_the_first_reading_it_says_that_nothing_was_read() -> None:
    assert previewed(Rim()).read_at == 0
