"""When the money is believed: only what our sums and the wallet agree on, or what nothing will explain any more."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radtui.core.account import Transfer
from radtui.core.commands import Remember
from radtui.core.facts import EquityRead
from radtui.core.market import MINUTE, SECOND
from radtui.core.money import ZERO
from radtui.core.positions import Positions
from radtui.core.purse import Purse
from radtui.core.recovery_report import Finding
from radtui.core.treasury import Treasury, movement
from tests.core.makers import NOW, XBT, account, desk, facts, fill

STAYS = 10 * SECOND
WALLETS = st.lists(st.tuples(st.sampled_from([0, 1, 9, 10, 11]), st.integers(-1, 1)), max_size=40)


class House:
    """An account of 10,000, read once, and what looks after it; `off` is what the wallet has and our sums have not."""

    def __init__(self, *, read: bool = True) -> None:
        self.desk = desk()
        self.purse = Purse()
        self.positions = Positions()
        self.treasury = Treasury(self.desk, self.purse, self.positions)
        if read:
            self.wallet(0)
            self.desk.clear()

    def wallet(self, off: Decimal | int) -> None:
        """Have the exchange show the account."""
        self.treasury.account(account(10_000 + Decimal(off)))

    def later(self, seconds: float) -> None:
        """Let time pass, on both clocks."""
        self.desk.at += round(seconds * SECOND)
        self.desk.market_at += round(seconds * SECOND)

    def off(self, seconds: float) -> Decimal | None:
        """Have a cent too much for so long, and return the equity then."""
        self.wallet(Decimal("0.01"))
        self.treasury.equity()
        self.later(seconds)
        return self.treasury.equity()


def moved(key: str = "d1", amount: int = 50) -> Transfer:
    return Transfer(key=key, currency="USDT", amount=Decimal(amount), at=NOW, kind="deposit")


def test_before_the_first_reading_nothing_is_known() -> None:
    house = House(read=False)
    assert house.treasury.equity() is None
    assert house.treasury.unexplained() is None
    house.treasury.observe()
    assert not house.purse.curve


def test_the_equity_is_the_wallet_and_the_open_profit_at_our_own_prices() -> None:
    house = House()
    assert house.treasury.equity() == 10_000
    house.positions.fill(fill(), XBT, None, 3, NOW)
    assert house.treasury.equity() is None, "no price yet"
    house.positions.marks[XBT.symbol], house.positions.marked_at[XBT.symbol] = Decimal(61_000), NOW
    assert house.treasury.equity() == 10_000 + 1_000 * XBT.multiplier * 10
    house.desk.market_at = 0
    assert house.treasury.equity() is None, "no time yet"


@pytest.mark.parametrize(
    ("seconds", "asked", "known"),
    [(1, False, False), (3, False, False), (4, False, False), (4, True, True), (59, False, False), (61, False, True)],
)
def test_an_equity_that_the_sums_do_not_explain_counts_once_its_cause_was_asked_for_or_is_never_told(
    seconds: int, *, asked: bool, known: bool
) -> None:
    house = House()
    house.wallet(Decimal("0.01"))
    house.treasury.equity()
    if asked:
        house.later(1)
        house.treasury.moved(())
        house.later(-1)
    house.later(seconds)
    assert house.treasury.equity() == (Decimal("10000.01") if known else None)
    house.treasury.observe()
    assert bool(house.purse.curve) == known


@pytest.mark.parametrize("before", [0, 1])
def test_an_answer_from_before_the_money_was_off_explains_nothing(before: int) -> None:
    house = House()
    house.treasury.moved(())
    house.later(before)
    assert house.off(10) is None


@given(WALLETS)
def test_what_nothing_explains_is_told_once_after_it_has_stood_still(steps: list[tuple[int, int]]) -> None:
    house = House()
    rest, since, told = ZERO, NOW, ZERO
    for seconds, off in steps:
        house.later(seconds)
        house.wallet(off)
        found = house.treasury.unexplained()
        expected = False
        if off != rest:
            rest, since = Decimal(off), house.desk.at
        elif rest != told and house.desk.at - since >= STAYS:
            told, expected = rest, bool(rest)
        assert (found is not None) == expected
        if found is not None:
            assert (found.before, found.after) == ("10000", str(10_000 + rest))
            assert found.explanation == ""


def test_what_was_told_and_is_right_again_is_no_news() -> None:
    house = House()
    for off, told in ((5, True), (0, False), (5, True)):
        house.wallet(off)
        assert house.treasury.unexplained() is None
        house.later(10)
        assert (house.treasury.unexplained() is not None) == told
        assert house.treasury.unexplained() is None


@given(st.lists(st.lists(st.integers(0, 6), max_size=5), min_size=1, max_size=10))
def test_each_transfer_is_neither_profit_nor_loss_and_counted_once_however_often_it_is_read(
    readings: list[list[int]],
) -> None:
    house = House()
    first, *later = readings
    assert house.treasury.moved([moved(str(n)) for n in set(first)]) == [], "it is in what we began with"
    known = set(first)
    for reading in later:
        new = house.treasury.moved([moved(str(n)) for n in set(reading)])
        assert {each.key for each in new} == {str(n) for n in set(reading) - known}
        assert (Remember() in house.desk.clear()) == bool(new), "what is counted must survive a restart"
        known |= set(reading)
    counted = len(known - set(first)) * 50
    house.wallet(counted)
    assert house.purse.sums.moved == counted
    assert house.purse.identity() == ZERO
    assert house.treasury.equity() == 10_000 + counted
    assert house.purse.drawdown(Decimal(10_000 + counted)) == 0.0


def test_transfers_are_asked_for_at_the_start_and_while_the_money_is_a_riddle_but_not_all_the_time() -> None:
    house = House()
    assert house.treasury.wants_transfers()
    house.treasury.moved(())
    house.later(60)
    assert not house.treasury.wants_transfers(), "the money is right"
    house.off(3)
    assert not house.treasury.wants_transfers(), "a message may be on its way"
    house.later(1)
    assert house.treasury.wants_transfers()
    house.treasury.moved(())
    house.later(9)
    assert not house.treasury.wants_transfers()
    house.later(1)
    assert house.treasury.wants_transfers()


def test_the_account_is_published_every_five_minutes_of_the_market() -> None:
    house = House(read=False)
    said = []
    for minute in range(12):
        house.wallet(minute)
        said += [(minute, fact.account.wallet) for fact in facts(house.desk.clear(), EquityRead)]
        house.desk.market_at += MINUTE
    assert said == [(0, 10_000), (5, 10_005), (10, 10_010)]


@pytest.mark.parametrize("amount", ["50", "-0.00000001", "1E+3"])
def test_a_transfer_is_a_difference_that_it_explains(amount: str) -> None:
    finding = movement(Transfer(key="d1", currency="USDT", amount=Decimal(amount), at=NOW, kind="withdrawal"))
    assert isinstance(finding, Finding)
    assert (finding.kind, finding.subject) == ("balance", "USDT")
    assert finding.after == f"withdrawal of {Decimal(amount):f}"
    assert finding.explanation
