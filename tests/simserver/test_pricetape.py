"""The short memory of prices."""

from __future__ import annotations

from server_world import START, World

from radtui.core.market import MINUTE, SECOND
from radtui.simserver.pricetape import KEPT, PriceTape


def test_one_sample_a_second_newest_first() -> None:
    world = World()
    tape = PriceTape(["XBTUSDTM"])
    for wait in (0, 200_000_000, 900_000_000, 1_000_000_000):
        tape.take(world.floor.venue, START + wait)
    assert [one.at for one in tape.newest_first("XBTUSDTM")] == [
        START // SECOND * SECOND + SECOND,
        START // SECOND * SECOND,
    ]
    prices = world.floor.venue.prices("XBTUSDTM")
    assert {(one.mark, one.index) for one in tape.newest_first("XBTUSDTM")} == {(prices.mark, prices.index)}


def test_one_a_minute_and_never_more_than_are_kept() -> None:
    world = World()
    tape = PriceTape(["XBTUSDTM"])
    for second in range(KEPT + 100):
        tape.take(world.floor.venue, START + second * SECOND)
    assert len(list(tape.newest_first("XBTUSDTM"))) == KEPT
    minutes = [one.at // MINUTE for one in tape.newest_first("XBTUSDTM", MINUTE)]
    assert minutes == sorted(set(minutes), reverse=True)
    assert len(minutes) in (KEPT // 60, KEPT // 60 + 1)
