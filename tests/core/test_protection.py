from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from radtui.core.commands import Remember
from radtui.core.facts import Trouble
from radtui.core.holding import Holding
from radtui.core.market import SECOND
from radtui.core.order import Cross, OrderRequest, Side
from radtui.core.orders import OrderState, Purpose
from radtui.core.own_orders import OwnOrders
from radtui.core.positions import Plan
from tests.core.makers import ETH, XBT, facts, fill, report, request, stop_request
from tests.core.stand import PLAN, Stand


def answer(orders: OwnOrders, asked: OrderRequest, how: str) -> None:
    """Have the exchange answer a stop, or do something to it."""
    orders.sent(asked.client_id)
    if how == "accept":
        orders.accepted(asked.client_id, "x")
    elif how == "refuse":
        orders.refused(asked.client_id, "no")
    elif how == "unclear":
        orders.unclear(asked.client_id, "?")
    elif how == "rest":
        orders.reported(report(asked))
    elif how == "vanish":
        orders.reported(report(asked, active=False, cancelled=True))


def planned(price: str | int) -> Plan:
    return Plan(Decimal(price), None, "test")


@pytest.mark.parametrize(("side", "cross"), [(Side.BUY, Cross.DOWN), (Side.SELL, Cross.UP)])
def test_a_bare_position_gets_a_stop_for_all_of_it_on_the_losing_side(side: Side, cross: Cross) -> None:
    (asked,) = Stand(side).guard()
    assert asked.stop is not None
    assert (asked.stop.cross, asked.stop.price) == (cross, PLAN.stop)
    assert (asked.side, asked.close_order, asked.reduces) == (side.opposite, True, True)


@pytest.mark.parametrize(("side", "trigger"), [(Side.BUY, 57_000), (Side.SELL, 63_000)])
def test_without_a_plan_the_stop_is_the_default_share_away(side: Side, trigger: int) -> None:
    (asked,) = Stand(side, plan=None).guard()
    assert asked.stop is not None
    assert asked.stop.price == trigger


def test_one_stop_is_asked_for_and_time_without_it_is_counted() -> None:
    stand = Stand()
    (asked,) = stand.guard()
    assert stand.guard(0.5) == []
    assert stand.guard(1.0) == [], "it may be on its way"
    stand.rest(asked)
    assert not stand.bare()
    assert stand.held.bare_before == 1.5 * SECOND
    assert Remember() in stand.said
    assert stand.guard(60) == []


def test_a_stop_that_was_only_received_protects_nothing_until_the_exchange_shows_it() -> None:
    stand = Stand()
    (asked,) = stand.guard()
    stand.orders.accepted(asked.client_id, "x1")
    assert stand.guard(0.5) == []
    assert stand.bare()
    assert stand.sought() == []
    assert stand.guard(0.5) == []
    assert stand.sought() == [asked.client_id], "no word of it came within a second"
    stand.guard(0.5)
    assert stand.sought() == [], "asked once a second"
    stand.guard(0.5)
    assert stand.sought() == [asked.client_id]
    stand.orders.sought(asked.client_id, report(asked))
    stand.guard()
    assert not stand.bare()


def test_a_stop_that_was_refused_is_tried_again_after_a_second() -> None:
    stand = Stand()
    (asked,) = stand.guard()
    stand.orders.refused(asked.client_id, "no")
    assert stand.guard(0.9) == []
    (again,) = stand.guard(0.1)
    assert again.client_id != asked.client_id


def test_a_stop_of_unknown_fate_does_not_count_for_ever() -> None:
    stand = Stand()
    (asked,) = stand.guard()
    stand.orders.sent(asked.client_id)
    stand.orders.unclear(asked.client_id, "timeout")
    assert len(stand.guard(1.0)) == 1


@pytest.mark.parametrize("answer", ["refused", "unclear", "late"])
def test_whatever_becomes_of_the_first_stop_a_second_one_rests_within_the_limit(answer: str) -> None:
    stand = Stand()
    (asked,) = stand.guard()
    stand.orders.sent(asked.client_id)
    for _ in range(8):
        for again in stand.guard(0.5):
            assert again.stop is not None, "it was not closed"
            stand.rest(again)
        if answer == "refused":
            stand.orders.refused(asked.client_id, "no")
        elif answer == "unclear":
            stand.orders.unclear(asked.client_id, "no answer")
    assert not stand.bare()
    assert stand.held.bare_before < stand.desk.config.protect_within
    assert stand.protection.bare.breaches == 0


