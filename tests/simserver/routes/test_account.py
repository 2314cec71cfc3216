"""The account's money."""

from __future__ import annotations

import msgspec
import pytest
from server_world import BEFORE_FUNDING, World

from radtui.simserver.access import Permission


def overview(world: World, currency: str = "USDT") -> dict[str, float]:
    shown = world.ask("GET", f"/api/v1/account-overview?currency={currency}")
    assert isinstance(shown, dict)
    return shown


def test_xbt_is_the_default_currency_and_btc_another_name_of_it() -> None:
    world = World()
    assert world.ask("GET", "/api/v1/account-overview")["currency"] == "XBT"
    assert overview(world, "BTC")["accountEquity"] == 1
    assert world.refused("GET", "/api/v1/account-overview?currency=DOGE")[1] == "400100"


def test_the_figures_of_an_overview_belong_together() -> None:
    world = World()
    world.place(size=20)
    world.place(type="limit", price=world.price(share="0.97"), size=7)
    world.sleep(5)
    shown = overview(world)
    assert shown["orderMargin"] > 0
    assert shown["positionMargin"] > 0
    assert shown["accountEquity"] == pytest.approx(shown["marginBalance"] + shown["unrealisedPNL"])
    assert shown["marginBalance"] == pytest.approx(
        shown["positionMargin"] + shown["orderMargin"] + shown["frozenFunds"] + shown["availableBalance"]
    )
    assert 0 < shown["riskRatio"] < 1


def test_the_ledger_explains_the_wallet_to_the_last_digit() -> None:
    world = World(start=BEFORE_FUNDING)
    world.place(size=5)
    world.ask("POST", "/api/v1/transfer-in", {"currency": "USDT", "amount": "12.5", "payAccountType": "MAIN"})
    world.sleep(20)
    world.place(closeOrder=True, side=None, size=None)
    rows = world.ask("GET", "/api/v1/transaction-history?currency=USDT")["dataList"]
    assert {row["status"] for row in rows} == {"Completed"}
    assert 10_000 + sum(row["amount"] for row in rows) == pytest.approx(overview(world)["accountEquity"], abs=1e-9)
    assert [row["offset"] for row in rows] == sorted((row["offset"] for row in rows), reverse=True)
    assert {row["type"] for row in rows} == {"RealisedPNL", "TransferIn"}


def test_an_open_positions_profit_is_pending_and_comes_first() -> None:
    world = World()
    world.place()
    world.clock += 300_000_000
    first, second = world.ask("GET", "/api/v1/transaction-history?currency=USDT")["dataList"]
    assert first["time"] == world.clock // 1_000_000 > second["time"]
    assert (first["status"], first["offset"], first["fee"], first["remark"]) == ("Pending", -1, None, "XBTUSDTM")
    assert world.ask("GET", "/api/v1/transaction-history?currency=XBT")["dataList"] == []


def test_the_ledger_is_filtered_and_continued() -> None:
    world = World()
    for _ in range(3):
        world.ask("POST", "/api/v1/transfer-in", {"currency": "USDT", "amount": 1})
    world.place()
    world.place(closeOrder=True, side=None, size=None)
    only = world.ask("GET", "/api/v1/transaction-history?type=transferin&maxCount=2")
    assert ([row["type"] for row in only["dataList"]], only["hasMore"]) == (["TransferIn"] * 2, True)
    rest = world.ask("GET", f"/api/v1/transaction-history?type=TransferIn&offset={only['dataList'][-1]['offset']}")
    assert (len(rest["dataList"]), rest["hasMore"]) == (1, False)
    assert world.refused("GET", "/api/v1/transaction-history?type=Gift")[1] == "400100"


def test_funding_is_negative_when_paid() -> None:
    world = World(start=BEFORE_FUNDING)
    world.place(size=5)
    world.place(symbol="ETHUSDTM", side="sell", size=5)
    world.sleep(20)
    paid = world.ask("GET", "/api/v1/funding-history?symbol=XBTUSDTM")["dataList"][0]
    assert paid["funding"] == pytest.approx(-paid["fundingRate"] * paid["positionQty"] * 0.001 * paid["markPrice"])
    assert msgspec.json.decode(paid["context"]) == {"marginMode": "ISOLATED", "positionSide": "BOTH"}
    assert world.ask("GET", "/api/v1/funding-history?symbol=ETHUSDTM")["dataList"][0]["funding"] > 0
    assert world.refused("GET", "/api/v1/funding-history")[1] == "400100"


def test_fees_and_sub_accounts() -> None:
    world = World()
    fees = world.ask("GET", "/api/v1/trade-fees?symbol=XBTUSDTM")
    assert fees == {"symbol": "XBTUSDTM", "takerFeeRate": "0.0006", "makerFeeRate": "0.0002"}
    shown = world.ask("GET", "/api/v1/account-overview-all?currency=USDT")
    assert shown["summary"]["accountEquityTotal"] == shown["accounts"][0]["accountEquity"] == 10_000


def test_a_key_reads_what_it_may_do_and_is_held_to_it() -> None:
    world = World()
    shown = world.ask("GET", "/api/v1/user/api-key")
    assert shown["apiKey"] == world.key.key
    assert sorted(shown["permission"].split(",")) == ["FlexTransfers", "Futures", "General"]
    reader = msgspec.structs.replace(world.key, permissions=frozenset({Permission.GENERAL}))
    world.server.access.keys[reader.key] = reader
    assert world.ask("GET", "/api/v1/user/api-key")["permission"] == "General"
    assert world.refused("POST", "/api/v1/orders", world.order())[:2] == (403, "400007")
    assert world.ask("GET", "/api/v1/orders")["items"] == []
