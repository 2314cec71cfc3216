from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radtui.core.exits import Exits, stop_price, tried, worth_waiting
from radtui.core.market import SECOND
from radtui.core.order import Side
from radtui.core.orders import Order, OrderState, Purpose
from radtui.core.positions import Attempts
from tests.core.makers import NOW, PRICES, XBT, order
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


def test_closes_that_the_exchange_never_takes_are_spaced_although_it_answers_all_else() -> None:
    stand, sent = Stand(), 0
    for _ in range(200):
        stand.desk.at += SECOND
        sent += stand.exits.close(XBT.symbol, "test")
        for close in stand.orders.live(Purpose.EXIT):
            stand.orders.sent(close.client_id)
            if stand.desk.at - close.intended_at >= 2 * SECOND:
                stand.orders.unclear(close.client_id, "no answer")
            stand.orders.sought(close.client_id, None)
    assert 8 <= sent <= 25


def of_unknown_fate(count: int) -> list[Order]:
    return [order(OrderState.UNKNOWN, Purpose.EXIT) for _ in range(count)]


def waits(coming: list[Order], tries: Attempts, last: Order | None) -> int:
    """Return whole seconds after the last try until nothing is waited for any more."""
    return next(s for s in range(100) if not worth_waiting(coming, tries, last, tries.at + s * SECOND))


@pytest.mark.parametrize(("doubtful", "seconds"), [(0, 1), (1, 1), (2, 2), (3, 4), (6, 32), (7, 64), (20, 64)])
def test_the_wait_doubles_with_each_order_of_unknown_fate_up_to_64_seconds(doubtful: int, seconds: int) -> None:
    assert waits(of_unknown_fate(doubtful), Attempts(NOW, 1, "t-1-1"), None) == seconds


@pytest.mark.parametrize(("count", "seconds"), [(1, 1), (2, 2), (3, 4), (5, 16), (20, 16)])
def test_the_wait_doubles_with_each_try_that_came_to_nothing_up_to_16_seconds(count: int, seconds: int) -> None:
    lost = order(OrderState.REJECTED, Purpose.EXIT, assumed=True)
    assert waits([], Attempts(NOW, count, "t-1-1"), lost) == seconds


def test_tries_are_counted_until_one_is_answered() -> None:
    tries, unanswered = Attempts(), order(OrderState.UNKNOWN, Purpose.EXIT)
    counts = []
    for number, last in enumerate([None, unanswered, unanswered, order(OrderState.REJECTED), unanswered]):
        tried(tries, last, f"t-1-{number}", NOW + number)
        counts.append(tries.count)
    assert counts == [1, 2, 3, 1, 2]
    assert (tries.at, tries.last) == (NOW + 4, "t-1-4")


def test_nothing_is_awake_before_the_exchange_was_read() -> None:
    stand = Stand()
    assert not Exits(stand.desk, stand.orders, stand.positions).awake


def test_an_outage_that_is_over_says_nothing_of_what_the_exchange_takes_now() -> None:
    stand = Stand()
    tries = (stand.held.close_tries, stand.held.stop_tries)
    for each in tries:
        each.count = 5
    stand.exits.heard()
    assert [each.count for each in tries] == [5, 5], "it could be read all the time"
    stand.exits.unheard = True
    stand.exits.heard()
    assert [each.count for each in tries] == [0, 0]
    assert not stand.exits.unheard
    assert waits([], stand.held.close_tries, order(OrderState.REJECTED, Purpose.EXIT, assumed=True)) == 1
