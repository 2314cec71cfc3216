"""What the feed says of orders: open, match, filled and canceled in their order, stops apart, sums that add up."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from feed_world import PRIVATE, FeedWorld, Frame, changes
from hypothesis import given, settings
from hypothesis import strategies as st

from radtui.core.market import SECOND, Candle
from radtui.venue.contracts import CONTRACTS

FILLED = [("match", "match"), ("filled", "done")]


class Script:
    """A market of one contract whose bars are written down: a close for each second."""

    source = "script"
    step_span = SECOND

    def __init__(self, *closes: int, start: int) -> None:
        self.instruments = (CONTRACTS["XBTUSDTM"],)
        self._closes = [Decimal(close) for close in closes]
        self._start = start
        self._done = 0

    @property
    def now(self) -> int:
        return self._start + self._done * SECOND

    @property
    def ended(self) -> bool:
        return self._done >= len(self._closes)

    def warm(self, span: int, count: int) -> list[Candle]:
        return [self._bar(self._start - span, Decimal(100), Decimal(100), span)]

    def warm_all(self, spans: Sequence[int], count: int) -> list[Candle]:
        return self.warm(min(spans), count)

    def step(self) -> list[Candle]:
        opened_at, before = self.now, self._closes[max(0, self._done - 1)] if self._done else Decimal(100)
        self._done += 1
        return [self._bar(opened_at, before, self._closes[self._done - 1], SECOND)]

    def pack(self) -> bytes:
        return b""

    def restore(self, state: bytes) -> None:
        raise ValueError(f"a scripted market packs nothing, and {state!r} is none of its states")

    def _bar(self, opened_at: int, first: Decimal, last: Decimal, span: int) -> Candle:
        high, low = max(first, last), min(first, last)
        return Candle("XBTUSDTM", opened_at, span, first, high, low, last, Decimal(10))


def scripted(*closes: int) -> FeedWorld:
    start = 1_767_225_600 * SECOND
    world = FeedWorld(*PRIVATE, market=Script(*closes, start=start), start=start)
    world.sleep(1)
    return world


def test_an_order_that_is_filled_at_once_never_rests() -> None:
    world = FeedWorld(*PRIVATE)
    order_id = world.place(size=3)
    frames = [each for each in world.frames() if each["subject"] == "orderChange"]
    assert changes(frames) == FILLED
    first, last = (each["data"] for each in frames)
    assert (first["liquidity"], first["feeType"], first["matchSize"]) == ("taker", "takerFee", "3")
    assert (last["filledSize"], last["remainSize"], last["canceledSize"]) == ("3", "0", "0")
    assert {first["orderId"], last["orderId"]} == {order_id}
    fills = world.ask("GET", "/api/v1/recentFills")
    assert [each["tradeId"] for each in fills] == [first["tradeId"]]


def test_a_resting_order_is_open_until_it_is_cancelled() -> None:
    world = FeedWorld(*PRIVATE)
    order_id = world.place(type="limit", price=world.price("0.97"), size=4)
    assert changes(world.frames()) == [("open", "open")]
    assert changes(world.sleep(2)) == []
    world.cancel(order_id)
    (frame,) = [each for each in world.frames() if each["subject"] == "orderChange"]
    data = frame["data"]
    assert (data["type"], data["status"], data["canceledSize"], data["remainSize"]) == ("canceled", "done", "4", "0")


def test_a_limit_that_takes_some_matches_first_and_rests_with_what_is_left() -> None:
    world = scripted(*[100_000] * 5)
    best = world.floor.boards.ticker("XBTUSDTM")
    world.place(size=best.ask_lots - 10, leverage=100)
    world.place(side="sell", size=best.ask_lots - 10, leverage=100)
    world.frames()
    order_id = world.place(type="limit", price=str(best.ask), size=17, leverage=100)
    frames = world.frames()
    assert changes(frames) == [("match", "match"), ("open", "open")]
    rests = [each["data"] for each in frames if each["subject"] == "orderChange"][-1]
    assert (rests["filledSize"], rests["remainSize"]) == ("10", "7")
    world.cancel(order_id)
    assert changes(world.frames()) == [("canceled", "done")]


def test_a_maker_fill_is_told_with_the_status_open() -> None:
    world = scripted(100_000, 100_000, 99_000, 99_000)
    world.place(type="limit", price="99500", size=2)
    world.frames()
    frames = world.sleep(2)
    assert changes(frames) == [("match", "open"), ("filled", "done")]
    match = next(each["data"] for each in frames if each.get("subject") == "orderChange")
    assert (match["liquidity"], match["feeType"], match["matchPrice"]) == ("maker", "makerFee", "99500")


def stops(frames: list[Frame]) -> list[tuple[str, object]]:
    return [
        (each["data"]["type"], each["data"].get("triggerSuccess")) for each in frames if each["subject"] == "stopOrder"
    ]


def test_a_stop_waits_apart_and_becomes_an_order_when_it_fires() -> None:
    world = scripted(100_000, 100_000, 98_000, 98_000)
    world.place(size=2)
    world.frames()
    stop = {"stop": "down", "stopPrice": "99000", "stopPriceType": "TP", "reduceOnly": True}
    order_id = world.place(side="sell", size=2, **stop)
    frames = world.frames()
    assert stops(frames) == [("open", None)]
    assert changes(frames) == []
    frames = world.sleep(2)
    assert stops(frames) == [("triggered", True)]
    assert changes(frames, order_id) == FILLED


def test_a_stop_that_is_cancelled_was_never_an_order() -> None:
    world = FeedWorld(*PRIVATE)
    order_id = world.place(side="sell", stop="down", stopPrice=world.price("0.9"), stopPriceType="MP")
    world.frames()
    world.cancel(order_id)
    frames = world.frames()
    assert stops(frames) == [("cancel", None)]
    assert changes(frames) == []


def test_a_stop_that_fires_without_the_means_says_so_and_places_nothing() -> None:
    world = scripted(100_000, 100_000, 98_000, 98_000)
    world.place(size=99, leverage=1)
    order_id = world.place(size=50, leverage=1, stop="down", stopPrice="99000", stopPriceType="TP")
    world.frames()
    frames = world.sleep(2)
    (data,) = [each["data"] for each in frames if each["subject"] == "stopOrder"]
    assert (data["type"], data["triggerSuccess"]) == ("triggered", False)
    assert data["error"] == "error.createOrder.accountBalanceInsufficient"
    assert changes(frames, order_id) == []


def test_a_liquidation_is_the_exchanges_own_order() -> None:
    world = scripted(100_000, 100_000, 95_000, 90_000, 85_000)
    world.place(size=50, leverage=20)
    world.frames()
    frames = world.sleep(4)
    told = [each["data"] for each in frames if each.get("subject") == "orderChange"]
    assert [(each["type"], each["tradeType"]) for each in told] == [("match", "liquid"), ("filled", "liquid")]
    positions = [each["data"] for each in frames if each["subject"] == "position.change"]
    gone = next(each for each in positions if each.get("currentQty") == 0)
    assert gone["changeReason"] == "liquidation"


def test_one_contracts_topic_says_the_same_under_its_own_name() -> None:
    world = FeedWorld("/contractMarket/tradeOrders:XBTUSDTM", "/contractMarket/tradeOrders")
    world.place(symbol="ETHUSDTM")
    assert {each["topic"] for each in world.frames()} == {"/contractMarket/tradeOrders"}
    world.place()
    frames = world.frames()
    own = [each for each in frames if each["topic"].endswith(":XBTUSDTM")]
    assert {each["subject"] for each in own} == {"symbolOrderChange"}
    every = [each["data"] for each in frames if each["subject"] == "orderChange"]
    assert [each["data"] for each in own] == every


ASKED = st.fixed_dictionaries(
    {
        "side": st.sampled_from(["buy", "sell"]),
        "size": st.integers(1, 20),
        "share": st.sampled_from(["0.96", "0.999", "1", "1.001", "1.04"]) | st.none(),
        "wait": st.sampled_from([0.0, 1.0, 3.0]),
        "cancel": st.booleans(),
    }
)


@settings(max_examples=25, deadline=None)
@given(st.lists(ASKED, min_size=1, max_size=8))
def test_whatever_is_asked_the_story_of_every_order_adds_up(asked: list[dict[str, object]]) -> None:
    """Opened at most once, matches that sum to what is filled, one end, nothing after it, and REST agrees."""
    world = FeedWorld(*PRIVATE)
    frames: list[Frame] = []
    for each in asked:
        share = each["share"]
        limit = {"type": "limit", "price": world.price(str(share))} if share else {}
        order_id = world.place(side=each["side"], size=each["size"], **limit)
        if each["cancel"] and world.ask("GET", f"/api/v1/orders/{order_id}")["isActive"]:
            world.cancel(order_id)
        frames += world.frames() + world.sleep(float(str(each["wait"])), turn=0.5)
    stories: dict[str, list[Frame]] = {}
    for frame in frames:
        if frame["subject"] == "orderChange":
            stories.setdefault(frame["data"]["orderId"], []).append(frame["data"])
    assert len(stories) == len(asked)
    for order_id, story in stories.items():
        kinds = [part["type"] for part in story]
        assert kinds.count("open") <= 1
        assert kinds.count("filled") + kinds.count("canceled") == (kinds[-1] in {"filled", "canceled"})
        matched = sum(int(part["matchSize"]) for part in story if part["type"] == "match")
        seen = world.ask("GET", f"/api/v1/orders/{order_id}")
        assert matched == int(story[-1]["filledSize"]) == seen["filledSize"]
        assert (kinds[-1] in {"filled", "canceled"}) == (seen["status"] == "done")