def test_a_stop_that_is_being_cancelled_protects_nothing() -> None:
    stand = Stand()
    (asked,) = stand.guard()
    stand.rest(asked)
    stand.orders.cancel(stand.stops()[0])
    (again,) = stand.guard(2.0)
    assert again.stop is not None


def test_a_position_that_stays_bare_is_closed_with_one_alarm() -> None:
    stand, placed, alarms = Stand(), [], []
    for _ in range(30):
        for asked in stand.guard(0.5):
            placed.append(asked)
            stand.orders.refused(asked.client_id, "no")
        alarms += [fact for fact in facts(stand.said, Trouble) if fact.severity == "alarm"]
    closes = [asked for asked in placed if asked.stop is None]
    assert closes
    assert all(asked.close_order and asked.side is Side.SELL for asked in closes)
    assert [alarm.kind for alarm in alarms] == ["unprotected"]
    assert stand.protection.bare.breaches == 1


def test_a_position_is_closed_just_after_the_limit_and_not_before() -> None:
    stand = Stand()
    stand.guard(5.0)
    assert not stand.orders.live(Purpose.EXIT)
    stand.guard(0.001)
    assert len(stand.orders.live(Purpose.EXIT)) == 1


def test_a_stop_on_its_way_to_where_none_is_wanted_any_more_is_not_waited_for() -> None:
    stand = Stand()
    stand.guard()
    assert stand.protection.tighten(XBT.symbol, Decimal(58_000))
    (new,) = stand.guard(1.0)
    assert new.stop is not None
    assert new.stop.price == Decimal(58_000)


def test_before_the_first_reading_nobody_knows_which_stops_rest() -> None:
    stand = Stand()
    stand.exits.awake = False
    assert stand.guard(60) == []


def test_a_position_without_lots_needs_no_stop() -> None:
    stand = Stand()
    stand.held.holding = Holding()
    stand.protection.guard_all()
    assert stand.asked() == []


@pytest.mark.parametrize("shown", [frozenset(), frozenset({XBT.symbol})])
def test_a_stop_is_an_orphan_where_neither_we_nor_the_exchange_know_a_position(shown: frozenset[str]) -> None:
    stand = Stand()
    (asked,) = stand.guard()
    stand.rest(asked)
    stand.protection.tidy_orphans(shown)
    assert stand.desk.clear() == [], "it protects a position of ours"
    stand.positions.drop(XBT.symbol)
    stand.protection.tidy_orphans(shown)
    stand.asked()
    assert len(stand.cancels()) == (not shown)


@given(st.sampled_from([0.25, 1.0, 5.0]))
@settings(deadline=None, max_examples=3)
def test_ten_minutes_without_an_answer_are_met_with_a_bounded_number_of_stops_and_closes(pulse: float) -> None:
    stand, placed = Stand(), []
    for _ in range(round(600 / pulse)):
        for asked in stand.guard(pulse):
            placed.append((stand.desk.at, asked))
            stand.orders.sent(asked.client_id)
            stand.orders.unclear(asked.client_id, "timeout")
    for sent in ([at for at, each in placed if each.stop], [at for at, each in placed if not each.stop]):
        waits = [later - sooner for sooner, later in pairwise(sent)]
        assert 10 <= len(sent) <= 18
        assert waits == sorted(waits)
        assert waits[-1] <= (64 + pulse) * SECOND, "it never gives up"


def test_once_the_doubt_is_gone_a_stop_is_tried_again_soon() -> None:
    stand, asked = Stand(), []
    for _ in range(100):
        for each in stand.guard(1.0):
            asked.append(each.client_id)
            stand.orders.sent(each.client_id)
            stand.orders.unclear(each.client_id, "timeout")
    stand.desk.at += stand.desk.config.quiet_time
    for client_id in asked:
        stand.orders.sought(client_id, None)
    assert not stand.stops()
    assert len([each for each in stand.guard(10.0) if each.stop]) == 1


