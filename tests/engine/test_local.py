"""The door to an engine of this process: asked from any thread, before it is there, and after it is gone."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from threading import Event, Thread

import pytest

from radtui.core.account import PositionReport
from radtui.core.facts import Instructed, Receipted
from radtui.core.instruction import Ack, Ask, ExitPolicy, Receipt
from radtui.core.lifecycle import State
from radtui.core.standing import Mode
from radtui.engine.host import EngineHost
from radtui.engine.inquiries import Unanswered
from radtui.engine.local import LocalHandle
from radtui.exchange.paper import PaperExchange
from radtui.resilience.failures import Transient
from tests.engine.flights import Bot, Flight, Idle, fly
from tests.engine.hosts import hosted, soon


class Unread(PaperExchange):
    """Shows nothing of its positions."""

    async def positions(self) -> Sequence[PositionReport]:
        raise Transient("no answer")


@pytest.fixture
def host() -> Iterator[EngineHost]:
    hosted_engine = hosted(Idle)
    hosted_engine.start()
    yield hosted_engine
    hosted_engine.settle(who="test")


def receipt(host: EngineHost, ack: Ack) -> Receipt:
    soon(lambda: host.handle.receipt(ack.id) is not None)
    found = host.handle.receipt(ack.id)
    assert found is not None
    return found


def test_an_ack_comes_at_once_and_the_receipt_when_it_is_done(host: EngineHost) -> None:
    soon(lambda: host.handle.snapshot().status.recovered)
    ack = host.handle.send(Ask.START, who="key:alice", why="because")
    assert (type(ack), ack.ask) == (Ack, Ask.START)
    found = receipt(host, ack)
    assert (found.id, found.success, found.message, found.who) == (ack.id, True, "Bot started", "key:alice")
    soon(lambda: host.handle.snapshot().status.state is State.RUNNING)


def test_a_refusal_is_a_receipt_too(host: EngineHost) -> None:
    found = receipt(host, host.handle.send(Ask.RESUME, who="test"))
    assert (found.success, found.refused) == (False, True)
    assert found.message == "The bot is stopped: start it first"


def test_events_are_read_from_where_one_left_off(host: EngineHost) -> None:
    receipt(host, host.handle.send(Ask.STOP, who="test"))
    seen = host.handle.events()
    ack = host.handle.send(Ask.RESET_METRICS, who="test", why="new day")
    assert receipt(host, ack).status == "reset"
    newer = host.handle.events(after=seen[-1].sequence)
    assert newer[0].sequence == seen[-1].sequence + 1
    instructed = [envelope.fact.instruction for envelope in newer if isinstance(envelope.fact, Instructed)]
    assert [(each.id, each.why) for each in instructed] == [(ack.id, "new day")]


def test_the_subject_of_an_instruction_comes_through(host: EngineHost) -> None:
    found = receipt(host, host.handle.send(Ask.RESET_BREAKERS, who="test", subject="mood"))
    assert (found.success, found.message.split(";")[0]) == (False, "there is no breaker 'mood'")


def test_many_threads_ask_at_once_and_each_gets_its_own_receipt(host: EngineHost) -> None:
    acks: list[Ack] = []

    def ask() -> None:
        for _ in range(20):
            acks.append(host.handle.send(Ask.RESET_METRICS, who="test"))
            host.handle.snapshot()
            host.handle.events()

    threads = [Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({ack.id for ack in acks}) == 80
    assert {receipt(host, ack).id for ack in acks} == {ack.id for ack in acks}
    assert [envelope.fact.receipt.id for envelope in host.handle.events() if isinstance(envelope.fact, Receipted)]


def test_what_is_asked_before_the_engine_is_there_is_told_afterwards_in_order() -> None:
    gate = Event()
    host = hosted(Idle, before=lambda: gate.wait(10.0))
    early = host.handle.send(Ask.START, who="eager")
    host.start()
    later = host.handle.send(Ask.RESET_METRICS, who="eager")
    assert host.handle.snapshot().status.why == "the engine is being built"
    assert host.handle.events() == []
    assert host.handle.receipt(early.id) is None
    gate.set()
    assert receipt(host, early).message == "Bot started"
    assert receipt(host, later).success
    asked = [each.fact.instruction.id for each in host.handle.events() if isinstance(each.fact, Instructed)]
    assert asked == [early.id, later.id]
    assert host.settle(who="test")


def test_the_snapshot_is_renewed_by_itself_and_the_last_one_stays(host: EngineHost) -> None:
    first = host.handle.snapshot()
    soon(lambda: host.handle.snapshot().at > first.at and host.handle.snapshot().market_at)
    ack = host.handle.send(Ask.SHUTDOWN, who="test", exits=ExitPolicy.KEEP)
    assert host.wait(10.0)
    last = host.handle.snapshot()
    assert last.status.state is State.STOPPED
    assert last.receipt is not None
    assert last.receipt.id == ack.id
    assert host.handle.receipt(ack.id) == last.receipt


def test_one_that_has_ended_does_nothing_more_and_says_so(host: EngineHost) -> None:
    assert host.settle(who="test")
    sequence = host.handle.snapshot().sequence
    ack = host.handle.send(Ask.START, who="late")
    found = receipt(host, ack)
    assert (found.success, found.refused, found.status, found.who) == (False, True, "ended", "late")
    assert "positions keep their stops" in found.message
    assert host.handle.snapshot().sequence == sequence
    assert host.handle.events(after=sequence) == []


def test_what_waits_for_an_engine_that_cannot_be_built_is_refused() -> None:
    gate = Event()

    def fails() -> None:
        gate.wait(10.0)
        raise LookupError("no such market")

    host = hosted(Idle, before=fails)
    host.start()
    acks = [host.handle.send(ask, who="eager") for ask in (Ask.START, Ask.EMERGENCY_STOP)]
    gate.set()
    assert [receipt(host, ack).refused for ack in acks] == [True, True]
    assert host.wait(10.0)


def test_what_was_asked_in_the_moment_of_the_end_is_refused_too() -> None:
    async def scenario(flight: Flight) -> None:
        await flight.ready()
        handle = LocalHandle(flight.engine.snapshot())
        handle.attach(flight.engine, flight.loop)
        ack = handle.send(Ask.PAUSE, who="late")
        handle.close()
        await asyncio.sleep(0.1)
        found = handle.receipt(ack.id)
        assert found is not None
        assert found.refused
        assert flight.state is State.RUNNING

    fly(scenario, Idle)


def test_who_reads_a_receipt_sees_what_it_says_in_the_next_snapshot(host: EngineHost) -> None:
    soon(lambda: host.handle.snapshot().status.recovered)
    for ask, state in ((Ask.START, State.RUNNING), (Ask.PAUSE, State.PAUSED), (Ask.STOP, State.STOPPED)):
        receipt(host, host.handle.send(ask, who="test"))
        assert host.handle.snapshot().status.state is state


def door(flight: Flight) -> LocalHandle:
    handle = LocalHandle(flight.engine.snapshot())
    handle.attach(flight.engine, flight.loop)
    return handle


@pytest.mark.parametrize("written", [False, True])
def test_what_was_told_before_a_crash_goes_on_where_it_was_written_and_else_is_known_to_be_forgotten(
    written: bool,
) -> None:
    bot = Bot(Idle, latency=0.2, autostart=True, exchange=Unread)

    async def told_and_killed(flight: Flight) -> str:
        await flight.until(lambda: flight.engine.inherited is not None)
        ack = door(flight).send(Ask.EMERGENCY_STOP, who="key:alice")
        await asyncio.sleep(0.5 if written else 0.05)
        assert flight.core.flatten is not None, "it was heard, and the exchange is not to be read"
        return ack.id

    async def asked_again(flight: Flight) -> tuple[bool, bool, bool]:
        handle = door(flight)
        before = handle.forgotten(asked)
        await flight.until(lambda: handle.receipt(asked) or handle.forgotten(asked))
        return before, handle.forgotten(asked), handle.receipt(asked) is not None

    asked = bot.live(told_and_killed)
    bot.exchange = PaperExchange
    bot.crash()
    assert bot.live(asked_again) == (False, not written, written)


def test_only_an_earlier_runs_instructions_are_forgotten(host: EngineHost) -> None:
    soon(lambda: host.handle.snapshot().status.recovered)
    done = host.handle.send(Ask.RESET_METRICS, who="test")
    receipt(host, done)
    later = done.id.replace("-h1", "-h9")
    assert [host.handle.forgotten(each) for each in (done.id, later, "nonsense", "1-", "x-1", "")] == [False] * 6
    assert host.handle.forgotten("1-h1")
    assert host.handle.forgotten("1-1")


def test_a_look_from_outside_renews_the_picture_at_once_and_faster_for_a_while() -> None:
    bot = Bot(Idle, autostart=False, speed=60, chunk=0.02, engine={"pulse": 30.0})
    seldom = hosted(Idle, bot=bot)
    seldom.start()
    try:
        soon(lambda: seldom.begun)
        seen: set[int] = set()
        soon(lambda: _look(seldom, seen) >= 4, within=5)
    finally:
        seldom.settle(who="test")


def test_what_the_market_says_is_at_hand_as_soon_as_there_is_an_engine(host: EngineHost) -> None:
    assert LocalHandle(host.handle.snapshot()).tape.candles("XBTUSDTM") == ()
    soon(lambda: host.handle.tape.last("XBTUSDTM") is not None)
    assert host.handle.tape.candles("XBTUSDTM")


def _look(host: EngineHost, seen: set[int]) -> int:
    host.handle.look()
    seen.add(host.handle.snapshot().at)
    return len(seen)


class Frozen(LocalHandle):
    """A door whose engine's loop is taken to stand still at will."""

    def __init__(self, flight: Flight) -> None:
        self.ahead = 0.0
        super().__init__(flight.engine.snapshot(), lambda: flight.loop.time() + self.ahead)
        self.attach(flight.engine, flight.loop)
        self.renew()


