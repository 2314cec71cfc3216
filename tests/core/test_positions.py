from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radtui.core.market import SECOND
from radtui.core.money import ZERO
from radtui.core.order import Side
from radtui.core.positions import Attempts, Plan, Positions
from tests.core.makers import NOW, XBT, fill, position

FILLS = st.lists(st.tuples(st.integers(1, 20), st.sampled_from(Side), st.integers(100, 900)), min_size=1, max_size=12)
PLAN = Plan(Decimal(57_000), Decimal(66_000), "test")


@given(FILLS)
def test_the_book_adds_up_to_the_cash_that_flowed(trades: list[tuple[int, Side, int]]) -> None:
    book, cash, realised = Positions(), ZERO, ZERO
    for number, (lots, side, price) in enumerate(trades):
        done = fill(number, lots, side, str(price))
        opened_or_grew = XBT.symbol not in book.open or book.open[XBT.symbol].lots * done.signed_lots >= 0
        gain = book.fill(done, XBT, PLAN, 3, NOW)
        assert (gain is None) == opened_or_grew, "a gain is told only where something was closed"
        realised += gain or ZERO
        cash -= XBT.notional(done.price, done.signed_lots)
    held = book.open[XBT.symbol]
    assert held.realised == realised == cash + held.holding.cost
    assert held.fees == len(trades)
    assert held.net == held.realised - held.fees


def test_a_new_position_is_bare_from_its_first_fill_and_keeps_its_plan() -> None:
    book = Positions()
    book.fill(fill(1), XBT, PLAN, 3, NOW)
    book.fill(fill(2), XBT, None, 3, NOW + SECOND)
    held = book.open[XBT.symbol]
    assert (held.lots, held.plan, held.leverage) == (20, PLAN, 3)
    assert held.bare(NOW + 5 * SECOND) == 5 * SECOND


def test_time_without_a_stop_adds_up() -> None:
    book = Positions()
    book.fill(fill(), XBT, PLAN, 3, NOW)
    held = book.open[XBT.symbol]
    held.bare_before, held.bare_since = 2 * SECOND, None
    assert held.bare(NOW + 9 * SECOND) == 2 * SECOND
    held.bare_since = NOW + 8 * SECOND
    assert held.bare(NOW + 9 * SECOND) == 3 * SECOND


@pytest.mark.parametrize(("side", "met", "missed"), [(Side.BUY, "66000", "65999.9"), (Side.SELL, "66000", "66000.1")])
def test_a_target_is_met_at_its_price(side: Side, met: str, missed: str) -> None:
    book = Positions()
    book.fill(fill(side=side), XBT, PLAN, 3, NOW)
    held = book.open[XBT.symbol]
    assert held.target_met(Decimal(met))
    assert not held.target_met(Decimal(missed))
    held.plan = None
    assert not held.target_met(Decimal(met))


def test_an_adopted_position_costs_what_the_exchange_says() -> None:
    book = Positions()
    held = book.adopt(position(-10), XBT, PLAN, NOW)
    assert held.holding.entry(XBT) == Decimal(60_000)
    assert (held.lots, held.closing_side, held.bare_since) == (-10, Side.BUY, NOW)


def test_profit_and_value_at_the_last_prices() -> None:
    book = Positions()
    book.fill(fill(lots=100), XBT, PLAN, 3, NOW)
    assert (book.unrealised(), book.notional()) == (ZERO, Decimal(6000)), "without a price the cost is the value"
    book.marks[XBT.symbol] = Decimal(59_000)
    assert (book.unrealised(), book.notional()) == (Decimal(-100), Decimal(5900))
    assert book.drop(XBT.symbol).lots == 100
    assert (book.unrealised(), book.notional()) == (ZERO, ZERO)


def test_an_adopted_position_is_as_the_exchange_shows_it() -> None:
    shown = position(10)
    held = Positions().adopt(shown, XBT, PLAN, NOW + SECOND)
    assert (held.leverage, held.opened_at, held.plan) == (3, NOW, PLAN)
    assert (held.report, held.shown_at) == (shown, NOW + SECOND)