@pytest.mark.parametrize("side", Side)
def test_a_stop_on_the_wrong_side_protects_nothing_and_goes_once_the_right_one_rests(side: Side) -> None:
    stand = Stand(side)
    (asked,) = stand.guard()
    stand.rest(asked)
    assert not stand.bare()
    stand.held.holding, stand.held.plan = Holding(-10 * side.sign, Decimal(-600) * side.sign), None
    (again,) = stand.guard(2.0)
    assert stand.bare()
    assert again.side is side
    assert stand.cancels() == []
    stand.rest(again)
    assert not stand.bare()
    assert stand.cancels() == [asked.client_id]


@pytest.mark.parametrize(
    ("side", "first", "nearer", "farther"),
    [(Side.BUY, 57_000, "58000.04", 57_999), (Side.SELL, 63_000, "62000", 62_001)],
)
def test_a_stop_moves_nearer_without_a_naked_gap_and_never_back(
    side: Side, first: int, nearer: str, farther: int
) -> None:
    stand = Stand(side, planned(first))
    (old,) = stand.guard()
    stand.rest(old)
    stand.desk.at += 10 * SECOND
    assert stand.protection.tighten(XBT.symbol, Decimal(nearer))
    (new,) = stand.asked()
    assert new.stop is not None
    assert new.stop.price % XBT.tick == 0
    assert stand.cancels() == [], "the old one rests until the new one does"
    assert not stand.bare()
    stand.orders.accepted(new.client_id, "x2")
    assert stand.guard(0.5) == []
    assert stand.cancels() == []
    assert stand.rest(new) == []
    assert stand.cancels() == [old.client_id]
    assert stand.held.bare(stand.desk.at) == 0
    assert not stand.protection.tighten(XBT.symbol, Decimal(farther))
    assert not stand.protection.tighten(XBT.symbol, new.stop.price)
    assert stand.asked() == []


def test_a_stop_does_not_move_beyond_the_market_nor_where_there_is_none_to_move() -> None:
    stand = Stand()
    stand.mark("60000")
    assert not stand.protection.tighten(XBT.symbol, Decimal(60_001))
    assert not stand.protection.tighten("SOLUSDTM", Decimal(1))
    stand.held.plan = None
    assert not stand.protection.tighten(XBT.symbol, Decimal(58_000))
    stand.held.plan, stand.held.holding = PLAN, Holding()
    assert not stand.protection.tighten(XBT.symbol, Decimal(58_000))


def test_a_new_stop_that_is_refused_leaves_the_old_one_and_is_tried_again() -> None:
    stand = Stand()
    (old,) = stand.guard()
    stand.rest(old)
    stand.desk.at += 10 * SECOND
    stand.protection.tighten(XBT.symbol, Decimal(58_000))
    (new,) = stand.asked()
    stand.orders.refused(new.client_id, "no")
    assert stand.guard(3.0) == []
    assert len(stand.guard(1.0)) == 1
    assert not stand.bare()


def test_a_stop_that_a_reading_does_not_show_is_looked_up_and_placed_anew() -> None:
    stand = Stand()
    (asked,) = stand.guard()
    stand.rest(asked)
    stand.desk.at += 60 * SECOND
    assert stand.read() == []
    assert stand.sought() == [asked.client_id]
    assert stand.held.bare_since == stand.desk.at
    stand.orders.sought(asked.client_id, None)
    (again,) = stand.guard()
    assert again.stop == asked.stop
    gone = stand.orders.get(asked.client_id)
    assert gone is not None
    assert (gone.state, gone.assumed) == (OrderState.CANCELLED, True)


def test_a_missing_stop_is_not_waited_for_longer_than_a_second() -> None:
    stand = Stand()
    (asked,) = stand.guard()
    stand.rest(asked)
    stand.desk.at += 60 * SECOND
    stand.read()
    assert stand.guard(0.9) == []
    assert len(stand.guard(0.1)) == 1


def test_a_stop_that_was_only_missed_in_one_reading_was_never_gone() -> None:
    stand = Stand()
    (asked,) = stand.guard()
    stand.rest(asked)
    stand.desk.at += 60 * SECOND
    stand.read()
    stand.desk.at += SECOND // 2
    assert stand.read(asked) == []
    assert stand.held.bare(stand.desk.at) == 0
    stand.desk.at += SECOND
    stand.read()
    stand.orders.sought(asked.client_id, report(asked))
    stand.guard()
    assert not stand.bare(), "the exchange was asked, and has it"
    assert stand.held.bare_before == 0


