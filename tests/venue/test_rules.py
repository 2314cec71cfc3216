from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from venue_world import COIN, ask, quiet, step, stop, venue

from radtui.core.order import OrderRequest, TimeInForce
from radtui.venue.refusals import VenueRefusal
from radtui.venue.rules import MAX_ORDERS, MAX_STOPS, check_shape, order_margin
from radtui.venue.venue import Venue


def _refused(where: Venue, request: OrderRequest) -> VenueRefusal:
    account, orders = where.account(), where.open_orders()
    with pytest.raises(VenueRefusal) as caught:
        where.place(request)
    assert (where.account(), where.open_orders()) == (account, orders), "a refusal changes nothing"
    return caught.value


def _long(**fields: Any) -> Venue:
    """A venue at 100 that holds 10 lots long."""
    where = venue(*[quiet("100")] * 5, **fields)
    where.place(ask("entry", "buy", 10))
    step(where)
    return where


@settings(deadline=None, max_examples=60)
@given(st.integers(1, 10_000), st.decimals("0.01", "2000", places=2))
def test_only_prices_on_the_grid_pass(lots: int, price: Decimal) -> None:
    request = ask("a", "buy", lots, str(price))
    if price % COIN.tick:
        with pytest.raises(VenueRefusal, match="multiple of the tick"):
            check_shape(request, COIN)
    else:
        check_shape(request, COIN)


@pytest.mark.parametrize(
    ("code", "request_", "says"),
    [
        ("100001", ask("", "buy", 1), "1 to 40"),
        ("100001", ask("x" * 41, "buy", 1), "1 to 40"),
        ("100001", ask("a b", "buy", 1), "1 to 40"),
        ("100001", ask("a", "buy", 0), "at least one lot"),
        ("100001", ask("a", "buy", -3), "at least one lot"),
        ("100001", ask("a", "buy", COIN.max_lots + 1), "split the order"),
        ("100001", ask("a", "buy", 1, "100.05"), "multiple of the tick"),
        ("100001", ask("a", "buy", 1, "0"), "above 0"),
        ("100001", ask("a", "buy", 1, "NaN"), "above 0"),
        ("100001", ask("a", "buy", 1, "1000000.1"), "up to 1000000"),
        ("100001", ask("a", "buy", 1, stop=stop("up", "100.05")), "stop price"),
        ("100001", ask("a", "buy", 1, leverage=0), "leverage of at least 1"),
        ("100003", ask("a", "buy", 1, symbol="NONEUSDTM"), "there are COINUSDTM"),
        ("300000", ask("a", "buy", 1, "100", post_only=True, tif=TimeInForce.IOC), "may rest"),
        ("300000", ask("a", "buy", 1, post_only=True), "may rest"),
        ("300003", ask("a", "buy", 100), "make it smaller"),
        ("300009", ask("a", "sell", 1, reduce_only=True), "no position"),
        ("300009", ask("a", "sell", close_order=True), "no position"),
        ("300011", ask("a", "buy", 1, "105.1"), "105.00 at most"),
        ("300012", ask("a", "sell", 1, "94.9"), "95.00 at least"),
        ("300016", ask("a", "buy", 1, leverage=126), "at most 125"),
    ],
)
def test_each_rule_refuses_with_its_code_and_says_why(code: str, request_: OrderRequest, says: str) -> None:
    refusal = _refused(venue(quiet("100")), request_)
    assert refusal.code == code
    assert says in refusal.message


def test_a_limit_without_a_price_and_a_market_order_with_one_are_refused() -> None:
    limit, market = ask("a", "buy", 1, "100"), ask("a", "buy", 1)
    for wrong in (_with(limit, price=None), _with(market, price=Decimal(100))):
        assert _refused(venue(quiet("100")), wrong).code == "100001"


def test_an_id_is_taken_once_and_for_ever_but_not_by_a_refusal() -> None:
    where = venue(*[quiet("100")] * 3)
    assert _refused(where, ask("a", "buy", 1, leverage=126)).code == "300016"
    where.place(ask("a", "buy", 1))
    assert _refused(where, ask("a", "buy", 1)).code == "300018"
    step(where)
    assert _refused(where, ask("a", "sell", 1)).code == "300018"


def test_too_many_working_orders() -> None:
    where = venue(quiet("100"), balance="100000")
    for n in range(MAX_ORDERS):
        where.place(ask(f"a{n}", "buy", 1, "99"))
    assert _refused(where, ask("more", "buy", 1, "99")).code == "300001"
    where.place(ask("stop", "sell", 1, stop=stop("down", "90")))


def test_too_many_stops() -> None:
    where = venue(quiet("100"))
    for n in range(MAX_STOPS):
        where.place(ask(f"a{n}", "sell", close_order=True, stop=stop("down", "90")))
    assert _refused(where, ask("more", "sell", close_order=True, stop=stop("down", "90"))).code == "300004"
    where.place(ask("limit", "buy", 1, "99"))


def test_an_order_reserves_margin_and_the_fees_of_both_ways() -> None:
    where = venue(quiet("100"))
    where.place(ask("a", "buy", 10, "100"))
    # 1000 / 10, a fee of 0.6 now, and 0.6 × 1.1 for a close at bankruptcy
    assert where.account().order_margin == Decimal("101.26")
    assert where.account().available == Decimal("898.74")
    where.cancel(COIN.symbol, "a")
    assert where.account().order_margin == 0


def test_a_market_order_reserves_at_the_last_price_and_one_slippage() -> None:
    request = ask("a", "buy", 10)
    dear = order_margin(request, COIN, Decimal(100), 10, Decimal("0.01"), 10)
    assert dear == order_margin(request, COIN, Decimal(101), 10, Decimal(0), 10) > Decimal(101)


def test_a_sale_below_the_mark_reserves_at_the_mark() -> None:
    low, at_mark = ask("a", "sell", 10, "96"), ask("b", "sell", 10, "100")
    reserved = [order_margin(each, COIN, Decimal(100), 10, Decimal(0), 10) for each in (low, at_mark)]
    assert reserved[0] == reserved[1]


def test_reducing_orders_and_stops_reserve_nothing() -> None:
    where = _long()
    before = where.account().available
    where.place(ask("target", "sell", 10, "104", reduce_only=True))
    where.place(ask("stop", "sell", close_order=True, stop=stop("down", "95")))
    where.place(ask("entry2", "buy", 1000, stop=stop("up", "120")))
    assert where.account().available == before


def test_an_opposite_order_reserves_only_for_what_lies_beyond_the_position() -> None:
    where = _long()
    where.place(ask("close", "sell", 8, "104"))
    assert where.account().order_margin == 0
    where.place(ask("flip", "sell", 5, "104"))
    assert where.account().order_margin == order_margin(
        ask("x", "sell", 3, "104"), COIN, Decimal(100), 3, Decimal(0), 10
    )


def test_the_reducing_side_must_be_the_opposite_one() -> None:
    assert _refused(_long(), ask("a", "buy", 1, reduce_only=True)).code == "300009"
    assert _refused(_long(), ask("a", "buy", close_order=True)).code == "300009"


def test_a_market_that_ended_takes_no_orders() -> None:
    where = venue(quiet("100"))
    step(where)
    assert where.ended
    assert _refused(where, ask("a", "buy", 1)).code == "300002"


def _with(request: OrderRequest, **fields: Any) -> OrderRequest:
    values = {name: getattr(request, name) for name in request.__struct_fields__}
    return OrderRequest(**{**values, **fields})
