from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from radtui.core.commands import Cancel, Command, Place
from radtui.core.exits import Exits, stop_price
from radtui.core.facts import Trouble
from radtui.core.holding import Holding
from radtui.core.market import SECOND
from radtui.core.order import Cross, OrderRequest, Side
from radtui.core.orders import Purpose
from radtui.core.own_orders import OwnOrders
from radtui.core.positions import Plan, Positions
from tests.core.makers import PRICES, XBT, desk, facts, fill, report

PLAN = Plan(Decimal(57_000), Decimal(66_000), "test")


class Stand:
    """A position of ten lots, and the exits that look after it."""

    def __init__(self, side: Side = Side.BUY, plan: Plan | None = PLAN) -> None:
        self.desk = desk()
        self.orders = OwnOrders(self.desk)
        self.positions = Positions()
        self.exits = Exits(self.desk, self.orders, self.positions)
        self.exits.awake = True
        self.positions.fill(fill(side=side), XBT, plan, 3, self.desk.at)
        self.held = self.positions.open[XBT.symbol]
        self.said: list[Command] = []

    def guard(self, seconds: float = 0.0) -> list[OrderRequest]:
        """Let time pass, guard, and return what was asked to be placed."""
        self.desk.at += round(seconds * SECOND)
        self.exits.guard(XBT.symbol)
        self.said = self.desk.clear()
        return [command.request for command in self.said if isinstance(command, Place)]

    def rest(self, asked: OrderRequest) -> None:
        self.orders.reported(report(asked))
        self.guard()


@given(PRICES.filter(lambda price: price > 100), st.decimals(0, "0.2", places=3), st.sampled_from(Side))
def test_a_stop_lies_on_the_grid_at_most_its_share_away(price: Decimal, share: Decimal, side: Side) -> None:
    stop = stop_price(XBT, side, price, share)
    assert stop % XBT.tick == 0
    assert 0 <= (price - stop) * side.sign <= price * share


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
    assert stand.held.bare_since is None
    assert stand.held.bare_before == 1.5 * SECOND
    assert stand.guard(60) == []


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


def test_a_stop_that_is_being_cancelled_protects_nothing() -> None:
    stand = Stand()
    (asked,) = stand.guard()
    stand.rest(asked)
    stand.orders.cancel(stand.orders.live(Purpose.STOP)[0])
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


def test_before_the_first_reading_nobody_knows_which_stops_rest() -> None:
    stand = Stand()
    stand.exits.awake = False
    assert stand.guard(60) == []


def test_a_close_is_sent_once_until_it_is_done_and_a_second_has_passed() -> None:
    stand = Stand()
    assert stand.exits.close(XBT.symbol, "test")
    assert not stand.exits.close(XBT.symbol, "test")
    (order,) = stand.orders.live(Purpose.EXIT)
    stand.desk.at += 10 * SECOND
    assert not stand.exits.close(XBT.symbol, "test"), "one is on its way"
    stand.orders.refused(order.client_id, "no")
    assert stand.exits.close(XBT.symbol, "test")


def test_a_target_that_is_met_closes() -> None:
    stand = Stand()
    stand.exits.take_profit(XBT.symbol, Decimal("65999.9"))
    assert not stand.orders.live(Purpose.EXIT)
    stand.exits.take_profit(XBT.symbol, Decimal(66_000))
    (order,) = stand.orders.live(Purpose.EXIT)
    assert "target met at 66000" in order.why


@pytest.mark.parametrize("shown", [frozenset(), frozenset({XBT.symbol})])
def test_a_stop_is_an_orphan_where_neither_we_nor_the_exchange_know_a_position(shown: frozenset[str]) -> None:
    stand = Stand()
    (asked,) = stand.guard()
    stand.rest(asked)
    stand.exits.tidy_orphans(shown)
    assert stand.desk.clear() == [], "it protects a position of ours"
    stand.positions.drop(XBT.symbol)
    stand.exits.tidy_orphans(shown)
    cancels = [command for command in stand.desk.clear() if isinstance(command, Cancel)]
    assert len(cancels) == (not shown)


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


def test_once_the_doubt_is_gone_a_stop_is_tried_again_after_a_second() -> None:
    stand, asked = Stand(), []
    for _ in range(100):
        for each in stand.guard(1.0):
            asked.append(each.client_id)
            stand.orders.sent(each.client_id)
            stand.orders.unclear(each.client_id, "timeout")
    for client_id in asked:
        stand.orders.sought(client_id, None)
    assert len([each for each in stand.guard(1.0) if each.stop]) == 1


@pytest.mark.parametrize("side", Side)
def test_a_stop_on_the_wrong_side_protects_nothing(side: Side) -> None:
    stand = Stand(side)
    (asked,) = stand.guard()
    stand.rest(asked)
    assert stand.exits._confirmed(XBT.symbol)
    stand.held.holding, stand.held.plan = Holding(-10 * side.sign, Decimal(-600) * side.sign), None
    (again,) = stand.guard(2.0)
    assert not stand.exits._confirmed(XBT.symbol)
    assert again.side is side
    stand.rest(again)
    assert stand.held.bare_since is None
