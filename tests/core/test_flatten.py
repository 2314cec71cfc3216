"""Emergency stop: the stops go last, strangers are left alone, and it never gives up."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from radtui.core.commands import CancelOther, Command, Describe, Place, Read, Seek
from radtui.core.events import ExchangeShown
from radtui.core.facts import Trouble
from radtui.core.flatten import Phase
from radtui.core.holding import Holding
from radtui.core.instruction import Ask
from radtui.core.market import SECOND
from radtui.core.order import OrderType
from radtui.core.orders import OrderState
from radtui.core.outcome import by_report
from radtui.core.positions import Plan
from tests.core.holdings import holding
from tests.core.makers import XBT, account, order, position, report, request
from tests.core.rim import SYMBOLS, Outcome, Rim


@pytest.fixture(name="holding")
def both() -> Rim:
    return holding(*SYMBOLS)


def foreign(rim: Rim, symbol: str = "ETHUSDTM") -> None:
    """Let somebody else have a limit order far from the market."""
    asked = request(
        "stranger-1", 3, symbol=symbol, type=OrderType.LIMIT, price=XBT.below(rim.market.prices[symbol] * 9 / 10)
    )
    rim.venue.place(asked)
    rim.venue.drain()


def flown(rim: Rim, outcomes: list[Outcome]) -> None:
    """Let the flatten go on, each call ending as the test says and the rest going well."""
    for outcome in outcomes:
        if rim.pending:
            rim.carry(outcome)
        rim.pass_time(0.25)
        assert_covered(rim)
        rim.deliver()
    rim.calm()


def assert_covered(rim: Rim) -> None:
    stops = {order.symbol for order in rim.venue.open_orders() if order.stop is not None}
    bare = {held.symbol for held in rim.venue.positions()} - stops
    assert not bare, f"{bare} lost their stop before they were closed"


@given(st.lists(st.sampled_from(Outcome), max_size=30))
@settings(max_examples=40, deadline=None)
def test_whatever_fails_it_ends_flat_and_nothing_is_naked_on_the_way(outcomes: list[Outcome]) -> None:
    rim = holding(*SYMBOLS)
    told = rim.tell(Ask.EMERGENCY_STOP)
    flown(rim, outcomes)
    assert not rim.venue.positions()
    assert not rim.venue.open_orders()
    assert rim.receipts[told].success


def test_the_receipt_lists_what_was_done(holding: Rim) -> None:
    told = holding.tell(Ask.EMERGENCY_STOP)
    holding.calm()
    receipt = holding.receipts[told]
    assert sorted(line.split()[0] for line in receipt.positions_closed) == sorted(SYMBOLS)
    assert sorted(line.split()[:3] for line in receipt.stops_cancelled) == sorted([s, "stop", "sell"] for s in SYMBOLS)
    assert receipt.orders_left == receipt.positions_left == receipt.stops_left == receipt.foreign == ()


def test_a_stop_that_a_late_reading_still_shows_is_listed_once(holding: Rim) -> None:
    told = holding.tell(Ask.EMERGENCY_STOP)
    assert holding.core.flatten is not None
    late = {stop.order_id: by_report(stop, own=True) for stop in holding.venue.open_orders()}
    holding.core.flatten.others.update(late)
    holding.calm()
    receipt = holding.receipts[told]
    assert len(late) == len(receipt.stops_cancelled) == len(SYMBOLS)
    assert len({each.client_id for each in receipt.cancelled}) == len(receipt.cancelled)


def test_strangers_are_listed_and_left_alone(holding: Rim) -> None:
    foreign(holding)
    told = holding.tell(Ask.EMERGENCY_STOP)
    holding.calm()
    (left,) = holding.venue.open_orders()
    assert left.client_id == "stranger-1"
    assert holding.receipts[told].foreign == ("ETHUSDTM limit buy 3 lots @ 2700.0",)


def test_while_the_exchange_cannot_be_read_it_goes_on_trying_and_says_so(holding: Rim) -> None:
    told = holding.tell(Ask.EMERGENCY_STOP)
    for _ in range(30):
        for _ in range(len(holding.pending)):
            holding.carry(Outcome.LOST_BEFORE)
        holding.pass_time(1.0)
    assert told not in holding.receipts
    assert holding.core.flatten is not None
    assert holding.core.flatten.view().failing == "the exchange does not answer"
    assert "an emergency stop is on its way" in holding.core.standing().blocked
    holding.calm()
    assert holding.receipts[told].success


def test_its_phases_are_shown_with_what_remains(holding: Rim) -> None:
    holding.tell(Ask.EMERGENCY_STOP)
    holding.pending.clear()
    holding.at += 1
    holding.feed_read()
    assert holding.core.flatten is not None
    view = holding.core.flatten.view()
    assert (view.phase, view.attempts, len(view.remaining)) == (Phase.CLOSING, 1, 4)


def test_it_survives_a_crash_in_the_middle(holding: Rim) -> None:
    told = holding.tell(Ask.EMERGENCY_STOP)
    holding.carry()
    holding.pass_time(1.0)
    holding.crash(1000)
    assert holding.core.flatten is not None
    assert told not in holding.receipts
    holding.calm()
    assert holding.receipts[told].success
    assert not holding.venue.positions()
    assert not holding.venue.open_orders()


def test_a_second_emergency_stop_gets_its_receipt_too(holding: Rim) -> None:
    told = [holding.tell(Ask.EMERGENCY_STOP), holding.tell(Ask.EMERGENCY_STOP)]
    holding.calm()
    assert [holding.receipts[each].success for each in told] == [True, True]


def filled_unheard() -> Rim:
    """Return a bot whose entry was filled, of which it knows by a look-up alone."""
    rim = Rim()
    rim.feed_read()
    rim.tell(Ask.START)
    rim.signal("XBTUSDTM", 0.9)
    rim.carry(Outcome.LOST_AFTER)
    rim.pass_time(1.0)
    rim.inbox.clear()
    rim.carry()
    assert not rim.core.trading.orders.live()
    assert not rim.core.trading.positions.open
    return rim


def test_a_reading_from_before_an_entry_was_filled_is_not_believed() -> None:
    rim = Rim()
    rim.feed_read()
    rim.tell(Ask.START)
    rim.signal("XBTUSDTM", 0.9)
    rim.carry(Outcome.LOST_AFTER)
    told = rim.tell(Ask.EMERGENCY_STOP)
    begun = rim.at
    rim.pass_time(1.0)
    rim.inbox.clear()
    rim.carry()  # the look-up: filled meanwhile
    assert not rim.core.trading.orders.live()
    rim.feed(ExchangeShown(rim.at, begun, (), (), (), rim.venue.account()))
    assert told not in rim.receipts, "the exchange holds a position of ours"
    rim.calm()
    assert rim.receipts[told].success
    assert not rim.venue.positions()


def test_a_position_whose_fills_are_not_listed_yet_is_ours() -> None:
    rim = filled_unheard()
    told = rim.tell(Ask.EMERGENCY_STOP)
    rim.feed(ExchangeShown(rim.at, rim.at, (), (), tuple(rim.venue.positions()), rim.venue.account()))
    assert told not in rim.receipts
    assert rim.core.flatten is not None
    assert rim.core.flatten.view().remaining == ("XBTUSDTM long 33 lots @ 60030",)
    rim.calm()
    assert rim.receipts[told].success
    assert rim.receipts[told].foreign == ()


def test_an_unclear_entry_is_waited_for(holding: Rim) -> None:
    holding.tell(Ask.EMERGENCY_STOP)
    holding.calm()
    holding.tell(Ask.START)
    holding.signal("XBTUSDTM", 0.9)
    holding.carry(Outcome.LOST_BEFORE)
    told = holding.tell(Ask.EMERGENCY_STOP)
    holding.feed(ExchangeShown(holding.at, holding.at + SECOND, (), (), (), account()))
    assert told not in holding.receipts
    holding.calm()
    assert holding.receipts[told].success


def outage(rim: Rim, seconds: int, fails: type[Command], *more: type[Command]) -> int:
    """Let time pass while calls of some kinds go unanswered; return how many orders were sent."""
    sent = 0
    for _ in range(seconds):
        for _ in range(len(rim.pending)):
            sent += isinstance(rim.pending[0], Place)
            rim.carry(Outcome.LOST_BEFORE if isinstance(rim.pending[0], (fails, *more)) else Outcome.OK)
        rim.pass_time(1.0)
        assert_covered(rim)
        rim.deliver()
    return sent


def test_what_is_open_is_closed_although_the_fate_of_an_entry_is_unknown() -> None:
    rim = Rim()
    rim.feed_read()
    rim.tell(Ask.START)
    rim.signal("XBTUSDTM", 0.9)
    rim.calm(4)
    rim.signal("ETHUSDTM", 0.9)
    rim.carry(Outcome.LOST_BEFORE)
    told = rim.tell(Ask.EMERGENCY_STOP)
    assert outage(rim, 5, Seek) == 1
    assert not rim.venue.positions()
    assert told not in rim.receipts, "nobody knows yet whether the entry is there"
    rim.calm()
    assert rim.receipts[told].success
    assert not rim.venue.open_orders()


@pytest.mark.parametrize("more", [(), (Seek,)])
def test_what_is_open_is_closed_although_nothing_can_be_read(holding: Rim, more: tuple[type[Command], ...]) -> None:
    told = holding.tell(Ask.EMERGENCY_STOP)
    assert outage(holding, 5, Read, *more) == len(SYMBOLS)
    assert not holding.venue.positions()
    assert holding.venue.open_orders(), "the stops stay until it has read back flat"
    assert told not in holding.receipts
    holding.calm()
    assert holding.receipts[told].success


def test_a_close_of_unknown_fate_is_followed_by_another_after_a_second(holding: Rim) -> None:
    told = holding.tell(Ask.EMERGENCY_STOP)
    assert outage(holding, 1, Place, Seek) == len(SYMBOLS)
    assert len(holding.venue.positions()) == len(SYMBOLS)
    outage(holding, 3, Seek)
    assert not holding.venue.positions()
    holding.calm()
    assert holding.receipts[told].success


def test_an_outage_of_ten_minutes_is_met_with_a_bounded_number_of_closes(holding: Rim) -> None:
    told = holding.tell(Ask.EMERGENCY_STOP)
    sent = outage(holding, 600, Place, Seek)
    assert 5 * len(SYMBOLS) <= sent <= 20 * len(SYMBOLS)
    holding.calm(80)
    assert holding.receipts[told].success
    assert not holding.venue.positions()


def test_what_is_not_ours_goes_too_where_that_was_asked_and_each_is_named(holding: Rim) -> None:
    foreign(holding)
    told = holding.tell(Ask.EMERGENCY_STOP, foreign=True)
    holding.calm()
    assert not holding.venue.open_orders()
    receipt = holding.receipts[told]
    assert receipt.success
    assert receipt.foreign == ()
    (other,) = [each for each in receipt.cancelled if not each.own]
    assert (other.client_id, other.symbol, other.lots) == ("stranger-1", "ETHUSDTM", 3)
    assert str(other) in receipt.orders_cancelled


def test_a_foreign_cancel_that_is_lost_is_repeated_after_a_while(holding: Rim) -> None:
    foreign(holding)
    told = holding.tell(Ask.EMERGENCY_STOP, foreign=True)
    sent = 0
    for _ in range(24):
        for _ in range(len(holding.pending)):
            other = isinstance(holding.pending[0], CancelOther)
            sent += other
            holding.carry(Outcome.LOST_BEFORE if other else Outcome.OK)
        holding.pass_time(0.25)
        holding.deliver()
    assert 2 <= sent <= 4
    assert told not in holding.receipts
    holding.calm()
    assert holding.receipts[told].success


def foreign_position(rim: Rim, symbol: str = "ETHUSDTM") -> None:
    rim.venue.place(request("stranger-2", 7, symbol=symbol))
    rim.pass_time(1.0)
    rim.inbox.clear()


@pytest.mark.parametrize("asked", [True, False])
def test_a_foreign_position_is_closed_only_where_that_was_asked(asked: bool) -> None:
    rim = Rim()
    foreign_position(rim)
    rim.core.trading.reconciler.readings = 1  # it is met once recovery is done, by two readings
    (report,) = rim.venue.positions()
    rim.core.trading.positions.left[report.symbol] = report
    told = rim.tell(Ask.EMERGENCY_STOP, foreign=asked)
    rim.calm()
    assert rim.receipts[told].success
    assert bool(rim.venue.positions()) is not asked
    assert rim.receipts[told].foreign == (() if asked else ("ETHUSDTM long 7 lots @ 3001.5",))


def elsewhere() -> Rim:
    """Return a bot that trades XBTUSDTM alone, on an account where somebody has a position in ETHUSDTM."""
    rim = Rim(symbols=SYMBOLS[:1])
    foreign_position(rim)
    return rim


def test_a_foreign_position_in_a_contract_that_is_not_traded_here_is_closed_where_that_was_asked() -> None:
    rim = elsewhere()
    told = rim.tell(Ask.EMERGENCY_STOP, foreign=True)
    rim.calm()
    receipt = rim.receipts[told]
    assert receipt.success
    assert not rim.venue.positions()
    assert [closed.split(" at ")[0] for closed in receipt.positions_closed] == ["ETHUSDTM sell 7 lots"]
    assert receipt.foreign == ()


def test_it_stays_and_is_listed_where_that_was_not_asked() -> None:
    rim = elsewhere()
    told = rim.tell(Ask.EMERGENCY_STOP)
    rim.calm()
    assert rim.receipts[told].success
    assert rim.receipts[told].foreign == ("ETHUSDTM long 7 lots @ 3001.5",)
    assert rim.venue.positions()


def test_its_rules_are_asked_for_until_they_come_and_nothing_ends_before() -> None:
    rim = elsewhere()
    told, asked = rim.tell(Ask.EMERGENCY_STOP, foreign=True), 0
    for _ in range(40):
        for _ in range(len(rim.pending)):
            rules = isinstance(rim.pending[0], Describe)
            asked += rules
            rim.carry(Outcome.LOST_BEFORE if rules else Outcome.OK)
        rim.pass_time(0.25)
    assert told not in rim.receipts
    assert 3 <= asked <= 7
    assert rim.core.flatten is not None
    assert rim.core.flatten.view().remaining == ("ETHUSDTM long 7 lots @ 3001.5",)
    rim.calm()
    assert rim.receipts[told].success
    assert not rim.venue.positions()


def test_what_the_exchange_has_no_contract_for_is_no_success_and_is_named() -> None:
    rim = elsewhere()
    told = rim.tell(Ask.EMERGENCY_STOP, foreign=True)
    for _ in range(10):
        for _ in range(len(rim.pending)):
            rim.carry(Outcome.REFUSED if isinstance(rim.pending[0], Describe) else Outcome.OK)
        rim.pass_time(0.25)
    receipt = rim.receipts[told]
    assert not receipt.success
    assert "not all that is not ours could be closed" in receipt.message
    (line,) = receipt.unverified
    assert line.startswith("ETHUSDTM long 7 lots @ 3001.5 is not ours and cannot be closed from here: there is no such")
    assert receipt.foreign == ("ETHUSDTM long 7 lots @ 3001.5",)


def test_an_entry_of_ours_that_the_books_take_for_done_is_cancelled_by_its_order_id(holding: Rim) -> None:
    price = XBT.below(holding.market.prices["XBTUSDTM"] * 9 / 10)
    holding.venue.place(request("t-0-1", 3, type=OrderType.LIMIT, price=price))
    holding.venue.drain()
    lost = order(OrderState.CANCELLED, request=request("t-0-1", 3))
    holding.core.trading.orders.restore((lost,), ())
    told = holding.tell(Ask.EMERGENCY_STOP)
    holding.calm()
    assert not holding.venue.open_orders()
    (other,) = [each for each in holding.receipts[told].cancelled if each.client_id == "t-0-1" and each.lots == 3]
    assert other.own


def test_the_receipt_reckons_each_close_against_the_price_when_it_was_sent(holding: Rim) -> None:
    told = holding.tell(Ask.EMERGENCY_STOP)
    mark = dict(holding.core.trading.positions.marks)
    holding.calm()
    receipt = holding.receipts[told]
    for closed in receipt.closed:
        assert closed.reference == mark[closed.symbol]
        assert closed.slippage is not None
        assert closed.slippage > 0
        assert closed.slippage_ticks == (mark[closed.symbol] - closed.average) / (
            holding.core.desk.instruments[closed.symbol].tick
        )
        assert closed.fee > 0 > closed.realised
    assert [str(closed) for closed in receipt.closed] == list(receipt.positions_closed)
    sums = holding.core.trading.purse.sums
    assert sum(closed.realised for closed in receipt.closed) == sums.realised


def test_a_stop_that_fires_meanwhile_is_a_close_against_its_trigger(holding: Rim) -> None:
    told = holding.tell(Ask.EMERGENCY_STOP)
    holding.pass_time(1.0, moves=(-100,))  # both stops fire before any close has left
    holding.deliver()
    holding.calm()
    receipt = holding.receipts[told]
    assert receipt.success
    fired = [closed for closed in receipt.closed if closed.reference in {57000, 2850}]
    assert len(fired) == 2
    assert all(closed.slippage is not None and closed.slippage > 0 for closed in fired)


def test_it_complains_with_what_remains(holding: Rim) -> None:
    holding.tell(Ask.EMERGENCY_STOP)
    outage(holding, 15, Place)
    said = [f.message for f in holding.journal if isinstance(f, Trouble) and f.kind == "stop not verified"]
    assert said[0].startswith("emergency-stop: not done after 10 s, and it goes on trying: closing positions: XBTUSDTM")


def test_before_anything_was_read_it_complains_that_nothing_was(holding: Rim) -> None:
    holding.tell(Ask.EMERGENCY_STOP)
    outage(holding, 15, Place, Read, Seek)
    said = [f.message for f in holding.journal if isinstance(f, Trouble) and f.kind == "stop not verified"]
    assert "nothing was read yet; the exchange cannot be read: the exchange does not answer" in said[0]


def other_cancels(rim: Rim) -> list[Command]:
    return [command for command in rim.core.desk.clear() if isinstance(command, CancelOther)]


def test_what_our_books_do_not_know_is_cancelled_by_its_order_id_beside_what_they_know(holding: Rim) -> None:
    holding.tell(Ask.EMERGENCY_STOP)
    flatten = holding.core.flatten
    assert flatten is not None
    known, _ = holding.venue.open_orders()
    shown = [known, report(request("stranger-1", 3, symbol="ETHUSDTM"))]
    for nanoseconds, again in ((0, 1), (2 * SECOND - 1, 0), (1, 1), (1, 0)):
        holding.core.desk.at += nanoseconds
        flatten._drop(shown)
        assert other_cancels(holding) == [CancelOther("ETHUSDTM", "xstranger-1")] * again


def test_a_strangers_position_is_not_ours_because_fills_of_another_contract_are_on_their_way() -> None:
    rim = filled_unheard()
    began = rim.at
    rim.tell(Ask.EMERGENCY_STOP)
    rim.at += SECOND
    rim.feed(ExchangeShown(rim.at, rim.at, (), (), (position(7, "ETHUSDTM"),), rim.venue.account()))
    assert rim.core.flatten is not None
    assert rim.core.flatten.view().remaining == ()
    assert rim.core.flatten.view().since == began


def showing(rim: Rim, begun: int, **shown: object) -> None:
    """Feed a reading that began at `begun` and shows the venue, but for what is `shown` otherwise."""
    venue = rim.venue
    seen = ExchangeShown(rim.at, begun, tuple(venue.open_orders()), (), tuple(venue.positions()), venue.account())
    rim.feed(msgspec.structs.replace(seen, **shown))


def phase(rim: Rim) -> Phase | None:
    return rim.core.flatten.phase if rim.core.flatten is not None else None


def test_a_reading_counts_from_the_moment_of_the_order_on() -> None:
    rim = Rim()
    rim.feed_read()
    rim.at += SECOND
    told = rim.tell(Ask.EMERGENCY_STOP)
    showing(rim, rim.at - 1)
    assert told not in rim.receipts
    showing(rim, rim.at)
    assert rim.receipts[told].success


def test_a_reading_counts_only_after_the_last_of_our_orders_that_traded(holding: Rim) -> None:
    holding.tell(Ask.EMERGENCY_STOP)
    for _ in range(len(holding.pending)):
        holding.carry()
    holding.pass_time(1.0)
    holding.deliver()
    assert not holding.venue.positions()
    traded_at = holding.core.trading.orders.traded_at
    showing(holding, traded_at)
    assert phase(holding) is not Phase.UNSTOPPING, "what was traded may have changed it since"
    showing(holding, traded_at + 1)
    assert phase(holding) is Phase.UNSTOPPING


def test_each_reading_is_an_attempt(holding: Rim) -> None:
    holding.tell(Ask.EMERGENCY_STOP)
    for attempts in (1, 2, 3):
        holding.at += SECOND
        showing(holding, holding.at)
        assert holding.core.flatten is not None
        assert holding.core.flatten.view().attempts == attempts


def test_an_entry_that_only_the_exchange_or_only_the_books_know_is_waited_for(holding: Rim) -> None:
    holding.tell(Ask.EMERGENCY_STOP, foreign=True)
    holding.at += SECOND
    showing(holding, holding.at, orders=(report(request("stranger-1", 3)),))
    assert phase(holding) is Phase.CANCELLING
    showing(holding, holding.at, orders=())
    assert phase(holding) is Phase.CLOSING
    holding.core.trading.orders.restore((), (order(OrderState.UNKNOWN, request=request("t-0-2")),))
    holding.at += SECOND
    showing(holding, holding.at, orders=())
    assert phase(holding) is Phase.CANCELLING


@pytest.mark.parametrize(
    ("awake", "failing", "lots", "closes"),
    [(True, "", 10, 1), (True, "timeout", 10, 1), (False, "", 10, 0), (False, "timeout", 10, 1), (True, "", 0, 0)],
)
def test_what_is_known_to_be_open_is_closed_but_what_only_the_journal_knows_is_looked_at_first(
    awake: bool, failing: str, lots: int, closes: int
) -> None:
    rim = Rim()
    rim.feed_read()
    rim.core.trading.exits.awake = awake
    held = rim.core.trading.positions.adopt(position(10), XBT, Plan(XBT.tick, None, "test"), rim.at)
    held.holding = Holding(lots, held.holding.cost)
    rim.tell(Ask.EMERGENCY_STOP)
    assert rim.core.flatten is not None
    rim.core.flatten.failed(failing)
    rim.core.flatten._close()
    for command in rim.core.desk.clear():
        rim._take(command)
    assert len([sent for sent in rim.pending if isinstance(sent, Place)]) == closes


@pytest.mark.parametrize("outage", range(20, 60, 3))
def test_after_an_outage_a_close_waits_for_nothing_that_is_answered(outage: int) -> None:
    rim = holding("XBTUSDTM")
    rim.tell(Ask.EMERGENCY_STOP)
    for _ in range(outage):
        for _ in range(len(rim.pending)):
            rim.carry(Outcome.LOST_BEFORE)
        rim.pass_time(1.0)
    for _ in range(8):  # those just lost may still be on their way
        for _ in range(len(rim.pending)):
            rim.carry()
        rim.feed_read()
        rim.pass_time(1.0)
        rim.deliver()
    assert not rim.venue.positions(), "the look-ups have said that the exchange has none of the closes"


def test_a_close_is_compared_with_the_price_of_the_moment_it_was_sent(holding: Rim) -> None:
    told = holding.tell(Ask.EMERGENCY_STOP)
    for _ in range(len(holding.pending)):
        holding.carry(Outcome.REFUSED)
    holding.at += 2 * SECOND
    holding.feed_read()  # it is this that has them closed again, and no tick comes before they are filled
    holding.calm()
    closed = holding.receipts[told].closed
    assert [(each.reference, each.reference_age) for each in closed] == [
        (holding.market.prices[each.symbol], 2 * SECOND) for each in closed
    ]
    assert len(closed) == len(SYMBOLS)
