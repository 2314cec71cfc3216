from radtui.core.market import HOUR
from radtui.core.order import PositionSide
from radtui.exchange.kucoin.blotter import Blotter
from radtui.exchange.kucoin.readings import Readings
from tests.exchange.kucoin.memory import EPOCH, World
from tests.exchange.kucoin.script import Script, fill, order, page

POSITIONS = "GET /api/v1/positions"


def position(symbol: str, lots: int, side: str = "BOTH", currency: str = "USDT") -> dict[str, object]:
    return {"symbol": symbol, "currentQty": lots, "positionSide": side, "settleCurrency": currency}


def script() -> Script:
    told = Script()
    told.on("GET /api/v1/orders", page(order("1", "b-1"), order("2", "b-2", stop="down", stopPrice="9")))
    told.on("GET /api/v1/stopOrders", page(order("2", "b-2", stop="down", stopPrice="9"), order("3", None)))
    told.on(POSITIONS, [position("XBTUSDTM", 3), position("ETHUSDTM", 0), position("XBTUSDM", 9, currency="XBT")])
    told.on("GET /api/v1/recentFills", [fill(1, "1", EPOCH - 5)])
    told.on("GET /api/v1/orders/1", order("1", "b-1"))
    told.on("GET /api/v1/funding-history", {"dataList": [], "hasMore": False})
    return told


def readings(world: World) -> Readings:
    return Readings(world.rest, Blotter(), world.rest.time.now)


def test_orders_and_stops_are_one_list_ours_or_not_each_once():
    told = script()

    async def story(world: World) -> None:
        found = await readings(world).open_orders()
        assert sorted(report.order_id for report in found) == ["1", "2", "3"]

    told.live(story)
    asked = [asked for asked in told.asked if "rders" in asked]
    assert "stopOrders" in asked[0], "stops first: one that fires meanwhile is in the second list"


def test_only_open_positions_in_our_currency_are_told():
    async def story(world: World) -> None:
        (held,) = await readings(world).positions()
        assert (held.symbol, held.lots) == ("XBTUSDTM", 3)

    script().live(story)


def test_both_sides_of_a_symbol_are_shown():
    told = script()
    told.on(POSITIONS, [position("XBTUSDTM", 3, "LONG"), position("XBTUSDTM", -2, "SHORT")])

    async def story(world: World) -> None:
        assert [(each.lots, each.position_side) for each in await readings(world).positions()] == [
            (3, PositionSide.LONG),
            (-2, PositionSide.SHORT),
        ]

    told.live(story)


def test_funding_is_asked_for_what_was_held_also_before_anybody_looked():
    told = script()
    told.on(POSITIONS, [position("ETHUSDTM", 1)])

    async def story(world: World) -> None:
        assert await readings(world).funding(EPOCH - HOUR) == []

    told.live(story)
    asked = {asked.partition("symbol=")[2].partition("&")[0] for asked in told.asked if "funding" in asked}
    assert asked == {"XBTUSDTM", "ETHUSDTM"}, "one is held, one was closed while nobody looked"


def test_orders_that_ended_unseen_are_told():
    told = script()
    told.on("GET /api/v1/recentDoneOrders", [order("1", "b-1", status="done", isActive=False, filledSize=5)])

    async def story(world: World) -> None:
        read = readings(world)
        assert await read.ended_orders() == [], "nothing is known, nothing is asked"
        await read.open_orders()
        (ended,) = await read.ended_orders()
        assert (ended.client_id, ended.active) == ("b-1", False)

    told.live(story)
