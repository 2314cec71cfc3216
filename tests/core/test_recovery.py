"""A start explains every difference between what the journal knew and what the exchange shows."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import msgspec
import pytest

from radtui.core.account import FundingPaid, Transfer
from radtui.core.commands import Seek
from radtui.core.config import Adoption, PastStop, Policy
from radtui.core.events import ExchangeShown, OrderReported, Restored
from radtui.core.facts import Found, OrderChanged, Reconciled, Trouble
from radtui.core.ids import base36
from radtui.core.instruction import Ask
from radtui.core.market import SECOND
from radtui.core.order import OrderRequest, OrderType, Side
from radtui.core.orders import OrderState, Purpose
from radtui.core.recovery_report import Finding, RecoveryReport
from radtui.core.safety_views import left_alone, notices
from tests.core.holdings import holding, read
from tests.core.makers import account, order, position, report, request, stop_request
from tests.core.rim import Outcome, Rim

XBT = "XBTUSDTM"


def begun(**adoption: Any) -> Rim:
    """Return a bot that was not shown anything yet."""
    rim = Rim()
    rim.core.desk.config = type(rim.core.config)(
        bot="t", boot=rim.core.config.boot, symbols=rim.core.config.symbols, adoption=Adoption(**adoption)
    )
    return rim


def restarted(rim: Rim) -> RecoveryReport:
    """Kill the bot, start it again and let it recover; return what it reports."""
    rim.crash(100_000)
    rim.calm(12)
    told = rim.core.trading.recovery.report
    assert told is not None
    assert [fact.report for fact in rim.journal if isinstance(fact, Reconciled)][-1] == told
    return told


def recovered(rim: Rim) -> bool:
    return rim.core.recovered and rim.core.trading.recovery.done


def kinds(told: RecoveryReport) -> list[str]:
    return [finding.kind for finding in told.findings]


def moved(amount: str = "500", key: str = "a", at: int = 0) -> Transfer:
    return Transfer(key=key, currency="USDT", amount=Decimal(amount), at=at, kind="TransferIn")


def test_the_first_start_of_all_finds_nothing() -> None:
    rim = Rim()
    assert not rim.core.trading.recovery.done
    assert rim.core.trading.treasury.wants_transfers()
    rim.feed_read()
    told = rim.core.trading.recovery.report
    assert told is not None
    assert (told.last_run, told.away, told.findings, told.positions) == ("none", None, (), 0)


def test_a_start_after_nothing_happened_finds_nothing() -> None:
    rim = holding()
    rim.at += 10 * SECOND
    told = restarted(rim)
    assert (told.findings, told.positions, told.stops, told.orders) == ((), 1, 1, 0)
    assert told.last_run == "killed or crashed"
    assert told.away is not None
    assert told.away >= 9


def test_a_stop_that_fired_meanwhile_explains_the_position_and_the_money() -> None:
    rim = holding()
    rim.pass_time(1.0, moves=(-60,))
    rim.pass_time(1.0)
    rim.inbox.clear()
    assert not rim.venue.positions()
    told = restarted(rim)
    by_kind = {finding.kind: finding for finding in told.findings}
    assert by_kind["stop"].before == "working"
    assert by_kind["stop"].after.startswith("filled")
    assert by_kind["stop"].explanation == "it fired"
    place = by_kind["position"]
    assert (place.before, place.after, place.explanation, place.done) == (
        "33 lots", "none", "1 fill, together -33 lots", "caught up",
    )  # fmt: skip
    money = by_kind["balance"]
    assert "realised -" in money.explanation
    assert "unexplained" not in money.explanation
    assert money.done == "caught up"
    assert told.fills == 1


def test_an_entry_whose_answer_the_crash_swallowed_is_found_by_its_id() -> None:
    rim = Rim()
    rim.feed_read()
    rim.tell(Ask.START)
    rim.signal(XBT, 0.9)
    rim.carry(Outcome.LOST_AFTER)
    rim.pass_time(1.0)
    told = restarted(rim)
    entry = next(finding for finding in told.findings if finding.kind == "order")
    assert entry.after == "filled, 33 of 33 lots filled"
    assert entry.done == "looked up by its id"
    assert "stop" in kinds(told), "its position was without one"


def test_a_wallet_that_nothing_explains_is_left_visible_and_said_once_it_stands() -> None:
    rim = Rim()
    rim.feed_read()
    for _ in range(30):
        rim.pass_time(1.0)
        read(rim, account=account(10_007))
    (found,) = [fact for fact in rim.journal if isinstance(fact, Found) and fact.kind == "balance"]
    assert (found.before, found.after) == ("10000", "10007")
    assert rim.core.trading.purse.identity() == 7
    assert rim.core.trading.reconciler.drifts == 1
    assert [text for text in notices(rim.core, rim.at) if "10007" in text]
    for _ in range(12):
        rim.pass_time(1.0)
        read(rim)
    for _ in range(12):
        rim.pass_time(1.0)
        read(rim, account=account(10_007))
    assert rim.core.trading.reconciler.drifts == 2
    assert notices(rim.core, rim.at) == [
        "2 differences to the exchange since the start, the last: USDT: we knew 10000, the exchange shows 10007"
    ]


@pytest.mark.parametrize("on_its_way", [True, False])
def test_money_that_an_order_on_its_way_may_explain_is_not_left_to_the_operator_yet(on_its_way: bool) -> None:
    rim = holding()
    close = request("t-1-9", 33, Side.SELL, reduce_only=True)
    if on_its_way:
        rim.journal.append(OrderChanged(order(OrderState.SENT, Purpose.EXIT, request=close)))
    rim.crash(100_000)
    there = (*rim.venue.open_orders(), *((report(close),) if on_its_way else ()))
    read(rim, orders=there, account=account(rim.venue.account().wallet + 7))
    told = rim.core.trading.recovery.report
    assert told is not None
    money = told.findings[-1]
    assert money.explanation == "unexplained 7"
    assert ("left to you" in money.done) == (not on_its_way)


def test_a_deposit_is_neither_profit_nor_loss_and_counts_once_over_a_crash() -> None:
    rim = Rim()
    read(rim, transfers=(moved("3000", "before we came"),))
    rim.tell(Ask.START)
    sums = rim.core.trading.purse.sums
    assert sums.moved == 0
    assert not rim.core.trading.treasury.wants_transfers()
    rim.pass_time(1.0)
    read(rim, account=account(10_500))
    rim.pass_time(4.0)
    rim.pass_time(10.0)
    assert rim.core.trading.treasury.wants_transfers(), "the money is a riddle"
    for _ in range(2):
        read(rim, account=account(10_500), transfers=(moved("3000", "before we came"), moved()))
    assert [sums.moved, rim.core.trading.purse.identity()] == [Decimal(500), Decimal(0)]
    assert [sums.peak, sums.day_start] == [Decimal(10_500)] * 2
    riddle, found = [fact for fact in rim.journal if isinstance(fact, Found)]
    assert (riddle.kind, riddle.after) == ("balance", "10500")
    assert (found.kind, found.after) == ("balance", "TransferIn of 500")
    rim.crash(100_000)
    for _ in range(2):
        read(rim, account=account(10_400), transfers=(moved(), moved("-100", "b")))
    told = rim.core.trading.recovery.report
    assert told is not None
    (balance,) = told.findings
    assert (balance.before, balance.after, balance.explanation) == ("a wallet of 10500", "10400", "transfers -100")
    assert told.transfers == 1
    assert rim.core.trading.purse.identity() == 0


def test_funding_that_was_settled_meanwhile_is_caught_up() -> None:
    rim = holding()
    rim.crash(100_000)
    paid = FundingPaid(symbol=XBT, rate=Decimal("0.0001"), amount=Decimal("-0.2"), at=rim.at)
    wallet = rim.venue.account().wallet - Decimal("0.2")
    read(rim, account=account(wallet), funding=(paid,))
    rim.carry()
    rim.calm(4)
    told = rim.core.trading.recovery.report
    assert told is not None
    assert told.funding == 1


@pytest.mark.parametrize("part", ["fills", "funding"])
def test_what_could_not_be_read_is_asked_for_again_from_where_it_was(part: str) -> None:
    rim = holding()
    before = rim.core.trading.read_since
    rim.pass_time(7200.0)
    read(rim, **{part: None})
    assert rim.core.trading.read_since == before
    read(rim)
    assert rim.core.trading.read_since > before


def test_without_fills_no_position_is_corrected_and_nothing_is_recovered() -> None:
    rim = Rim()
    for _ in range(3):
        read(rim, fills=None, positions=(position(5),), account=None)
    assert not rim.core.recovered
    assert not rim.core.trading.positions.open
    assert rim.core.trading.reconciler.view().last_at is None


def test_a_first_reading_that_contradicts_a_position_waits_for_the_second() -> None:
    rim = holding()
    rim.crash(100_000)
    while rim.pending:
        rim.carry()
    read(rim, positions=(), fills=())
    assert rim.core.trading.reconciler.doubtful
    assert not recovered(rim), "its closing fill may be on its way"
    read(rim, positions=(), fills=())
    assert recovered(rim)
    told = rim.core.trading.recovery.report
    assert told is not None
    (place,) = [finding for finding in told.findings if finding.kind == "position"]
    assert (place.before, place.after, place.done) == ("33 lots", "none", "taken as closed")


def test_a_strangers_position_is_adopted_with_stop_and_target() -> None:
    for side, stop, target in ((1, "57000.0", "66000.0"), (-1, "63000.0", "54000.0")):
        rim = begun()
        read(rim, positions=(position(5 * side),))
        plan = rim.core.trading.positions.open[XBT].plan
        assert plan is not None
        assert (plan.stop, plan.target) == (Decimal(stop), Decimal(target))


def test_a_short_of_which_the_target_would_be_nothing_has_none() -> None:
    rim = begun(target_share=Decimal(1))
    read(rim, positions=(position(-5),))
    plan = rim.core.trading.positions.open[XBT].plan
    assert plan is not None
    assert plan.target is None


def test_a_strangers_position_is_left_alone_by_policy_and_shown_until_it_is_gone() -> None:
    rim = begun(foreign=Policy.LEAVE)
    read(rim, positions=(position(5),))
    read(rim, positions=(position(7),))
    assert not rim.core.trading.positions.open
    assert rim.core.trading.positions.taken(XBT)
    (shown,) = left_alone(rim.core)
    assert (shown.lots, shown.own, shown.base, shown.stop_resting) == (7, False, "XBT", False)
    assert rim.core.trading.reconciler.view().foreign == ("XBTUSDTM 7 lots",)
    rim.tell(Ask.START)
    rim.pass_time(1.0)
    rim.signal(XBT, 0.9)
    assert not rim.core.trading.orders.live(Purpose.ENTRY), "one position a symbol is all an account has"
    read(rim)
    assert not rim.core.trading.positions.taken(XBT)
    differences = [fact.difference for fact in rim.journal if isinstance(fact, Found)]
    assert differences == [
        "we knew none, the exchange shows 5 lots",
        "we knew 7 lots of somebody else, the exchange shows none",
    ]


def test_a_position_of_a_contract_that_is_not_traded_here_is_shown_in_lots() -> None:
    rim = begun()
    for _ in range(4):
        read(rim, positions=(position(1, "DOGEUSDTM", "0.1234"),))
    (shown,) = left_alone(rim.core)
    assert (shown.base, shown.coins, shown.price_decimals) == ("DOGEUSDTM", Decimal(1), 4)
    assert len([fact for fact in rim.journal if isinstance(fact, Found)]) == 1, "said once"
    assert rim.core.trading.reconciler.view().foreign == ("DOGEUSDTM 1 lot",)
    assert rim.core.trading.reconciler.adopt(position(1, "DOGEUSDTM")) is None


@pytest.mark.parametrize("trace", ["order", "fill"])
def test_what_our_own_orders_made_is_never_left_alone(trace: str) -> None:
    rim = begun(foreign=Policy.LEAVE)
    if trace == "order":
        read(rim, orders=(report(stop_request("t-9-9")),), positions=(position(5),))
    else:
        rim.venue.place(request("t-9-1", 5))
        rim.pass_time(1.0)
        read(rim)
    assert rim.core.trading.positions.open[XBT].lots == 5


def test_what_a_stranger_opens_right_after_ours_was_closed_is_not_our_work() -> None:
    rim = begun(foreign=Policy.LEAVE)
    read(rim)
    rim.tell(Ask.START)
    rim.signal(XBT, 0.9)
    rim.calm(4)
    rim.core.trading.exits.close(XBT, "test")
    rim.calm(4)
    assert not rim.venue.positions()
    rim.venue.place(request("stranger-1", 7))
    rim.pass_time(1.0)
    rim.inbox.clear()
    rim.calm(4)
    assert rim.venue.fills(0)[0].client_id.startswith("t-"), "our fills are still in the readings"
    assert (list(rim.core.trading.positions.open), list(rim.core.trading.positions.left)) == ([], [XBT])
    told = rim.tell(Ask.EMERGENCY_STOP)
    rim.calm()
    assert rim.receipts[told].foreign
    assert [held.lots for held in rim.venue.positions()] == [7]


@pytest.mark.parametrize("lots", [7, -7, 40, -40])
def test_what_a_stranger_opens_after_the_guardians_stop_has_fired_is_not_our_work(lots: int) -> None:
    rim = holding()
    rim.core.desk.config = msgspec.structs.replace(rim.core.config, adoption=Adoption(foreign=Policy.LEAVE))
    rest_tighter(rim, "t-_9-1", "59000.0")
    rim.calm(4)
    assert [each.client_id for each in rim.venue.open_orders()] == ["t-_9-1"]
    rim.pass_time(1.0, moves=(-60,))
    rim.calm(4)
    assert not rim.core.trading.positions.open
    rim.venue.place(request("stranger-1", abs(lots), Side.BUY if lots > 0 else Side.SELL))
    rim.pass_time(1.0)
    rim.calm(4)
    assert rim.venue.fills(0)[1].client_id == "t-_9-1", "its fill is still in the readings"
    assert (list(rim.core.trading.positions.open), list(rim.core.trading.positions.left)) == ([], [XBT])


def test_of_an_older_start_that_is_not_in_our_books_what_was_closed_again_made_no_position() -> None:
    rim = begun(foreign=Policy.LEAVE)
    for number, (client_id, side) in enumerate((("t-9-1", Side.BUY), ("t-9-2", Side.SELL), ("hand-1", Side.BUY)), 5):
        rim.venue.place(request(client_id, 5 if number < 7 else 3, side))
        rim.pass_time(1.0)
    read(rim)
    assert (list(rim.core.trading.positions.open), list(rim.core.trading.positions.left)) == ([], [XBT])


def test_an_entry_of_ours_that_only_rests_made_no_position() -> None:
    rim = begun(foreign=Policy.LEAVE)
    entry = request("t-9-9", 5, type=OrderType.LIMIT, price=Decimal(50_000))
    for _ in range(24):
        read(rim, orders=(report(entry),), positions=(position(5),))
        rim.pass_time(1.0)
    assert (list(rim.core.trading.positions.open), list(rim.core.trading.positions.left)) == ([], [XBT])


@pytest.mark.parametrize("policy", PastStop)
def test_a_position_whose_market_is_beyond_its_stop_is_closed_or_left_by_policy(policy: PastStop) -> None:
    rim = begun(past_stop=policy)
    read(rim, positions=(position(5, entry="70000"),))
    rim.pass_time(0.1)
    closes = rim.core.trading.orders.live(Purpose.EXIT)
    assert len(closes) == (policy is PastStop.CLOSE)
    assert (XBT in rim.core.trading.positions.left) == (policy is PastStop.LEAVE)


def test_strangers_orders_are_left_alone_and_shown() -> None:
    rim = Rim()
    read(rim, orders=(report(request("other-1", 4)), report(stop_request("", "50000.0"))))
    assert rim.core.trading.reconciler.view().foreign == (
        "XBTUSDTM market buy 4 lots",
        "XBTUSDTM stop sell the whole position at 50000.0",
    )
    assert not rim.core.trading.orders.live()


def test_an_order_that_the_journal_lost_is_found() -> None:
    rim = Rim()
    read(rim, orders=(report(request("t-9-9", 4)),))
    told = [fact for fact in rim.journal if isinstance(fact, Found)]
    assert [(fact.kind, fact.subject) for fact in told] == [("order", "t-9-9")]


def test_an_order_of_a_later_start_of_our_name_is_another_engines() -> None:
    rim = Rim()
    rim.feed_read()
    rim.tell(Ask.START)
    rim.pass_time(1.0)
    later = f"t-{base36((rim.core.config.boot + 60 * SECOND) // 1_000_000)}-1"
    for _ in range(3):
        read(rim, orders=(report(request(later, 4)),))
    alarms = [fact for fact in rim.journal if isinstance(fact, Trouble) and fact.severity == "alarm"]
    assert [alarm.kind for alarm in alarms] == ["two engines"]
    assert rim.core.trading.orders.get(later) is None
    rim.signal(XBT, 0.9)
    assert not rim.core.trading.orders.live(Purpose.ENTRY)
    assert later in rim.core.standing().blocked
    assert notices(rim.core, rim.at)[0].startswith(f"the order {later}")


def test_after_a_clock_that_went_back_our_own_later_orders_are_no_other_engines() -> None:
    rim = holding()
    memory = rim.core.memory()
    (stop,) = rim.venue.open_orders()
    rim.crash(0)
    rim.core.desk.ids.latest = 0
    rim.feed(Restored(rim.at, memory=memory))
    read(rim)
    assert rim.core.trading.reconciler.rival == ""
    assert rim.core.trading.orders.get(stop.client_id) is not None


def test_a_finding_says_both_sides_in_one_line() -> None:
    finding = Finding(kind="position", subject=XBT, before="none", after="5 lots")
    assert finding.difference == "we knew none, the exchange shows 5 lots"


def test_a_report_of_a_stop_that_somebody_cancelled_is_met_with_a_new_one() -> None:
    rim = holding()
    (stop,) = rim.venue.open_orders()
    rim.venue.cancel(XBT, stop.client_id)
    rim.venue.drain()
    rim.pass_time(1.0)
    rim.feed_read()
    while rim.pending:
        rim.carry()
    rim.deliver()
    assert [order.side for order in rim.venue.open_orders()] == [Side.SELL]
    rim.feed(OrderReported(rim.at, report(stop_request(stop.client_id))))
    rim.calm(4)
    assert len(rim.venue.open_orders()) == 1


def test_a_difference_that_fills_on_their_way_may_explain_waits_for_them_but_not_for_ever() -> None:
    rim = holding()
    (stop,) = rim.core.trading.orders.live(Purpose.STOP)
    rim.feed(OrderReported(rim.at, report(stop.request, 33, lots=33, active=False, triggered=True)))
    for _ in range(19):
        rim.pass_time(1.0)
        read(rim, orders=(), positions=(), fills=())
    assert rim.core.trading.positions.open[XBT].lots == 33
    assert not rim.core.trading.reconciler.doubtful
    for _ in range(3):
        rim.pass_time(1.0)
        for _ in range(len(rim.pending)):
            rim.carry(Outcome.REFUSED)
        read(rim, orders=(), positions=(), fills=())
    assert XBT not in rim.core.trading.positions.open


def lose(rim: Rim) -> None:
    """Have somebody cancel the stop at the exchange, which tells of it."""
    (stop,) = rim.venue.open_orders()
    rim.venue.cancel(XBT, stop.client_id)
    rim.inbox.extend(rim.venue.drain())
    rim.deliver()


def test_a_stop_that_somebody_cancels_in_flight_is_a_drift() -> None:
    rim = holding()
    assert rim.core.trading.reconciler.drifts == 0
    lose(rim)
    assert rim.core.trading.reconciler.drifts == 1
    drift = rim.core.trading.reconciler.last_drift
    assert drift is not None
    assert (drift.kind, drift.done) == ("stop", "a new one is placed, as long as its position is there")
    gone = next(order for order in rim.core.trading.orders.all() if order.purpose is Purpose.STOP)
    rim.feed(OrderReported(rim.at, report(gone.request, active=False, cancelled=True)))
    assert rim.core.trading.reconciler.drifts == 1, "told once"
    rim.calm(4)
    assert len(rim.venue.open_orders()) == 1


def test_of_a_stop_that_is_gone_with_its_position_no_more_is_said_than_is_known() -> None:
    rim = holding()
    (stop,) = rim.core.trading.orders.live(Purpose.STOP)
    rim.feed(ExchangeShown(rim.at, rim.at, (), (), (), account()))
    rim.feed(OrderReported(rim.at, report(stop.request, active=False, cancelled=True)))
    drift = rim.core.trading.reconciler.last_drift
    assert drift is not None
    assert drift.kind == "stop"
    assert "is placed" not in drift.done
    assert drift.done.startswith("its position is not shown as we know it either")


def test_a_stop_that_ends_with_its_position_is_none() -> None:
    rim = holding()
    rim.core.trading.exits.close(XBT, "test")
    lose(rim)
    assert rim.core.trading.reconciler.drifts == 0


def test_a_position_of_two_stops_takes_the_tighter_one_for_its_plan_and_what_is_not_beyond_it_is_adopted() -> None:
    for sign, prices, tighter in ((1, ("55000.0", "58000.0"), 58_000), (-1, ("65000.0", "62000.0"), 62_000)):
        rim = begun(past_stop=PastStop.LEAVE)
        side = Side.SELL if sign > 0 else Side.BUY
        stops = tuple(report(stop_request(f"t-9-{n}", price, side)) for n, price in enumerate(prices))
        read(rim, orders=stops, positions=(position(5 * sign),))
        plan = rim.core.trading.positions.open[XBT].plan
        assert plan is not None
        assert plan.stop == Decimal(tighter)


def test_what_there_was_is_counted_before_anything_was_done() -> None:
    rim = holding()
    (stop,) = rim.venue.open_orders()
    rim.venue.cancel(XBT, stop.client_id)
    rim.venue.drain()
    told = restarted(rim)
    assert (told.orders, told.stops, told.positions) == (0, 0, 1)
    cancelled, bare = told.findings
    assert (cancelled.before, cancelled.after, cancelled.done) == ("working", "cancelled", "looked up by its id")
    assert (bare.before, bare.after) == ("a position of 33 lots", "no stop of ours that covers it")


def test_a_stop_that_we_cancel_since_its_position_is_gone_was_shown_resting() -> None:
    rim = holding()
    (stop,) = rim.venue.open_orders()
    rim.venue.place(request("hand-1", 33, Side.SELL))
    rim.pass_time(1.0)
    rim.crash(100_000)
    for _ in range(4):
        while rim.pending and not isinstance(rim.pending[0], Seek):
            rim.carry()
        read(rim, orders=(report(stop_request(stop.client_id)),) if rim.venue.open_orders() else (), fills=())
    rim.calm(4)
    assert not rim.venue.open_orders()
    told = rim.core.trading.recovery.report
    assert told is not None
    assert kinds(told) == ["position", "balance"], "not the stop: it was there, as we knew it"
    assert told.stops == 1


def left(state: OrderState, **noted: Any) -> tuple[Rim, OrderRequest]:
    """Return a bot that was killed after it noted an entry so; it is told to be stopped, so that entries go."""
    rim = Rim()
    rim.feed_read()
    asked = request("t-1-9", 5, type=OrderType.LIMIT, price=Decimal(50_000))
    rim.venue.place(asked)
    rim.venue.drain()
    rim.journal.append(OrderChanged(order(state, request=asked, **noted)))
    rim.crash(100_000)
    return rim, asked


def found_of(rim: Rim) -> list[tuple[str, str, str, str]]:
    """Let it recover, the cancels first; return what it reports of orders."""
    for _ in range(3):
        while rim.pending:
            rim.carry()
        rim.deliver()
        rim.pass_time(1.0)
    rim.feed_read()
    told = rim.core.trading.recovery.report
    assert told is not None
    return [(each.before, each.after, each.explanation, each.done) for each in told.findings]


def test_an_order_that_rested_is_told_so_though_it_was_cancelled_at_once() -> None:
    rim, _ = left(OrderState.SENT)
    assert found_of(rim) == [("sent", "working", "", "looked up by its id; we have it cancelled")]
    assert not rim.venue.open_orders()


def test_that_one_we_knew_to_rest_is_cancelled_now_is_no_difference() -> None:
    rim, _ = left(OrderState.WORKING)
    assert found_of(rim) == []
    assert not rim.venue.open_orders()


def test_a_cancel_that_was_on_its_way_explains_that_an_order_is_gone() -> None:
    rim, asked = left(OrderState.WORKING, cancelling=True, cancel_sent_at=5)
    rim.venue.cancel(asked.symbol, asked.client_id)
    rim.venue.drain()
    cause, done = "its cancel was on its way", "looked up by its id"
    assert found_of(rim) == [("working, being cancelled", "cancelled", cause, done)]


@pytest.mark.parametrize("client_id", ["t-9-9", "t-_9-1"])
def test_of_a_stop_that_is_not_in_our_books_no_more_is_said_than_is_known(client_id: str) -> None:
    rim = holding()
    rest_tighter(rim, client_id, "59000.0")
    (found,) = restarted(rim).findings
    assert (found.subject, found.before, found.done) == (client_id, "none", "taken over")
    assert ("guardian" in found.explanation) == ("_" in client_id)
    assert ("older journal" in found.explanation) == ("_" not in client_id)


def test_a_position_that_is_as_we_knew_it_is_no_difference_whatever_was_traded_meanwhile() -> None:
    rim = holding()
    for number, side in enumerate((Side.SELL, Side.BUY)):
        rim.venue.place(request(f"hand-{number}", 1, side))
        rim.pass_time(1.0)
    rim.inbox.clear()
    told = restarted(rim)
    assert told.fills == 2
    assert kinds(told) == ["balance"]


def rest_tighter(rim: Rim, client_id: str, price: str) -> None:
    """Have a stop of ours rest that our books do not know."""
    rim.venue.place(stop_request(client_id, price))
    rim.venue.drain()


@pytest.mark.parametrize("client_id", ["t-9-9", "t-_9-1"])
def test_a_stop_of_ours_that_is_tighter_than_what_an_older_journal_planned_stays(client_id: str) -> None:
    rim = holding()
    (older,) = rim.venue.open_orders()
    rest_tighter(rim, client_id, "59000.0")
    rim.venue.cancel(XBT, older.client_id)
    rim.venue.drain()
    restarted(rim)
    (stop,) = rim.venue.open_orders()
    assert (stop.client_id, stop.stop and stop.stop.price) == (client_id, Decimal(59_000))
    plan = rim.core.trading.positions.open[XBT].plan
    assert plan is not None
    assert plan.stop == Decimal(59_000)


def test_where_the_size_differs_too_and_no_fill_says_why_the_tightest_stop_stays() -> None:
    rim = holding()
    rest_tighter(rim, "t-9-9", "58500.0")
    rest_tighter(rim, "t-9-8", "59000.0")
    rim.crash(100_000)
    for _ in range(2):
        read(rim, positions=(position(20),), fills=())
        for _ in range(len(rim.pending)):
            rim.carry()
        rim.deliver()
    held = rim.core.trading.positions.open[XBT]
    assert held.lots == 20
    assert held.plan is not None
    assert held.plan.stop == Decimal(59_000)
    assert [each.client_id for each in rim.venue.open_orders()] == ["t-9-8"]
    told = rim.core.trading.recovery.report
    assert told is not None
    assert told.stops == 3, "before we cancelled two of them"


def test_a_looser_stop_of_an_earlier_start_gives_way_to_the_plan() -> None:
    rim = holding()
    (planned,) = rim.venue.open_orders()
    rest_tighter(rim, "t-9-9", "50000.0")
    restarted(rim)
    (stop,) = rim.venue.open_orders()
    assert stop.client_id == planned.client_id
