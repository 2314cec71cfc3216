import json
from decimal import Decimal
from typing import Any

import pytest

from radtui.core.order import Cross, MarginMode, OrderRequest, OrderType, Side, Trigger
from radtui.exchange.kucoin.blotter import Blotter
from radtui.exchange.kucoin.dealing import Dealing
from radtui.exchange.kucoin.modes import Modes
from radtui.exchange.kucoin.rest.transport import Request
from radtui.resilience.failures import Ambiguous, Refused, Unknown
from tests.exchange.kucoin.memory import Answer, World, no
from tests.exchange.kucoin.script import Script, order, page

PLACE = "POST /api/v1/orders"
BY_CLIENT = "GET /api/v1/orders/byClientOid"
STOPS = "GET /api/v1/stopOrders"
DONE = "GET /api/v1/recentDoneOrders"
CANCEL = "DELETE /api/v1/orders/client-order/b-1"
UNKNOWN = no("100001", "error.getOrder.orderNotExist")


class Wire(Script):
    """A script that keeps the bodies."""

    def __init__(self, hedged: int = 0, mode: str = "ISOLATED") -> None:
        super().__init__()
        self.bodies: list[dict[str, Any]] = []
        self.on("GET /api/v2/position/getPositionMode", {"positionMode": hedged})
        self.on("GET /api/v2/position/getMarginMode", {"symbol": "XBTUSDTM", "marginMode": mode})
        self.on(PLACE, {"orderId": "7", "clientOid": "b-1"})
        self.on(BY_CLIENT, UNKNOWN)
        self.on(STOPS, page())
        self.on(DONE, [])

    def __call__(self, request: Request) -> Answer:
        if request.body:
            self.bodies.append(json.loads(request.body))
        return super().__call__(request)


def dealing(world: World) -> Dealing:
    modes = Modes(world.rest.positions, MarginMode.ISOLATED)
    return Dealing(world.rest.orders, modes, Blotter(), world.rest.time.now)


def entry(**told: Any) -> OrderRequest:
    usual: dict[str, Any] = {"lots": 3, "leverage": 4}
    return OrderRequest(client_id="b-1", symbol="XBTUSDTM", side=Side.BUY, type=OrderType.MARKET, **{**usual, **told})


def stop() -> OrderRequest:
    trigger = Trigger(Cross.DOWN, Decimal("9.50"))
    return OrderRequest(
        client_id="b-1", symbol="XBTUSDTM", side=Side.SELL, type=OrderType.MARKET, close_order=True, stop=trigger
    )


def test_an_entry_says_everything_and_leaves_once():
    wire = Wire()

    async def story(world: World) -> None:
        assert await dealing(world).place(entry()) == "7"

    wire.live(story)
    assert wire.bodies == [
        {
            "clientOid": "b-1", "symbol": "XBTUSDTM", "marginMode": "ISOLATED", "positionSide": "BOTH",
            "type": "market", "side": "buy", "size": 3, "leverage": 4, "remark": "radtui",
        }
    ]  # fmt: skip


def test_a_stop_closes_everything_and_names_what_it_watches():
    wire = Wire(hedged=1)

    async def story(world: World) -> None:
        await dealing(world).place(stop())

    wire.live(story)
    assert wire.bodies == [
        {
            "clientOid": "b-1", "symbol": "XBTUSDTM", "marginMode": "ISOLATED", "positionSide": "LONG",
            "type": "market", "side": "sell", "closeOrder": True, "stop": "down", "stopPrice": "9.5",
            "stopPriceType": "TP", "remark": "radtui",
        }
    ]  # fmt: skip


@pytest.mark.parametrize("answer", [no("300018", "clientOid parameter repeated"), no("500000", "", 500)])
def test_an_open_outcome_is_never_sent_again(answer):
    wire = Wire()
    wire.on(PLACE, answer)

    async def story(world: World) -> None:
        with pytest.raises(Ambiguous):
            await dealing(world).place(entry())

    wire.live(story)
    assert wire.count(PLACE) == 1


