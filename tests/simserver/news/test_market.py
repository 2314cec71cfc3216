"""Book, trades and ticker on the feed: nothing lost, nothing twice, nothing too often."""

from __future__ import annotations

from feed_world import FeedWorld, Frame
from hypothesis import given, settings
from hypothesis import strategies as st

LEVEL2 = "/contractMarket/level2:XBTUSDTM"
EXECUTION = "/contractMarket/execution:XBTUSDTM"


class Reader:
    """A book kept as the exchange tells its clients to: a snapshot, then every change after its sequence."""

    def __init__(self, snapshot: Frame) -> None:
        self.sequence = snapshot["sequence"]
        self.sides = {"buy": dict(map(tuple, snapshot["bids"])), "sell": dict(map(tuple, snapshot["asks"]))}

    def hear(self, frames: list[Frame]) -> None:
        for frame in frames:
            if frame.get("subject") != "level2" or frame["data"]["sequence"] <= self.sequence:
                continue
            assert frame["data"]["sequence"] == self.sequence + 1 == frame["sn"]
            self.sequence += 1
            price, side, lots = frame["data"]["change"].split(",")
            self.sides[side][float(price)] = int(lots)
            if not int(lots):
                del self.sides[side][float(price)]
            assert max(self.sides["buy"]) < min(self.sides["sell"])

    def equals(self, snapshot: Frame) -> bool:
        other = Reader(snapshot)
        return (self.sequence, self.sides) == (other.sequence, other.sides)


@settings(max_examples=20, deadline=None)
@given(st.lists(st.sampled_from(["wait", "buy", "rest", "look"]), min_size=1, max_size=12), st.integers(0, 11))
def test_a_book_joined_at_any_moment_equals_the_exchanges(steps: list[str], joined: int) -> None:
    world = FeedWorld(LEVEL2)
    reader: Reader | None = None
    frames: list[Frame] = []
    for number, step in enumerate(steps):
        if number == min(joined, len(steps) - 1):
            reader = Reader(world.ask("GET", "/api/v1/level2/snapshot?symbol=XBTUSDTM"))
        if step == "wait":
            frames += world.sleep(0.7, turn=0.1)
        elif step == "buy":
            world.place(size=100, leverage=20)
        elif step == "rest":
            world.place(type="limit", price=world.price("0.9999"), size=3, leverage=20)
        else:
            world.ask("GET", "/api/v1/level2/depth20?symbol=XBTUSDTM")
        frames += world.frames()
    assert reader is not None
    frames += world.sleep(1.1)
    reader.hear(frames)
    assert reader.equals(world.ask("GET", "/api/v1/level2/snapshot?symbol=XBTUSDTM"))


def test_trades_have_the_numbers_of_the_changes_they_make() -> None:
    world = FeedWorld(LEVEL2, EXECUTION)
    world.sleep(1)
    world.place(size=5)
    frames = world.sleep(3)
    changes = {each["data"]["sequence"] for each in frames if each["subject"] == "level2"}
    trades = [each["data"] for each in frames if each["subject"] == "match"]
    assert len({each["tradeId"] for each in trades}) == len(trades)
    assert {each["sequence"] for each in trades} <= changes
    history = world.ask("GET", "/api/v1/trade/history?symbol=XBTUSDTM")
    assert {each["tradeId"] for each in trades} <= {each["tradeId"] for each in history}
    [own] = world.ask("GET", "/api/v1/recentFills")
    [public] = [each for each in trades if each["tradeId"] == own["tradeId"]]
    assert (public["takerOrderId"], public["size"], public["side"]) == (own["orderId"], 5, "buy")


def test_a_new_listener_is_told_the_present_and_others_are_not_told_again() -> None:
    world = FeedWorld("/contractMarket/tickerV2:XBTUSDTM", "/contractMarket/level2Depth5:XBTUSDTM")
    world.sleep(2.1)
    other = world.connect(private=False)
    world.subscribe("/contractMarket/tickerV2:XBTUSDTM", "/contractMarket/ticker:XBTUSDTM", session=other)
    assert [each.get("subject") for each in world.frames(other)] == [None, "tickerV2", None, "ticker"]
    assert world.frames() == []


def test_a_conflated_topic_speaks_ten_times_a_second_at_most_and_ends_at_the_truth() -> None:
    world = FeedWorld("/contractMarket/tickerV2:XBTUSDTM", "/contractMarket/level2Depth5:XBTUSDTM")
    world.sleep(0.5)
    for _ in range(40):
        world.place(size=1)
        world.exchange.look()
    frames = world.frames()
    assert {subject: [each["subject"] for each in frames].count(subject) for subject in ("tickerV2", "level2")} == {
        "tickerV2": 1,
        "level2": 1,
    }
    last = [each["data"] for each in world.sleep(0.2) if each["subject"] == "tickerV2"][-1]
    ticker = world.ask("GET", "/api/v1/ticker?symbol=XBTUSDTM")
    assert (last["bestAskPrice"], last["bestAskSize"]) == (ticker["bestAskPrice"], ticker["bestAskSize"])


def test_what_nobody_listens_to_is_not_said() -> None:
    world = FeedWorld()
    world.place()
    assert world.sleep(2) == []