def test_an_engine_whose_loop_hangs_is_shown_so_by_its_door_and_no_longer_once_it_turns() -> None:
    async def scenario(flight: Flight) -> None:
        await flight.ready()
        handle = Frozen(flight)
        fresh = handle.snapshot()
        assert fresh is handle.snapshot()
        handle.ahead = 43.5
        old = handle.snapshot()
        assert (old.hangs, old.at, old.status.trading) == (43, fresh.at, Mode.HALTED)
        assert min(each.age or 0.0 for each in old.workers) >= 43
        assert [each.rule for each in old.alerts.firing] == ["engine-silent"]
        assert old is handle.snapshot(), "one picture a second"
        await asyncio.sleep(1)
        handle.renew()
        assert (handle.snapshot().hangs, handle.snapshot().notices) == (0, fresh.notices)

    fly(scenario, Idle)


def test_a_picture_that_is_merely_late_shows_its_ages_and_no_hang() -> None:
    async def scenario(flight: Flight) -> None:
        await flight.ready()
        handle = Frozen(flight)
        await asyncio.sleep(20)  # the loop turns, and nobody makes a picture
        assert handle.snapshot().hangs == 0
        assert min(each.age or 0.0 for each in handle.snapshot().workers) >= 20

    fly(scenario, Idle)


