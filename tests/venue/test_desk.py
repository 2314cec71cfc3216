from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from venue_world import COIN, ask, bar, stop

from radtui.core.order import OrderRequest
from radtui.venue.bars import alike
from radtui.venue.desk import VenueOrder

ROW = ("100", "102", "97", "101")


def _order(request: OrderRequest, **fields: object) -> VenueOrder:
    order = VenueOrder(request, 3, request.lots, 5, 6)
    for name, value in fields.items():
        setattr(order, name, value)
    return order


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 10**15), st.integers(0, 1000), st.integers(0, 1000))
def test_the_parts_of_an_order_margin_never_exceed_it(grains: int, covered: int, opening: int) -> None:
    reserved = Decimal(grains).scaleb(-12) if covered else Decimal(0)
    order = _order(ask("a", "buy", 1000, "100"), reserved=reserved, covered=covered)
    assert 0 <= order.reserve_for(opening) <= reserved
    assert order.reserve_for(covered) == reserved


@pytest.mark.parametrize(
    ("request_", "fields", "met"),
    [
        (ask("a", "buy", 1), {}, True),
        (ask("a", "buy", 1, "96.9"), {"fresh": True}, True),
        (ask("a", "buy", 1, "96.9"), {"fresh": False}, False),
        (ask("a", "buy", 1, "97"), {"fresh": False}, True),
        (ask("a", "sell", 1, "102"), {"fresh": False}, True),
        (ask("a", "sell", 1, "102.1"), {"fresh": False}, False),
        (ask("a", "sell", 1, stop=stop("down", "96.9")), {}, False),
        (ask("a", "sell", 1, stop=stop("down", "97")), {}, True),
        (ask("a", "sell", 1, stop=stop("down", "150")), {}, True),
        (ask("a", "buy", 1, stop=stop("up", "102")), {}, True),
        (ask("a", "buy", 1, stop=stop("up", "102.1")), {}, False),
        (ask("a", "sell", 1, "102.1", stop=stop("down", "97")), {"triggered": True, "fresh": False}, False),
    ],
)
def test_a_bar_meets_what_it_reaches(request_: OrderRequest, fields: dict[str, object], met: bool) -> None:
    assert _order(request_, **fields).met_by(alike(bar(COIN.symbol, 0, ROW))) is met


def test_the_report_says_what_was_asked_and_what_became_of_it() -> None:
    request = ask("a", "sell", 4, "100", reduce_only=True, post_only=True, stop=stop("down", "101"))
    order = _order(request, filled_lots=1, filled_value=Decimal(100), triggered=True, reason="why")
    report = order.report()
    assert (report.order_id, report.client_id, report.lots, report.filled_lots) == ("3", "a", 4, 1)
    assert (report.price, report.stop, report.reduce_only, report.post_only) == (Decimal(100), request.stop, True, True)
    assert (report.created_at, report.updated_at, report.reason) == (5, 6, "why")
    assert not order.waits
    assert order.remaining == 3