@pytest.mark.parametrize(
    "shown",
    [
        {"stop": stop_request(price="55000.0").stop},
        {"close_order": False, "lots": 10, "reduce_only": True},
        {"close_order": False, "lots": 20},
    ],
)
def test_a_stop_that_rests_otherwise_than_asked_is_replaced_new_before_old(shown: dict[str, object]) -> None:
    stand = Stand()
    (old,) = stand.guard()
    stand.rest(old)
    stand.desk.at += 60 * SECOND
    (new,) = stand.read(old, **shown)
    assert not stand.bare(), "it covers the position all the same"
    assert stand.cancels() == []
    stand.rest(new)
    assert stand.cancels() == [old.client_id]


@pytest.mark.parametrize("shown", [{"close_order": False, "lots": 9, "reduce_only": True}, {"side": Side.BUY}])
def test_a_stop_that_rests_for_less_or_on_the_other_side_is_no_protection(shown: dict[str, object]) -> None:
    stand = Stand()
    (old,) = stand.guard()
    stand.rest(old)
    stand.desk.at += 60 * SECOND
    assert len(stand.read(old, **shown)) == 1
    assert stand.held.bare_since == stand.desk.at


def test_a_stop_for_some_lots_protects_until_the_position_grows() -> None:
    stand = Stand()
    asked = request("t-1-7", 10, Side.SELL, reduce_only=True, stop=stop_request().stop, leverage=0)
    stand.orders.adopt(report(asked))
    (whole,) = stand.guard(1.0)
    assert whole.close_order
    assert not stand.bare()
    stand.positions.fill(fill(2, 5), XBT, None, 3, stand.desk.at)
    stand.guard()
    assert stand.bare()
    stand.rest(whole)
    assert not stand.bare()
    assert stand.cancels() == ["t-1-7"]


def test_an_exchange_that_never_shows_what_was_asked_is_met_with_few_stops() -> None:
    stand, wrong = Stand(), {"stop": stop_request(price="57001.0").stop}
    most = 0
    for _ in range(120):
        stand.guard(1.0)
        for cancelled in [order for order in stand.stops() if order.cancelling]:
            stand.orders.reported(report(cancelled.request, active=False, cancelled=True))
        stand.read(*[order.request for order in stand.stops()], **wrong)
        most = max(most, len(stand.stops()))
    assert most <= 4
    assert not stand.bare()
    assert stand.protection.bare.breaches == 0


def test_of_two_stops_of_one_position_only_the_planned_one_stays() -> None:
    stand = Stand()
    for client_id, price in (("t-1-8", "55000.0"), ("t-1-9", "57000.0")):
        stand.orders.adopt(report(stop_request(client_id, price)))
    assert stand.guard() == []
    assert stand.cancels() == ["t-1-8"]


@pytest.mark.parametrize(("side", "tightest"), [(Side.BUY, "58000.0"), (Side.SELL, "62000.0")])
def test_a_position_without_a_plan_keeps_the_tightest_of_its_stops(side: Side, tightest: str) -> None:
    stand = Stand(side, plan=None)
    for number, price in enumerate(["55000.0", "58000.0"] if side is Side.BUY else ["65000.0", "62000.0"]):
        stand.orders.adopt(report(stop_request(f"t-1-{number}", price, side.opposite)))
    assert stand.guard() == []
    assert stand.held.plan is not None
    assert stand.held.plan.stop == Decimal(tightest)
    assert stand.cancels() == ["t-1-0"]


def test_a_stop_that_fired_is_let_finish() -> None:
    stand = Stand()
    (asked,) = stand.guard()
    stand.rest(asked, triggered=True, stop=None)
    stand.held.plan = planned(58_000)
    assert stand.guard(10.0) == []
    assert not stand.bare()


@pytest.mark.parametrize(("side", "plan", "mark"), [(Side.BUY, 57_000, "57000"), (Side.SELL, 63_000, "63000")])
def test_a_market_beyond_the_stop_closes_in_place_of_a_stop(side: Side, plan: int, mark: str) -> None:
    stand = Stand(side, planned(plan))
    stand.mark(mark)
    (asked,) = stand.guard()
    assert asked.stop is None
    assert asked.close_order
    (order,) = stand.orders.live(Purpose.EXIT)
    assert order.why == f"the market at {mark} is beyond its stop"