RISKY = (Ask.START, Ask.RESUME, Ask.RESET_BREAKERS, Ask.PLACE_ORDER, Ask.CHANGE_CONFIG)
SAFE = (Ask.PAUSE, Ask.STOP, Ask.EMERGENCY_STOP, Ask.PREVIEW)


def test_what_may_bring_risk_is_refused_by_an_engine_that_hangs_and_what_ends_it_is_done_once_it_turns() -> None:
    async def scenario(flight: Flight) -> None:
        await flight.ready()
        handle = Frozen(flight)
        handle.ahead = 43.0
        refused = {ask: handle.receipt(handle.send(ask, who="test").id) for ask in RISKY}
        assert all(each and each.refused and "kill -9" in each.message for each in refused.values())
        stop = handle.send(Ask.STOP, who="test")
        assert handle.receipt(stop.id) is None
        await flight.until(lambda: handle.receipt(stop.id))

    fly(scenario, Idle)


def test_what_may_bring_risk_is_not_done_long_after_it_was_asked() -> None:
    async def scenario(flight: Flight) -> None:
        await flight.ready()
        handle = Frozen(flight)
        asked = {ask: handle.send(ask, who="test").id for ask in (*RISKY, *SAFE)}
        handle.ahead = 20.0  # the loop stood still from here on, and now it turns
        await flight.until(lambda: all(handle.receipt(id_) for id_ in asked.values()))
        late = {ask for ask, id_ in asked.items() if "20 s after it was asked" in handle.receipt(id_).message}  # type: ignore[union-attr]
        assert late == set(RISKY)

    fly(scenario, Idle)


def test_nobody_is_asked_aside_while_the_loop_hangs() -> None:
    async def scenario(flight: Flight) -> None:
        await flight.ready()
        handle = Frozen(flight)
        handle.ahead = 12.0
        with pytest.raises(Unanswered, match="the engine hangs: its loop has stood still for 12 s"):
            handle.inquiries.cache().result(0)

    fly(scenario, Idle)


def test_one_that_has_ended_does_not_hang(host: EngineHost) -> None:
    soon(lambda: host.begun)
    host.settle(who="test")
    assert host.handle.hangs == 0


def test_what_was_told_in_the_moment_of_the_end_is_told_to_the_next_engine_before_what_was_asked_later() -> None:
    async def scenario(flight: Flight) -> None:
        await flight.ready()
        handle = Frozen(flight)
        told = handle.send(Ask.EMERGENCY_STOP, who="test")  # on its way to the loop when the engine ends
        handle.bury(handle.snapshot(), lambda ask: None)
        later = [handle.send(ask, who="test") for ask in (Ask.STOP, Ask.EMERGENCY_STOP)]
        await asyncio.sleep(1)
        assert handle.receipt(told.id) is None
        handle.attach(flight.engine, flight.loop)
        await flight.until(lambda: all(handle.receipt(ack.id) for ack in (told, *later)))
        asked = [fact.instruction.id for fact in flight.facts(Instructed)]
        assert [each for each in asked if "-h" in each] == [told.id, *(ack.id for ack in later)]

    fly(scenario, Idle)


def test_one_whose_others_have_ended_too_says_that_nothing_was_done() -> None:
    def closed(ask: Ask) -> None:
        raise RuntimeError("Event loop is closed")

    async def scenario(flight: Flight) -> None:
        await flight.ready()
        handle = Frozen(flight)
        handle.bury(handle.snapshot(), closed)
        for ask in (Ask.START, Ask.EMERGENCY_STOP):
            receipt = handle.receipt(handle.send(ask, who="test").id)
            assert receipt is not None
            assert receipt.refused
            assert "the engine has ended: nothing was done" in receipt.message

    fly(scenario, Idle)
