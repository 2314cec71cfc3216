from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st
from venue_world import COIN

from radtui.core.order import Side
from radtui.venue.book import DEPTH, LEVELS, TOUCH, Book

ticks = st.integers(1, 100_000).map(lambda n: n * COIN.tick)
sides = st.sampled_from(Side)
slips = st.integers(0, 100).map(lambda n: Decimal(n) / 10_000)


@settings(deadline=None, max_examples=80)
@given(ticks, slips, sides, st.integers(1, 3_000_000), st.none() | ticks)
def test_no_level_is_better_than_the_middle_nor_through_the_limit(
    middle: Decimal, slippage: Decimal, side: Side, lots: int, limit: Decimal | None
) -> None:
    taken = list(Book(COIN, middle, slippage).take(side, lots, limit))
    prices = [price * side.sign for price, _ in taken]
    assert sum(count for _, count in taken) <= lots
    assert all(count > 0 for _, count in taken)
    assert prices == sorted(prices)
    for price, _ in taken:
        assert price % COIN.tick == 0
        assert price > 0
        assert (price - middle) * side.sign >= 0 or price == COIN.tick
        assert limit is None or (price - limit) * side.sign <= 0


@settings(deadline=None, max_examples=40)
@given(sides, st.lists(st.integers(1, 20_000), min_size=1, max_size=12))
def test_what_one_takes_is_gone_for_the_next(side: Side, sizes: list[int]) -> None:
    shared = Book(COIN, Decimal(100), Decimal("0.001"))
    piecewise = [part for lots in sizes for part in shared.take(side, lots, None)]
    whole = list(Book(COIN, Decimal(100), Decimal("0.001")).take(side, sum(sizes), None))
    by_price: dict[Decimal, int] = {}
    for price, lots in piecewise:
        by_price[price] = by_price.get(price, 0) + lots
    assert by_price == dict(whole)


def test_the_first_level_lies_one_slippage_away_on_the_worse_tick() -> None:
    book = Book(COIN, Decimal("100.1"), Decimal("0.0005"))
    assert next(book.take(Side.BUY, 1, None)) == (Decimal("100.2"), 1)
    assert next(book.take(Side.SELL, 1, None)) == (Decimal("100.0"), 1)


def test_eight_levels_double_then_they_stay_as_they_are_and_then_there_is_nothing() -> None:
    unit = int(DEPTH / 100)
    taken = list(Book(COIN, Decimal(100), Decimal("0.001")).take(Side.BUY, 10**9, None))
    assert [lots for _, lots in taken] == [unit * 2 ** min(level, 7) for level in range(LEVELS)]
    assert [price for price, _ in taken][:3] == [Decimal("100.1"), Decimal("100.2"), Decimal("100.3")]


def test_a_book_to_look_at_is_thinner_at_the_touch() -> None:
    lots = [lots for _, lots in Book(COIN, Decimal(100), Decimal("0.001"), spread=True).offers(Side.BUY)]
    assert lots[:3] == [int(TOUCH / 100) * 2**level for level in range(3)]


def test_without_slippage_everything_trades_at_the_middle() -> None:
    taken = list(Book(COIN, Decimal(100), Decimal(0)).take(Side.SELL, 5000, None))
    assert {price for price, _ in taken} == {Decimal(100)}


def test_a_limit_crosses_from_the_best_offer_on() -> None:
    book = Book(COIN, Decimal(100), Decimal("0.001"))
    assert not book.crosses(Side.BUY, Decimal("100.0"))
    assert book.crosses(Side.BUY, Decimal("100.1"))
    assert book.crosses(Side.SELL, Decimal("99.9"))
    assert not book.crosses(Side.SELL, Decimal("100.0"))
