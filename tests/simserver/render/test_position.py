"""A position as it is shown: the identities its figures obey, in both margin modes and on an inverse contract."""

from __future__ import annotations

from typing import Any

import pytest
from server_world import World


def held(world: World, symbol: str = "XBTUSDTM") -> dict[str, Any]:
    world.sleep(3)
    shown = world.ask("GET", f"/api/v1/position?symbol={symbol}")
    assert isinstance(shown, dict)
    return shown


@pytest.mark.parametrize("side", ["buy", "sell"])
@pytest.mark.parametrize("leverage", [3, 50])
def test_an_isolated_position(side: str, leverage: int) -> None:
    world = World()
    world.place(side=side, size=20, leverage=leverage)
    world.place(side="sell" if side == "buy" else "buy", size=5, leverage=leverage)
    shown = held(world)
    sign = 1 if side == "buy" else -1
    coins = 0.001 * shown["currentQty"]
    assert shown["currentQty"] == 15 * sign
    assert shown["markValue"] == pytest.approx(coins * shown["markPrice"])
    assert shown["unrealisedPnl"] == pytest.approx(coins * (shown["markPrice"] - shown["avgEntryPrice"]), abs=1e-6)
    assert shown["posInit"] == pytest.approx(abs(shown["posCost"]) / leverage)
    assert shown["posMargin"] == pytest.approx(
        shown["posInit"] + shown["posComm"] + shown["posCross"] - shown["posLoss"]
    )
    assert shown["maintMargin"] == pytest.approx(shown["posMargin"] + shown["unrealisedPnl"])
    assert shown["realisedPnl"] == -shown["realisedCost"]
    assert shown["realisedGrossPnl"] == -shown["realisedGrossCost"]
    assert shown["currentCost"] == pytest.approx(shown["posCost"] + shown["realisedGrossCost"])
    assert sign * (shown["avgEntryPrice"] - shown["liquidationPrice"]) > 0
    assert sign * (shown["liquidationPrice"] - shown["bankruptPrice"]) >= 0
    assert shown["leverage"] == shown["realLeverage"] == pytest.approx(leverage, rel=0.2)
    assert (shown["crossMode"], shown["marginMode"], shown["riskLimit"]) == (False, "ISOLATED", 100_000)


def test_a_cross_position_lacks_what_only_isolated_ones_have() -> None:
    world = World()
    world.ask("POST", "/api/v2/position/changeMarginMode", {"symbol": "XBTUSDTM", "marginMode": "CROSS"})
    world.place(size=10, marginMode="CROSS")
    shown = held(world)
    assert (shown["crossMode"], shown["marginMode"], shown["leverage"]) == (True, "CROSS", 10)
    assert not {"autoDeposit", "riskLimit", "realLeverage", "posCross", "posComm", "posLoss", "maintMargin"} & set(
        shown
    )
    assert shown["posInit"] == pytest.approx(shown["posCost"] / 10)
    assert shown["posMargin"] == pytest.approx(shown["markValue"] / 10)


def test_an_inverse_position_has_the_exchanges_signs() -> None:
    world = World()
    world.place(symbol="XBTUSDM", size=1000, leverage=5)
    shown = held(world, "XBTUSDM")
    assert shown["isInverse"] is True
    assert shown["settleCurrency"] == "XBT"
    assert shown["posCost"] == pytest.approx(-1000 / shown["avgEntryPrice"])
    assert shown["markValue"] == pytest.approx(-1000 / shown["markPrice"])
    gained = 1000 * (1 / shown["avgEntryPrice"] - 1 / shown["markPrice"])
    assert shown["unrealisedPnl"] == pytest.approx(gained, abs=1e-9)
    assert shown["liquidationPrice"] < shown["avgEntryPrice"]


def test_no_position_is_shown_as_one_of_nothing() -> None:
    shown = held(World())
    assert (shown["isOpen"], shown["currentQty"], shown["posCost"], shown["openingTimestamp"]) == (False, 0, 0, None)
