"""Wallet, positions and modes on the feed, and that they agree with what REST says at the same moment."""

from __future__ import annotations

from decimal import Decimal

import pytest
from feed_world import FeedWorld, Frame

TOPICS = (
    *("/contractAccount/wallet", "/contract/positionAll", "/contract/position:XBTUSDTM"),
    *("/contract/marginMode", "/contract/crossLeverage"),
)


def wallets(frames: list[Frame]) -> list[dict[str, str]]:
    return [each["data"] for each in frames if each.get("subject") == "walletBalance.change"]


def positions(frames: list[Frame], topic: str = "/contract/positionAll") -> list[Frame]:
    return [each["data"] for each in frames if each.get("topic") == topic and each["subject"] == "position.change"]


@pytest.mark.parametrize("mode", ["ISOLATED", "CROSS"])
def test_a_wallet_adds_up_and_agrees_with_the_overview(mode: str) -> None:
    world = FeedWorld(*TOPICS)
    if mode == "CROSS":
        world.ask("POST", "/api/v2/position/changeMarginMode", {"symbol": "XBTUSDTM", "marginMode": mode})
    world.place(size=5, marginMode=mode)
    world.place(type="limit", price=world.price("0.97"), size=7, marginMode=mode)
    last = {name: Decimal(figure) for name, figure in wallets(world.frames())[-1].items() if name != "currency"}
    overview = world.ask("GET", "/api/v1/account-overview?currency=USDT")
    assert float(last["equity"]) == overview["accountEquity"]
    assert float(last["availableBalance"]) == overview["availableBalance"]
    own, other = ("isolated", "cross") if mode == "ISOLATED" else ("cross", "isolated")
    assert float(last[f"{own}OrderMargin"]) == pytest.approx(overview["orderMargin"])
    assert last[f"{own}PosMargin"] > 0
    assert last[f"{own}UnPnl"] == last["equity"] - last["walletBalance"]
    assert last[f"{other}OrderMargin"] == last[f"{other}PosMargin"] == last[f"{other}UnPnl"] == 0
    held = last["isolatedPosMargin"] + last["isolatedOrderMargin"]
    assert last["totalCrossMargin"] == last["walletBalance"] - held + last["crossUnPnl"]
    if mode == "ISOLATED":
        assert last["availableBalance"] == last["totalCrossMargin"]


def test_versions_rise_and_money_that_comes_in_is_told() -> None:
    world = FeedWorld(*TOPICS)
    for _ in range(3):
        world.cancel(world.place(type="limit", price=world.price("0.97")))
    versions = [int(each["version"]) for each in wallets(world.frames())]
    assert versions == list(range(versions[0], versions[0] + len(versions)))
    world.ask("POST", "/api/v1/transfer-in", {"currency": "USDT", "amount": "50", "payAccountType": "MAIN"})
    assert wallets(world.frames())[-1]["walletBalance"] == "10050"


def test_a_position_is_told_whole_when_it_changes_and_short_when_its_mark_does() -> None:
    world = FeedWorld(*TOPICS)
    world.place(size=2)
    (whole,) = positions(world.frames())
    assert (whole["currentQty"], whole["isOpen"], whole["changeReason"]) == (2, True, "positionChange")
    frames = world.sleep(5, turn=0.5)
    short = positions(frames)
    assert len(short) == 5
    assert {each["changeReason"] for each in short} == {"markPriceChange"}
    assert short == positions(frames, "/contract/position:XBTUSDTM")
    seen = world.ask("GET", "/api/v1/position?symbol=XBTUSDTM")
    assert (short[-1]["markPrice"], short[-1]["unrealisedPnl"]) == (seen["markPrice"], seen["unrealisedPnl"])
    world.place(closeOrder=True, side=None, size=None, leverage=None)
    (gone,) = positions(world.frames())
    assert (gone["currentQty"], gone["isOpen"], gone["changeReason"]) == (0, False, "positionChange")
    assert positions(world.sleep(3)) == []


def test_margin_that_is_added_changes_a_position_once() -> None:
    world = FeedWorld(*TOPICS)
    world.place(size=2)
    world.frames()
    world.ask("POST", "/api/v1/position/margin/deposit-margin", {"symbol": "XBTUSDTM", "margin": 3, "bizNo": "b-1"})
    (told,) = positions(world.frames())
    assert told["changeReason"] == "marginChange"
    world.ask("POST", "/api/v1/position/margin/auto-deposit-status", {"symbol": "XBTUSDTM", "status": True})
    (told,) = positions(world.frames())
    assert (told["changeReason"], told["autoDeposit"]) == ("autoAppendMarginStatusChange", True)


def test_modes_and_leverages_are_told_to_those_who_listen() -> None:
    world = FeedWorld(*TOPICS)
    many = {"marginMode": "CROSS", "symbols": ["XBTUSDTM", "ETHUSDTM"]}
    world.ask("POST", "/api/v2/position/batchChangeMarginMode", many)
    world.ask("POST", "/api/v2/changeCrossUserLeverage", {"symbol": "ETHUSDTM", "leverage": "7"})
    told = {each["topic"]: each["data"] for each in world.frames() if each["subject"] == "user.config"}
    assert told == {
        "/contract/marginMode": {"XBTUSDTM": "CROSS", "ETHUSDTM": "CROSS"},
        "/contract/crossLeverage": {"ETHUSDTM": {"leverage": "7"}},
    }
