"""Whatever there is on an account belongs to exactly one bot."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radtui.exchange.shared.members import Member, Members


def member(name: str, *symbols: str, budget: str = "0.3") -> Member:
    return Member(name=name, symbols=symbols, budget=Decimal(budget))


BOTS = Members([member("alpha", "XBTUSDTM"), member("beta", "ETHUSDTM", "SOLUSDTM"), member("al", "XRPUSDTM")])


@given(st.text(st.sampled_from("alphbet-019_"), max_size=20), st.sampled_from(["XBTUSDTM", "ETHUSDTM", "DOGEUSDTM"]))
def test_an_order_belongs_to_its_maker_else_to_whose_contract_it_is_in(client_id: str, symbol: str) -> None:
    owner = BOTS.of_order(symbol, client_id)
    makers = [name for name in BOTS.by_name if client_id.startswith(f"{name}-")]
    assert [owner] == (makers or [BOTS.of_symbol(symbol)])


def test_a_contract_belongs_to_who_trades_it_and_what_nobody_trades_to_the_first() -> None:
    owners = {symbol: BOTS.of_symbol(symbol) for symbol in ("XBTUSDTM", "SOLUSDTM", "XRPUSDTM", "DOGEUSDTM")}
    assert owners == {"XBTUSDTM": "alpha", "SOLUSDTM": "beta", "XRPUSDTM": "al", "DOGEUSDTM": "alpha"}


@pytest.mark.parametrize(
    ("bots", "why"),
    [
        ([], "names of their own"),
        ([member("a", "XBTUSDTM"), member("a", "ETHUSDTM")], "names of their own"),
        ([member("a", "XBTUSDTM"), member("b", "XBTUSDTM")], "one bot of an account only"),
        ([member("a", "XBTUSDTM", budget="0.6"), member("b", "ETHUSDTM", budget="0.5")], "more than all of it"),
    ],
)
def test_bots_that_would_be_in_each_others_way_are_refused(bots: list[Member], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        Members(bots)