def test_after_another_mode_the_next_order_is_made_with_the_modes_of_now():
    wire = Wire()
    wire.on(PLACE, no("330011", "position mode"))

    async def story(world: World) -> None:
        deals = dealing(world)
        with pytest.raises(Refused):
            await deals.place(stop())
        wire.on("GET /api/v2/position/getPositionMode", {"positionMode": 1})
        wire.on(PLACE, {"orderId": "7"})
        await deals.place(stop())

    wire.live(story)
    assert [body["positionSide"] for body in wire.bodies] == ["BOTH", "LONG"]


def test_an_exit_leaves_though_the_modes_cannot_be_read():
    wire = Wire()
    wire.on("GET /api/v2/position/getPositionMode", no("400100", "no"))

    async def story(world: World) -> None:
        deals = dealing(world)
        assert await deals.place(stop()) == "7"
        with pytest.raises(Refused):
            await deals.place(entry())

    wire.live(story)


def test_a_stop_that_was_placed_is_cancelled_by_the_exchanges_id():
    wire = Wire()
    wire.on("DELETE /api/v1/orders/7", {"cancelledOrderIds": ["7"]})

    async def story(world: World) -> None:
        deals = dealing(world)
        await deals.place(stop())
        await deals.cancel("XBTUSDTM", "b-1")

    wire.live(story)
    assert wire.count("DELETE /api/v1/orders/7") == 1
    assert wire.count(CANCEL) == 0


def test_one_that_fired_meanwhile_is_cancelled_as_an_order():
    wire = Wire()
    wire.on("DELETE /api/v1/orders/7", no("100004", "The order cannot be canceled."))
    wire.on(CANCEL, {"clientOid": "b-1"})

    async def story(world: World) -> None:
        deals = dealing(world)
        await deals.place(stop())
        await deals.cancel("XBTUSDTM", "b-1")

    wire.live(story)
    assert wire.count(CANCEL) == 1


def test_a_stop_of_an_earlier_run_is_looked_up():
    wire = Wire()
    wire.on(CANCEL, UNKNOWN)
    wire.on(STOPS, page(order("8", "other"), order("7", "b-1", stop="down", stopPrice="9")))
    wire.on("DELETE /api/v1/orders/7", {"cancelledOrderIds": ["7"]})

    async def story(world: World) -> None:
        await dealing(world).cancel("XBTUSDTM", "b-1")
        wire.on(STOPS, page())
        with pytest.raises(Unknown):
            await dealing(world).cancel("XBTUSDTM", "b-1")

    wire.live(story)


@pytest.mark.parametrize("where", [BY_CLIENT, STOPS, DONE])
def test_an_order_is_found_wherever_it_is(where):
    wire = Wire()
    found = order("7", "b-1")
    wire.on(where, {BY_CLIENT: found, STOPS: page(found), DONE: [order("6", "b-0"), found]}[where])

    async def story(world: World) -> None:
        report = await dealing(world).find("XBTUSDTM", "b-1")
        assert report is not None
        assert report.order_id == "7"

    wire.live(story)


def test_none_means_that_no_list_has_it():
    wire = Wire()

    async def story(world: World) -> None:
        assert await dealing(world).find("XBTUSDTM", "b-1") is None

    wire.live(story)
    assert (wire.count(BY_CLIENT), wire.count(STOPS), wire.count(DONE)) == (2, 1, 1)


def test_a_stop_that_fires_while_the_lists_are_read_is_not_missed():
    wire = Wire()
    asked: list[int] = []

    def fired(_: dict[str, str]) -> Any:
        asked.append(1)
        return UNKNOWN if len(asked) == 1 else order("7", "b-1", stop="down", stopPrice="9", stopTriggered=True)

    wire.on(BY_CLIENT, fired)

    async def story(world: World) -> None:
        report = await dealing(world).find("XBTUSDTM", "b-1")
        assert report is not None
        assert report.triggered

    wire.live(story)
