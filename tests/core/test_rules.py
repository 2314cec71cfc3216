"""Rules of contracts that are not traded here, and what is configured but missing at the exchange."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from radtui.core.commands import Describe
from radtui.core.config import Adoption, Policy
from radtui.core.events import Described
from radtui.core.facts import Found, Trouble
from radtui.core.instruction import Ask
from radtui.core.market import SECOND
from radtui.core.rules import Rules
from radtui.core.safety_views import left_alone, notices
from radtui.venue.contracts import CONTRACTS
from tests.core.makers import desk, request
from tests.core.rim import SYMBOLS, Outcome, Rim

XBT, ETH = SYMBOLS
SOL = CONTRACTS["SOLUSDTM"]


def test_what_is_traded_here_needs_no_asking() -> None:
    table = desk()
    assert Rules(table).need(XBT) is table.instruments[XBT]
    assert table.clear() == []


@given(st.lists(st.integers(0, 3 * SECOND), max_size=30))
def test_it_asks_at_once_and_then_each_two_seconds_until_there_is_an_answer(pauses: list[int]) -> None:
    table = desk()
    rules, asked = Rules(table), list[int]()
    for pause in [0, *pauses]:
        table.at += pause
        assert rules.need(SOL.symbol) is None
        asked += [table.at for command in table.clear() if command == Describe(SOL.symbol)]
    assert asked[0] == table.at - sum(pauses)
    assert all(later - sooner >= 2 * SECOND for sooner, later in pairwise(asked))
    assert len(asked) >= 1 + sum(pauses) // (5 * SECOND)
    rules.take(Described(table.at, SOL.symbol, SOL))
    assert rules.need(SOL.symbol) is SOL
    assert table.clear() == []


def test_only_a_definite_no_is_kept_and_a_yes_is_above_it() -> None:
    table = desk()
    rules = Rules(table)
    rules.take(Described(table.at, SOL.symbol, None, "no answer"))
    assert not rules.unlisted
    rules.take(Described(table.at, SOL.symbol, None, "no such contract", unlisted=True))
    assert rules.unlisted == {SOL.symbol: "no such contract"}
    rules.take(Described(table.at, SOL.symbol, SOL))
    assert (rules.known, rules.unlisted) == ({SOL.symbol: SOL}, {})


class Short(Rim):
    """A rim whose exchange does not trade one of the configured contracts (any more)."""

    def _boot(self, kept):  # type: ignore[no-untyped-def]
        self.traded = (XBT,)
        return super()._boot(kept)


def troubles(rim: Rim) -> list[str]:
    return [fact.message for fact in rim.journal if isinstance(fact, Trouble) and fact.kind == "contract missing"]


def test_a_configured_contract_that_is_missing_is_named_and_the_others_are_traded() -> None:
    rim = Short()
    assert troubles(rim) == [notice for notice in notices(rim.core, rim.at) if notice.startswith(ETH)]
    (text,) = troubles(rim)
    assert "the exchange does not trade it now: nothing is entered there" in text
    rim.feed_read()
    rim.tell(Ask.START)
    rim.signal(ETH, 0.9)
    rim.signal(XBT, 0.9)
    rim.calm(4)
    assert [held.symbol for held in rim.venue.positions()] == [XBT]


def test_a_position_of_ours_in_it_is_still_protected_and_closed() -> None:
    rim = Rim()
    rim.feed_read()
    rim.tell(Ask.START)
    rim.signal(ETH, 0.9)
    rim.calm(4)
    rim.traded = (XBT,)
    rim.crash(len(rim.journal))
    for order in rim.venue.open_orders():
        rim.venue.cancel(order.symbol, order.client_id)
    rim.calm(6)
    assert [order.symbol for order in rim.venue.open_orders()] == [ETH], "it has a stop again"
    rim.core.trading.exits.close(ETH, "test")
    rim.calm(6)
    rim.tell(Ask.START)
    rim.calm(4)
    rim.signal(ETH, 0.9)
    rim.calm(4)
    assert not rim.venue.positions(), "nothing is entered there"


def test_a_position_in_it_that_only_the_exchange_knows_is_met_once_its_rules_are_known() -> None:
    rim = Short()
    rim.venue.place(request("stranger-1", 7, symbol=ETH))
    rim.pass_time(1.0)
    rim.inbox.clear()
    rim.feed_read()
    (shown,) = left_alone(rim.core)
    assert (shown.symbol, shown.lots, shown.own) == (ETH, 7, False)
    rim.calm(8)
    assert rim.core.trading.positions.open[ETH].lots == 7
    assert [order.symbol for order in rim.venue.open_orders()] == [ETH]
    told = rim.tell(Ask.EMERGENCY_STOP)
    rim.calm()
    assert rim.receipts[told].success
    assert not rim.venue.positions()


def test_what_is_left_alone_there_by_policy_is_said_once_for_each_reason() -> None:
    rim = Short()
    rim.core.desk.config = replace(rim.core.desk.config, adoption=Adoption(foreign=Policy.LEAVE))
    rim.venue.place(request("stranger-1", 7, symbol=ETH))
    rim.pass_time(1.0)
    rim.inbox.clear()
    for _ in range(4):
        rim.calm(4)
    told = [fact.explanation for fact in rim.journal if isinstance(fact, Found) and fact.subject == ETH]
    assert told == ["a contract that is not traded here", "opened by somebody else; by policy"]
    assert list(rim.core.trading.positions.left) == [ETH]


def test_where_nothing_configured_is_traded_the_account_is_read_and_stopped_all_the_same() -> None:
    rim = Rim(symbols=(XBT,))
    rim.traded = ()
    rim.crash(len(rim.journal))
    rim.venue.place(request("stranger-1", 7))
    rim.pass_time(1.0)
    rim.inbox.clear()
    rim.calm(8)
    assert rim.core.recovered
    assert rim.core.trading.positions.open[XBT].lots == 7
    told = rim.tell(Ask.EMERGENCY_STOP)
    rim.calm()
    assert rim.receipts[told].success
    assert not rim.venue.positions()


def test_before_its_rules_are_known_the_preview_names_it_and_then_estimates_it() -> None:
    rim = Rim(symbols=(XBT,))
    rim.venue.place(request("stranger-1", 7, symbol=ETH))
    rim.pass_time(1.0)
    rim.inbox.clear()
    rim.feed_read()
    told = rim.tell(Ask.PREVIEW, foreign=True)
    for _ in range(len(rim.pending)):
        rim.carry(Outcome.LOST_BEFORE if isinstance(rim.pending[0], Describe) else Outcome.OK)
    first = rim.receipts[told].preview
    assert first is not None
    assert first.closes == ()
    assert any(ETH in line and "is being read" in line for line in first.unknown)
    rim.calm(4)
    rim.pass_time(3.0)
    rim.tell(Ask.PREVIEW, foreign=True)
    rim.calm(4)
    told = rim.tell(Ask.PREVIEW, foreign=True)
    rim.calm(4)
    later = rim.receipts[told].preview
    assert later is not None
    assert [(each.symbol, each.lots) for each in later.closes] == [(ETH, 7)]
