from decimal import Decimal

import pytest
from venue_world import COIN, DIME, GEM, live, quiet

from radtui.venue.interior import settlements
from radtui.venue.refusals import VenueRefusal


def test_there_is_one_ledger_for_each_currency_that_is_settled_in_or_given() -> None:
    ledgers = settlements((COIN, GEM, DIME), {"USDT": Decimal(5), "XBT": Decimal(1)})
    assert {currency: ledger.wallet for currency, ledger in ledgers.items()} == {"USDT": 5, "XBT": 1, "GEM": 0}


def test_a_contract_that_does_not_exist_is_refused_with_those_that_do() -> None:
    where = live(quiet("100"), contracts=(COIN, DIME))
    for read in (where.margin_mode, where.cross_leverage, where.risk_limits, where.funding_rate, where.next_funding_at):
        with pytest.raises(VenueRefusal, match="100003: there is no contract X; there are COINUSDTM, DIMEUSDTM"):
            read("X")
