from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from radtui.core.order import MarginMode, OrderType, PositionSide, Side
from radtui.exchange.kucoin.rest.bodies import OrderBody, ProtectedBody
from radtui.exchange.kucoin.rest.calls.orders import OrderCalls
from radtui.exchange.kucoin.rest.transport import Request, Response, Unanswered, Unsent
from radtui.resilience.failures import Ambiguous, Refused, Transient, Unknown
from tests.exchange.kucoin.memory import Memory, World, fly, no, ok

PLACED = {"orderId": "5", "clientOid": "c"}
CANCELLED = {"cancelledOrderIds": ["5"]}
ORDER = {"id": "5", "symbol": "X", "status": "open", "isActive": True, "size": 3}
PAGE = {"currentPage": 1, "pageSize": 1000, "totalNum": 1, "totalPage": 1, "items": [ORDER]}
FILL = {"symbol": "X", "tradeId": "1", "orderId": "5", "side": "buy", "price": "1.5", "size": 3}
FILLS = {**PAGE, "items": [FILL]}

Ask = Callable[[OrderCalls], Awaitable[Any]]


def body(kind: type[OrderBody] = OrderBody, **more: Any) -> Any:
    return kind(
        client_oid="c", symbol="X", margin_mode=MarginMode.ISOLATED, position_side=PositionSide.BOTH,
        type=OrderType.MARKET, side=Side.SELL, size=1, **more,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("ask", "data", "asked"),
    [
        (lambda o: o.place(body()), PLACED, "POST /api/v1/orders"),
        (lambda o: o.place_test(body()), PLACED, "POST /api/v1/orders/test"),
        (lambda o: o.place_protected(body(ProtectedBody)), PLACED, "POST /api/v1/st-orders"),
        (lambda o: o.place_many([body()]), [{**PLACED, "code": "200000"}], "POST /api/v1/orders/multi"),
        (lambda o: o.cancel("5"), CANCELLED, "DELETE /api/v1/orders/5"),
        (
            lambda o: o.cancel_by_client_id("X", "c"),
            {"clientOid": "c"},
            "DELETE /api/v1/orders/client-order/c?symbol=X",
        ),
        (lambda o: o.cancel_many(["5"]), [{"orderId": "5", "code": "200"}], "DELETE /api/v1/orders/multi-cancel"),
        (lambda o: o.cancel_many_by_client_id("X", ["c"]), [], "DELETE /api/v1/orders/multi-cancel"),
        (lambda o: o.cancel_all("X"), CANCELLED, "DELETE /api/v3/orders?symbol=X"),
        (lambda o: o.cancel_stops("X"), CANCELLED, "DELETE /api/v1/stopOrders?symbol=X"),
        (lambda o: o.cancel_stops(), CANCELLED, "DELETE /api/v1/stopOrders"),
        (
            lambda o: o.page("done", symbol="X", begin=1, end=2),
            PAGE,
            "GET /api/v1/orders?status=done&symbol=X&startAt=1&endAt=2&currentPage=1&pageSize=1000",
        ),
        (lambda o: o.active(), PAGE, "GET /api/v1/orders?status=active&currentPage=1&pageSize=1000"),
        (lambda o: o.stops("X"), PAGE, "GET /api/v1/stopOrders?symbol=X&currentPage=1&pageSize=1000"),
        (lambda o: o.get("5"), ORDER, "GET /api/v1/orders/5"),
        (lambda o: o.by_client_id("c"), ORDER, "GET /api/v1/orders/byClientOid?clientOid=c"),
        (lambda o: o.recent_done(), [ORDER], "GET /api/v1/recentDoneOrders"),
        (
            lambda o: o.fills_page(order_id="5", begin=1),
            FILLS,
            "GET /api/v1/fills?orderId=5&startAt=1&currentPage=1&pageSize=1000",
        ),
        (lambda o: o.recent_fills("X"), [FILL], "GET /api/v1/recentFills?symbol=X"),
        (lambda o: o.statistics("X"), {"openOrderBuySize": 2}, "GET /api/v1/openOrderStatistics?symbol=X"),
    ],
)
def test_a_question_goes_out_as_the_protocol_has_it(ask: Ask, data: Any, asked: str) -> None:
    memory = Memory(ok(data))

    async def story(world: World) -> None:
        assert await ask(world.rest.orders) is not None
        assert memory.asked == [asked]
        assert "KC-API-SIGN" in memory.sent[-1].headers

    fly(memory, story)


def sent_by(ask: Ask, data: Any) -> Any:
    memory = Memory(ok(data))
    fly(memory, lambda world: ask(world.rest.orders))
    return json.loads(memory.sent[-1].body)


def test_the_bodies_of_cancels_and_batches() -> None:
    assert sent_by(lambda o: o.cancel_many(["5", "6"]), []) == {"orderIdsList": ["5", "6"]}
    by_client = sent_by(lambda o: o.cancel_many_by_client_id("X", ["c"]), [])
    assert by_client == {"clientOidsList": [{"symbol": "X", "clientOid": "c"}]}
    many = sent_by(lambda o: o.place_many([body(), body()]), [])
    assert [one["size"] for one in many] == [1, 1]


