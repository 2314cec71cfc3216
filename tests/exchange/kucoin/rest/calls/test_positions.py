from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import Any

import pytest

from radtui.core.order import MarginMode
from radtui.exchange.kucoin.rest.calls.positions import PositionCalls
from radtui.resilience.failures import Ambiguous, Refused
from tests.exchange.kucoin.memory import Memory, World, fly, no, ok

POSITION = {"symbol": "X", "currentQty": -3, "avgEntryPrice": 67430.9, "marginMode": "CROSS", "crossMode": True}
MODE = {"symbol": "X", "marginMode": "CROSS"}
SIZES = {"symbol": "X", "maxBuyOpenSize": 5, "maxSellOpenSize": 6}

Ask = Callable[[PositionCalls], Awaitable[Any]]


@pytest.mark.parametrize(
    ("ask", "data", "asked", "body"),
    [
        (lambda p: p.open("USDT"), [POSITION], "GET /api/v1/positions?currency=USDT", None),
        (lambda p: p.of("X"), POSITION, "GET /api/v1/position?symbol=X", None),
        (lambda p: p.sides("X"), [POSITION], "GET /api/v2/position?symbol=X", None),
        (
            lambda p: p.history("X", begin=1, end=2),
            {"items": []},
            "GET /api/v1/history-positions?symbol=X&from=1&to=2&limit=200&pageId=1",
            None,
        ),
        (lambda p: p.margin_mode("X"), MODE, "GET /api/v2/position/getMarginMode?symbol=X", None),
        (lambda p: p.set_margin_mode("X", MarginMode.CROSS), MODE, "POST /api/v2/position/changeMarginMode", MODE),
        (
            lambda p: p.set_margin_modes(["X"], MarginMode.CROSS),
            {"marginMode": {"X": "CROSS"}},
            "POST /api/v2/position/batchChangeMarginMode",
            {"marginMode": "CROSS", "symbols": ["X"]},
        ),
        (lambda p: p.is_hedged(), {"positionMode": 1}, "GET /api/v2/position/getPositionMode", None),
        (
            lambda p: p.set_hedged(True),
            {"positionMode": "1"},
            "POST /api/v2/position/switchPositionMode",
            {"positionMode": "1"},
        ),
        (
            lambda p: p.cross_leverage("X"),
            {"symbol": "X", "leverage": "3.00"},
            "GET /api/v2/getCrossUserLeverage?symbol=X",
            None,
        ),
        (
            lambda p: p.set_cross_leverage("X", 8),
            True,
            "POST /api/v2/changeCrossUserLeverage",
            {"symbol": "X", "leverage": "8"},
        ),
        (
            lambda p: p.set_cross_leverage("X", 8),
            {"symbol": "X", "leverage": "8"},
            "POST /api/v2/changeCrossUserLeverage",
            {"symbol": "X", "leverage": "8"},
        ),
        (
            lambda p: p.max_open_size("X", Decimal("60000.10"), 5),
            SIZES,
            "GET /api/v2/getMaxOpenSize?symbol=X&price=60000.1&leverage=5",
            None,
        ),
        (
            lambda p: p.cross_risk_limits(["X", "Y"], margin=Decimal("1e3")),
            [],
            "GET /api/v2/batchGetCrossOrderLimit?symbol=X,Y&totalMargin=1000",
            None,
        ),
        (
            lambda p: p.set_risk_level("X", 2),
            True,
            "POST /api/v1/position/risk-limit-level/change",
            {"symbol": "X", "level": 2},
        ),
        (lambda p: p.max_withdraw_margin("X"), "21.1135719252", "GET /api/v1/margin/maxWithdrawMargin?symbol=X", None),
        (
            lambda p: p.deposit_margin("X", Decimal("1.50"), "once-1"),
            POSITION,
            "POST /api/v1/position/margin/deposit-margin",
            {"symbol": "X", "margin": "1.5", "bizNo": "once-1"},
        ),
        (
            lambda p: p.withdraw_margin("X", Decimal("1E-7")),
            "0.0000001",
            "POST /api/v1/margin/withdrawMargin",
            {"symbol": "X", "withdrawAmount": "0.0000001"},
        ),
    ],
)
def test_a_question_goes_out_as_the_protocol_has_it(ask: Ask, data: Any, asked: str, body: Any) -> None:
    memory = Memory(ok(data))

    async def story(world: World) -> None:
        await ask(world.rest.positions)
        assert memory.asked == [asked]
        sent = memory.sent[-1].body
        assert (json.loads(sent) if sent else None) == body

    fly(memory, story)


def test_positions_read_as_they_are() -> None:
    (found,) = fly(Memory(ok([POSITION])), lambda world: world.rest.positions.open())
    assert (found.current_qty, found.avg_entry_price, found.is_cross) == (-3, Decimal("67430.9"), True)
    assert found.maint_margin is None


@pytest.mark.parametrize("hedged", [True, False])
def test_modes_and_amounts_come_in_our_words(hedged: bool) -> None:
    async def story(world: World) -> None:
        calls, answers = world.rest.positions, world.memory.answers
        assert await calls.is_hedged() is hedged
        answers[0] = ok(MODE)
        assert await calls.margin_mode("X") is MarginMode.CROSS
        answers[0] = ok(1)
        assert await calls.max_withdraw_margin("X") == Decimal(1)
        answers[0] = ok({"symbol": "X", "leverage": "3.00"})
        assert await calls.cross_leverage("X") == 3

    fly(Memory(ok({"positionMode": str(int(hedged))})), story)


def test_no_position_is_none_and_no_failure() -> None:
    async def story(world: World) -> None:
        assert await world.rest.positions.of("X") is None
        assert await world.rest.positions.open() == []
        assert await world.rest.positions.sides("X") == []

    fly(Memory(ok(None, msg="Position does not exist")), story)


def test_a_position_may_come_as_an_object_or_in_an_array() -> None:
    for shape in (POSITION, [POSITION]):
        (found,) = fly(Memory(ok(shape)), lambda world: world.rest.positions.sides("X"))
        assert found.current_qty == -3


def test_a_mode_that_nobody_knows_is_no_mode() -> None:
    async def story(world: World) -> None:
        with pytest.raises(Refused, match="PORTFOLIO"):
            await world.rest.positions.margin_mode("X")

    fly(Memory(ok({"symbol": "X", "marginMode": "PORTFOLIO"})), story)


def test_a_mode_that_cannot_be_changed_says_why() -> None:
    async def story(world: World) -> None:
        with pytest.raises(Refused, match="order or a position"):
            await world.rest.positions.set_margin_mode("X", MarginMode.CROSS)
        world.memory.answers[0] = ok(
            {
                "marginMode": {"X": "ISOLATED"},
                "errors": [{"code": "50002", "msg": "exist.order.or.position", "symbol": "X"}],
            }
        )
        found = await world.rest.positions.set_margin_modes(["X"], MarginMode.CROSS)
        assert [error.symbol for error in found.errors] == ["X"]
        world.memory.answers[0] = ok(None)
        with pytest.raises(Ambiguous):
            await world.rest.positions.set_cross_leverage("X", 3)

    fly(Memory(no("50002", "exist.order.or.position")), story)
