"""Whatever comes in whatever order, an order ends where the exchange says, and no fill counts twice."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from radtui.core.order import Fill, OrderReport
from radtui.core.orders import DONE, IN_FLIGHT, RESTING, Order, OrderState, after_fill, after_report, by_clock, gone
from tests.core.makers import NOW, XBT, fill, order, report, request

ASKED = request(lots=10)
Said = OrderReport | Fill


@st.composite
def stories(draw: st.DrawFn) -> tuple[list[Said], Order]:
    """Return all that the exchange says of one order in its own order, and where the order then stands."""
    parts = draw(st.lists(st.integers(1, 4), max_size=4).filter(lambda lots: sum(lots) <= 10))
    said: list[Said] = [report(ASKED)]
    for number, lots in enumerate(parts):
        said += [fill(number, lots), report(ASKED, sum(parts[: number + 1]))]
    filled = sum(parts)
    if filled < 10:
        said.append(report(ASKED, filled, active=False, cancelled=True))
    state = OrderState.FILLED if filled == 10 else OrderState.CANCELLED
    return said, order(state, filled_lots=filled, seen_lots=filled)


def play(said: list[Said], state: OrderState = OrderState.SENT) -> Order:
    """Take all of it as `OwnOrders` does: a repeated fill is recognised by its trade, a repeated report is not."""
    mine, trades = order(state), set[str]()
    for message in said:
        if isinstance(message, OrderReport):
            mine = after_report(mine, message, NOW)
        elif message.trade_id not in trades:
            trades.add(message.trade_id)
            mine = after_fill(mine, message.lots, XBT.notional(message.price, message.lots), NOW)
    return mine


@given(stories(), st.data())
def test_the_end_is_the_same_in_any_order_with_repeats(story: tuple[list[Said], Order], data: st.DataObject) -> None:
    said, end = story
    repeats = data.draw(st.lists(st.sampled_from(said), max_size=6))
    mixed = data.draw(st.permutations([*said, *repeats]))
    mine = play(mixed, data.draw(st.sampled_from([OrderState.SENT, OrderState.UNKNOWN, OrderState.ACCEPTED])))
    assert (mine.state, mine.filled_lots, mine.seen_lots) == (end.state, end.filled_lots, end.seen_lots)
    assert mine.filled_value == mine.seen_value == XBT.notional(Decimal(60_000), end.filled_lots)


@given(stories(), st.data())
def test_on_the_way_fills_never_go_down_and_the_end_stays(story: tuple[list[Said], Order], data: st.DataObject) -> None:
    mixed = data.draw(st.permutations(story[0]))
    steps = [play(mixed[:count]) for count in range(len(mixed) + 1)]
    for before, after in pairwise(steps):
        assert after.filled_lots >= before.filled_lots
        assert not before.done or after.done
        assert after.filled_lots >= after.seen_lots


@given(stories(), st.data())
def test_fills_that_were_lost_are_known_from_the_report(story: tuple[list[Said], Order], data: st.DataObject) -> None:
    said, end = story
    kept = [m for m in said if isinstance(m, OrderReport) or data.draw(st.booleans())]
    mine = play(kept)
    assert (mine.state, mine.filled_lots) == (end.state, end.filled_lots)


def test_every_state_is_in_exactly_one_group() -> None:
    assert {*DONE, *RESTING, *IN_FLIGHT} == set(OrderState)
    assert len(DONE) + len(RESTING) + len(IN_FLIGHT) == len(OrderState)


@pytest.mark.parametrize("state", OrderState)
def test_the_groups_by_their_names(state: OrderState) -> None:
    mine = order(state)
    assert [mine.done, mine.resting, mine.in_flight].count(True) == 1
    assert (mine.client_id, mine.symbol) == ("t-1-1", "XBTUSDTM")


def test_an_order_taken_for_rejected_comes_back_on_the_exchanges_word() -> None:
    mine = after_report(order(OrderState.REJECTED, error="never arrived"), report(ASKED, 4), NOW)
    assert (mine.state, mine.filled_lots) == (OrderState.WORKING, 4)


def test_a_stop_takes_its_size_from_the_exchange_and_is_full_by_its_word_alone() -> None:
    mine = order(request=msgspec.structs.replace(ASKED, lots=0, close_order=True), lots=0)
    assert after_fill(mine, 5, Decimal(300), NOW).state is OrderState.WORKING
    triggered = report(ASKED, 5, active=False, triggered=True)
    mine = after_report(mine, triggered, NOW)
    assert (mine.state, mine.triggered, mine.lots) == (OrderState.FILLED, True, 10)


@pytest.mark.parametrize("state", [OrderState.REJECTED, OrderState.CANCELLED])
def test_a_fill_brings_back_what_we_took_for_gone(state: OrderState) -> None:
    mine = after_fill(order(state, assumed=True), 4, Decimal(240), NOW)
    assert (mine.state, mine.assumed, mine.filled_lots) == (OrderState.WORKING, False, 4)
    assert after_fill(order(state, assumed=True), 10, Decimal(600), NOW).state is OrderState.FILLED


def test_a_cancelled_order_of_which_a_fill_comes_late_stays_so_unless_it_is_full() -> None:
    mine = after_report(order(), report(ASKED, 4, active=False, cancelled=True), NOW)
    mine = after_fill(mine, 4, Decimal(240), NOW)
    assert mine.state is OrderState.CANCELLED
    assert after_fill(mine, 6, Decimal(360), NOW).state is OrderState.FILLED


def test_no_moment_of_an_order_lies_after_the_clock() -> None:
    mine = order(updated_at=NOW + 5)
    assert by_clock(mine, NOW + 5) is mine
    late = by_clock(mine, NOW - 1)
    assert (late.intended_at, late.sent_at, late.updated_at) == (NOW - 1, NOW - 1, NOW - 1)


@pytest.mark.parametrize(
    ("state", "filled", "end"),
    [
        (OrderState.UNKNOWN, 0, OrderState.REJECTED),
        (OrderState.UNKNOWN, 3, OrderState.CANCELLED),
        (OrderState.WORKING, 0, OrderState.CANCELLED),
        (OrderState.ACCEPTED, 0, OrderState.CANCELLED),
    ],
)
def test_what_is_gone_never_existed_unless_the_exchange_had_confirmed_it(
    state: OrderState, filled: int, end: OrderState
) -> None:
    lost = gone(order(state, filled_lots=filled), "nobody knows it", NOW + 1)
    assert (lost.state, lost.assumed, lost.error, lost.updated_at) == (end, True, "nobody knows it", NOW + 1)
    assert gone(order(state, error="timeout"), "nobody knows it", NOW).error == "timeout"


def test_what_its_fills_have_filled_is_filled_whatever_an_older_word_says() -> None:
    mine = order(request=msgspec.structs.replace(ASKED, lots=0, close_order=True), lots=0)
    mine = after_fill(mine, 10, Decimal(600), NOW)
    assert mine.state is OrderState.WORKING, "nobody has said how many lots it takes"
    assert after_report(mine, report(ASKED, 4), NOW).state is OrderState.FILLED


def test_a_stale_report_takes_nothing_from_what_is_filled() -> None:
    mine = after_fill(order(), 4, Decimal(240), NOW)
    mine = after_report(mine, report(ASKED, 2, active=True), NOW)
    assert (mine.filled_lots, mine.filled_value) == (4, Decimal(240))


def test_a_single_lot_is_all_of_an_order_of_one() -> None:
    mine = after_fill(order(request=request(lots=1)), 1, Decimal(60), NOW + 1)
    assert (mine.state, mine.updated_at) == (OrderState.FILLED, NOW + 1)
    assert gone(order(OrderState.UNKNOWN, filled_lots=1), "nobody knows it", NOW).state is OrderState.CANCELLED


@pytest.mark.parametrize("moment", ["intended_at", "sent_at", "updated_at"])
def test_each_moment_of_an_order_is_put_back_with_the_clock(moment: str) -> None:
    before = dict.fromkeys(["intended_at", "sent_at", "updated_at"], NOW)
    mine = by_clock(msgspec.structs.replace(order(), **{**before, moment: NOW + 5}), NOW + 2)
    assert {name: getattr(mine, name) for name in before} == {**before, moment: NOW + 2}


def test_the_exchanges_report_takes_away_our_conclusion_and_brings_its_own_reason() -> None:
    mine = order(OrderState.REJECTED, assumed=True, error="nobody knows it")
    mine = after_report(mine, report(ASKED, active=False, cancelled=True, reason="expired"), NOW)
    assert (mine.state, mine.assumed, mine.error) == (OrderState.CANCELLED, False, "expired")


def test_a_report_of_the_single_lot_that_is_filled_is_of_a_filled_order() -> None:
    asked = request(lots=1)
    assert after_report(order(request=asked), report(asked, 1, active=True), NOW).state is OrderState.FILLED
