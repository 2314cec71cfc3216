"""Any sequence of commands, answers, losses and crashes leaves the bot in a legal and safe state."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from radtui.core.commands import Place
from radtui.core.config import CoreConfig
from radtui.core.core import Core
from radtui.core.events import ExchangeShown, FeedChanged, Listed, Restored
from radtui.core.exit_terms import HOUSE
from radtui.core.instruction import Ask, ExitPolicy
from radtui.core.lifecycle import State
from radtui.core.market import SECOND
from radtui.core.orders import Purpose
from tests.core.makers import account
from tests.core.rim import START, SYMBOLS, Outcome, Rim

MOVES = st.lists(st.integers(-30, 30), max_size=3).map(tuple)


class Flight(RuleBasedStateMachine):
    """A bot whose exchange answers late, twice, never, and which is killed at any moment; every exit rule is on."""

    def __init__(self) -> None:
        super().__init__()
        self.rim = Rim(terms=HOUSE)
        self.stops: dict[tuple[str, int], Decimal] = {}

    @initialize(flies=st.booleans())
    def begin(self, flies: bool) -> None:
        """Begin where most of the money is made and lost: running, or even with a position."""
        self.rim.feed_read()
        self.rim.tell(Ask.START)
        if flies:
            self.rim.signal(SYMBOLS[0], 0.9)
            self.rim.calm()

    @rule(ask=st.sampled_from([a for a in Ask if a is not Ask.SHUTDOWN]))
    def tell(self, ask: Ask) -> None:
        self.rim.tell(ask)

    @rule(symbol=st.sampled_from(SYMBOLS), buy=st.sampled_from([0.1, 0.9]))
    def signal(self, symbol: str, buy: float) -> None:
        self.rim.signal(symbol, buy)

    @rule(seconds=st.sampled_from([0.2, 1.0, 7.0]), moves=MOVES)
    def pass_time(self, seconds: float, moves: tuple[int, ...]) -> None:
        self.rim.pass_time(seconds, moves=moves)

    @precondition(lambda self: self.rim.pending)
    @rule(outcome=st.sampled_from(Outcome))
    def carry(self, outcome: Outcome) -> None:
        self.rim.carry(outcome)

    @precondition(lambda self: self.rim.inbox)
    @rule(count=st.integers(1, 5))
    def deliver(self, count: int) -> None:
        self.rim.deliver(count)

    @precondition(lambda self: self.rim.inbox)
    @rule()
    def lose_messages(self) -> None:
        self.rim.inbox.clear()

    @rule()
    def read(self) -> None:
        self.rim.feed_read()

    @rule(keep=st.integers(0, 20))
    def crash(self, keep: int) -> None:
        self.rim.crash(keep)
        self.stops.clear()  # what was not on disk is gone; the stop that rests is not, as `calm` sees

    @rule()
    def calm(self) -> None:
        self.rim.calm()
        self._check_rest()

    @invariant()
    def entries_leave_only_while_running(self) -> None:
        late = [sent for sent in self.rim.entries_sent if sent[1] is not State.RUNNING]
        assert not late, f"entries left while not running: {late}"

    @invariant()
    def no_stop_is_loosened(self) -> None:
        before, self.stops = self.stops, {}
        for symbol, held in self.rim.core.trading.positions.open.items():
            if held.plan is not None and held.lots:
                key = symbol, held.opened_at
                self.stops[key] = held.plan.stop
                assert (held.plan.stop - before.get(key, held.plan.stop)) * held.lots >= 0

    @invariant()
    def the_state_is_one_of_six(self) -> None:
        assert self.rim.core.control.state in State

    def _check_rest(self) -> None:
        """Once all went well for a while: we believe what the venue shows, and every position has a stop."""
        rim, trading = self.rim, self.rim.core.trading
        rim.pass_time(4.0)  # a stop is replaced no sooner
        rim.calm()
        assert rim.core.recovered
        assert not trading.orders.unsettled
        shown = {p.symbol: p.lots for p in rim.venue.positions()}
        assert {s: p.lots for s, p in trading.positions.open.items()} == shown
        stops = {o.symbol for o in rim.venue.open_orders() if o.waits and o.close_order}
        assert stops >= shown.keys(), "a position without a stop resting on the exchange"
        resting = {(o.symbol, o.stop.price) for o in rim.venue.open_orders() if o.stop is not None and o.close_order}
        planned = {(s, p.plan.stop) for s, p in trading.positions.open.items() if p.plan is not None}
        assert resting >= planned, "a stop that was moved in our books only"
        assert rim.core.flatten is None
        if not trading.positions.open:
            assert not rim.venue.open_orders(), "orders left with nothing to protect"

    def teardown(self) -> None:
        self.rim.calm()
        self._check_rest()
        asked = self.rim.tell(Ask.EMERGENCY_STOP)
        self.rim.calm()
        assert not self.rim.venue.positions()
        assert not self.rim.venue.open_orders()
        assert self.rim.receipts[asked].success
        assert self.rim.core.control.state is State.STOPPED


TestFlight = Flight.TestCase
TestFlight.settings = settings(
    max_examples=60,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.target, Phase.shrink],
)


@pytest.fixture
def running() -> Rim:
    rim = Rim()
    rim.feed_read()
    rim.tell(Ask.START)
    rim.pass_time()
    rim.deliver()
    return rim


def test_a_signal_becomes_a_position_with_a_resting_stop(running: Rim) -> None:
    running.signal("XBTUSDTM", 0.9)
    running.calm(3)
    (position,) = running.venue.positions()
    assert position.lots > 0
    (stop,) = running.venue.open_orders()
    assert stop.close_order
    assert stop.stop is not None
    assert stop.stop.price < position.entry
    assert running.core.trading.positions.open["XBTUSDTM"].bare_since is None


def test_the_books_agree_to_the_last_digit_after_many_trades(running: Rim) -> None:
    for turn in range(8):
        running.signal("XBTUSDTM", 0.9 if turn % 2 else 0.1)
        running.signal("ETHUSDTM", 0.1 if turn % 3 else 0.9)
        running.pass_time(1.0, moves=(turn - 3, 2))
        running.calm(4)
    assert running.core.trading.purse.sums.closed > 3
    assert running.core.trading.purse.identity() == 0


def test_an_unclear_entry_is_looked_up_and_never_sent_twice(running: Rim) -> None:
    running.signal("XBTUSDTM", 0.9)
    running.carry(Outcome.LOST_AFTER)
    running.signal("XBTUSDTM", 0.9)
    running.calm(3)
    entries = [o for o in running.core.trading.orders.all() if o.purpose is Purpose.ENTRY]
    assert len(entries) == 1
    assert running.venue.positions()


def test_an_entry_that_never_arrived_is_given_up_after_the_quiet_time(running: Rim) -> None:
    running.signal("XBTUSDTM", 0.9)
    running.carry(Outcome.LOST_BEFORE)
    running.calm(3)
    (order,) = [o for o in running.core.trading.orders.all() if o.purpose is Purpose.ENTRY]
    assert order.in_flight, "nothing is definite before the quiet time is over"
    running.calm(8)
    (order,) = [o for o in running.core.trading.orders.all() if o.purpose is Purpose.ENTRY]
    assert order.state == "rejected"


def test_a_position_whose_stop_is_refused_is_closed_within_the_limit(running: Rim) -> None:
    running.signal("XBTUSDTM", 0.9)
    running.carry()
    running.pass_time()
    running.deliver()
    for _ in range(12):
        for _ in range(len(running.pending)):
            place = running.pending[0]
            stop = getattr(getattr(place, "request", None), "stop", None)
            running.carry(Outcome.REFUSED if stop is not None else Outcome.OK)
        running.pass_time()
        running.deliver()
    assert not running.venue.positions()
    kinds = [getattr(fact, "kind", "") for fact in running.journal]
    assert "unprotected" in kinds


def test_pause_withdraws_an_entry_that_has_not_left(running: Rim) -> None:
    running.signal("XBTUSDTM", 0.9)
    running.tell(Ask.PAUSE)
    running.calm(3)
    assert not running.venue.positions()
    assert running.core.control.state is State.PAUSED


def test_a_shutdown_that_flattens_closes_first_and_then_ends(running: Rim) -> None:
    running.signal("XBTUSDTM", 0.9)
    running.calm(3)
    asked = running.tell(Ask.SHUTDOWN, ExitPolicy.FLATTEN)
    running.calm(6)
    assert running.ended
    assert not running.venue.positions()
    receipt = running.receipts[asked]
    assert receipt.message == "Graceful shutdown completed"
    assert receipt.positions_closed


def test_a_shutdown_that_keeps_leaves_the_stop_on_the_exchange(running: Rim) -> None:
    running.signal("XBTUSDTM", 0.9)
    running.calm(3)
    running.tell(Ask.SHUTDOWN)
    running.calm(2)
    assert running.ended
    assert [o.close_order for o in running.venue.open_orders()] == [True]


def test_the_stops_of_a_flatten_go_last(running: Rim) -> None:
    running.signal("XBTUSDTM", 0.9)
    running.calm(3)
    running.tell(Ask.EMERGENCY_STOP)
    while running.core.flatten is not None:
        if running.venue.positions():
            assert running.venue.open_orders(), "the position lost its stop before it was closed"
        running.deliver()
        for _ in range(len(running.pending)):
            running.carry()
        running.pass_time(0.5)
    assert not running.venue.open_orders()


def test_a_pause_is_sticky_over_a_crash_with_who(running: Rim) -> None:
    running.tell(Ask.PAUSE)
    running.crash(1000)
    assert running.core.control.state is State.PAUSED
    assert running.core.control.who == "test"


def test_a_reversal_closes_and_then_enters_the_other_way(running: Rim) -> None:
    running.signal("XBTUSDTM", 0.9)
    running.calm(3)
    running.signal("XBTUSDTM", 0.1)
    running.calm(4)
    (position,) = running.venue.positions()
    assert position.lots < 0


def test_a_stop_that_was_being_cancelled_when_the_bot_died_is_cancelled_after_all(running: Rim) -> None:
    running.signal("XBTUSDTM", 0.9)
    running.calm(4)
    running.core.trading.exits.close("XBTUSDTM", "test")
    for command in running.core.desk.clear():
        running._take(command)
    running.carry()
    running.pass_time(1.0)
    running.deliver()
    assert not running.core.trading.positions.open
    assert len(running.venue.open_orders()) == 1
    running.crash(1000)
    running.calm(6)
    assert not running.venue.open_orders(), "an old stop would close, and seem to protect, the next position"


def test_an_entry_that_a_pause_withdrew_stays_withdrawn_over_a_crash(running: Rim) -> None:
    running.signal("XBTUSDTM", 0.9)
    running.carry()
    running.tell(Ask.PAUSE)
    running.crash(1000)
    assert running.core.control.state is State.PAUSED
    while running.pending:
        running.carry()
    running.calm(6)
    assert not running.venue.positions()


def test_a_feed_that_is_back_blocks_entries_until_a_reading_begun_afterwards(running: Rim) -> None:
    running.feed(FeedChanged(running.at, "account feed", "interrupted"))
    assert running.core.standing().blocked == "account feed lost: interrupted"
    begun = running.at
    running.pass_time(1.0)
    running.feed(FeedChanged(running.at, "account feed", ""))
    running.feed(ExchangeShown(running.at, begun, (), (), (), running.venue.account()))
    assert running.core.standing().blocked == "account feed lost: it is back, what was missed is being read"
    running.carry()
    assert running.core.standing().blocked == ""


def test_a_feed_that_is_lost_again_before_it_was_read_stays_lost(running: Rim) -> None:
    for lost in ("first", "", "second"):
        running.feed(FeedChanged(running.at, "account feed", lost))
    running.feed_read()
    assert running.core.standing().blocked == "account feed lost: second"


def test_a_reading_before_the_contracts_are_known_is_no_recovery() -> None:
    core = Core(CoreConfig(bot="t", boot=START))
    core.handle(Restored(START))
    core.handle(ExchangeShown(START, START, (), (), (), account()))
    assert not core.recovered


def test_after_a_restart_with_a_clock_that_went_back_a_position_is_protected_at_once(running: Rim) -> None:
    running.signal("XBTUSDTM", 0.9)
    running.carry()
    running.pass_time(1.0)
    running.deliver()
    memory = running.core.memory()
    earlier = START - 3600 * SECOND
    core = Core(CoreConfig(bot="t", boot=earlier))
    core.handle(Listed(earlier, running.venue.instruments))
    core.handle(Restored(earlier, memory=memory))
    positions = tuple(running.venue.positions())
    said = core.handle(ExchangeShown(earlier, earlier, (), (), positions, running.venue.account()))
    assert [command.request.stop is not None for command in said if isinstance(command, Place)] == [True]


@given(st.lists(st.sampled_from([*Ask, "buy", "sell", "carry", "lose", "deliver", "time", "read"]), max_size=30))
@settings(max_examples=30, deadline=None)
def test_the_same_events_give_the_same_commands(steps: list[Ask | str]) -> None:
    def flown() -> list[object]:
        rim = Rim()
        for step in steps:
            act(rim, step)
        return [*rim.journal, *rim.pending, rim.core.memory()]

    assert flown() == flown()


def act(rim: Rim, step: Ask | str) -> None:
    """Do one thing to a bot."""
    if isinstance(step, Ask):
        rim.tell(step)
    elif step in {"buy", "sell"}:
        rim.signal("XBTUSDTM", 0.9 if step == "buy" else 0.1)
    elif step in {"carry", "lose"} and rim.pending:
        rim.carry(Outcome.OK if step == "carry" else Outcome.LOST_AFTER)
    elif step == "deliver":
        rim.deliver()
    elif step == "time":
        rim.pass_time(1.0, moves=(7,))
    else:
        rim.feed_read()
