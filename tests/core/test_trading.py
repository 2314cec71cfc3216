from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from radtui.core import view
from radtui.core.account import FundingPaid
from radtui.core.commands import Read
from radtui.core.events import (
    AccountReported,
    CycleFinished,
    ExchangeShown,
    FillReported,
    FundingReported,
    OrderReported,
    OrderSought,
    Passed,
    PositionReported,
    PriceMoved,
    Restored,
)
from radtui.core.facts import EquityRead, Executed, FundingSettled, PositionChanged, Trouble
from radtui.core.ids import base36
from radtui.core.instruction import Ask
from radtui.core.market import HOUR, MINUTE, SECOND
from radtui.core.once import KEPT
from radtui.core.order import FillKind, Side
from radtui.core.orders import Purpose
from tests.core.makers import account, fill, position, report
from tests.core.rim import Outcome, Rim

XBT = "XBTUSDTM"


def running() -> Rim:
    rim = Rim()
    rim.feed_read()
    rim.tell(Ask.START)
    rim.pass_time(1.0)
    return rim


@pytest.fixture
def holding() -> Rim:
    rim = running()
    rim.signal(XBT, 0.9)
    rim.calm(4)
    return rim


@given(st.data())
@settings(max_examples=40, deadline=None)
def test_messages_late_twice_or_out_of_order_leave_the_same_books(data: st.DataObject) -> None:
    rim = running()
    for turn in range(3):
        rim.signal(XBT, 0.9 if turn % 2 else 0.1)
        rim.carry()
        rim.pass_time(1.0, moves=(5, -5))
        said = list(rim.inbox)
        rim.inbox.clear()
        rim.inbox.extend(data.draw(st.permutations([*said, *data.draw(st.lists(st.sampled_from(said), max_size=5))])))
        rim.calm(8)
    trading = rim.core.trading
    assert trading.purse.identity() == 0
    assert trading.purse.sums.fills == len(rim.venue.fills(0))
    assert {s: p.lots for s, p in trading.positions.open.items()} == {p.symbol: p.lots for p in rim.venue.positions()}


def test_a_fill_is_counted_once_however_often_it_is_told(holding: Rim) -> None:
    (done,) = holding.venue.fills(0)
    sums = holding.core.trading.purse.sums
    before = (sums.fills, sums.fees, sums.opened)
    for _ in range(3):
        holding.feed(FillReported(holding.at, done))
    assert (sums.fills, sums.fees, sums.opened) == before


def test_the_keys_of_fills_are_bounded(holding: Rim) -> None:
    holding.core.trading.seen.keys.clear()
    for number in range(KEPT + 10):
        holding.feed(FillReported(holding.at, fill(number + 1000, symbol="ETHUSDTM", client_id="stranger", at=number)))
    assert len(holding.core.trading.seen.keys) == KEPT
    assert set(holding.core.trading.positions.open) == {XBT}


def test_only_a_reading_moves_where_the_next_one_begins(holding: Rim) -> None:
    before = holding.core.trading.read_since
    holding.feed(FillReported(holding.at, fill(5, at=holding.at + 99 * SECOND, client_id="x")))
    assert holding.core.trading.read_since == before
    assert before < holding.venue.fills(0)[-1].at, "readings overlap: a fill that landed during one is in the next"


def test_a_report_of_more_than_the_fills_seen_has_them_read(holding: Rim) -> None:
    holding.signal("ETHUSDTM", 0.9)
    holding.carry()
    (entry,) = holding.core.trading.orders.live(Purpose.ENTRY)
    holding.pending.clear()
    holding.feed(OrderReported(holding.at, report(entry.request, entry.request.lots)))
    assert Read(holding.core.trading.read_since) in holding.pending


def test_a_price_at_the_target_closes_the_position(holding: Rim) -> None:
    held = holding.core.trading.positions.open[XBT]
    assert held.plan is not None
    held.plan = type(held.plan)(held.plan.stop, Decimal(61_000), "test")
    holding.feed(PriceMoved(holding.at, XBT, Decimal("60999.9"), holding.at))
    assert not holding.core.trading.orders.live(Purpose.EXIT)
    holding.feed(PriceMoved(holding.at, XBT, Decimal(61_000), holding.at))
    assert len(holding.core.trading.orders.live(Purpose.EXIT)) == 1


def test_a_closed_position_is_told_with_what_it_brought_and_its_stop_goes(holding: Rim) -> None:
    holding.core.trading.exits.close(XBT, "test")
    for command in holding.core.desk.clear():
        holding._take(command)
    holding.calm(4)
    sums = holding.core.trading.purse.sums
    assert (sums.opened, sums.closed, sums.wins + sums.losses) == (1, 1, 1)
    realised = [fact.realised for fact in holding.journal if isinstance(fact, Executed)]
    assert realised[0] is None
    assert realised[1] == sums.realised
    assert not holding.venue.open_orders()


