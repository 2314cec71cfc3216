"""Positions are looked after by the rules: stops only ever get nearer, closes are whole, each names its rule."""

from __future__ import annotations

from decimal import Decimal

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from radtui.core import view
from radtui.core.config import Remit
from radtui.core.events import Passed, PriceMoved
from radtui.core.exit_terms import HOUSE, ExitTerms
from radtui.core.facts import Executed
from radtui.core.instruction import Ask
from radtui.core.market import HOUR, MINUTE
from radtui.core.measures import Measures
from radtui.core.order import Side
from radtui.core.orders import Purpose
from radtui.core.positions import Plan
from tests.core.makers import XBT
from tests.core.rim import Rim
from tests.core.stand import PLAN, Stand

OURS = msgspec.structs.replace(PLAN, followed=True)
SHORT = Plan(Decimal(63_000), Decimal(54_000), "test", followed=True)


def stand(plan: Plan = OURS, side: Side = Side.BUY, terms: ExitTerms = HOUSE) -> Stand:
    found = Stand(side, plan, exit_terms=terms)
    found.desk.market_at = found.held.opened_at
    return found


def trades(at: Stand, price: str | Decimal, hours: float = 0.0) -> None:
    """Have the market trade, and the position looked after."""
    at.desk.market_at = at.held.opened_at + round(hours * HOUR)
    at.mark(str(price))
    at.caretaker.look(XBT.symbol, Decimal(price))


def planned(at: Stand) -> tuple[Decimal, str]:
    assert at.held.plan is not None
    return at.held.plan.stop, at.held.plan.rule


def closes(at: Stand) -> list[tuple[str, str]]:
    return [(order.why, order.rule) for order in at.orders.live(Purpose.EXIT)]


def test_a_target_that_is_met_closes() -> None:
    at = stand(terms=ExitTerms())
    trades(at, "65999.9")
    assert closes(at) == []
    trades(at, "66000")
    assert closes(at) == [("target met at 66000", "target")]


def test_a_position_that_is_gone_meets_no_target() -> None:
    at = stand()
    at.held.holding = type(at.held.holding)()
    trades(at, "66000")
    assert not at.orders.live()


def test_the_ladder_closes_the_whole_position_once() -> None:
    at = stand()
    for price in ("61000", "61001", "61002"):
        trades(at, price)
    assert closes(at) == [("ladder: 5.0 % on the margin, the target more than 5.0 % away", "ladder")]
    (order,) = at.orders.live(Purpose.EXIT)
    assert (order.request.close_order, order.request.lots) == (True, 0), "no part of one, whose rest would lack a stop"


def test_the_stop_goes_beyond_the_entry_then_follows_and_never_back() -> None:
    at = stand(terms=msgspec.structs.replace(HOUSE, ladder=()))
    at.desk.measures[XBT.symbol] = Measures(closed_at=0, volatility=Decimal("0.03"), momentum=Decimal("0.02"))
    trades(at, "60899.9")
    assert planned(at) == (Decimal(57_000), "")
    trades(at, "60900")
    assert planned(at) == (Decimal(60_300), "break-even")
    trades(at, "62000")
    assert planned(at) == (Decimal(60_760), "trailing")
    trades(at, "61500")
    trades(at, "61999")
    assert planned(at) == (Decimal(60_760), "trailing"), "no new extreme"
    trades(at, "62040")
    assert planned(at) == (Decimal(60_760), "trailing"), "39.2 more are not worth two requests"
    trades(at, "62900")
    assert planned(at) == (Decimal(61_642), "trailing")


@pytest.mark.parametrize(
    ("side", "better", "worse"), [(Side.BUY, "60000.1", "59999.9"), (Side.SELL, "59999.9", "60000.1")]
)
def test_the_same_price_again_is_no_new_extreme(side: Side, better: str, worse: str) -> None:
    held = stand(side=side).held
    steps = ["60000", "60000", worse, better, "60000", better]
    assert [held.note_best(Decimal(price)) for price in steps] == [True, False, False, True, False, False]
    assert held.best == Decimal(better)


def test_a_short_is_looked_after_as_a_long_is() -> None:
    at = stand(SHORT, Side.SELL, msgspec.structs.replace(HOUSE, ladder=()))
    trades(at, "59100")
    assert planned(at) == (Decimal(59_700), "break-even")
    trades(at, "57000")
    assert planned(at) == (Decimal(58_140), "trailing")