def test_a_price_of_the_past_closes_nothing() -> None:
    stand = Stand()
    stand.mark("50000")
    stand.positions.marked_at[XBT.symbol] -= stand.desk.config.stale_after
    (asked,) = stand.guard()
    assert asked.stop is not None


def test_the_bare_time_of_closed_and_open_positions_is_shown() -> None:
    stand = Stand()
    (asked,) = stand.guard()
    stand.guard(2.0)
    seen = stand.protection.view(stand.desk.at)
    assert (seen.worst, seen.total, seen.positions, seen.unprotected, seen.limit) == (2.0, 2.0, 1, 1, 5.0)
    stand.rest(asked)
    stand.protection.ended(stand.positions.drop(XBT.symbol))
    stand.positions.fill(fill(2, symbol=ETH.symbol), ETH, None, 3, stand.desk.at)
    stand.desk.at += SECOND
    seen = stand.protection.view(stand.desk.at)
    assert (seen.worst, seen.total, seen.positions, seen.unprotected) == (2.0, 3.0, 2, 1)


@given(st.data())
@settings(max_examples=80, deadline=None)
def test_whatever_happens_to_the_stops_one_as_planned_rests_in_the_end(data: st.DataObject) -> None:
    stand = Stand()
    known: list[OrderRequest] = []
    for _ in range(data.draw(st.integers(0, 12))):
        known += stand.guard(data.draw(st.sampled_from([0.2, 1.0, 3.0])))
        stops = [order for order in stand.stops() if order.in_flight or order.resting]
        act = data.draw(st.sampled_from(["accept", "refuse", "unclear", "rest", "vanish", "tighten", "read"]))
        if act == "tighten" and stand.held.plan is not None:
            stand.protection.tighten(XBT.symbol, stand.held.plan.stop + data.draw(st.integers(-5, 50)))
            known += stand.asked()
        elif act == "read":
            resting = [o.request for o in stops if o.state is OrderState.WORKING]
            known += stand.read(*data.draw(st.permutations(resting))[: data.draw(st.integers(0, 3))])
        elif stops:
            answer(stand.orders, data.draw(st.sampled_from(stops)).request, act)
    for _ in range(6):
        stand.guard(4.0)
        for order in stand.stops():
            gone = {"active": False, "cancelled": True} if order.cancelling else {}
            stand.orders.reported(report(order.request, **gone))
        stand.read(*[order.request for order in stand.stops()])
    (stop,) = stand.stops()
    assert stand.held.plan is not None
    assert stop.request.stop is not None
    assert stop.request.stop.price == stand.held.plan.stop
    assert not stand.bare()


def test_each_time_that_a_position_is_bare_for_too_long_is_told() -> None:
    stand = Stand()
    (asked,) = stand.guard()
    for breaches in (1, 2):
        stand.guard(6.0)
        stand.guard(0.5)
        assert stand.protection.bare.breaches == breaches
        stand.rest(asked)
        assert not stand.bare()
        stand.desk.at += SECOND
        stand.read()
    assert stand.bare()


@pytest.mark.parametrize(
    ("side", "left", "stays"),
    [
        (Side.BUY, ("58000.0", "59000.0"), "59000.0"),
        (Side.BUY, ("50000.0", "56999.9"), "57000"),
        (Side.SELL, ("62000.0", "61000.0"), "61000.0"),
        (Side.SELL, ("65000.0", "63000.1"), "63000"),
    ],
)
def test_a_stop_of_an_earlier_start_is_never_replaced_by_one_further_from_the_market(
    side: Side, left: tuple[str, ...], stays: str
) -> None:
    plan = PLAN if side is Side.BUY else planned(63_000)
    stand = Stand(side, plan=plan)
    for number, price in enumerate(left):
        stand.orders.adopt(report(stop_request(f"t-9-{number}", price, side.opposite)))
    placed = stand.guard()
    assert stand.held.plan == Plan(Decimal(stays), plan.target, "test")
    assert [asked.stop.price for asked in placed if asked.stop] == ([] if stays in left else [plan.stop])


def test_a_stop_that_the_exchange_shows_nearer_than_it_was_asked_for_does_not_move_the_plan() -> None:
    stand = Stand()
    (asked,) = stand.guard()
    nearer = stop_request(asked.client_id, "58000.0")
    stand.read(asked, stop=nearer.stop)
    assert stand.held.plan == PLAN
