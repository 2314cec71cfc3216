import json
import os
from decimal import Decimal
from pathlib import Path

import pytest

from radtui.core.money import ONE
from radtui.venue.contracts import CONTRACTS, DEFAULT_SYMBOLS

FIXTURES = Path(os.environ.get("RADTUI_SHARED", "../shared")) / "kucoin/fixtures/rest"


def test_every_contract_stands_under_its_own_symbol_and_obeys_its_own_margin_rules() -> None:
    assert 30 <= len(CONTRACTS) <= 45
    for symbol, contract in CONTRACTS.items():
        assert contract.symbol == symbol == f"{contract.base}{contract.quote}M"
        assert contract.maintenance_margin < contract.initial_margin
        # The table's rates are rounded to three decimals by the exchange.
        assert abs(contract.initial_margin * contract.max_leverage - ONE) <= Decimal("0.05")
        assert contract.inverse == (contract.multiplier < 0) == (contract.settle == contract.base)
        assert contract.inverse or contract.settle == contract.quote
        assert contract.risk_limit > 0
        assert contract.maker_fee < contract.taker_fee < contract.maintenance_margin


def test_there_are_contracts_of_every_kind_and_the_multipliers_that_people_stumble_over() -> None:
    assert {"XBTUSDCM", "ETHUSDCM", "XBTUSDM", "ETHUSDM"} <= set(CONTRACTS)
    assert {CONTRACTS[f"{base}USDTM"].multiplier for base in ("DOGE", "TRX")} == {Decimal(100)}
    assert CONTRACTS["XBTUSDM"].settle == "XBT"


def test_the_default_symbols_are_listed() -> None:
    assert len(set(DEFAULT_SYMBOLS)) == 6
    assert set(DEFAULT_SYMBOLS) <= set(CONTRACTS)


@pytest.mark.parametrize(
    "name",
    [
        f"{name}.json"
        for name in ("ccxt_contracts_active", "roq_contracts_ack_simple", "jkorf_ExchangeData_GetContract")
    ],
)
def test_the_table_agrees_with_captured_contracts(name: str) -> None:
    path = FIXTURES / name
    if not path.exists():
        pytest.skip("the captured answers of the exchange are not part of the project; set RADTUI_SHARED to check them")
    found = {row["symbol"]: row for row in _rows(json.loads(path.read_text(), parse_float=Decimal))}
    common = found.keys() & CONTRACTS.keys()
    assert common
    for symbol in common:
        row, contract = found[symbol], CONTRACTS[symbol]
        assert contract.tick == Decimal(row["tickSize"])
        assert contract.multiplier == Decimal(row["multiplier"])
        assert (contract.maker_fee, contract.taker_fee) == (row["makerFeeRate"], row["takerFeeRate"])
        assert (contract.initial_margin, contract.maintenance_margin) == (row["initialMargin"], row["maintainMargin"])
        assert (contract.base, contract.quote) == (row["baseCurrency"], row["quoteCurrency"])
        assert (contract.settle, contract.inverse) == (row["settleCurrency"], row["isInverse"])
        assert (contract.max_leverage, contract.max_lots) == (row["maxLeverage"], row["maxOrderQty"])


def _rows(found: object) -> list[dict[str, object]]:
    if isinstance(found, dict):
        nested = [row for value in found.values() for row in _rows(value)]
        return [found, *nested] if "multiplier" in found else nested
    return [row for value in found for row in _rows(value)] if isinstance(found, list) else []
