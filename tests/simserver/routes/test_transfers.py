"""Money in and out."""

from __future__ import annotations

from server_world import START, World

from radtui.simserver.happenings import Transferred


def equity(world: World) -> object:
    return world.ask("GET", "/api/v1/account-overview?currency=USDT")["accountEquity"]


def test_money_in_and_out() -> None:
    world = World()
    body = {"currency": "USDT", "amount": 100, "recAccountType": "MAIN"}
    applied = world.ask("POST", "/api/v3/transfer-out", body)
    assert (applied["amount"], applied["status"], applied["recAccountType"]) == ("100", "PROCESSING", "MAIN")
    assert equity(world) == 9_900
    assert world.said[-1] == Transferred("USDT")
    assert world.ask("POST", "/api/v1/transfer-in", body | {"recAccountType": None}) is None
    assert equity(world) == 10_000
    assert world.refused("POST", "/api/v3/transfer-out", body | {"amount": 10_001})[1] == "300003"
    moved = world.ask("GET", "/api/v1/transfer-list?currency=USDT")["items"]
    assert [(row["amount"], row["status"]) for row in moved] == [("100", "SUCCESS")]
    for amount in (0, -1, "x"):
        assert world.refused("POST", "/api/v1/transfer-in", body | {"amount": amount})[1] == "400100"


def test_a_transfer_is_dated_to_its_request() -> None:
    world = World()
    world.ask("POST", "/api/v3/transfer-out", {"currency": "USDT", "amount": "0.5", "recAccountType": "TRADE"})
    row = world.ask("GET", "/api/v1/transfer-list")["items"][0]
    assert row["createdAt"] == START // 1_000_000
    first = world.ask("GET", "/api/v1/transaction-history?type=TransferOut")["dataList"][0]
    assert (first["amount"], first["time"]) == (-0.5, START // 1_000_000)


def test_a_transfer_has_one_name_in_its_answer_and_in_the_list() -> None:
    world = World()
    body = {"currency": "USDT", "amount": 10, "recAccountType": "MAIN"}
    answered = [world.ask("POST", "/api/v3/transfer-out", body)["applyId"] for _ in range(2)]
    listed = [row["applyId"] for row in world.ask("GET", "/api/v1/transfer-list")["items"]]
    assert listed == answered[::-1]
    assert len(set(listed)) == 2
