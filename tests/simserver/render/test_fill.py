"""A fill as it is shown."""

from __future__ import annotations

from decimal import Decimal

import pytest
from server_world import World

from radtui.simserver.render.fill import rate


def test_the_fee_is_the_value_times_the_rate_and_is_booked_once() -> None:
    world = World()
    world.place(size=3)
    world.place(closeOrder=True, side=None, size=None)
    closed, opened = world.ask("GET", "/api/v1/recentFills")
    for one in (closed, opened):
        assert Decimal(one["value"]) * Decimal(one["feeRate"]) == Decimal(one["fee"])
        assert Decimal(one["openFeePay"]) + Decimal(one["closeFeePay"]) == Decimal(one["fee"])
        assert one["tradeTime"] // 1_000_000 == one["createdAt"]
    assert opened["closeFeePay"] == closed["openFeePay"] == "0"


def test_a_maker_pays_the_makers_rate() -> None:
    world = World(symbols=("XBTUSDTM",))
    world.place(type="limit", price=world.price(share="0.9998"), size=1, leverage=10)
    world.place(type="limit", side="sell", price=world.price(share="1.0002"), size=1, leverage=10)
    for _ in range(200):
        world.sleep(1)
        fills = world.ask("GET", "/api/v1/recentFills")
        if fills:
            break
    assert (fills[0]["liquidity"], fills[0]["feeRate"]) == ("maker", "0.00020")


@pytest.mark.parametrize(("share", "shown"), [("0.0006", "0.00060"), ("0.00048", "0.00048"), ("0", "0.00000")])
def test_rates_have_five_decimals(share: str, shown: str) -> None:
    assert rate(Decimal(share)) == shown


def test_an_inverse_fill_is_valued_in_coin() -> None:
    world = World()
    world.place(symbol="XBTUSDM", size=1000, leverage=5)
    shown = world.ask("GET", "/api/v1/recentFills")[0]
    assert shown["feeCurrency"] == shown["settleCurrency"] == "XBT"
    assert float(shown["value"]) == pytest.approx(1000 / float(shown["price"]))
