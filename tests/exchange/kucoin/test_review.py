"""A client that moves one's own money, before an exchange that errs, lies and hesitates."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from radtui.core.order import MarginMode, OrderRequest, OrderType, PositionSide, Side
from radtui.exchange.kucoin.feed import topics
from radtui.exchange.kucoin.feed.lanes import lane
from radtui.exchange.kucoin.feed.mailbox import Heard, Mailbox, TopicLive, TopicLost
from radtui.exchange.kucoin.modes import EXIT_WAITS, Modes
from radtui.exchange.kucoin.rest import endpoints, errors
from radtui.exchange.kucoin.rest.bodies import OrderBody
from radtui.exchange.kucoin.rest.transport import Request, Response
from radtui.exchange.kucoin.standing import Standing
from radtui.exchange.kucoin.wire.common import decode, nanoseconds
from radtui.exchange.kucoin.wire.orders import Order
from radtui.exchange.port import FeedBack, FeedLost
from radtui.resilience.failures import Ambiguous, RateLimited, Transient
from radtui.resilience.virtual import run_virtual
from tests.exchange.kucoin.feed_server import FeedServer, feed_on
from tests.exchange.kucoin.memory import Memory, World, fly, no, ok
from tests.exchange.kucoin.script import Script, order, page

LINES = ("gw-ratelimit-limit", "gw-ratelimit-remaining", "gw-ratelimit-reset")


def told(limit: object, remaining: object, reset: object) -> dict[str, str]:
    return dict(zip(LINES, map(str, (limit, remaining, reset)), strict=True))


def body(client_id: str = "b-1", **more: Any) -> OrderBody:
    usual: dict[str, Any] = {
        "symbol": "XBTUSDTM", "margin_mode": MarginMode.ISOLATED, "position_side": PositionSide.BOTH,
        "type": OrderType.LIMIT, "side": Side.BUY, "size": 1, "leverage": 5, "price": "10",
    }  # fmt: skip
    return OrderBody(client_oid=client_id, **{**usual, **more})


@pytest.mark.parametrize("limit", [1, 4, 29])
def test_a_senseless_limit_locks_nobody_out(limit: int) -> None:
    broken = Response(200, ok({"cancelledOrderIds": ["1"]}).body, told(limit, 0, 1))

    async def story(world: World) -> None:
        await world.rest.orders.cancel("1")
        await world.rest.orders.cancel_stops()
        await world.rest.orders.cancel_many(["1"])

    memory = Memory(broken, broken, Response(200, ok([]).body, told(limit, 0, 1)))
    fly(memory, story)
    assert len(memory.asked) == 3


def test_a_senseless_reset_does_not_close_the_line_for_good() -> None:
    answer = no("429000", "Too many requests", 429, told(2000, 0, 10**12))

    async def story(world: World) -> float:
        loop = asyncio.get_running_loop()
        with pytest.raises(RateLimited):
            await world.rest.orders.recent_fills()
        await world.rest.orders.recent_fills()
        return loop.time()

    assert fly(Memory(answer, ok([])), story) <= errors.LONGEST_WAIT + 1


def test_a_placement_that_had_to_wait_for_its_turn_does_not_leave_late() -> None:
    """Whoever gave it up has looked it up by then, and was told that there is no such order."""

    async def story(world: World) -> None:
        world.guards[endpoints.Pool.FUTURES].limiter.blocked(3.0)
        with pytest.raises(Transient, match="was not sent"):
            await world.rest.orders.place(body())

    memory = Memory(ok({"orderId": "1"}))
    fly(memory, story)
    assert memory.asked == []


def test_a_placement_repeated_for_its_timestamp_does_not_leave_late() -> None:
    async def story(world: World) -> None:
        world.door.time.learn(0, 0, 0)
        with pytest.raises(Transient):
            await world.rest.orders.place(body())

    def slow(request: Request) -> Response:
        memory.travel = 5.0
        return no("400002", "Invalid KC-API-TIMESTAMP", 400)

    memory = Memory(slow, ok({"orderId": "1"}))
    fly(memory, story)
    assert memory.asked == ["POST /api/v1/orders"]


def test_an_answer_to_somebody_elses_order_leaves_the_outcome_open() -> None:
    async def story(world: World) -> None:
        with pytest.raises(Ambiguous):
            await world.rest.orders.place(body("b-1"))

    fly(Memory(ok({"orderId": "1", "clientOid": "b-7"})), story)


@pytest.mark.parametrize("order_id", ["", None])
def test_an_answer_without_an_order_id_leaves_the_outcome_open(order_id: str | None) -> None:
    async def story(world: World) -> None:
        with pytest.raises(Ambiguous):
            await world.rest.orders.place(body("b-1"))

    fly(Memory(ok({"orderId": order_id, "clientOid": "b-1"})), story)


class Shrinking:
    """A list of which a row goes while it is read: those after it move up by one, over the edge of a page."""

    def __init__(self, rows: int, size: int) -> None:
        self.rows = [order(str(number), f"b-{number}") for number in range(rows)]
        self.size, self.reads = size, 0

    def __call__(self, query: dict[str, str]) -> Any:
        number = int(query["currentPage"])
        shown = self.rows[(number - 1) * self.size : number * self.size]
        answer = page(*shown, number=number, of=-(-len(self.rows) // self.size))
        answer["totalNum"] = len(self.rows)
        self.reads += 1
        if self.reads == 1:
            del self.rows[0]
        return answer


@pytest.mark.parametrize("what", ["orders", "stopOrders"])
def test_no_order_is_skipped_where_one_goes_while_pages_are_read(what: str) -> None:
    script = Script()
    script.on(f"GET /api/v1/{what}", Shrinking(5, 2))

    async def story(world: World) -> set[str]:
        read = world.rest.orders.active if what == "orders" else world.rest.orders.stops
        return {found.id for found in await read()}

    assert script.live(story) >= {"1", "2", "3", "4"}


def test_a_list_that_never_holds_still_is_no_answer() -> None:
    script = Script()
    counted = iter(range(10**6, 0, -1))

    def moving(query: dict[str, str]) -> Any:
        answer = page(order(query["currentPage"], "b-1"), number=int(query["currentPage"]), of=3)
        return {**answer, "totalNum": next(counted)}

    script.on("GET /api/v1/orders", moving)

    async def story(world: World) -> None:
        with pytest.raises(Transient):
            await world.rest.orders.active()

    script.live(story)
    assert len(script.asked) < 40


def test_an_order_of_which_nobody_says_that_it_is_done_is_not_done() -> None:
    assert decode(b'{"id": "1", "symbol": "XBTUSDTM"}', Order).active
    assert not decode(b'{"id": "1", "symbol": "XBTUSDTM", "status": "done"}', Order).active


@pytest.mark.parametrize("price", ["NaN", "Infinity", "-1", "0"])
def test_a_senseless_last_price_is_not_told(price: str) -> None:
    topic, mailbox = topics.last_ticker("XBTUSDTM"), Mailbox()
    frame = (
        '{"topic":"/contractMarket/ticker:XBTUSDTM","type":"message","subject":"ticker","data":{"symbol":"XBTUSDTM",'
        f'"sequence":5,"price":"{price}","bestBidPrice":"10","bestAskPrice":"11",'
        '"bestBidSize":1,"bestAskSize":1,"ts":1}}'
    )
    with pytest.raises(ValueError, match="price"):
        lane(topic, mailbox).take(frame.encode(), 1)
    assert not len(mailbox)


@pytest.mark.parametrize("broken", [b"\x00{", b'{"topic":"/contractMarket/tradeOrders","type":"mess\x00{', b"{}]"])
def test_a_private_frame_that_cannot_be_read_is_not_lost_without_a_word(broken: bytes) -> None:
    """It may have been a fill: what it said has to be read over REST."""

    async def main() -> None:
        server, mailbox = FeedServer(), Mailbox()
        async with feed_on(server) as feed:
            feed.subscribe([topics.orders(), topics.ticker("XBTUSDTM")], mailbox)
            await asyncio.sleep(1)
            told = [await anext(mailbox) for _ in range(len(mailbox))]
            assert {type(message) for message in told} == {TopicLive}
            server.carrier("/contractMarket/tradeOrders").raw(broken)
            server.carrier("/contractMarket/tickerV2:XBTUSDTM").raw(broken)
            await asyncio.sleep(1)
            told = [await anext(mailbox) for _ in range(len(mailbox))]
            assert [(type(message), message.topic) for message in told] == [
                (TopicLost, topics.orders()),
                (TopicLive, topics.orders()),
            ]
            assert not any(isinstance(message, Heard) for message in told)

    run_virtual(main())


def test_the_feed_is_not_back_before_all_that_was_missed_has_been_read() -> None:
    """Lost once more while the first loss is made good: what was said in between came after that reading began."""

    async def main() -> None:
        topic, told, reads = topics.orders(), list[object](), 0

        async def read() -> None:
            nonlocal reads
            reads += 1
            await asyncio.sleep(2.0)
            told.append(reads)

        standing = Standing("account", catch_up=read, put=told.append, draw=lambda: 0.0)
        standing.expect([topic])
        standing.live(topic)
        await standing.first()
        running = asyncio.create_task(standing.run())
        standing.lost(topic, "cut")
        standing.live(topic)
        await asyncio.sleep(1.0)
        standing.lost(topic, "cut again")
        standing.live(topic)
        await asyncio.sleep(20.0)
        assert [type(word) if isinstance(word, FeedLost | FeedBack) else word for word in told[:4]] == [
            FeedLost, 1, 2, FeedBack,
        ]  # fmt: skip
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)

    run_virtual(main())


def test_an_exit_does_not_wait_for_modes_that_cannot_be_read() -> None:
    async def story(world: World) -> float:
        world.guards[endpoints.Pool.FUTURES].limiter.blocked(30.0)
        request = OrderRequest(
            client_id="b-1", symbol="XBTUSDTM", side=Side.SELL, type=OrderType.MARKET, lots=0, close_order=True
        )
        began = asyncio.get_running_loop().time()
        await Modes(world.rest.positions, MarginMode.ISOLATED).fit(request)
        return asyncio.get_running_loop().time() - began

    assert fly(Memory(ok({}), travel=8.0), story) <= EXIT_WAITS


def test_a_time_is_the_same_in_either_unit() -> None:
    assert nanoseconds(1_756_199_639_879) == nanoseconds(1_756_199_639_879_000_000) == 1_756_199_639_879_000_000
