from radtui.core.market import DAY, HOUR, MINUTE
from radtui.exchange.kucoin.blotter import Blotter
from radtui.exchange.kucoin.fills import RECENT_ROWS, FillReader
from tests.exchange.kucoin.memory import EPOCH, World, no
from tests.exchange.kucoin.script import Script, fill, order, page

RECENT = "GET /api/v1/recentFills"
OLD = "GET /api/v1/fills"
DONE = "GET /api/v1/recentDoneOrders"


def reader(world: World, blotter: Blotter | None = None) -> FillReader:
    return FillReader(world.rest.orders, blotter or Blotter(), world.rest.time.now)


def script(recent: list[object], **more: object) -> Script:
    return Script(GET__api_v1_recentFills=recent, **more)


def test_a_fill_gets_its_client_id_and_its_order_is_asked_for_once():
    told = script([fill(2, "7", EPOCH - 1), fill(1, "7", EPOCH - 5)], GET__api_v1_orders_7=order("7", "b-1"))

    async def story(world: World) -> None:
        read = reader(world)
        for _ in range(3):
            fills = await read.since(EPOCH - HOUR)
            assert [found.trade_id for found in fills] == ["1-buy", "2-buy"], "oldest first"
            assert {found.client_id for found in fills} == {"b-1"}

    told.live(story)
    assert told.count("GET /api/v1/orders/7") == 1
    assert told.count(OLD) == 0, "the last day is one list"


def test_a_foreign_order_keeps_an_empty_id_and_is_not_asked_for_again():
    told = script([fill(1, "8", EPOCH - 1), fill(2, "9", EPOCH - 1)], GET__api_v1_orders_8=order("8", None))
    told.on("GET /api/v1/orders/9", no("100001", "error.getOrder.orderNotExist"))

    async def story(world: World) -> None:
        read = reader(world)
        for _ in range(3):
            assert [found.client_id for found in await read.since(EPOCH - HOUR)] == ["", ""]

    told.live(story)
    assert told.count("GET /api/v1/orders/8") == told.count("GET /api/v1/orders/9") == 1


def test_many_unknown_orders_are_read_as_lists():
    fills = [fill(number, str(number), EPOCH - number) for number in range(40)]
    done = [order(str(number), f"b-{number}", status="done", isActive=False) for number in range(40)]
    told = script(fills, GET__api_v1_recentDoneOrders=done)

    async def story(world: World) -> None:
        found = await reader(world).since(EPOCH - HOUR)
        assert {each.client_id for each in found} == {f"b-{number}" for number in range(40)}

    told.live(story)
    assert len([asked for asked in told.asked if "timestamp" not in asked]) == 2


def test_older_fills_come_by_pages_of_a_week_at_most():
    spans: list[tuple[int, int]] = []

    def old(query: dict[str, str]) -> object:
        begin, end = int(query["startAt"]), int(query["endAt"])
        spans.append((begin, end))
        number = int(query["currentPage"])
        return page(fill(begin // 1000 + number, "7", begin * 1_000_000 + number), number=number, of=2)

    told = script([fill(999_999, "7", EPOCH - MINUTE)], GET__api_v1_orders_7=order("7", "b-1"))
    told.on(OLD, old)

    async def story(world: World) -> None:
        found = await reader(world).since(EPOCH - 20 * DAY)
        assert [each.at for each in found] == sorted(each.at for each in found)
        assert len({each.trade_id for each in found}) == len(found)
        assert len(found) > 3

    told.live(story)
    assert all(end - begin <= 7 * 86_400_000 for begin, end in spans)
    assert len(spans) == 6, "three weeks, two pages each"
    assert min(begin for begin, _ in spans) == (EPOCH - 20 * DAY) // 1_000_000


def test_a_full_list_of_the_last_day_may_lack_the_oldest():
    told = script([fill(number, "7", EPOCH - number) for number in range(RECENT_ROWS)])
    told.on(OLD, page(fill(5_000, "7", EPOCH - MINUTE)))
    told.on("GET /api/v1/orders/7", order("7", "b-1"))

    async def story(world: World) -> None:
        assert len(await reader(world).since(EPOCH - HOUR)) == RECENT_ROWS + 1

    told.live(story)


def test_who_asks_from_nowhere_gets_a_week():
    told = script([])
    told.on(OLD, page())

    async def story(world: World) -> None:
        assert await reader(world).since(0) == []

    told.live(story)
    assert told.count(OLD) == 1


def test_a_trade_with_oneself_is_two_fills():
    told = script([fill(1, "7", EPOCH - 1), fill(1, "8", EPOCH - 1, side="sell", liquidity="maker")])
    told.on("GET /api/v1/orders/7", order("7", "b-1"))
    told.on("GET /api/v1/orders/8", order("8", "b-2"))

    async def story(world: World) -> None:
        found = await reader(world).since(EPOCH - HOUR)
        assert len({each.trade_id for each in found}) == 2

    told.live(story)