def test_funding_is_counted_for_the_account_and_the_position(holding: Rim) -> None:
    paid = FundingPaid(symbol=XBT, rate=Decimal("0.0001"), amount=Decimal("-0.2"), at=holding.at)
    holding.feed(FundingReported(holding.at, paid))
    assert holding.core.trading.purse.sums.funding == Decimal("-0.2")
    assert holding.core.trading.positions.open[XBT].funding == Decimal("-0.2")
    assert [fact.amount for fact in holding.journal if isinstance(fact, FundingSettled)] == [Decimal("-0.2")]


def test_a_liquidation_is_an_alarm(holding: Rim) -> None:
    gone = fill(77, 33, Side.SELL, "40260", client_id="", kind=FillKind.LIQUIDATION)
    holding.feed(FillReported(holding.at, gone))
    (alarm,) = [f for f in holding.journal if isinstance(f, Trouble) and f.severity == "alarm"]
    assert (alarm.kind, alarm.message) == ("liquidated", "XBTUSDTM: 33 lots at 40260")
    assert not holding.core.trading.positions.open


def test_the_exchanges_view_of_a_position_is_kept_only_where_it_agrees(holding: Rim) -> None:
    held = holding.core.trading.positions.open[XBT]
    holding.feed(PositionReported(holding.at, position(33)))
    assert held.report == position(33)
    holding.feed(PositionReported(holding.at, position(7)))
    assert held.report == position(33)
    assert len([fact for fact in holding.journal if isinstance(fact, PositionChanged)]) >= 2


def test_a_position_that_is_not_ours_is_not_noted_as_if_it_were(holding: Rim) -> None:
    def noted() -> int:
        return sum(isinstance(fact, PositionChanged) for fact in holding.journal)

    before = noted()
    holding.feed(PositionReported(holding.at, position(5, "DOGEUSDTM")))
    assert noted() == before, "a contract that is not traded here"
    holding.core.trading.positions.left[XBT] = position(7)
    holding.feed(PositionReported(holding.at, position(8)))
    assert noted() == before, "one that is left alone by policy"
    del holding.core.trading.positions.left[XBT]
    holding.feed(PositionReported(holding.at, position(33)))
    assert noted() == before + 1


def test_the_money_is_published_every_five_minutes_of_the_market() -> None:
    rim = running()
    written = len(rim.journal)
    for _ in range(20):
        rim.pass_time(60.0)
        rim.feed(AccountReported(rim.at, account()))
    said = [fact.market_at for fact in rim.journal[written:] if isinstance(fact, EquityRead)]
    assert [later - sooner for sooner, later in pairwise(said)] == [5 * MINUTE] * (len(said) - 1)
    assert len(said) in {4, 5}


def test_fills_of_our_orders_whose_notes_were_lost_are_counted(holding: Rim) -> None:
    memory, rim = holding.core.memory(), holding
    rim.core.trading.exits.close(XBT, "test")
    for command in rim.core.desk.clear():
        rim._take(command)
    rim.calm(4)
    rim.signal(XBT, 0.1)
    rim.calm(4)
    assert rim.venue.positions()[0].lots < 0
    rim.crash(0)
    rim.core.handle(Restored(rim.at, memory=memory))
    rim.calm(6)
    trading = rim.core.trading
    assert trading.purse.identity() == 0, "an older journal was put back"
    assert {s: p.lots for s, p in trading.positions.open.items()} == {p.symbol: p.lots for p in rim.venue.positions()}
    assert trading.recovery.report is not None
    (place,) = [finding for finding in trading.recovery.report.findings if finding.kind == "position"]
    assert place.done == "caught up"


def paid(hour: int, amount: str = "-0.2") -> FundingPaid:
    return FundingPaid(symbol=XBT, rate=Decimal("0.0001"), amount=Decimal(amount), at=hour * HOUR)


def show(rim: Rim, *funding: FundingPaid) -> None:
    """Read the exchange, which lists these settlements."""
    total = sum((each.amount for each in funding), Decimal(0))
    rim.feed(
        ExchangeShown(
            rim.at,
            rim.at,
            tuple(rim.venue.open_orders()),
            (),
            tuple(rim.venue.positions()),
            account(10_000 + total),
            funding,
        )
    )


