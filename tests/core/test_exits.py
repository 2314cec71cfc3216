from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from radtui.core.exits import stop_price
from radtui.core.market import SECOND
from radtui.core.order import Side
from radtui.core.orders import Purpose
from tests.core.makers import PRICES, XBT
from tests.core.stand import Stand


@given(PRICES.filter(lambda price: price > 100), st.decimals(0, "0.2", places=3), st.sampled_from(Side))
def test_a_stop_lies_on_the_grid_at_most_its_share_away(price: Decimal, share: Decimal, side: Side) -> None:
    stop = stop_price(XBT, side, price, share)
    assert stop % XBT.tick == 0
    assert 0 <= (price - stop) * side.sign <= price * share


def test_a_close_takes_all_of_the_position_and_is_sent_once() -> None:
    stand = Stand()
    assert stand.exits.close(XBT.symbol, "test")
    assert not stand.exits.close(XBT.symbol, "test")
    (order,) = stand.orders.live(Purpose.EXIT)
    assert (order.request.side, order.request.close_order, order.request.reduces) == (Side.SELL, True, True)
    stand.desk.at += SECOND
    assert not stand.exits.close(XBT.symbol, "test"), "one is on its way"
    stand.orders.refused(order.client_id, "no")
    assert stand.exits.close(XBT.symbol, "test")


def test_a_close_that_was_just_refused_is_not_sent_again_at_once() -> None:
    stand = Stand()
    stand.exits.close(XBT.symbol, "test")
    (order,) = stand.orders.live(Purpose.EXIT)
    stand.orders.refused(order.client_id, "no")
    assert not stand.exits.close(XBT.symbol, "test")


def test_a_close_without_an_answer_is_not_waited_for_longer_than_two_seconds() -> None:
    stand = Stand()
    stand.exits.close(XBT.symbol, "test")
    (order,) = stand.orders.live(Purpose.EXIT)
    stand.orders.sent(order.client_id)
    stand.desk.at += 2 * SECOND - 1
    assert not stand.exits.close(XBT.symbol, "test")
    stand.desk.at += 1
    assert stand.exits.close(XBT.symbol, "test")


def test_a_close_that_the_exchange_has_is_waited_for() -> None:
    stand = Stand()
    stand.exits.close(XBT.symbol, "test")
    (order,) = stand.orders.live(Purpose.EXIT)
    stand.orders.accepted(order.client_id, "x1")
    stand.desk.at += 60 * SECOND
    assert not stand.exits.close(XBT.symbol, "test")


def test_a_target_that_is_met_closes() -> None:
    stand = Stand()
    stand.exits.take_profit(XBT.symbol, Decimal("65999.9"))
    assert not stand.orders.live(Purpose.EXIT)
    stand.exits.take_profit(XBT.symbol, Decimal(66_000))
    (order,) = stand.orders.live(Purpose.EXIT)
    assert "target met at 66000" in order.why


def test_a_position_that_is_gone_meets_no_target() -> None:
    stand = Stand()
    stand.held.holding = type(stand.held.holding)()
    stand.exits.take_profit(XBT.symbol, Decimal(66_000))
    assert not stand.orders.live()


def test_closes_that_the_exchange_never_takes_are_spaced_although_it_answers_all_else() -> None:
    stand, sent = Stand(), 0
    for _ in range(200):
        stand.desk.at += SECOND
        sent += stand.exits.close(XBT.symbol, "test")
        for order in stand.orders.live(Purpose.EXIT):
            stand.orders.sent(order.client_id)
            if stand.desk.at - order.intended_at >= 2 * SECOND:
                stand.orders.unclear(order.client_id, "no answer")
            stand.orders.sought(order.client_id, None)
    assert 8 <= sent <= 25
