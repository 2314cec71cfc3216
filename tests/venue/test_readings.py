from __future__ import annotations

from decimal import Decimal

import pytest
from venue_world import COIN, DIME, GEM, FixedMarks, ScriptedMarket, ask, live, quiet, send, step

from radtui.core.market import HOUR
from radtui.venue.bars import Prices
from radtui.venue.readings import FUNDING_RATE
from radtui.venue.refusals import VenueRefusal
from radtui.venue.venue import Venue

CALM = [quiet("100")] * 3


def test_an_order_is_found_by_its_id_in_every_state() -> None:
    where = live(*CALM)
    resting, filled = send(where, "rests", "buy", 1, "99"), send(where, "fills", "buy", 1)
    assert where.order_by_id(resting.order_id) == where.order(COIN.symbol, "rests")
    assert where.order_by_id(filled.order_id).filled_lots == 1
    assert where.order_by_id("99") is where.order_by_id("x") is where.order_by_id("-1") is None
    assert [order.client_id for order in where.done_orders()] == ["fills"]


def test_an_order_can_be_cancelled_by_its_id_once() -> None:
    where = live(*CALM)
    resting = send(where, "rests", "buy", 1, "99")
    assert where.cancel_by_id(resting.order_id).cancelled
    for order_id, code in ((resting.order_id, "100004"), ("99", "100001")):
        with pytest.raises(VenueRefusal, match=code):
            where.cancel_by_id(order_id)
    assert [order.client_id for order in where.done_orders()] == ["rests"]


def test_a_test_order_is_refused_as_a_real_one_and_enters_nothing() -> None:
    where = live(*CALM)
    before = where.pack()
    where.check(ask("a", "buy", 1))
    with pytest.raises(VenueRefusal, match="300003"):
        where.check(ask("a", "buy", 1000))
    assert where.pack() == before


def test_the_three_prices_of_a_contract_are_told_apart() -> None:
    where = live(*CALM, marks=FixedMarks({0: "99"}, {0: "98"}))
    step(where)
    assert where.prices(COIN.symbol) == Prices(Decimal(100), Decimal(99), Decimal(98))
    with pytest.raises(VenueRefusal, match="100003"):
        where.prices("NONE")


def test_a_contract_without_a_price_yet_has_neither_prices_nor_book() -> None:
    market = ScriptedMarket(CALM, before=[], instruments=(COIN, DIME))
    market.warm = lambda span, count: []
    where = Venue(market, balance=Decimal(1), spans=())
    for read in (where.prices, where.book):
        with pytest.raises(VenueRefusal, match="300002"):
            read(DIME.symbol)
    assert where.trades(COIN.symbol, 9) == []


def test_funding_comes_every_eighth_hour() -> None:
    where = live(*CALM)
    assert where.next_funding_at(COIN.symbol) == 16 * HOUR
    assert where.funding_rate(COIN.symbol) == FUNDING_RATE


def test_an_account_has_a_report_in_every_currency_and_in_no_other() -> None:
    where = live(*CALM, contracts=(COIN, GEM))
    assert where.currencies == ("USDT", "GEM")
    assert (where.account("GEM").currency, where.account("GEM").wallet) == ("GEM", 10)
    with pytest.raises(VenueRefusal, match="100001"):
        where.account("XBT")


def test_a_position_report_tells_what_it_is_made_of() -> None:
    where = live(*CALM, slippage="0")
    send(where, "in", "buy", 10, "100.1")
    position = where.positions()[0]
    assert (position.cost, position.initial, position.closing_fee) == (1001, Decimal("100.1"), Decimal("0.66066"))
    assert position.margin == position.initial + position.closing_fee + position.added
    assert position.bankruptcy == Decimal("90.1")
    assert (position.realised, position.fees) == (-position.fees, Decimal("0.6006"))