@given(st.lists(st.tuples(st.booleans(), st.lists(st.integers(1, 5), max_size=4)), max_size=6), st.integers(0, 6))
@settings(max_examples=40, deadline=None)
def test_a_settlement_counts_once_whether_told_or_read_and_over_a_crash(
    turns: list[tuple[bool, list[int]]], crash: int
) -> None:
    rim, known = running(), set[int]()
    for number, (told, hours) in enumerate(turns):
        if number == crash:
            rim.crash(1000)
        if told:
            for hour in hours:
                rim.feed(FundingReported(rim.at, paid(hour)))
        else:
            show(rim, *[paid(hour) for hour in hours])
        known |= {*hours}
    assert rim.core.trading.purse.sums.funding == len(known) * Decimal("-0.2")


def test_a_settlement_that_was_lost_with_a_crash_is_read_again(holding: Rim) -> None:
    durable = len(holding.journal)
    holding.durable = durable
    show(holding, paid(3))
    assert holding.core.trading.purse.sums.funding == Decimal("-0.2")
    holding.crash(0)
    assert holding.core.trading.purse.sums.funding == 0
    show(holding, paid(3))
    assert holding.core.trading.purse.sums.funding == Decimal("-0.2")
    assert holding.core.trading.positions.open[XBT].funding == Decimal("-0.2")


def test_what_was_settled_before_the_bot_came_is_in_the_money_it_began_with() -> None:
    rim = Rim()
    show(rim, paid(1), paid(2))
    rim.tell(Ask.START)
    rim.pass_time(1.0)
    show(rim, paid(1), paid(2))
    assert rim.core.trading.purse.sums.funding == 0
    assert rim.core.trading.purse.identity() == 0
    show(rim, paid(2), paid(3))
    assert rim.core.trading.purse.sums.funding == Decimal("-0.2")


def unpriced(rim: Rim) -> None:
    """Restart with the whole journal, before the market has said anything."""
    rim.crash(len(rim.journal))
    rim.core.trading.positions.marks.clear()


def test_a_restart_with_open_profit_is_no_drawdown() -> None:
    rim = running()
    rim.signal(XBT, 0.9)
    rim.calm(4)
    for _ in range(20):
        rim.pass_time(1.0, moves=(2,))
        rim.deliver()
    rim.feed_read()
    rim.feed(Passed(rim.at, rim.at))
    rim.feed(CycleFinished(rim.at, 1.0))
    sums, before = rim.core.trading.purse.sums, view.money(rim.core)
    assert sums.peak > 10_050
    unpriced(rim)
    rim.feed_read()
    rim.feed(Passed(rim.at, rim.at))
    after, again = view.money(rim.core), rim.core.trading.purse.sums
    assert (after.equity, after.today) == (before.equity, before.today)
    assert (after.drawdown, after.max_drawdown) == (before.drawdown, before.max_drawdown)
    assert (again.peak, again.trough_pct) == (sums.peak, sums.trough_pct)


def test_a_wallet_that_is_ahead_of_its_fills_is_no_new_peak_and_no_drawdown(holding: Rim) -> None:
    holding.feed(Passed(holding.at, holding.at))
    sums = holding.core.trading.purse.sums
    before = (sums.peak, sums.trough_pct)
    for wallet in (9_000, 11_000):
        holding.feed(AccountReported(holding.at, account(wallet)))
        holding.feed(Passed(holding.at + SECOND, holding.at + SECOND))
        assert (sums.peak, sums.trough_pct) == before


@pytest.mark.parametrize("lots", [0, 10])
def test_a_bot_is_exposed_while_fills_are_missing_or_a_position_is_bare(holding: Rim, lots: int) -> None:
    assert not holding.core.trading.exposed()
    if lots:
        holding.signal("ETHUSDTM", 0.9)
        (entry,) = holding.core.trading.orders.live(Purpose.ENTRY)
        holding.feed(OrderReported(holding.at, report(entry.request, lots)))
    else:
        holding.core.trading.positions.open[XBT].bare_since = holding.at
    assert holding.core.trading.exposed()


@pytest.mark.parametrize("kind", ["before we came", "of another engine"])
def test_fills_under_our_name_that_are_none_of_this_bots_are_left_alone(kind: str) -> None:
    rim = Rim() if kind == "before we came" else running()
    later = f"t-{base36((rim.at + HOUR) // 1_000_000)}-1"
    told = fill(7, 5, symbol="ETHUSDTM", client_id="t-9-9" if kind == "before we came" else later)
    rim.feed(FillReported(rim.at, told))
    assert rim.core.trading.purse.sums.fills == 0
    assert not rim.core.trading.positions.open


def test_an_order_that_is_given_up_has_its_fills_read() -> None:
    rim = running()
    rim.signal(XBT, 0.9)
    rim.carry(Outcome.LOST_BEFORE)
    rim.pending.clear()
    rim.at += 7 * SECOND
    (entry,) = rim.core.trading.orders.live(Purpose.ENTRY)
    rim.feed(OrderSought(rim.at, entry.client_id, None))
    assert Read(rim.core.trading.read_since) in rim.pending
