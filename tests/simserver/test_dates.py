"""When things happened: dated once, at the request that caused them, and never again."""

from __future__ import annotations

from typing import Any

from server_world import BEFORE_FUNDING, START, World


def ledger(world: World) -> list[dict[str, Any]]:
    rows = world.ask("GET", "/api/v1/transaction-history?currency=USDT")["dataList"]
    return [row for row in rows if row["status"] == "Completed"]


def test_everything_one_request_did_happened_at_one_time_and_stays_there() -> None:
    world = World()
    start = START // 1_000_000
    world.place()
    world.clock += 100_000_000
    world.place(closeOrder=True, side=None, size=None)
    for _ in range(3):
        closed = world.ask("GET", "/api/v1/history-positions?symbol=XBTUSDTM")["items"][0]
        assert (closed["openTime"], closed["closeTime"]) == (start, start + 100)
        fills = world.ask("GET", "/api/v1/recentFills?symbol=XBTUSDTM")
        assert [one["createdAt"] for one in fills] == [start + 100, start]
        times = [row["time"] for row in ledger(world)]
        assert times == sorted(times, reverse=True)
        assert set(times) >= {start, start + 100}
        world.clock += 50_000_000
        world.place(symbol="ETHUSDTM")
        world.place(symbol="ETHUSDTM", closeOrder=True, side=None, size=None)
        world.sleep(2)


def test_a_position_keeps_its_opening_time_until_it_turns_round() -> None:
    world = World()
    world.place(size=2)
    first = world.ask("GET", "/api/v1/positions")[0]["openingTimestamp"]
    world.clock += 200_000_000
    world.place(size=1)
    assert world.ask("GET", "/api/v1/positions")[0]["openingTimestamp"] == first
    world.clock += 200_000_000
    world.place(side="sell", size=5)
    assert world.ask("GET", "/api/v1/positions")[0]["openingTimestamp"] == first + 400


def test_funding_is_dated_to_its_instant() -> None:
    world = World(start=BEFORE_FUNDING)
    world.place(size=5)
    world.sleep(20)
    paid = world.ask("GET", "/api/v1/funding-history?symbol=XBTUSDTM")["dataList"][0]
    assert paid["timePoint"] == 1_763_712_000_000
    rate = world.ask("GET", "/api/v1/funding-rate/XBTUSDTM/current")
    assert (rate["timePoint"], rate["fundingTime"] - rate["timePoint"]) == (1_763_712_000_000, 28_800_000)
    contract = world.ask("GET", "/api/v1/contracts/XBTUSDTM")
    assert contract["nextFundingRateDateTime"] == rate["fundingTime"]
    assert contract["nextFundingRateTime"] == rate["fundingTime"] - world.clock // 1_000_000
