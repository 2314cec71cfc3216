"""Orders that meet the book of the moment, slippage 0.1 %: the first offers of 250 lots lie at 99.9 and 100.1."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from venue_world import COIN, FixedMarks, live, quiet, send, step, stop, traded

from radtui.core.order import Cross, PriceType, TimeInForce, Trigger
from radtui.venue.refusals import VenueRefusal

CALM = [quiet("100")] * 4


def test_an_order_meets_the_book_at_once_and_what_it_took_is_gone_until_the_next_step() -> None:
    where = live(*CALM, balance="1000000")
    assert send(where, "a", "buy", 150).filled_value == Decimal("15015.0")
    assert where.book(COIN.symbol).asks[0] == (Decimal("100.1"), 100)
    send(where, "b", "buy", 150)
    assert traded(where.drain())[-2:] == [("b", 100, "100.1"), ("b", 50, "100.2")]
    step(where)
    assert where.book(COIN.symbol).asks[0] == (Decimal("100.1"), 250)


def test_without_match_an_order_waits_for_the_next_step() -> None:
    where = live(*CALM)
    report = send(where, "a", "buy", 1, "99")
    assert (report.active, report.filled_lots) == (True, 0)
    assert [row for row in where.book(COIN.symbol).bids if row[0] == 99] == [(Decimal("99.0"), 32001)]


def test_own_resting_orders_stand_in_the_book_at_their_prices() -> None:
    where = live(*CALM)
    send(where, "bid", "buy", 3, "100")
    send(where, "ask", "sell", 2, "100.1")
    book = where.book(COIN.symbol)
    assert book.bids[:2] == [(Decimal(100), 3), (Decimal("99.9"), 250)]
    assert book.asks[0] == (Decimal("100.1"), 252)


def test_our_own_resting_order_is_taken_where_it_is_the_best() -> None:
    where = live(*CALM)
    send(where, "rests", "buy", 3, "100")
    where.drain()
    report = send(where, "takes", "sell", 5)
    said = where.drain()
    assert traded(said) == [("rests", 3, "100"), ("takes", -3, "100"), ("takes", -2, "99.9")]
    assert not report.active
    assert where.positions()[0].lots == -2
    assert where.everyone == 1000


def test_a_resting_order_that_has_nothing_left_to_close_does_not_hold_the_taking_one_up() -> None:
    where = live(*CALM, balance="10000")
    send(where, "in", "buy", 4)
    send(where, "first", "sell", 4, "100", reduce_only=True)
    send(where, "target", "sell", 4, "100", reduce_only=True)
    # It buys from the first, which closes all there is; the rest comes from the book.
    assert send(where, "more", "buy", 10, "100.1").filled_lots == 10
    assert where.positions()[0].lots == 10
    assert where.order(COIN.symbol, "target").reason.startswith("300009")


def test_post_only_does_not_take_from_our_own_order_either() -> None:
    where = live(*CALM)
    send(where, "rests", "buy", 3, "100")
    report = send(where, "maker", "sell", 1, "100", post_only=True)
    assert (report.cancelled, report.filled_lots) == (True, 0)


def test_ioc_and_market_orders_end_at_once() -> None:
    where = live(*CALM)
    assert send(where, "ioc", "buy", 3, "100", tif=TimeInForce.IOC).cancelled
    assert send(where, "market", "buy", 3).filled_lots == 3
    assert where.open_orders() == []


@pytest.mark.parametrize(("on", "fires"), [(PriceType.LAST, False), (PriceType.MARK, True), (PriceType.INDEX, False)])
def test_a_stop_whose_condition_holds_already_fires_at_once_on_its_own_price(on: PriceType, fires: bool) -> None:
    where = live(*CALM, marks=FixedMarks(marks={0: "98"}, indices={0: "99"}))
    send(where, "in", "buy", 2)
    step(where)
    report = send(where, "out", "sell", close_order=True, stop=Trigger(Cross.DOWN, Decimal("98.5"), on))
    assert report.triggered is fires
    assert (where.positions() == []) is fires


@pytest.mark.parametrize("on", [PriceType.MARK, PriceType.INDEX])
def test_a_stop_on_mark_or_index_sleeps_through_what_the_last_price_does(on: PriceType) -> None:
    dip = ("100", "100", "90", "100")
    prices = {0: "100", 1: "100", 2: "94.9", 3: "94.9"}
    where = live(quiet("100"), dip, quiet("97"), quiet("97"), balance="10000", marks=FixedMarks(prices, prices))
    send(where, "in", "buy", 2, leverage=2)
    step(where)
    send(where, "out", "sell", close_order=True, stop=Trigger(Cross.DOWN, Decimal(95), on))
    assert traded(step(where)) == []
    assert traded(step(where)) == [("out", -2, "96.9")]


def test_a_stop_on_the_last_price_is_the_default() -> None:
    where = live(quiet("100"), ("100", "100", "94", "96"), balance="10000")
    send(where, "in", "buy", 2, leverage=2)
    step(where)
    send(where, "out", "sell", close_order=True, stop=stop("down", "95"))
    assert traded(step(where)) == [("out", -2, "94.9")]


def test_a_stop_limit_left_behind_by_the_price_trades_at_its_limit() -> None:
    where = live(quiet("100"), ("100", "100", "94", "96"), balance="10000")
    send(where, "in", "buy", 2, leverage=2)
    step(where)
    send(where, "out", "sell", 2, "95.5", reduce_only=True, stop=stop("down", "95"))
    assert traded(step(where)) == [("out", -2, "95.5")], "at the end of the step the market is above it"
    assert where.positions() == []


def test_an_unknown_contract_has_no_book() -> None:
    with pytest.raises(VenueRefusal, match="100003"):
        live(*CALM).book("NONE")


@settings(deadline=None, max_examples=60)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["buy", "sell"]), st.integers(1, 3000) | st.integers(1, 9), st.none() | st.integers(-30, 30)
        ),
        max_size=8,
    ),
    st.sampled_from(["0", "0.00001", "0.001", "0.01"]),
)
def test_the_book_never_crosses_and_always_has_twenty_levels(
    orders: list[tuple[str, int, int | None]], slippage: str
) -> None:
    where = live(*CALM, balance="10000000", slippage=slippage)
    for number, (side, lots, away) in enumerate(orders):
        price = None if away is None else str(100 + away * COIN.tick)
        send(where, f"o-{number}", side, lots, price)
        book = where.book(COIN.symbol)
        assert book.bids[0][0] < book.asks[0][0]
        assert book.bids == sorted(book.bids, reverse=True)
        assert book.asks == sorted(book.asks)
        assert min(len(book.bids), len(book.asks)) >= 20
    assert where.everyone == 10_000_000
