"""Stops survive anything: lost, late and repeated answers, and a crash between any two events."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from radtui.core.commands import Read
from radtui.core.events import Told
from radtui.core.facts import Instructed, Receipted, Trouble
from radtui.core.instruction import Ask, ExitPolicy, Instruction
from radtui.core.lifecycle import State
from radtui.core.memory import pack, unpack
from radtui.core.orders import Purpose
from radtui.core.winding import Winding
from tests.core.holdings import holding
from tests.core.rim import SYMBOLS, Outcome, Rim

STOPS = [
    (Ask.STOP, None),
    (Ask.SHUTDOWN, ExitPolicy.KEEP),
    (Ask.SHUTDOWN, ExitPolicy.FLATTEN),
    (Ask.EMERGENCY_STOP, None),
]
TURN = st.one_of(
    st.tuples(st.just("carry"), st.sampled_from(Outcome)),
    st.tuples(st.just("late"), st.just(None)),
    st.tuples(st.just("twice"), st.just(None)),
    st.tuples(st.just("deliver"), st.integers(1, 3)),
    st.tuples(st.just("deaf"), st.just(None)),
    st.tuples(st.just("time"), st.sampled_from([-20, 0, 0, 20, -60])),
    st.tuples(st.just("crash"), st.integers(0, 40)),
    st.tuples(st.just("tell"), st.sampled_from(STOPS)),
)

OK = ("carry", Outcome.OK)


class Story:
    """One bot that is told to stop while everything goes wrong, with the ids that were durably told."""

    def __init__(self, rim: Rim) -> None:
        self.rim = rim
        self.ways: dict[str, Callable[[Any], object]] = {
            "carry": lambda how: rim.carry(how) if rim.pending else None,
            "late": lambda _: rim.pending.rotate(-1),
            "twice": lambda _: rim.inbox.extend(list(rim.inbox)[:2]),
            "deliver": rim.deliver,
            "deaf": lambda _: rim.inbox.clear(),
            "time": lambda how: rim.pass_time(0.4, moves=(how,)),
            "crash": rim.crash,
            "tell": lambda how: rim.tell(*how),
        }

    def turn(self, what: str, how: object) -> None:
        if not self.rim.ended:
            before = self.rim.core.control.answers.last
            self.ways[what](how)
            if self.rim.core.control.answers.last is not before:  # what was told since makes an older one no lie
                assert_receipts_true(self.rim)

    def calm(self) -> None:
        """Let all go well, and restart what has ended with something still to be answered."""
        for _ in range(4):
            self.rim.calm(60)
            if not self.rim.core.control.pending:
                return
        raise AssertionError(f"never done: {self.rim.core.control.rest.waiting}")


def assert_receipts_true(rim: Rim) -> None:
    """A receipt of this very moment that claims success is what the venue holds."""
    control = rim.core.control
    receipt = control.answers.last
    if receipt is None or receipt.at != rim.at or not receipt.success or receipt.shown is None:
        return
    own = [order for order in rim.venue.open_orders() if order.client_id.startswith("t-")]
    held = {position.symbol for position in rim.venue.positions()}
    if receipt.ask is Ask.EMERGENCY_STOP:
        assert not held
        assert not own
    else:
        assert not [order for order in own if order.stop is None]
        assert held <= {order.symbol for order in own}, "a position without its stop"


def times(rim: Rim, id_: str) -> int:
    return sum(isinstance(fact, Receipted) and fact.receipt.id == id_ for fact in rim.journal)


@given(st.sampled_from(STOPS), st.lists(TURN, max_size=40))
@example((Ask.STOP, None), [OK, ("tell", (Ask.SHUTDOWN, ExitPolicy.FLATTEN)), OK, OK, OK])
@settings(max_examples=150, deadline=None)
def test_whatever_happens_each_instruction_that_was_kept_has_one_receipt_and_a_true_one(
    first: tuple[Ask, ExitPolicy | None], turns: list[tuple[str, object]]
) -> None:
    rim = holding(*SYMBOLS)
    rim.durable = len(rim.journal)
    story = Story(rim)
    story.turn("tell", first)
    for what, how in turns:
        story.turn(what, how)
    ended = rim.ended
    if not ended:
        story.calm()
    told = [fact.instruction for fact in rim.journal if isinstance(fact, Instructed)]
    for instruction in told:
        assert times(rim, instruction.id) <= 1
    if not any(what == "crash" for what, _ in turns):
        assert all(times(rim, instruction.id) == 1 for instruction in told)
    assert not rim.core.control.pending
    assert len(rim.entries_sent) == len(SYMBOLS), "nothing is entered after a stop was told"


@given(st.integers(0, 60), st.sampled_from(STOPS), st.integers(0, 60))
@settings(max_examples=120, deadline=None)
def test_a_crash_at_any_step_is_followed_by_the_receipt_under_the_same_id(
    steps: int, stop: tuple[Ask, ExitPolicy | None], keep: int
) -> None:
    rim = holding(*SYMBOLS)
    told = rim.tell(*stop)
    rim.durable = len(rim.journal)
    for step in range(steps):
        if rim.ended:
            break
        if rim.pending and step % 3:
            rim.carry()
        else:
            rim.pass_time(0.25)
            rim.deliver()
    before = rim.receipts.pop(told, None)
    answered = times(rim, told)
    if rim.ended:
        assert before is not None
        return
    rim.crash(keep)
    kept = times(rim, told)
    rim.ended = False
    rim.calm(60)
    assert times(rim, told) == 1
    if kept:
        assert answered
        assert told not in rim.receipts, "it was answered for good"
        return
    receipt = rim.receipts[told]
    assert receipt.success
    assert receipt.shown is not None
    assert rim.ended == (stop[0] is Ask.SHUTDOWN)
    if stop[1] is ExitPolicy.FLATTEN or stop[0] is Ask.EMERGENCY_STOP:
        assert not rim.venue.positions()
        assert not rim.venue.open_orders()
        assert {each.symbol for each in receipt.closed} == set(SYMBOLS), "what was closed before the crash is listed"
        assert all(each.realised < 0 < each.fee for each in receipt.closed)


def test_an_instruction_told_twice_is_heard_once() -> None:
    rim = holding(*SYMBOLS)
    told = Instruction(id="x", ask=Ask.EMERGENCY_STOP, who="test")
    rim.feed(Told(rim.at, told))
    rim.pass_time(0.3)
    rim.feed(Told(rim.at, told))
    rim.calm()
    rim.feed(Told(rim.at, told))
    rim.calm()
    assert times(rim, "x") == 1
    assert rim.core.flatten is None


def test_an_answered_instruction_is_remembered_over_a_restart() -> None:
    rim = holding(*SYMBOLS)
    told = rim.tell(Ask.STOP)
    rim.calm(4)
    rim.crash(1000)
    rim.feed(Told(rim.at, Instruction(id=told, ask=Ask.EMERGENCY_STOP, who="test")))
    assert rim.core.control.state is State.STOPPED
    assert times(rim, told) == 1


def test_of_answered_instructions_the_latest_thousand_are_remembered() -> None:
    rim = Rim()
    for number in range(1100):
        rim.core.handle(Told(rim.at, Instruction(id=f"m{number}", ask=Ask.RESET_METRICS, who="test")))
    assert sum(f"m{number}" in rim.core.control.answers for number in range(1100)) == 1000
    assert rim.core.handle(Told(rim.at, Instruction(id="m1099", ask=Ask.EMERGENCY_STOP, who="test"))) == []


def test_an_emergency_stop_takes_a_stop_and_a_shutdown_over_and_all_have_their_receipts() -> None:
    rim = holding(*SYMBOLS)
    told = [rim.tell(Ask.STOP), rim.tell(Ask.SHUTDOWN), rim.tell(Ask.EMERGENCY_STOP), rim.tell(Ask.EMERGENCY_STOP)]
    rim.calm()
    assert not rim.venue.positions()
    assert [rim.receipts[each].success for each in told] == [True] * 4
    assert [len(rim.receipts[each].closed) for each in told] == [2] * 4
    assert rim.ended


def test_a_shutdown_that_keeps_does_not_end_the_process_while_an_emergency_stop_goes_on() -> None:
    rim = holding(*SYMBOLS)
    told = [rim.tell(Ask.SHUTDOWN), rim.tell(Ask.EMERGENCY_STOP)]
    for _ in range(60):
        for _ in range(len(rim.pending)):
            rim.carry(Outcome.LOST_BEFORE)
        rim.pass_time(1.0)
    assert not rim.ended
    assert not rim.receipts.keys() & set(told)
    rim.calm(80)
    assert [rim.receipts[each].success for each in told] == [True, True]
    assert rim.ended


def test_a_cycle_that_never_ends_does_not_delay_an_emergency_stop() -> None:
    from radtui.core.events import CycleBegan

    rim = holding(*SYMBOLS)
    rim.feed(CycleBegan(rim.at))
    told = rim.tell(Ask.EMERGENCY_STOP)
    for _ in range(8):
        for _ in range(len(rim.pending)):
            rim.carry()
        rim.pass_time(0.5)
        rim.deliver()
    assert rim.receipts[told].success
    assert rim.core.control.state is State.STOPPED


def test_a_resumed_stop_says_so_and_a_start_that_waited_starts() -> None:
    rim = Rim()
    start = rim.tell(Ask.START)
    rim.crash(1000)
    assert rim.core.control.state is State.STARTING
    rim.feed_read()
    assert rim.receipts[start].success
    told = rim.tell(Ask.EMERGENCY_STOP)
    rim.crash(1000)
    said = [fact.message for fact in rim.journal if isinstance(fact, Trouble) and fact.kind == "resumed"]
    assert said[-1] == "the last run ended amid emergency-stop, cancelling entries: it goes on"
    rim.calm()
    assert rim.receipts[told].success


def test_a_shutdown_that_was_ended_by_force_is_answered_and_not_taken_up_again() -> None:
    rim = holding(*SYMBOLS)
    told = rim.tell(Ask.SHUTDOWN)
    control = rim.core.control
    rim.journal.append((control.desired, control.desired_who, rim.core.memory(forced=True)))
    rim.crash(1000)
    receipt = rim.receipts[told]
    assert not receipt.success
    assert receipt.message.startswith("The process was ended by force")
    rim.calm(4)
    assert rim.core.control.state is State.STOPPED
    assert not rim.ended


def test_an_emergency_stop_that_was_ended_by_force_goes_on() -> None:
    rim = holding(*SYMBOLS)
    told = [rim.tell(Ask.SHUTDOWN, ExitPolicy.FLATTEN), rim.tell(Ask.EMERGENCY_STOP)]
    control = rim.core.control
    rim.journal.append((control.desired, control.desired_who, rim.core.memory(forced=True)))
    rim.crash(1000)
    rim.calm()
    assert [rim.receipts[each].success for each in told] == [True, True]
    assert not rim.venue.positions()


def test_a_winding_is_packed_whole() -> None:
    rim = holding(*SYMBOLS)
    rim.tell(Ask.SHUTDOWN, ExitPolicy.FLATTEN)
    rim.carry()
    rim.pass_time(1.0)
    rim.deliver()
    memory = unpack(rim.core.memory())
    assert [asked.instruction.ask for asked in memory.winding.pending] == [Ask.SHUTDOWN]
    assert memory.winding.ending is ExitPolicy.FLATTEN
    assert memory.winding.tallies
    assert unpack(pack(memory)).winding == memory.winding
    assert unpack(b"").winding == Winding()


def test_readings_are_asked_for_often_at_first_and_then_once_a_second() -> None:
    rim = holding(*SYMBOLS)
    rim.tell(Ask.EMERGENCY_STOP)
    asked = []
    for _ in range(100):
        rim.pass_time(0.1)
        asked.append(sum(isinstance(command, Read) for command in rim.pending))
        rim.pending.clear()
    assert sum(asked[:50]) >= 24
    assert sum(asked[55:]) <= 5
    assert not rim.core.trading.orders.live(Purpose.ENTRY)
