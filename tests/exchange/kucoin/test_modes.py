from decimal import Decimal

import pytest

from radtui.core.order import MarginMode, OrderRequest, OrderType, PositionSide, Side
from radtui.exchange.kucoin.modes import Modes
from radtui.resilience.failures import Refused
from tests.exchange.kucoin.memory import World, no
from tests.exchange.kucoin.script import Script

SET = "POST /api/v2/changeCrossUserLeverage"


def script(mode: str = "ISOLATED", hedged: int = 0) -> Script:
    told = Script()
    told.on("GET /api/v2/position/getPositionMode", {"positionMode": hedged})
    told.on("GET /api/v2/position/getMarginMode", {"symbol": "XBTUSDTM", "marginMode": mode})
    told.on("GET /api/v2/getCrossUserLeverage", {"symbol": "XBTUSDTM", "leverage": "5"})
    told.on(SET, True)
    return told


def request(side: Side = Side.BUY, *, close: bool = False) -> OrderRequest:
    return OrderRequest(
        client_id="b-1", symbol="XBTUSDTM", side=side, type=OrderType.MARKET, lots=0 if close else 3,
        close_order=close, leverage=0 if close else 3,
    )  # fmt: skip


def fitted(told: Script, asked: OrderRequest, wanted: MarginMode = MarginMode.ISOLATED) -> OrderRequest:
    async def story(world: World) -> OrderRequest:
        modes = Modes(world.rest.positions, wanted)
        await modes.read(["XBTUSDTM"])
        return await modes.fit(asked)

    return told.live(story)


@pytest.mark.parametrize(
    ("side", "close", "held"),
    [
        (Side.BUY, False, PositionSide.LONG),
        (Side.SELL, False, PositionSide.SHORT),
        (Side.SELL, True, PositionSide.LONG),
        (Side.BUY, True, PositionSide.SHORT),
    ],
)
def test_in_hedge_mode_an_order_names_the_position_it_is_for(side, close, held):
    assert fitted(script(hedged=1), request(side, close=close)).position_side is held
    assert fitted(script(), request(side, close=close)).position_side is PositionSide.BOTH


def test_an_entry_into_another_margin_mode_is_not_sent_and_an_exit_always_fits():
    told = script("CROSS")
    with pytest.raises(Refused, match=r"cross margin .* isolated is configured"):
        fitted(told, request())
    assert fitted(told, request(Side.SELL, close=True)).margin_mode is MarginMode.CROSS


def test_a_cross_position_is_opened_with_its_own_leverage():
    told = script("CROSS")

    async def story(world: World) -> None:
        modes = Modes(world.rest.positions, MarginMode.CROSS)
        await modes.read(["XBTUSDTM"])
        for _ in range(3):
            await modes.fit(request())
        assert told.count(SET) == 1
        modes.leverage_changed("XBTUSDTM", Decimal(8))
        await modes.fit(request())
        assert told.count(SET) == 2
        await modes.fit(request(close=True))
        assert told.count(SET) == 2

    told.live(story)


def test_where_the_leverage_cannot_be_set_nothing_is_opened():
    told = script("CROSS")
    told.on(SET, no("300016", "leverage too high"))
    with pytest.raises(Refused):
        fitted(told, request(), MarginMode.CROSS)


def test_a_mode_that_changes_on_the_way_is_followed():
    async def story(world: World) -> None:
        modes = Modes(world.rest.positions, MarginMode.ISOLATED)
        await modes.read(["XBTUSDTM"])
        modes.margin_changed({"XBTUSDTM": MarginMode.CROSS})
        with pytest.raises(Refused):
            await modes.fit(request())
        modes.forget()
        await modes.read(["XBTUSDTM"])
        assert (await modes.fit(request())).margin_mode is MarginMode.ISOLATED

    script().live(story)
