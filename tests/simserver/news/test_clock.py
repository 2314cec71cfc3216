"""What is said by the clock: each second, each minute, each five seconds, and at a settlement."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise

from feed_world import START, FeedWorld, Frame

from radtui.core.market import HOUR, MINUTE, SECOND

INSTRUMENT = "/contract/instrument:XBTUSDTM"
BEFORE_FUNDING = 1_767_225_600 * SECOND + 8 * HOUR - 3 * SECOND


def of(frames: list[Frame], subject: str) -> list[Frame]:
    return [frame["data"] for frame in frames if frame["subject"] == subject]


def test_mark_and_index_each_second_the_forecast_each_minute() -> None:
    world = FeedWorld(INSTRUMENT)
    frames = world.sleep(120, turn=0.25)
    marks = of(frames, "mark.index.price")
    assert len(marks) in {120, 121}
    assert all(later["timestamp"] - sooner["timestamp"] == 1000 for sooner, later in pairwise(marks))
    assert [each["timestamp"] % 60_000 for each in of(frames, "funding.rate")] == [0, 0, 0]


def test_the_day_each_five_seconds() -> None:
    frames = FeedWorld("/contractMarket/snapshot:XBTUSDTM").sleep(21, turn=0.25)
    assert len(of(frames, "snapshot.24h")) in {4, 5}
    assert len({frame["id"] for frame in frames}) == len(frames)


def test_candles_grow_close_and_begin_anew() -> None:
    world = FeedWorld("/contractMarket/limitCandle:XBTUSDTM_1min")
    rows = [each["candles"] for each in of(world.sleep(130, turn=0.25), "candle.stick")]
    opened = sorted({int(row[0]) for row in rows})
    assert [later - sooner for sooner, later in pairwise(opened)] == [60, 60]
    closed = {candle.opened_at // SECOND: candle for candle in world.floor.venue.candles("XBTUSDTM", MINUTE, 5)}
    for start in opened[:2]:
        last = [row for row in rows if int(row[0]) == start][-1]
        assert [float(figure) for figure in last[1:5]] == [
            float(figure) for figure in (closed[start].open, closed[start].close, closed[start].high, closed[start].low)
        ]
        assert last[5:] == [f"{closed[start].volume}.0", str(closed[start].volume)]


def test_a_month_is_made_of_its_days() -> None:
    world = FeedWorld("/contractMarket/limitCandle:XBTUSDTM_1month", start=START + 12 * 24 * HOUR)
    row = of(world.sleep(2), "candle.stick")[-1]["candles"]
    assert datetime.fromtimestamp(int(row[0]), UTC) == datetime(2026, 1, 1, tzinfo=UTC)


def test_a_settlement_is_announced_with_and_without_a_symbol() -> None:
    topics = ("/contract/announcement", "/contract/announcement:XBTUSDTM", INSTRUMENT, "/contract/positionAll")
    world = FeedWorld(*topics, start=BEFORE_FUNDING)
    world.place(size=3)
    frames = world.sleep(6, turn=0.25)
    assert [
        (each["topic"], each["subject"], each["data"]["symbol"]) for each in frames if "announ" in each["topic"]
    ] == [
        ("/contract/announcement", "funding.begin", "XBTUSDTM"),
        ("/contract/announcement:XBTUSDTM", "funding.begin", "XBTUSDTM"),
        ("/contract/announcement", "funding.end", "XBTUSDTM"),
        ("/contract/announcement:XBTUSDTM", "funding.end", "XBTUSDTM"),
        ("/contract/announcement", "funding.begin", "ETHUSDTM"),
        ("/contract/announcement", "funding.end", "ETHUSDTM"),
    ]
    assert [each["granularity"] for each in of(frames, "funding.rate") if each["granularity"] > 60_000] == [28_800_000]
    (paid,) = of(frames, "position.settlement")
    assert paid["qty"] == 3
    assert paid["fundingTime"] == (BEFORE_FUNDING + 3 * SECOND) // 1_000_000
    assert paid["fundingFee"] < 0 < paid["fundingRate"]
