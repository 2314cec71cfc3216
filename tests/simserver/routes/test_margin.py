"""Margin by hand, and risk levels."""

from __future__ import annotations

import pytest
from server_world import World

from radtui.simserver.happenings import AutoDepositSet, MarginMoved, RiskLimitSet


def test_a_deposit_is_done_once_for_each_business_number() -> None:
    world = World()
    world.place(size=5)
    before = world.ask("GET", "/api/v1/position?symbol=XBTUSDTM")["posMargin"]
    asked = {"symbol": "XBTUSDTM", "margin": "2.5", "bizNo": "one"}
    for _ in range(2):
        shown = world.ask("POST", "/api/v1/position/margin/deposit-margin", asked)
        assert (shown["posCross"], shown["posMargin"]) == (2.5, pytest.approx(before + 2.5))
    assert MarginMoved("XBTUSDTM") in world.said
    asked["bizNo"] = "two"
    assert world.ask("POST", "/api/v1/position/margin/deposit-margin", asked)["posCross"] == 5


def test_a_withdrawal_answers_its_amount_as_text_and_no_more_than_can_be_spared() -> None:
    world = World()
    world.place(size=5, leverage=2)
    spare = world.ask("GET", "/api/v1/margin/maxWithdrawMargin?symbol=XBTUSDTM")
    assert isinstance(spare, str)
    taken = world.ask("POST", "/api/v1/margin/withdrawMargin", {"symbol": "XBTUSDTM", "withdrawAmount": "1.5"})
    assert taken == "1.5"
    beyond = {"symbol": "XBTUSDTM", "withdrawAmount": spare}
    assert world.refused("POST", "/api/v1/margin/withdrawMargin", beyond)[1] == "300003"


def test_without_a_position_it_says_so_inside_an_envelope_of_success() -> None:
    world = World()
    told = (200, "200000", "Position does not exist")
    body = {"symbol": "XBTUSDTM", "margin": 1, "bizNo": "x"}
    assert world.refused("POST", "/api/v1/position/margin/deposit-margin", body) == told
    body = {"symbol": "XBTUSDTM", "withdrawAmount": 1}
    assert world.refused("POST", "/api/v1/margin/withdrawMargin", body) == told
    assert world.refused("GET", "/api/v1/margin/maxWithdrawMargin?symbol=XBTUSDTM") == told


@pytest.mark.parametrize("amount", [0, -1, "x", None])
def test_an_amount_must_be_one(amount: object) -> None:
    world = World()
    world.place()
    body = {"symbol": "XBTUSDTM", "margin": amount, "bizNo": "x"}
    assert world.refused("POST", "/api/v1/position/margin/deposit-margin", body)[:2] == (400, "400100")


def test_auto_deposit_shows_on_the_position() -> None:
    world = World()
    world.place()
    body = {"symbol": "XBTUSDTM", "status": True}
    assert world.ask("POST", "/api/v1/position/margin/auto-deposit-status", body) is True
    assert world.ask("GET", "/api/v1/position?symbol=XBTUSDTM")["autoDeposit"] is True
    assert world.said[-1] == AutoDepositSet("XBTUSDTM", True)


def test_a_change_of_the_risk_level_cancels_orders() -> None:
    world = World()
    order = world.place(type="limit", price=world.price(share="0.97"))
    body: dict[str, object] = {"symbol": "XBTUSDTM", "level": 2}
    assert world.ask("POST", "/api/v1/position/risk-limit-level/change", body) is True
    assert world.ask("GET", f"/api/v1/orders/{order}")["cancelExist"] is True
    assert world.said[-1] == RiskLimitSet("XBTUSDTM", 2)
    world.place()
    assert world.ask("GET", "/api/v1/position?symbol=XBTUSDTM")["riskLimitLevel"] == 2
    body["level"] = 99
    assert world.refused("POST", "/api/v1/position/risk-limit-level/change", body)[1] == "100001"
