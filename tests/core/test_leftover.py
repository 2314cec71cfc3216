"""What a receipt says is left: nothing is left out that somebody must look at."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radtui.core.leftover import Leftover, leftover
from radtui.core.order import Side
from radtui.core.orders import OrderState, Purpose
from radtui.core.own_orders import OwnOrders
from radtui.core.positions import Plan, Positions
from tests.core.makers import NOW, XBT, admit_all, desk, fill, order, report, request, stop_request

STATES = [state for state in OrderState if state is not OrderState.UNKNOWN]


class Books:
    """Orders and positions of a bot that comes to rest."""

    def __init__(self) -> None:
        self.orders = OwnOrders(desk(), admit_all)
        self.positions = Positions()

    def left(self) -> Leftover:
        return leftover(self.orders, self.positions)


@given(st.dictionaries(st.integers(1, 9), st.tuples(st.sampled_from(STATES), st.sampled_from(Purpose)), max_size=6))
def test_every_order_that_is_not_done_is_named_once_where_it_belongs(
    told: dict[int, tuple[OrderState, Purpose]],
) -> None:
    books = Books()
    made = [order(state, purpose, request=request(f"t-1-{n}")) for n, (state, purpose) in told.items()]
    for each in made:
        books.orders._put(each)
    left = books.left()
    stops = {each.client_id for each in made if not each.done and each.purpose is Purpose.STOP}
    others = {each.client_id for each in made if not each.done and each.purpose is not Purpose.STOP}
    assert {line.rpartition("(")[2].rstrip(")") for line in left.stops} == stops
    assert {line.rpartition("(")[2].rstrip(")") for line in left.orders} == others
    assert left.positions == ()


def test_a_bot_that_holds_nothing_leaves_nothing() -> None:
    assert Books().left() == Leftover()


@pytest.mark.parametrize(("side", "name"), [(Side.BUY, "long"), (Side.SELL, "short")])
def test_a_position_is_named_with_its_stop_or_the_lack_of_it(side: Side, name: str) -> None:
    books = Books()
    plan = Plan(XBT.tick * 570_000, None, "test")
    books.positions.fill(fill(side=side), XBT, plan, 3, NOW)
    assert books.left().positions == (f"XBTUSDTM {name} 10 lots, NO CONFIRMED STOP",)
    books.positions.open[XBT.symbol].bare_since = None
    assert books.left().positions == (f"XBTUSDTM {name} 10 lots, stop 57000.0 on the exchange",)


def test_orders_and_stops_are_lines_for_people() -> None:
    books = Books()
    books.orders._put(order(OrderState.UNKNOWN))
    books.orders._put(order(OrderState.WORKING, Purpose.STOP, request=stop_request()))
    left = books.left()
    assert left.orders == ("XBTUSDTM entry buy, unknown (t-1-1)",)
    assert left.stops == ("XBTUSDTM stop sell @ 57000.0, working (t-1-2)",)


def test_an_entry_whose_fills_nobody_has_seen_is_named_until_they_are() -> None:
    books = Books()
    books.orders._put(order(OrderState.SENT))
    books.orders.reported(report(request(), 10))
    assert books.left().orders == (
        "XBTUSDTM entry buy, filled (t-1-1): its fills could not be read, so its position may have NO STOP",
    )
    books.orders.filled(fill())
    assert books.left() == Leftover()
