"""What was done, as values and as lines."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radtui.core.market import SECOND
from radtui.core.order import OrderType, Side
from radtui.core.outcome import Cancelled, Closed, by_report, slippage
from radtui.venue.contracts import CONTRACTS
from tests.core.makers import PRICES, XBT, report, request, stop_request


@given(st.sampled_from(Side), st.integers(1, 10_000), PRICES, PRICES)
def test_what_is_worse_is_a_cost_and_the_two_sides_mirror_each_other(
    side: Side, lots: int, average: Decimal, reference: Decimal
) -> None:
    ticks, cost = slippage(XBT, side, lots, average, reference)
    assert cost == (average - reference) * side.sign * lots * XBT.multiplier
    assert ticks * XBT.tick == (average - reference) * side.sign
    assert slippage(XBT, side.opposite, lots, average, reference) == (-ticks, -cost)


@pytest.mark.parametrize(("side", "worse"), [(Side.BUY, "51000"), (Side.SELL, "49000")])
def test_of_an_inverse_contract_a_worse_price_costs_coin(side: Side, worse: str) -> None:
    inverse = next(each for each in CONTRACTS.values() if each.inverse)
    assert slippage(inverse, side, 100, Decimal(worse), Decimal(50_000))[1] > 0


def closed(**changed: Any) -> Closed:
    told: dict[str, Any] = {"symbol": "XBTUSDTM", "side": Side.SELL, "lots": 3, "average": Decimal(59970)}
    told |= {"client_id": "t-1-1", "fee": Decimal("0.1"), "realised": Decimal(-2), "decimals": 1}
    return Closed(**{**told, **changed})


def test_a_close_in_a_line() -> None:
    assert str(closed()) == "XBTUSDTM sell 3 lots at 59970.0; fee 0.1000, realised -2.0000 USDT"


@pytest.mark.parametrize(
    ("slip", "changed", "words"),
    [
        ("0.09", {}, "300 ticks, 0.0900 USDT, worse than 60000.0, the last price when it was sent"),
        ("-0.09", {}, "300 ticks, 0.0900 USDT, better than 60000.0, the last price when it was sent"),
        ("0", {}, "just 60000.0, the last price when it was sent"),
        ("0.09", {"stop": True}, "300 ticks, 0.0900 USDT, worse than 60000.0, its trigger"),
        ("0.09", {"slippage_ticks": 1}, "1 tick, 0.0900 USDT, worse than 60000.0, the last price when it was sent"),
        (
            "-0.09",
            {"reference_age": 62 * SECOND},
            "300 ticks, 0.0900 USDT, better than 60000.0, the last price when it was sent, 62 s old",
        ),
    ],
)
def test_a_close_says_whether_it_was_better_or_worse_than_what(slip: str, changed: dict[str, Any], words: str) -> None:
    ticks = int(Decimal(slip).compare(0)) * 300
    known = {"reference": Decimal(60_000), "slippage_ticks": ticks, "slippage": Decimal(slip)}
    assert str(closed(**known | changed)) == (
        f"XBTUSDTM sell 3 lots at 59970.0 ({words}); fee 0.1000, realised -2.0000 USDT"
    )


def test_a_cancelled_order_in_a_line() -> None:
    stop = Cancelled(symbol="XBTUSDTM", side=Side.SELL, purpose="stop", lots=0, client_id="t-1-1", trigger=Decimal(5))
    assert str(stop) == "XBTUSDTM stop sell @ 5 (t-1-1)"
    entry = Cancelled(symbol="XBTUSDTM", side=Side.BUY, purpose="entry", lots=4, client_id="", price=Decimal(6))
    assert str(entry) == "XBTUSDTM entry buy 4 lots @ 6 (no id)"
    assert str(Cancelled(symbol="X", side=Side.BUY, purpose="entry", lots=4, client_id="a")) == "X entry buy 4 lots (a)"


def test_an_order_of_the_exchange_s_list_as_cancelled() -> None:
    limit = by_report(report(request("x-1", 9, type=OrderType.LIMIT), 2, price=Decimal(7)))
    assert (limit.purpose, limit.lots, limit.price, limit.trigger, limit.own) == ("limit", 7, Decimal(7), None, False)
    stop = by_report(report(stop_request("t-1", "57000.0")), own=True)
    assert (stop.purpose, stop.lots, stop.trigger, stop.own) == ("stop", 0, Decimal("57000.0"), True)
