"""The engine's own thread: how it comes to life, dies, and is settled."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import partial
from threading import Event, Timer
from threading import enumerate as enumerate_threads

import pytest

from radtui.core.account import PositionReport
from radtui.core.instruction import Ask, ExitPolicy
from radtui.core.lifecycle import State
from radtui.core.market import MINUTE
from radtui.core.memory import unpack
from radtui.core.order import OrderRequest
from radtui.core.orders import OrderState
from radtui.engine.engine import Engine
from radtui.engine.host import EngineHangs, EngineHost
from radtui.exchange.paper import PaperExchange
from radtui.resilience.failures import Transient
from tests.engine.flights import Bot, Buyer, Flight, Idle, core_config
from tests.engine.hosts import hosted, soon


class Mute(PaperExchange):
    """Swallows every order and answers none."""

    async def place(self, request: OrderRequest) -> str:
        return await asyncio.Future[str]()


def test_it_lives_from_start_to_a_graceful_end() -> None:
    host = hosted(Idle)
    assert (host.begun, host.alive) == (False, False)
    host.start()
    soon(lambda: host.begun)
    assert (host.alive, host.wait(0.0)) == (True, False)
    assert host.settle(who="key:alice", why="the day is over")
    assert (host.error, host.alive) == (None, False)
    status = host.handle.snapshot().status
    assert (status.state, status.who, status.why) == (State.STOPPED, "key:alice", "the day is over")


def test_a_second_settling_finds_nothing_to_do() -> None:
    host = hosted(Idle)
    host.start()
    assert host.settle(who="test")
    assert host.settle(who="test", exits=ExitPolicy.FLATTEN)


def test_one_that_never_started_is_settled_at_once() -> None:
    assert hosted(Idle).settle(who="test", exits=ExitPolicy.FLATTEN)


def test_what_the_build_dies_of_is_there_for_its_owner() -> None:
    def fails() -> None:
        raise LookupError("no such market")

    host = hosted(Idle, before=fails)
    host.start()
    assert host.wait(10.0)
    assert isinstance(host.error, LookupError)
    assert not host.begun
    assert not host.settle(who="test")
    assert host.handle.snapshot().status.why == "the engine is being built"


def test_what_the_engine_dies_of_is_there_for_its_owner() -> None:
    class Broken(PaperExchange):
        async def open(self) -> None:
            raise ZeroDivisionError("a bug")

    host = hosted(Idle, exchange=Broken)
    host.start()
    assert host.wait(10.0)
    assert isinstance(host.error, ZeroDivisionError)
    assert host.begun
    assert not host.settle(who="test")


def test_one_that_does_not_come_to_its_end_is_forced_and_the_next_start_recovers() -> None:
    bot = Bot(Buyer, autostart=True, speed=60, chunk=0.02, outlives=True, exchange=Mute, engine={"pulse": 0.1})
    host = hosted(Buyer, bot=bot, patience=0.3)
    host.start()
    soon(lambda: [order for order in host.handle.snapshot().orders if order.state == OrderState.SENT])
    assert not host.settle(who="test")
    assert not host.alive
    assert isinstance(host.error, asyncio.CancelledError)
    sent = {order.client_id for order in host.handle.snapshot().orders if order.state == OrderState.SENT}
    assert sent

    bot.exchange, bot.chunk, bot.at = PaperExchange, 1.0, host.handle.snapshot().at
    bot.crash()
    assert sent <= bot.live(recovered)


async def recovered(flight: Flight) -> set[str]:
    """Return the entries that were found never to have arrived, once everything agrees."""
    await flight.ready()
    await flight.calm()
    flight.check()
    return {order.client_id for order in flight.entries() if order.state is OrderState.REJECTED}


def test_a_flattening_end_is_never_forced() -> None:
    gate = Event()
    host = hosted(Idle, before=lambda: gate.wait(10.0), patience=0.0)
    host.start()
    host.handle.send(Ask.START, who="test")
    settled = asyncio.run(_settled_after(host, gate))
    assert settled


async def _settled_after(host: EngineHost, gate: Event) -> bool:
    settling = asyncio.create_task(asyncio.to_thread(host.settle, who="test", exits=ExitPolicy.FLATTEN))
    await asyncio.sleep(0.2)
    assert not settling.done(), "the patience is over and it waits all the same"
    gate.set()
    return await settling


def test_a_flatten_on_its_way_is_not_forced_whoever_began_it() -> None:
    class Stubborn(PaperExchange):
        """Shows nothing of its positions until it is let go."""

        free = Event()

        async def positions(self) -> Sequence[PositionReport]:
            if not Stubborn.free.is_set():
                raise Transient("no answer")
            return await super().positions()

    host = hosted(Idle, exchange=Stubborn, patience=0.0)
    host.start()
    host.handle.send(Ask.EMERGENCY_STOP, who="test")
    soon(lambda: host.handle.snapshot().flatten is not None)
    release = Timer(0.3, Stubborn.free.set)
    release.start()
    assert host.settle(who="test")
    release.join()


def test_a_picture_that_cannot_be_made_harms_only_the_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    host = hosted(Idle)
    host.start()
    soon(lambda: host.handle.snapshot().sequence)

    tries: list[int] = []

    def fails() -> None:
        tries.append(host.handle.snapshot().at)
        raise ZeroDivisionError("a bug")

    with monkeypatch.context() as patch:
        patch.setattr(host.handle, "renew", fails)
        soon(lambda: len(tries) >= 3)
        seen = host.handle.snapshot().at
        assert tries[1:] == [seen] * len(tries[1:])
    soon(lambda: host.handle.snapshot().at > seen)
    assert host.settle(who="test")


@pytest.mark.parametrize("when", ["building", "flying", "over"])
def test_force_ends_whatever_there_is(when: str) -> None:
    gate = Event()
    host = hosted(Idle, before=lambda: when == "building" and gate.wait(10.0))
    host.start()
    if when == "over":
        assert host.settle(who="test")
    elif when == "flying":
        soon(lambda: host.begun)
    host.force()
    gate.set()
    assert host.wait(5.0), "what is not there yet ends as soon as it is"
    assert not host.alive
    assert (host.error is None) is (when == "over")


class Dead(PaperExchange):
    """Shows nothing."""

    asked = Event()
    back = Event()

    async def positions(self) -> Sequence[PositionReport]:
        self.asked.set()
        return await asyncio.Future[Sequence[PositionReport]]()


class Clinging(Dead):
    """Its connections do not let go."""

    async def close(self) -> None:
        await asyncio.Future[None]()


class Unresolved(Dead):
    """Its name is looked up for ever, in a thread that nobody can cut short."""

    async def positions(self) -> Sequence[PositionReport]:
        self.asked.set()
        await asyncio.to_thread(self.back.wait, 20.0)
        raise Transient("no such host")


@pytest.mark.parametrize(("exchange", "times"), [(Dead, 1), (Clinging, 1), (Clinging, 3), (Unresolved, 1)])
def test_a_flatten_that_is_forced_to_its_end_ends_within_five_seconds_and_its_journal_has_it(
    exchange: type[Dead], times: int
) -> None:
    Dead.asked.clear()
    Dead.back.clear()
    bot = Bot(Idle, autostart=False, speed=60, chunk=0.02, latency=600.0, exchange=exchange, engine={"pulse": 0.1})
    host = hosted(Idle, bot=bot)
    host.start()
    told = host.handle.send(Ask.EMERGENCY_STOP, who="key:alice")
    soon(lambda: host.handle.snapshot().flatten is not None and Dead.asked.is_set())
    for _ in range(times):
        host.force()
    assert host.wait(5.0)
    Dead.back.set()
    assert isinstance(host.error, asyncio.CancelledError)
    known = bot.journal.reopen().known()
    assert known.state is not None
    assert [each.instruction.id for each in unpack(known.state.memory).winding.pending] == [told.id]
    assert not known.clean


class Lingering(PaperExchange):
    """Never done with closing."""

    closing = Event()

    async def close(self) -> None:
        self.closing.set()
        await asyncio.Future[None]()


def test_an_end_that_is_forced_amid_a_graceful_one_closes_the_journal_and_not_as_clean() -> None:
    Lingering.closing.clear()
    bot = Bot(Idle, autostart=False, speed=60, chunk=0.02, latency=600.0, exchange=Lingering)
    host = hosted(Idle, bot=bot)
    host.start()
    told = host.handle.send(Ask.SHUTDOWN, who="key:alice")
    soon(Lingering.closing.is_set)
    host.force()
    assert host.wait(5.0)
    known = bot.journal.reopen().known()
    assert [receipt.id for receipt in known.receipts] == [told.id]
    assert not known.clean


def test_the_config_is_shown_before_there_is_an_engine() -> None:
    config = core_config(7 * MINUTE, bot="early", speed=60)
    snapshot = EngineHost(config, lambda: pytest.fail("nobody started it")).handle.snapshot()
    assert (snapshot.bot, snapshot.at, snapshot.market_at) == ("early", 7 * MINUTE, None)
    assert (snapshot.status.state, snapshot.status.speed) == (State.STOPPED, 60)
    assert snapshot.status.blocked == "the engine is being built"


def stuck() -> tuple[EngineHost, Event]:
    """Return a host whose engine's loop stands still until the event is set."""
    found, go, still = hosted(Idle, patience=0.1), Event(), Event()
    found.start()
    soon(lambda: found.handle.snapshot().status.recovered)
    found.handle.inquire(partial(_stand_still, still=still, go=go))
    assert still.wait(10)
    return found, go