@pytest.mark.parametrize("fault", [Unanswered("cut"), Response(502, b""), ok(None), ok({"orderId": None}), ok([])])
def test_a_placement_whose_outcome_is_open_is_sent_once_and_said_to_be_open(fault: Any) -> None:
    memory = Memory(fault)

    async def story(world: World) -> None:
        with pytest.raises(Ambiguous):
            await world.rest.orders.place(body())

    fly(memory, story, retries=5)
    assert len(memory.asked) == 1


def test_a_repeated_client_id_means_that_an_earlier_send_arrived() -> None:
    async def story(world: World) -> None:
        with pytest.raises(Ambiguous, match="earlier send of it arrived"):
            await world.rest.orders.place(body())

    fly(Memory(no("300018", "clientOid parameter repeated")), story)


def test_a_batch_may_fail_in_part() -> None:
    rows = [{"orderId": "5", "clientOid": "a", "code": "200000"}, {"clientOid": "b", "code": "300003", "msg": "no"}]

    async def story(world: World) -> None:
        first, second = await world.rest.orders.place_many([body(), body()])
        assert (first.succeeded, second.succeeded, second.order_id) == (True, False, None)

    fly(Memory(ok(rows)), story)


@pytest.mark.parametrize("answer", [no("100001", "error.getOrder.orderNotExist"), no("100004", "done")])
def test_an_order_that_is_unknown_is_none_and_its_cancel_says_so(answer: Response) -> None:
    async def story(world: World) -> None:
        assert await world.rest.orders.by_client_id("c") is None
        assert await world.rest.orders.get("5") is None
        with pytest.raises(Unknown):
            await world.rest.orders.cancel("5")

    fly(Memory(answer), story)


def test_silence_is_never_taken_for_no_such_order() -> None:
    async def story(world: World) -> None:
        with pytest.raises(Transient):
            await world.rest.orders.by_client_id("c")
        with pytest.raises(Ambiguous):
            await world.rest.orders.cancel("5")

    fly(Memory(Unanswered("cut")), story)


def test_an_answer_that_names_no_order_is_none_only_where_it_carries_nothing() -> None:
    assert fly(Memory(ok(None)), lambda world: world.rest.orders.by_client_id("c")) is None

    async def story(world: World) -> None:
        with pytest.raises(Transient):
            await world.rest.orders.by_client_id("c")

    fly(Memory(ok({"symbol": "X"})), story)


def test_an_empty_id_or_symbol_never_leaves() -> None:
    memory = Memory(ok(CANCELLED))

    async def story(world: World) -> None:
        for ask in (
            world.rest.orders.cancel(""),
            world.rest.orders.cancel_all(""),
            world.rest.orders.cancel_stops(""),
            world.rest.orders.cancel_by_client_id("X", ""),
            world.rest.orders.cancel_by_client_id("X", "../5"),
        ):
            with pytest.raises(Refused, match="Nothing was sent"):
                await ask

    fly(memory, story)
    assert not memory.asked


def pages_of(rows: list[dict[str, Any]], size: int) -> Callable[[Request], Response]:
    def answer(request: Request) -> Response:
        page = int(parse_qs(urlsplit(request.target).query)["currentPage"][0])
        part = rows[(page - 1) * size : page * size]
        total = -(-len(rows) // size)
        return ok({"currentPage": page, "pageSize": size, "totalNum": len(rows), "totalPage": total, "items": part})

    return answer


@pytest.mark.parametrize("count", [0, 1, 49, 50, 51, 140])
def test_all_pages_are_read_and_each_order_comes_once(count: int) -> None:
    rows = [{**ORDER, "id": str(number)} for number in range(count)]
    memory = Memory(pages_of([*rows, *rows[:3]], 50))

    async def story(world: World) -> None:
        for found in (await world.rest.orders.active(), await world.rest.orders.stops()):
            assert [order.id for order in found] == [str(number) for number in range(count)]

    fly(memory, story)


def test_a_page_that_promises_more_and_brings_nothing_ends_the_reading() -> None:
    endless = ok({"currentPage": 1, "pageSize": 50, "totalNum": 9, "totalPage": 9, "items": []})
    memory = Memory(endless)
    assert fly(memory, lambda world: world.rest.orders.active()) == []
    assert len(memory.asked) == 1


def test_what_closes_or_cancels_or_looks_up_passes_a_broken_way_and_entries_do_not() -> None:
    memory = Memory(Unsent("down"))

    async def story(world: World) -> None:
        for _ in range(5):
            with pytest.raises(Transient):
                await world.rest.orders.recent_done()
        sent = len(memory.asked)
        for ask in (world.rest.orders.place(body()), world.rest.orders.recent_fills(), world.rest.orders.active()):
            with pytest.raises(Transient):
                await ask
        assert len(memory.asked) == sent
        for ask in (
            world.rest.orders.place(body(reduce_only=True)),
            world.rest.orders.place(body(close_order=True)),
            world.rest.orders.cancel("5"),
            world.rest.orders.cancel_all("X"),
            world.rest.orders.by_client_id("c"),
            world.rest.orders.recent_fills(essential=True),
            world.rest.orders.active(essential=True),
        ):
            with pytest.raises(Transient):
                await ask
        assert len(memory.asked) == sent + 7

    fly(memory, story)
