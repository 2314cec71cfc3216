"""The operator's instructions: every one gets one receipt, with the words of row L3."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from radtui.core.commands import End, Place, Read, Remember, Schedule
from radtui.core.core import Core
from radtui.core.events import CycleBegan, CycleFinished, Event, ExchangeShown, Restored, Told
from radtui.core.facts import MetricsReset, Receipted, StateChanged, Trouble
from radtui.core.instruction import Ask, ExitPolicy, Instruction, Receipt
from radtui.core.lifecycle import IllegalMove, State, Verb, move
from radtui.core.market import SECOND
from radtui.core.orders import Purpose
from radtui.core.view import notices
from tests.core.makers import facts
from tests.core.rim import START, SYMBOLS, Outcome, Rim

WAYS: dict[State, list[Ask]] = {
    State.STOPPED: [],
    State.RUNNING: [Ask.START],
    State.PAUSED: [Ask.START, Ask.PAUSE],
    State.ERROR: [Ask.START],
    State.STOPPING: [Ask.START],
}


def bot(state: State = State.RUNNING) -> Rim:
    """Return a bot that has recovered and come to `state`; a stopping one has an entry on its way."""
    rim = Rim()
    rim.feed_read()
    for ask in WAYS[state]:
        rim.tell(ask)
    if state is State.ERROR:
        fail(rim, 3)
    if state is State.STOPPING:
        rim.signal("XBTUSDTM", 0.9)
        rim.carry(Outcome.LOST_BEFORE)
        rim.tell(Ask.STOP)
    assert rim.core.control.state is state
    return rim


def asked(rim: Rim, ask: Ask, **told: Any) -> Receipt:
    """Tell the bot, let all go well, and return the receipt."""
    return answered(rim, rim.tell(ask, **told))


def answered(rim: Rim, told: str) -> Receipt:
    for _ in range(20):
        if told in rim.receipts:
            break
        for _ in range(len(rim.pending)):
            rim.carry()
        rim.pass_time(0.25)
        rim.deliver()
    return rim.receipts[told]


def state(rim: Rim) -> State:
    return rim.core.control.state


def fail(rim: Rim, times: int, jitter: float = 0.0) -> None:
    for _ in range(times):
        rim.feed(CycleBegan(rim.at))
        rim.feed(CycleFinished(rim.at, 1.0, "the exchange does not answer", jitter))


@pytest.mark.parametrize("state", [State.RUNNING])
def test_start_while_running_does_nothing_and_says_so(state: State) -> None:
    rim = bot(state)
    receipt = asked(rim, Ask.START)
    assert (receipt.success, receipt.refused, receipt.message) == (False, False, "Bot is already running")
    assert (receipt.status, rim.core.control.state) == ("running", state)


def test_stop_while_stopped_does_nothing_and_says_so() -> None:
    receipt = asked(bot(State.STOPPED), Ask.STOP)
    assert (receipt.success, receipt.refused, receipt.message, receipt.status) == (
        False,
        False,
        "Bot is not running",
        "stopped",
    )


@pytest.mark.parametrize("state", [s for s in WAYS if s is not State.RUNNING])
def test_pause_is_refused_unless_running_with_what_is_possible(state: State) -> None:
    receipt = asked(bot(state), Ask.PAUSE)
    assert (receipt.success, receipt.refused, receipt.status) == (False, True, state)
    with pytest.raises(IllegalMove) as refused:
        move(state, Verb.PAUSE, at=0, who="test")
    assert receipt.message == str(refused.value)


@pytest.mark.parametrize("state", [s for s in WAYS if s is not State.PAUSED])
def test_resume_is_refused_unless_paused(state: State) -> None:
    receipt = asked(bot(state), Ask.RESUME)
    assert (receipt.success, receipt.refused) == (False, True)


def test_pause_and_resume() -> None:
    rim = bot()
    assert asked(rim, Ask.PAUSE).status == "paused"
    assert rim.core.desk.next_cycle_at is None
    assert asked(rim, Ask.RESUME).status == "running"
    assert rim.core.desk.next_cycle_at == rim.at, "the next cycle is due at once"


@pytest.mark.parametrize("state", [s for s in WAYS if s is not State.STOPPING])
def test_a_graceful_shutdown_of_an_idle_bot_is_done_at_once(state: State) -> None:
    rim = bot(state)
    desired = rim.core.control.desired
    receipt = asked(rim, Ask.SHUTDOWN)
    assert (receipt.success, receipt.message, receipt.status) == (True, "Graceful shutdown completed", "stopped")
    assert rim.ended
    assert rim.core.control.desired == desired, "a shutdown leaves the desired state alone"


@pytest.mark.parametrize("state", WAYS)
def test_a_reset_of_the_metrics_is_always_possible_and_touches_nothing_else(state: State) -> None:
    rim = bot(state)
    rim.feed(CycleBegan(rim.at))
    rim.feed(CycleFinished(rim.at, 1.0))
    before = (list(rim.core.trading.orders.all()), rim.core.cycle_count, rim.core.control.state)
    receipt = asked(rim, Ask.RESET_METRICS)
    assert (receipt.success, receipt.status) == (True, "reset")
    assert receipt.message == "Performance metrics reset successfully"
    assert rim.core.cycles.total == 0
    assert (list(rim.core.trading.orders.all()), rim.core.cycle_count, rim.core.control.state) == before
    assert [fact for fact in rim.journal if isinstance(fact, MetricsReset)] == [MetricsReset("test")]


@pytest.mark.parametrize("state", WAYS)
def test_an_emergency_stop_ends_flat_from_any_state(state: State) -> None:
    rim = bot(state)
    told = rim.tell(Ask.EMERGENCY_STOP)
    rim.calm()
    receipt = rim.receipts[told]
    assert (receipt.success, receipt.status) == (True, "stopped")
    assert receipt.message == "Emergency stop completed: flat, no orders, no stops"
    assert not rim.venue.positions()
    assert not rim.venue.open_orders()
    assert rim.core.control.desired == "stopped"


def test_a_start_waits_for_recovery() -> None:
    rim = Rim()
    told = rim.tell(Ask.START)
    assert state(rim) is State.STARTING
    assert told not in rim.receipts
    rim.feed_read()
    assert rim.receipts[told].message == "Bot started"
    assert state(rim) is State.RUNNING


def test_a_start_that_is_overtaken_by_a_stop_is_answered_too() -> None:
    rim = Rim()
    start = rim.tell(Ask.START)
    assert asked(rim, Ask.STOP).success
    assert (rim.receipts[start].success, rim.receipts[start].message) == (False, "Stopped before it had started")


def test_a_shutdown_waits_for_orders_in_flight_but_not_for_ever() -> None:
    rim = bot()
    rim.signal("XBTUSDTM", 0.9)
    rim.carry(Outcome.LOST_BEFORE)
    told = rim.tell(Ask.SHUTDOWN)
    rim.pass_time(34.9)
    assert told not in rim.receipts
    rim.pass_time(0.2)
    assert not rim.receipts[told].success
    assert "see what is left" in rim.receipts[told].message
    assert rim.receipts[told].unverified[0].startswith("XBTUSDTM entry buy (t-")
    assert rim.ended


def test_a_stop_never_gives_up_and_says_so_ever_again() -> None:
    rim = bot()
    rim.signal("XBTUSDTM", 0.9)
    rim.calm(4)
    told = rim.tell(Ask.STOP)
    for _ in range(130):
        for _ in range(len(rim.pending)):
            rim.carry(Outcome.LOST_BEFORE)
        rim.pass_time(1.0)
    assert told not in rim.receipts
    assert state(rim) is State.STOPPING
    said = [f.message for f in rim.journal if isinstance(f, Trouble) and f.kind == "stop not verified"]
    assert [line.partition(":")[2].split(",")[0].strip() for line in said] == [
        f"not done after {seconds} s" for seconds in (10, 70, 130)
    ]
    assert "the exchange does not answer" in said[0]
    assert any("stop not done yet" in notice for notice in notices(rim.core, rim.at))
    receipt = answered(rim, told)
    assert (receipt.success, receipt.unverified) == (True, ())
    assert receipt.shown is not None
    assert [held.symbol for held in receipt.shown.positions] == ["XBTUSDTM"]
    assert [stop.symbol for stop in receipt.shown.stops] == ["XBTUSDTM"]


@pytest.mark.parametrize("ask", [Ask.STOP, Ask.SHUTDOWN])
def test_a_stop_waits_for_the_cycle_in_hand(ask: Ask) -> None:
    rim = bot()
    rim.feed(CycleBegan(rim.at))
    told = rim.tell(ask)
    assert state(rim) is State.STOPPING
    for _ in range(4):
        rim.carry()
        rim.pass_time(1.0)
    assert told not in rim.receipts
    rim.feed(CycleFinished(rim.at, 0.5))
    assert rim.receipts[told].success
    assert state(rim) is State.STOPPED


@pytest.mark.parametrize("ask", [Ask.PAUSE, Ask.STOP, Ask.SHUTDOWN, Ask.EMERGENCY_STOP])
def test_whatever_halts_withdraws_entries_that_have_not_left(ask: Ask) -> None:
    rim = bot()
    rim.signal("XBTUSDTM", 0.9)
    rim.tell(ask)
    rim.calm(3)
    (entry,) = [order for order in rim.core.trading.orders.all() if order.purpose is Purpose.ENTRY]
    assert (entry.state, entry.filled_lots) == ("rejected", 0)


def test_after_a_stop_start_works_again() -> None:
    rim = bot()
    asked(rim, Ask.STOP)
    assert asked(rim, Ask.START).success
    assert rim.core.control.state is State.RUNNING


def test_a_second_shutdown_may_change_keep_into_flatten() -> None:
    rim = bot()
    rim.signal("XBTUSDTM", 0.9)
    rim.calm(3)
    rim.feed(CycleBegan(rim.at))
    first, second = rim.tell(Ask.SHUTDOWN), rim.tell(Ask.SHUTDOWN, ExitPolicy.FLATTEN)
    rim.feed(CycleFinished(rim.at, 0.5))
    rim.calm()
    assert rim.receipts[first].success
    assert rim.receipts[second].success
    assert not rim.venue.positions()


@pytest.mark.parametrize("failures", [1, 2])
def test_fewer_failures_than_the_limit_are_retried(failures: int) -> None:
    rim = bot()
    fail(rim, failures, jitter=1.0)
    assert rim.core.control.state is State.RUNNING
    assert rim.core.desk.next_cycle_at == rim.at + 60 * SECOND * 2 ** (failures - 1) * 5 // 4


def test_three_failures_in_a_row_stop_the_bot_and_say_so_and_start_works_again() -> None:
    rim = bot()
    fail(rim, 3)
    control = rim.core.control
    assert (control.state, control.error) == (State.ERROR, "Bot stopped due to 3 consecutive failures")
    assert rim.core.desk.next_cycle_at is None
    assert asked(rim, Ask.START).success
    assert (control.state, control.error) == (State.RUNNING, "")
    fail(rim, 2)
    assert control.state is State.RUNNING, "the failures of before the start do not count any more"


def test_a_good_cycle_ends_the_row() -> None:
    rim = bot()
    fail(rim, 2)
    rim.feed(CycleFinished(rim.at, 1.0))
    fail(rim, 2)
    assert rim.core.control.state is State.RUNNING
    assert rim.core.desk.next_cycle_at == rim.at + 120 * SECOND


def test_a_good_cycle_is_followed_by_one_after_the_interval_and_noted() -> None:
    rim = bot()
    rim.at += SECOND
    rim.feed(CycleFinished(rim.at, 0.25, "", 0.7))
    assert rim.core.desk.next_cycle_at == rim.at + 300 * SECOND
    assert rim.core.cycles.last_at == rim.at


@pytest.mark.parametrize("desired", ["paused", "stopped", "running", ""])
def test_only_a_pause_is_taken_up_after_a_restart_with_who_and_since(desired: str) -> None:
    core = Core(Rim().core.config)
    said = core.handle(Restored(START, desired, "key:alice", START - 5 * SECOND))
    paused = desired == "paused"
    assert core.control.state is (State.PAUSED if paused else State.STOPPED)
    assert len(facts(said, StateChanged)) == paused
    if paused:
        assert (core.control.who, core.control.since) == ("key:alice", START - 5 * SECOND)


def test_every_move_tells_who_and_why() -> None:
    rim = bot()
    rim.feed(Told(rim.at, Instruction(id="x", ask=Ask.PAUSE, who="key:alice", why="lunch")))
    (move,) = [f.move for f in rim.journal if isinstance(f, StateChanged) and f.move.target is State.PAUSED]
    assert (move.who, move.why, move.at, rim.core.control.why) == ("key:alice", "lunch", rim.at, "lunch")


def test_the_operator_is_alarmed_when_the_bot_gives_up() -> None:
    rim = bot()
    fail(rim, 3)
    alarms = [fact for fact in rim.journal if isinstance(fact, Trouble) and fact.severity == "alarm"]
    assert [alarm.message for alarm in alarms] == ["Bot stopped due to 3 consecutive failures"]


@given(st.lists(st.sampled_from([*Ask, "begin", "end", "fail", "read", "time"]), max_size=25))
@settings(deadline=None, max_examples=60)
def test_every_instruction_gets_exactly_one_receipt(steps: list[Ask | str]) -> None:
    rim = Rim()
    told = []
    for step in steps:
        events: dict[str, Event] = {
            "begin": CycleBegan(rim.at),
            "end": CycleFinished(rim.at, 1.0),
            "fail": CycleFinished(rim.at, 1.0, "no"),
        }
        if isinstance(step, Ask):
            told.append(rim.tell(step))
        elif step == "read":
            rim.feed_read()
        elif step == "time":
            rim.pass_time(31.0)
        else:
            rim.feed(events[step])
    rim.feed(CycleFinished(rim.at, 1.0))
    rim.calm()
    receipts = [fact.receipt.id for fact in rim.journal if isinstance(fact, Receipted)]
    previews = [id_ for id_, receipt in rim.receipts.items() if receipt.ask is Ask.PREVIEW]
    assert sorted(receipts + previews) == sorted(told)
    assert set(SYMBOLS) == set(rim.core.desk.instruments)


def test_the_end_comes_after_the_receipt() -> None:
    rim = bot()
    said = rim.core.handle(Told(rim.at, Instruction(id="x", ask=Ask.SHUTDOWN, who="signal:SIGTERM")))
    assert Schedule(None) in said
    assert End() not in said
    shown = ExchangeShown(rim.at + 1, rim.at + 1, (), (), (), rim.venue.account())
    said = rim.core.handle(shown)
    assert [receipt.receipt.id for receipt in facts(said, Receipted)] == ["x"]
    assert said[-2:] == [Remember(), End()]


def stops_missing(rim: Rim) -> set[str]:
    """Return the symbols that are held on the exchange without a stop."""
    return {held.symbol for held in rim.venue.positions()} - {
        each.symbol for each in rim.venue.open_orders() if each.stop
    }


def test_a_shutdown_waits_until_a_filled_entry_is_counted_and_has_its_stop() -> None:
    rim = bot()
    rim.signal("XBTUSDTM", 0.9)
    rim.carry(Outcome.LOST_AFTER)
    told = rim.tell(Ask.SHUTDOWN)
    rim.pass_time(1.0)
    rim.inbox.clear()  # the feed lost the fill: a look-up and a reading must find it
    while not rim.ended:
        assert told not in rim.receipts
        assert rim.pending
        rim.carry()
        rim.pass_time(0.2)
        rim.inbox.clear()
    assert rim.receipts[told].success
    assert set(rim.core.trading.positions.open) == {"XBTUSDTM"}
    assert not stops_missing(rim)
    (left,) = rim.receipts[told].positions_left
    assert left == "XBTUSDTM long 33 lots, stop 57000.0 on the exchange"
    assert len(rim.receipts[told].stops_left) == 1


@pytest.mark.parametrize("outcome", [Outcome.REFUSED, Outcome.LOST_BEFORE])
def test_a_shutdown_waits_for_a_stop_that_has_to_be_sent_again(outcome: Outcome) -> None:
    rim = bot()
    rim.signal("XBTUSDTM", 0.9)
    rim.carry()
    rim.pass_time(1.0)
    rim.deliver()
    assert isinstance(rim.pending[0], Place)
    rim.carry(outcome)
    told = rim.tell(Ask.SHUTDOWN)
    assert told not in rim.receipts
    while not rim.ended:
        for _ in range(len(rim.pending)):
            rim.carry()
        rim.pass_time(1.0)
    assert rim.receipts[told].success
    assert not stops_missing(rim)


def test_a_shutdown_that_gets_no_stop_ends_after_the_grace_and_names_what_is_bare() -> None:
    rim = bot()
    rim.signal("XBTUSDTM", 0.9)
    rim.carry()
    rim.pass_time(1.0)
    told, began = rim.tell(Ask.SHUTDOWN), rim.at
    while not rim.ended:
        rim.pass_time(0.5)
        rim.deliver()
        for _ in range(len(rim.pending)):
            rim.carry(Outcome.REFUSED if isinstance(rim.pending[0], Place) else Outcome.OK)
    receipt = rim.receipts[told]
    assert rim.at - began == 35 * SECOND
    assert not receipt.success
    assert receipt.positions_left == ("XBTUSDTM long 33 lots, NO CONFIRMED STOP",)


def test_a_shutdown_that_cannot_read_the_fills_of_an_entry_names_it() -> None:
    rim = bot()
    rim.signal("XBTUSDTM", 0.9)
    rim.carry(Outcome.LOST_AFTER)
    told = rim.tell(Ask.SHUTDOWN)
    while not rim.ended:
        rim.pass_time(1.0)
        rim.inbox.clear()
        for _ in range(len(rim.pending)):
            rim.carry(Outcome.LOST_BEFORE if isinstance(rim.pending[0], Read) else Outcome.OK)
    (left,) = rim.receipts[told].orders_left
    assert not rim.receipts[told].success
    assert left.startswith("XBTUSDTM entry buy, filled (")
    assert left.endswith("its fills could not be read, so its position may have NO STOP")


@given(st.lists(st.tuples(st.sampled_from(Outcome), st.booleans()), max_size=40), st.sampled_from(Outcome))
@settings(deadline=None, max_examples=60)
def test_a_shutdown_that_says_it_succeeded_leaves_every_position_known_and_protected(
    turns: list[tuple[Outcome, bool]], first: Outcome
) -> None:
    rim = bot()
    rim.signal("XBTUSDTM", 0.9)
    rim.carry(first)
    told = rim.tell(Ask.SHUTDOWN)
    for outcome, heard in [*turns, *[(Outcome.OK, True)] * 60]:
        if rim.ended:
            break
        rim.pass_time(0.4)
        rim.deliver() if heard else rim.inbox.clear()
        for _ in range(len(rim.pending)):
            if not rim.ended:
                rim.carry(outcome)
        if outcome is Outcome.OK:
            rim.feed_read()
    receipt = rim.receipts[told]
    shown = {held.symbol: held.lots for held in rim.venue.positions()}
    if receipt.success:
        assert {symbol: held.lots for symbol, held in rim.core.trading.positions.open.items()} == shown
        assert not stops_missing(rim)
    else:
        assert receipt.orders_left + receipt.positions_left + receipt.stops_left


def test_a_pause_does_not_wait_for_a_stop_that_it_goes_on_asking_for() -> None:
    rim = bot()
    rim.signal("XBTUSDTM", 0.9)
    rim.carry()
    rim.pass_time(1.0)
    rim.deliver()
    rim.carry(Outcome.REFUSED)
    assert asked(rim, Ask.PAUSE).success
    assert stops_missing(rim)
    rim.calm(4)
    assert not stops_missing(rim)