def let_go(go: Event) -> None:
    """Have it end after all, so that nothing of it outlives the test."""
    go.set()
    soon(lambda: "engine" not in {each.name for each in enumerate_threads()})


async def _stand_still(_: Engine, still: Event, go: Event) -> None:
    still.set()
    go.wait(30)


def test_a_loop_that_hears_nothing_is_given_up_by_force(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("radtui.engine.host._DEAF", 0.05)
    found, go = stuck()
    found.force()
    assert found.wait(5)
    assert isinstance(found.error, EngineHangs)
    assert not found.alive
    let_go(go)


def test_a_shutdown_that_flattens_is_not_waited_for_for_ever_where_the_loop_hangs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("radtui.engine.host._DEAF", 0.05)
    monkeypatch.setattr("radtui.engine.host.HANGS_AFTER", 0.1)
    found, go = stuck()
    assert not found.settle(who="test", exits=ExitPolicy.FLATTEN)
    assert isinstance(found.error, EngineHangs)
    let_go(go)


class Leisurely(PaperExchange):
    """Takes its time to close."""

    async def close(self) -> None:
        await asyncio.sleep(0.2)
        await super().close()


def test_a_loop_that_has_heard_it_is_not_given_up_while_it_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("radtui.engine.host._DEAF", 0.05)
    found = hosted(Idle, exchange=Leisurely)
    found.start()
    soon(lambda: found.handle.snapshot().status.recovered)
    found.force()
    assert found.wait(5)
    assert not isinstance(found.error, EngineHangs)


def test_a_build_that_hangs_is_given_up_by_force_also_amid_a_shutdown_that_flattens(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("radtui.engine.host._DEAF", 0.05)
    go = Event()
    found = hosted(Idle, before=lambda: go.wait(30), patience=0.1)
    found.start()
    force = Timer(0.2, found.force)
    force.start()
    assert not found.settle(who="test", exits=ExitPolicy.FLATTEN)
    assert isinstance(found.error, EngineHangs)
    assert "was not built" in str(found.error)
    let_go(go)
