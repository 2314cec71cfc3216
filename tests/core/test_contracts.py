"""Which contracts there are, also where the exchange lists one of ours no more."""

from __future__ import annotations

from radtui.core.config import CoreConfig
from radtui.core.contracts import Contracts
from radtui.core.desk import Desk
from radtui.core.events import Listed
from tests.core.makers import ETH, XBT, order, request


def desk(*symbols: str) -> Desk:
    return Desk(CoreConfig(bot="t", boot=1, symbols=symbols))


def test_before_the_exchange_has_said_which_there_are_none_is_known() -> None:
    shared = desk()
    contracts = Contracts(shared)
    contracts.remember({XBT.symbol: XBT})
    assert (shared.instruments, contracts.listed) == ({}, False)


def test_one_of_ours_that_is_listed_no_more_is_still_known_whichever_came_first() -> None:
    for first in (True, False):
        shared = desk()
        contracts = Contracts(shared)
        if first:
            contracts.remember({XBT.symbol: XBT})
        contracts.take(Listed(1, (ETH,)))
        if not first:
            contracts.remember({XBT.symbol: XBT})
        assert shared.instruments == {XBT.symbol: XBT, ETH.symbol: ETH}
        assert contracts.listed


def test_what_is_configured_and_not_traded_is_told() -> None:
    shared = desk(ETH.symbol, "SOLUSDTM")
    Contracts(shared).take(Listed(1, (ETH,)))
    assert shared.missing == ("SOLUSDTM",)
    assert len(shared.clear()) == 1


def test_those_of_orders_are_kept_as_far_as_they_are_known() -> None:
    shared = desk()
    contracts = Contracts(shared)
    contracts.take(Listed(1, (ETH,)))
    assert contracts.of(order(request=request(symbol=symbol)) for symbol in (ETH.symbol, "GONEUSDTM")) == {
        ETH.symbol: ETH
    }
