"""A reading, sorted into ours and not ours, and its lines for a receipt."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radtui.core.order import OrderReport
from radtui.core.shown import Shown, reduces, say_order, say_position, sort_out
from tests.core.makers import ETH, XBT, position, report, request, stop_request

KINDS = st.lists(st.tuples(st.booleans(), st.booleans(), st.booleans()), max_size=8)


@given(KINDS, st.sets(st.sampled_from([XBT.symbol, ETH.symbol])))
def test_everything_that_is_shown_is_somewhere_once(kinds: list[tuple[bool, bool, bool]], held: set[str]) -> None:
    orders = []
    for number, (own, stop, fired) in enumerate(kinds):
        id_ = f"{'t' if own else 'x'}-1-{number}"
        asked = stop_request(id_) if stop else request(id_)
        orders.append(report(asked, triggered=stop and fired))
    found = sort_out(
        7,
        tuple(orders),
        (position(), position(symbol=ETH.symbol)),
        own=lambda order: order.client_id.startswith("t-"),
        held=lambda each: each.symbol in held,
    )
    everything = (*found.orders, *found.stops, *found.foreign_orders)
    assert sorted(each.client_id for each in everything) == sorted(each.client_id for each in orders)
    assert all(each.waits and each.client_id.startswith("t-") for each in found.stops)
    assert not any(each.waits for each in found.orders), "a stop that fired is an order like any other"
    assert {each.symbol for each in found.positions} == held
    assert len(found.positions) + len(found.foreign_positions) == 2
    assert len(found.ours()) == len(found.orders) + len(found.stops) + len(found.positions)
    assert len(found.foreign()) == len(found.foreign_orders) + len(found.foreign_positions)
    assert found.begun == 7


def test_nothing_is_shown_as_nothing() -> None:
    assert (Shown(begun=1).ours(), Shown(begun=1).foreign()) == ((), ())


@pytest.mark.parametrize(
    ("order", "only_reduces"),
    [(report(request()), False), (report(stop_request()), True), (report(request(reduce_only=True)), True)],
)
def test_what_only_reduces(order: OrderReport, only_reduces: bool) -> None:
    assert reduces(order) is only_reduces


@pytest.mark.parametrize(
    ("order", "line"),
    [
        (report(request(lots=10), 4), "XBTUSDTM market buy 6 lots"),
        (report(stop_request()), "XBTUSDTM stop sell whole position @ 57000.0"),
    ],
)
def test_an_order_in_a_line(order: OrderReport, line: str) -> None:
    assert say_order(order) == line


def test_a_position_in_a_line() -> None:
    assert say_position(position(-7, entry="60000.500")) == "XBTUSDTM short 7 lots @ 60000.5"