def test_a_stop_that_was_moved_and_is_passed_closes_in_the_name_of_its_rule() -> None:
    at = stand(terms=msgspec.structs.replace(HOUSE, ladder=()))
    trades(at, "60900")
    at.mark("60200")
    at.protection.guard(XBT.symbol)
    assert closes(at) == [("the market at 60200 is beyond its stop, moved there by break-even", "break-even")]


def test_the_new_stop_names_the_rule_and_the_old_one_rests_meanwhile() -> None:
    at = stand(terms=msgspec.structs.replace(HOUSE, ladder=()))
    (first,) = at.guard()
    at.rest(first)
    at.desk.at += 60 * MINUTE
    trades(at, "60900")
    (second,) = at.asked()
    assert at.cancels() == [], "the old one is cancelled once the new one is confirmed"
    kept = at.orders.get(second.client_id)
    assert kept is not None
    assert (kept.why, kept.rule) == ("protects the long, moved there by break-even", "break-even")
    at.rest(second)
    assert at.cancels() == [first.client_id]


@pytest.mark.parametrize(("hours", "rule"), [(3.99, ""), (4.0, "stall")])
def test_what_stalls_gets_a_near_stop(hours: float, rule: str) -> None:
    at = stand()
    trades(at, "59500", hours)
    assert planned(at) == (Decimal("58905.0") if rule else Decimal(57_000), rule)


def test_nothing_is_held_for_longer_than_a_day_also_without_a_price() -> None:
    at = stand()
    at.desk.market_at = at.held.opened_at + 24 * HOUR - 1
    at.caretaker.look_at_ages()
    assert closes(at) == []
    at.desk.market_at += 1
    at.caretaker.look_at_ages()
    assert closes(at) == [("longest hold: open for 24.0 h", "longest hold")]


def test_what_was_found_keeps_its_stop_and_its_target() -> None:
    at = stand(PLAN)
    for price, hours in (("60900", 0.1), ("63000", 5.0), ("65999", 100.0)):
        trades(at, price, hours)
        at.caretaker.look_at_ages()
    assert (planned(at), closes(at)) == ((Decimal(57_000), ""), [])
    trades(at, "66000")
    assert [rule for _, rule in closes(at)] == ["target"]


def test_an_engine_that_only_watches_moves_and_closes_nothing() -> None:
    at = Stand(Side.BUY, OURS, exit_terms=HOUSE, remit=Remit.WATCH)
    at.caretaker.look(XBT.symbol, Decimal(61_000))
    at.caretaker.look_at_ages()
    assert not at.orders.live()


SHARES = st.decimals("0.0005", "0.1", places=4)
TERMS = st.just(msgspec.structs.replace(HOUSE, ladder=(), longest=None)) | st.builds(
    ExitTerms,
    trailing=st.none() | SHARES,
    trailing_least=st.just(Decimal("0.0005")),
    break_even=SHARES,
    locked=SHARES,  # also farther ahead than where it begins: it must fire nothing
    stall_after=st.none() | st.integers(1, 8 * HOUR),
    stall_stop=SHARES,
)