def test_what_the_run_before_saw_and_tried_is_forgotten_at_a_restart() -> None:
    held = Positions().adopt(position(10), XBT, PLAN, NOW)
    held.stop_tries, held.close_tries, held.stop_sought_at = Attempts(NOW, 3, "a"), Attempts(NOW, 4, "b"), NOW
    held.bare_since = None
    held.restart(NOW - SECOND)
    assert (held.stop_tries, held.close_tries) == (Attempts(), Attempts())
    assert held.report is None
    assert [held.bare_since, held.shown_at, held.stop_sought_at] == [NOW - SECOND, 0, 0]


@pytest.mark.parametrize("side", Side)
@pytest.mark.parametrize("lots", [1, 10])
def test_a_stop_is_tighter_by_a_tick(side: Side, lots: int) -> None:
    book = Positions()
    book.fill(fill(lots=lots, side=side), XBT, PLAN, 3, NOW)
    held = book.open[XBT.symbol]
    assert held.tighter(PLAN.stop + XBT.tick * side.sign)
    assert not held.tighter(PLAN.stop)
    assert not held.tighter(PLAN.stop - XBT.tick * side.sign)


@pytest.mark.parametrize(("lots", "losing", "gaining"), [(1, "57000", "66000"), (-1, "66000", "57000")])
def test_a_single_lot_is_stopped_and_gains_on_its_side(lots: int, losing: str, gaining: str) -> None:
    plan = Plan(Decimal(losing), Decimal(gaining), "test")
    held = Positions().adopt(position(lots), XBT, plan, NOW)
    towards_gain = XBT.tick * lots
    assert plan.stopped_at(plan.stop, lots)
    assert not plan.stopped_at(plan.stop + towards_gain, lots)
    assert held.target_met(Decimal(gaining))
    assert not held.target_met(Decimal(gaining) - towards_gain)


def test_a_contract_is_taken_by_whoever_holds_a_position_there() -> None:
    book = Positions()
    assert not book.taken(XBT.symbol)
    book.left[XBT.symbol] = position()
    assert book.taken(XBT.symbol)
    del book.left[XBT.symbol]
    book.adopt(position(), XBT, PLAN, NOW)
    assert book.taken(XBT.symbol)


def test_bare_times_before_and_after_a_stop_add_up() -> None:
    book = Positions()
    book.fill(fill(), XBT, PLAN, 3, NOW)
    held = book.open[XBT.symbol]
    for began in (0, 10):
        held.bare_since = NOW + began * SECOND
        held.covered(NOW + (began + 2) * SECOND, NOW + (began + 1) * SECOND)
    assert held.bare(NOW + 60 * SECOND) == held.bare_before == 4 * SECOND


def test_the_price_now_is_the_last_one_else_the_exchanges_mark_while_they_are_young() -> None:
    book, stale = Positions(), 10 * SECOND
    book.fill(fill(), XBT, PLAN, 3, NOW)
    held = book.open[XBT.symbol]
    assert book.price_now(XBT.symbol, NOW, stale) is None
    held.show(position(entry="61000"), NOW)
    assert book.price_now(XBT.symbol, NOW + stale - 1, stale) == Decimal(61_000)
    assert book.price_now(XBT.symbol, NOW + stale, stale) is None
    book.marks[XBT.symbol], book.marked_at[XBT.symbol] = Decimal(62_000), NOW
    assert book.price_now(XBT.symbol, NOW + stale - 1, stale) == Decimal(62_000)
    held.show(position(entry="61000"), NOW + 1)
    assert book.price_now(XBT.symbol, NOW + stale, stale) == Decimal(61_000)
    held.show(position(entry="0"), NOW + 1)
    assert book.price_now(XBT.symbol, NOW + stale, stale) is None
