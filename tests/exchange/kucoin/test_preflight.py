"""What is looked at before a flight: what forbids one says so with its remedy, and nothing is changed there."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from scripted_exchange import KEYS, NOW, Refusing, ScriptedExchange, contract

from radtui.core.config import Limits
from radtui.core.market import SECOND
from radtui.core.order import MarginMode
from radtui.exchange.check import Check, Verdict
from radtui.exchange.kucoin.preflight import Market, Wanted, keyed_checks, public_checks
from radtui.resilience.clock import LoopClock
from radtui.resilience.virtual import run_virtual

WANTED = Wanted(symbols=("XBTUSDTM", "ETHUSDTM"))
START = NOW * 1_000_000


def looked(
    answers: Mapping[str, Any] | None = None, wanted: Wanted = WANTED, *, start: int = START, **more: Any
) -> dict[str, Check]:
    """Return the findings by name; the last of a name wins where there are two."""

    async def look() -> dict[str, Check]:
        there = ScriptedExchange(answers, **more)
        rest = there.rest(LoopClock(asyncio.get_running_loop(), start))
        market = Market()
        found = [check async for check in public_checks(rest, wanted, market)]
        if market.contracts is not None:
            found += [check async for check in keyed_checks(rest, wanted, market.contracts)]
        assert all(said.startswith("GET") for said in there.asked), "nothing is changed"
        return {check.name: check for check in found}

    return run_virtual(look())


def test_an_account_in_order_passes_with_every_line() -> None:
    found = looked()
    assert {check.verdict for check in found.values()} == {Verdict.OK}
    assert list(found) == [
        "clock", "exchange", "symbols", "permissions", "API key", "money", "position mode", "margin mode", "size",
        "rate budget",
    ]  # fmt: skip
    assert found["size"].said == "a position of 2,000.00 USDT buys lots: XBTUSDTM 33, ETHUSDTM 66"
    assert "equity 10,000.00 USDT, 9,000.00 available" in found["money"].said


@pytest.mark.parametrize(
    ("code", "status", "said", "remedy"),
    [
        ("400005", 401, "the API secret is not this key's", "Put it right"),
        ("400004", 401, "passphrase is wrong", "Put it right"),
        ("400003", 401, "does not know this API key: mistyped, deleted or expired", "Put it right"),
        ("400006", 401, "address is not on the API key's list", "Add the address"),
        ("400007", 403, "lacks the permission", "General and Futures"),
        ("411100", 200, "frozen this account", "support"),
    ],
)
def test_a_key_that_is_not_accepted_says_why_and_what_to_do(code: str, status: int, said: str, remedy: str) -> None:
    found = looked({"/api/v1/user/api-key": Refusing(code, status=status)})
    assert found["API key"].verdict is Verdict.FAIL
    assert said in found["API key"].said
    assert code in found["API key"].said
    assert remedy in found["API key"].remedy
    assert "money" not in found, "what stands on the key is not looked at"


@pytest.mark.parametrize(
    "words", ["General,Futures,Withdrawal", "General,Futures,Transfer", "general,futures,withdraw"]
)
def test_a_key_that_may_withdraw_is_refused(words: str) -> None:
    found = looked({"/api/v1/user/api-key": {"permission": words, "ipWhitelist": "10.1.1.1"}})["permissions"]
    assert found.verdict is Verdict.FAIL
    assert "may withdraw money" in found.said
    assert "Take" in found.remedy


def test_transfers_between_own_accounts_are_no_withdrawal() -> None:
    words = "General,Futures,InnerTransfer,FlexTransfers"
    found = looked({"/api/v1/user/api-key": {"permission": words, "ipWhitelist": "10.1.1.1"}})
    assert found["permissions"].verdict is Verdict.OK


def test_a_key_that_may_not_trade_or_comes_from_anywhere() -> None:
    found = looked({"/api/v1/user/api-key": {"permission": "General", "ipWhitelist": None}})
    assert found["permissions"].verdict is Verdict.FAIL
    assert "Futures" in found["permissions"].said
    assert found["API key"].verdict is Verdict.WARN


def test_permissions_that_cannot_be_read_are_no_permission() -> None:
    found = looked({"/api/v1/user/api-key": Refusing("404000", "Url Not Found", 404)})
    assert found["API key"].verdict is Verdict.FAIL


def test_a_wrong_clock_is_said_and_corrected() -> None:
    found = looked(start=START - 8 * SECOND)["clock"]
    assert found.verdict is Verdict.WARN
    assert found.said.startswith("7.990 s")
    assert "behind the exchange" in found.said
    assert "timedatectl" in found.remedy


def test_a_symbol_that_does_not_exist_names_the_nearest() -> None:
    found = looked(wanted=Wanted(symbols=("BTCUSDT",)))["symbols"]
    assert found.verdict is Verdict.FAIL
    assert "XBTUSDTM" in found.said
    assert not found.flies, "there is nothing to fly with"


def test_a_symbol_among_others_that_is_not_traded_is_wrong_and_grounds_nobody() -> None:
    found = looked(wanted=Wanted(symbols=("XBTUSDTM", "LUNAUSDTM")))
    assert found["symbols"].verdict is Verdict.FAIL
    assert found["symbols"].flies
    assert "lists no contract 'LUNAUSDTM'" in found["symbols"].said
    assert "A flight would be without LUNAUSDTM" in found["symbols"].said
    assert found["size"].said.endswith("XBTUSDTM 33")


@pytest.mark.parametrize(
    ("status", "verdict", "said"),
    [("close", Verdict.FAIL, "closed for maintenance: upgrade"), ("cancelonly", Verdict.WARN, "takes cancels only")],
)
def test_maintenance(status: str, verdict: Verdict, said: str) -> None:
    found = looked({"/api/v1/status": {"status": status, "msg": "upgrade"}})["exchange"]
    assert found.verdict is verdict
    assert said in found.said


def test_a_contract_that_is_paused_is_told_and_keeps_nobody_on_the_ground() -> None:
    listed = {"/api/v1/contracts/active": [contract("XBTUSDTM", status="Paused")]}
    found = looked(listed, Wanted(symbols=("XBTUSDTM",)))["symbols"]
    assert found.verdict is Verdict.WARN
    assert "XBTUSDTM not open" in found.said


def test_an_exchange_that_cannot_be_reached_is_the_only_finding() -> None:
    found = looked(dict.fromkeys(("/api/v1/timestamp", "/api/v1/status"), None))
    assert list(found) == ["exchange"]
    assert "no route to host" in found["exchange"].said
    assert "network" in found["exchange"].remedy
    assert found["exchange"].passing, "it may come back by itself"


def position(side: str, lots: int, symbol: str = "XBTUSDTM") -> dict[str, object]:
    return {"symbol": symbol, "currentQty": lots, "positionSide": side, "isOpen": True}


@pytest.mark.parametrize(
    ("held", "verdict"),
    [
        ([], Verdict.OK),
        ([position("LONG", 3), position("SHORT", -2, "ETHUSDTM")], Verdict.OK),
        ([position("LONG", 3), position("SHORT", 0)], Verdict.OK),
        ([position("LONG", 3), position("SHORT", -2)], Verdict.FAIL),
        ([position("LONG", 3), position("SHORT", 2)], Verdict.FAIL),
    ],
)
def test_hedge_mode_is_flown_while_no_contract_has_both_sides(held: list[object], verdict: Verdict) -> None:
    found = looked({"/api/v2/position/getPositionMode": {"positionMode": 1}, "/api/v1/positions": held})
    assert found["position mode"].verdict is verdict
    assert found["position mode"].flies is (verdict is Verdict.FAIL), "what is open is not left alone for it"


@pytest.mark.parametrize("held", [[], [position("LONG", 3)]])
def test_another_margin_mode_than_the_wanted_one_forbids_unless_something_is_open(held: list[object]) -> None:
    wanted = Wanted(symbols=("XBTUSDTM",), margin_mode=MarginMode.CROSS)
    found = looked({"/api/v1/positions": held}, wanted=wanted)["margin mode"]
    assert (found.verdict, found.flies, found.passing) == (Verdict.FAIL, bool(held), False)
    assert "XBTUSDTM on isolated margin; cross is wanted" in found.said
    assert "kucoin.margin_mode" in found.remedy


def test_money_that_buys_no_lot_says_what_one_costs() -> None:
    poor = {"currency": "USDT", "accountEquity": 200, "availableBalance": 200}
    found = looked({"/api/v1/account-overview": poor})["size"]
    assert found.verdict is Verdict.WARN
    assert "A position of 40.00 USDT does not buy one lot of XBTUSDTM (60.00 USDT)" in found.said


def test_the_configured_notional_caps_the_size() -> None:
    capped = Wanted(symbols=("XBTUSDTM",), limits=Limits(position_notional=Decimal(130)))
    assert looked(wanted=capped)["size"].said == "a position of 130.00 USDT buys lots: XBTUSDTM 2"


def test_leverage_above_the_contracts_is_said() -> None:
    low = [contract("XBTUSDTM", maxLeverage=2)]
    found = looked({"/api/v1/contracts/active": low}, Wanted(symbols=("XBTUSDTM",)))
    assert found["leverage"].verdict is Verdict.WARN


def test_an_empty_account_is_said() -> None:
    empty = {"currency": "USDT", "accountEquity": 0, "availableBalance": 0}
    assert looked({"/api/v1/account-overview": empty})["money"].verdict is Verdict.WARN


def test_a_budget_that_somebody_else_uses_is_said() -> None:
    headers = {"gw-ratelimit-limit": "2000", "gw-ratelimit-remaining": "700", "gw-ratelimit-reset": "30000"}
    found = looked(headers=headers)["rate budget"]
    assert found.verdict is Verdict.WARN
    assert "Another program" in found.remedy


def test_an_account_that_does_not_answer_forbids() -> None:
    found = looked({"/api/v1/account-overview": Refusing("500000", status=500)})
    assert found["account"].verdict is Verdict.FAIL


def test_no_finding_shows_a_secret() -> None:
    for answers in ({}, {"/api/v1/user/api-key": Refusing("400005", f"bad {KEYS[1]} {KEYS[2]}", 401)}):
        text = str(looked(answers))
        assert not any(secret in text for secret in KEYS)
