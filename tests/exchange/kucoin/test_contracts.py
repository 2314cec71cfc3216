from decimal import Decimal
from typing import Any

import pytest

from radtui.exchange.kucoin.contracts import chosen, instruments, listed
from radtui.exchange.kucoin.wire.account import TradeFees
from radtui.exchange.kucoin.wire.market import Contract
from radtui.resilience.failures import Refused


def contract(symbol: str, **told: Any) -> Contract:
    rules: dict[str, Any] = {
        "tick_size": Decimal("0.1"), "multiplier": Decimal("0.001"), "settle_currency": "USDT", "type": "FFWCSX",
        "status": "Open", "max_order_qty": 1000,
    }  # fmt: skip
    return Contract(symbol=symbol, **{**rules, **told})


LISTED = [
    contract("ETHUSDTM"),
    contract("XBTUSDTM"),
    contract("DOGEUSDTM"),
    contract("XBTUSDM", multiplier=Decimal(-1), settle_currency="XBT", is_inverse=True),
    contract("XBTUSDCM", settle_currency="USDC"),
    contract("SOLUSDTM", status="Paused"),
    contract("XBTMZ26", type="FFICSX", expire_date=1_800_000_000_000),
]


def names(symbols: tuple[str, ...]) -> list[str]:
    return [found.symbol for found in chosen(LISTED, symbols).traded]


def test_without_symbols_the_usual_ones_are_traded_also_one_that_is_paused():
    assert names(()) == ["XBTUSDTM", "ETHUSDTM", "SOLUSDTM"]


def test_what_is_configured_is_traded_in_that_order_and_once():
    assert names(("DOGEUSDTM", "XBTUSDTM", "DOGEUSDTM")) == ["DOGEUSDTM", "XBTUSDTM"]


@pytest.mark.parametrize("wrong", ["BTCUSDT", "BTC-USDT", "btcusdtm", "XBTUSDT"])
def test_a_symbol_that_does_not_exist_names_the_nearest(wrong):
    with pytest.raises(Refused, match=r"Did you mean .*XBTUSDTM") as refused:
        names((wrong,))
    assert "XBTUSDM," not in str(refused.value), "what cannot be traded is no advice"


@pytest.mark.parametrize(
    ("symbol", "why"),
    [
        ("XBTUSDM", "inverse"),
        ("XBTUSDCM", "USDC"),
        ("XBTMZ26", "expires"),
        ("NOPEUSDTM", "lists no contract 'NOPEUSDTM'"),
    ],
)
def test_what_is_not_traded_here_says_why(symbol, why):
    with pytest.raises(Refused, match=why):
        names((symbol,))
    choice = chosen(LISTED, (symbol, "XBTUSDTM"))
    assert [found.symbol for found in choice.traded] == ["XBTUSDTM"], "it keeps nobody from the others"
    assert why in choice.missing[symbol]


@pytest.mark.parametrize("status", ["Paused", "CancelOnly"])
def test_what_is_paused_is_traded_as_soon_as_it_opens(status):
    (found,) = chosen([contract("SOLUSDTM", status=status)], ("SOLUSDTM",)).traded
    assert not found.is_open


@pytest.mark.parametrize("status", ["Init", "BeingSettled", "Settled", "Closed"])
def test_what_is_over_is_missing_and_refuses_nothing_even_alone(status):
    choice = chosen([contract("SOLUSDTM", status=status)], ("SOLUSDTM",))
    assert choice.traded == ()
    assert f"is {status} at the exchange" in choice.missing["SOLUSDTM"]


def test_where_nothing_can_ever_be_traded_every_symbol_is_named():
    with pytest.raises(Refused, match=r"NOPEUSDTM.*XBTUSDM is an inverse"):
        names(("NOPEUSDTM", "XBTUSDM"))


def test_nothing_usual_is_open():
    with pytest.raises(Refused, match="Name the symbols"):
        chosen([contract("DOGEUSDTM")], ())


def test_the_accounts_own_fees_count():
    fees = TradeFees(symbol="XBTUSDTM", maker_fee_rate=Decimal("0.0001"), taker_fee_rate=Decimal("0.0004"))
    own, listed = instruments(chosen(LISTED, ("XBTUSDTM", "ETHUSDTM")).traded, {"XBTUSDTM": fees})
    assert (own.maker_fee, own.taker_fee) == (Decimal("0.0001"), Decimal("0.0004"))
    assert listed.maker_fee == 0


def test_what_could_be_traded_is_listed_with_its_turnover():
    told = [
        contract("XBTUSDTM", turnover_of_24h=Decimal("9000000.5")),
        contract("NEWUSDTM"),
        contract("SOLUSDTM", status="Paused", turnover_of_24h=Decimal(7)),
        contract("OLDUSDTM", status="Closed", turnover_of_24h=Decimal(7)),
        *LISTED[3:5],
        LISTED[6],
    ]
    assert [(each.instrument.symbol, each.turnover) for each in listed(told)] == [
        ("XBTUSDTM", Decimal("9000000.5")),
        ("NEWUSDTM", Decimal(0)),
    ]
