"""A bot's exposure: what it holds, and what it has asked for as if it were filled."""

from __future__ import annotations

from decimal import Decimal

from radtui.core.exposure import Exposure
from radtui.core.orders import Purpose
from radtui.core.own_exposure import own_exposure
from radtui.core.own_orders import OwnOrders
from radtui.core.positions import Positions
from tests.core.makers import XBT, admit_all, desk, fill, request


def test_it_is_positions_and_entries_on_their_way_at_the_last_price() -> None:
    orders, positions, listed = OwnOrders(desk(), admit_all), Positions(), {XBT.symbol: XBT}
    assert own_exposure(positions, orders, listed) == Exposure()
    orders.intend(request("t-1-1", 10, leverage=5), Purpose.ENTRY, "a test")
    assert own_exposure(positions, orders, listed) == Exposure(), "nobody knows a price yet"
    positions.marks[XBT.symbol] = Decimal(50_000)
    asked = XBT.notional(Decimal(50_000), 10)
    assert own_exposure(positions, orders, listed) == Exposure(coins={"XBT": asked}, margin=asked / 5)
    positions.fill(fill(1, 4, price="60000"), XBT, None, 4, 1)
    held = XBT.notional(Decimal(50_000), 4)
    both = Exposure(coins={"XBT": asked + held}, margin=asked / 5 + held / 4)
    assert own_exposure(positions, orders, listed) == both
    del positions.marks[XBT.symbol]
    at_cost = XBT.notional(Decimal(60_000), 4)
    assert own_exposure(positions, orders, listed) == Exposure(coins={"XBT": at_cost}, margin=at_cost / 4)
