"""The last 24 hours of a contract."""

from __future__ import annotations

from decimal import Decimal

from server_world import World

from radtui.core.market import HOUR
from radtui.simserver.day import day


def test_it_is_what_the_candles_of_a_day_say() -> None:
    world = World()
    shown = day(world.floor, "XBTUSDTM")
    hours = world.floor.venue.candles("XBTUSDTM", HOUR, 24)
    assert shown.before == hours[0].open
    assert shown.low <= min(candle.low for candle in hours)
    assert shown.high >= max(candle.high for candle in hours)
    assert shown.last == world.floor.venue.prices("XBTUSDTM").last
    assert shown.change == shown.last - shown.before
    assert abs(shown.change_share - shown.change / shown.before) < Decimal("1e-11")
    assert abs(shown.turnover / shown.volume / shown.last - 1) < Decimal("0.2")


def test_an_inverse_contract_counts_lots_and_a_negative_turnover_in_coin() -> None:
    world = World()
    shown = day(world.floor, "XBTUSDM")
    assert shown.volume == shown.volume.to_integral_value()
    assert shown.turnover < 0
    assert abs(-shown.turnover * shown.last / shown.volume - 1) < Decimal("0.2")