@given(
    side=st.sampled_from(Side),
    terms=TERMS,
    path=st.lists(
        st.tuples(st.integers(-300, 300), st.floats(0, 8), st.decimals(0, "0.12", places=3)), min_size=1, max_size=20
    ),
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_whatever_the_market_does_no_stop_is_ever_loosened(
    side: Side, terms: ExitTerms, path: list[tuple[int, float, Decimal]]
) -> None:
    at = stand(OURS if side is Side.BUY else SHORT, side, terms)
    assert at.held.plan is not None
    price, hours, before = Decimal(60_000), 0.0, at.held.plan.stop
    for permyriad, passed, volatility in path:
        price = XBT.below(price * (10_000 + permyriad) / 10_000)
        hours += passed
        at.desk.measures[XBT.symbol] = Measures(closed_at=0, volatility=volatility, momentum=Decimal(0))
        at.desk.at += 10 * MINUTE
        trades(at, price, hours)
        stop, rule = planned(at)
        assert (stop - before) * side.sign >= 0
        assert stop % XBT.tick == 0
        assert stop == before or (rule and (price - stop) * side.sign > 0), "none is moved to where it fires at once"
        before = stop


@given(side=st.sampled_from(Side), prices=st.lists(st.integers(500_000, 700_000), min_size=1, max_size=12))
@settings(max_examples=40, deadline=None)
def test_no_rule_of_whatever_mind_can_loosen_a_stop(side: Side, prices: list[int]) -> None:
    at = stand(OURS if side is Side.BUY else SHORT, side)
    at.mark("60000")
    for ticks in prices:
        before, _ = planned(at)
        moved = at.protection.tighten(XBT.symbol, ticks * XBT.tick, "mad")
        stop, rule = planned(at)
        assert moved == ((stop - before) * side.sign > 0)
        assert moved or stop == before
        assert (Decimal(60_000) - stop) * side.sign > 0
        assert not moved or rule == "mad"


def flying() -> Rim:
    """Return a bot with a long position of a strategy's, its stop resting; the ladder is off."""
    rim = Rim()
    rim.feed_read()
    rim.tell(Ask.START)
    rim.core.desk.config = msgspec.structs.replace(
        rim.core.config, exit_terms=msgspec.structs.replace(HOUSE, ladder=())
    )
    rim.signal(XBT.symbol, 0.9)
    rim.calm()
    rim.pass_time(10)
    return rim


def triggers(rim: Rim) -> list[Decimal]:
    return [order.stop.price for order in rim.venue.open_orders() if order.stop is not None]


def test_on_the_exchange_one_stop_rests_where_the_rule_wants_it_and_its_fill_names_the_rule() -> None:
    rim = flying()
    (first,) = triggers(rim)
    rim.pass_time(1, moves=(20,))
    rim.calm()
    (second,) = triggers(rim)
    held = rim.core.trading.positions.open[XBT.symbol]
    assert first < held.holding.entry(XBT) < second
    assert held.plan is not None
    assert held.plan.rule == "break-even"
    rim.pass_time(1, moves=(-30,))
    rim.calm()
    assert not rim.core.trading.positions.open
    closed = [fact for fact in rim.journal if isinstance(fact, Executed)][-1]
    order = rim.core.trading.orders.get(closed.fill.client_id)
    assert order is not None
    assert (order.purpose, order.rule) == (Purpose.STOP, "break-even")
    assert view.fill(rim.core, closed).why == f"stop hit at {second}, moved there by break-even"


def test_a_crash_forgets_neither_the_moved_stop_nor_that_the_rules_look_after_it() -> None:
    rim = flying()
    rim.pass_time(1, moves=(20,))
    rim.calm()
    before = rim.core.trading.positions.open[XBT.symbol].plan
    rim.crash(keep=1_000_000)
    rim.calm()
    assert rim.core.trading.positions.open[XBT.symbol].plan == before
    assert before is not None
    assert (before.rule, before.followed) == ("break-even", True)
    assert triggers(rim) == [before.stop]


@pytest.mark.parametrize("hours", [0, 25])
def test_nothing_is_closed_before_the_exchange_says_what_is_open(hours: int) -> None:
    """Meanwhile the stop may have closed ours, and somebody else may have opened another one in its place."""
    rim = Rim(terms=HOUSE)
    rim.feed_read()
    rim.tell(Ask.START)
    rim.signal(XBT.symbol, 0.9)
    rim.calm()
    rim.crash(keep=1_000_000)
    rim.market.prices[XBT.symbol] = Decimal(90_000)
    rim.at += hours * HOUR
    rim.feed(PriceMoved(rim.at, XBT.symbol, Decimal(90_000), rim.at))
    rim.feed(Passed(rim.at, rim.at))
    assert not rim.core.trading.orders.live(Purpose.EXIT)
    rim.feed_read()
    rim.feed(Passed(rim.at, rim.at))
    rim.feed(PriceMoved(rim.at, XBT.symbol, Decimal(90_000), rim.at))
    (close,) = rim.core.trading.orders.live(Purpose.EXIT)
    assert close.rule == ("longest hold" if hours else "target")


def test_the_position_names_the_rule_that_moved_its_stop() -> None:
    rim = flying()
    (shown,) = view.snapshot(rim.core, 1, rim.at, ()).positions
    assert shown.rule == ""
    rim.pass_time(1, moves=(20,))
    rim.calm()
    (shown,) = view.snapshot(rim.core, 1, rim.at, ()).positions
    assert shown.rule == "break-even"
