"""When cycles run, how they fail, and how fast an instruction acts."""

from __future__ import annotations

import asyncio
from itertools import pairwise
from typing import Any

import pytest

from radtui.core.account import AccountReport
from radtui.core.facts import CycleEnded, Evaluated, StateChanged, Trouble
from radtui.core.instruction import Ask
from radtui.core.lifecycle import State
from radtui.core.market import SECOND
from radtui.engine.main_loop import MAIN
from radtui.exchange.paper import PaperExchange
from radtui.resilience.failures import Transient
from tests.engine.flights import LEAN, SYMBOLS, Buyer, Flight, Idle, Turner, fly

SLOW: dict[str, Any] = {"timeframe": "1h", **LEAN}
"""No candle closes while the test looks, and nothing wakes the loop every moment."""


class Moody(PaperExchange):
    """Answers a cycle as its mood is; readings are always answered."""

    mood = "good"

    async def account(self) -> AccountReport:
        task = asyncio.current_task()
        if task is not None and task.get_name() == "cycle":
            if self.mood == "silent":
                await asyncio.Event().wait()
            if self.mood == "bad":
                raise Transient("the connection broke")
            if self.mood == "broken":
                raise ZeroDivisionError("a bug")
        return await super().account()


def mood(flight: Flight, name: str) -> None:
    assert isinstance(flight.paper, Moody)
    flight.paper.mood = name


def ends(flight: Flight) -> list[CycleEnded]:
    return flight.facts(CycleEnded)


def ended_at(flight: Flight) -> list[float]:
    """Return the virtual seconds at which cycles ended."""
    return [(e.at - flight.bot.at) / SECOND for e in flight.bot.facts if isinstance(e.fact, CycleEnded)]


def test_a_cycle_runs_at_the_start_and_after_each_interval() -> None:
    async def scenario(flight: Flight) -> None:
        await flight.ready()
        await asyncio.sleep(930.0)
        gaps = [later - sooner for sooner, later in pairwise(ended_at(flight))]
        assert len(gaps) == 3
        assert all(300.0 <= gap <= 300.1 for gap in gaps)

    fly(scenario, Idle, **SLOW)


def test_a_cycle_runs_at_each_close_of_a_candle_and_weighs_what_the_strategies_say() -> None:
    async def scenario(flight: Flight) -> None:
        await flight.ready()
        await asyncio.sleep(185.0)
        closes = [at for at in ended_at(flight) if at > 5.0]
        assert [round(at) for at in closes] == [60, 120, 180]
        assert flight.engine.snapshot().status.cycles_ok == len(ends(flight))
        assert len(flight.facts(Evaluated)) == 3 * len(SYMBOLS)

    fly(scenario, Buyer)


@pytest.mark.parametrize(("ask", "state"), [(Ask.PAUSE, "paused"), (Ask.STOP, "stopped"), (Ask.SHUTDOWN, "stopped")])
@pytest.mark.parametrize("inside", [0.0, 150.0, 299.99])
def test_an_instruction_acts_within_100_ms_inside_a_300_s_interval(ask: Ask, state: str, inside: float) -> None:
    async def scenario(flight: Flight) -> None:
        await flight.ready()
        await flight.until(lambda: ends(flight))
        await asyncio.sleep(inside)
        told = flight.loop.time()
        receipt = await flight.ask(ask)
        assert (receipt.success, receipt.status) == (True, state)
        if ask is Ask.SHUTDOWN:
            await flight.task
        assert flight.loop.time() - told <= 0.1

    fly(scenario, Idle, **SLOW)


def test_a_resume_runs_a_cycle_at_once() -> None:
    async def scenario(flight: Flight) -> None:
        await flight.ready()
        await flight.ask(Ask.PAUSE)
        await asyncio.sleep(400.0)
        before = len(ends(flight))
        assert before == 1
        await flight.ask(Ask.RESUME)
        await asyncio.sleep(0.1)
        assert len(ends(flight)) == 2

    fly(scenario, Idle, **SLOW)


def test_a_cycle_that_hangs_is_cut_at_its_deadline_and_counts_as_failed() -> None:
    async def scenario(flight: Flight) -> None:
        mood(flight, "silent")
        await flight.until(lambda: ends(flight))
        (end,) = ends(flight)
        assert (end.ok, end.error) == (False, "not done within 30 s")
        assert 30.0 <= end.seconds <= 30.1
        assert flight.engine.snapshot().status.failures_in_a_row == 1
        assert flight.state is State.RUNNING
        views = {view.name: view for view in flight.engine.snapshot().workers}
        assert views["main loop"].healthy, "the main loop goes on while a cycle hangs"

    fly(scenario, Idle, exchange=Moody, **SLOW)


@pytest.mark.parametrize(("how", "said"), [("bad", "the connection broke"), ("broken", "ZeroDivisionError: a bug")])
def test_three_failures_stop_the_bot_and_start_works_again(how: str, said: str) -> None:
    async def scenario(flight: Flight) -> None:
        mood(flight, how)
        await flight.until(lambda: flight.state is State.ERROR)
        assert [end.error for end in ends(flight)] == [said] * 3
        first, second, third = ended_at(flight)
        assert 45.0 <= second - first <= 75.3
        assert 90.0 <= third - second <= 150.3
        assert flight.engine.snapshot().status.error == "Bot stopped due to 3 consecutive failures"
        await asyncio.sleep(600.0)
        assert len(ends(flight)) == 3, "no more cycles"
        mood(flight, "good")
        assert (await flight.ask(Ask.START)).success
        await asyncio.sleep(1.0)
        assert ends(flight)[-1].ok
        assert flight.engine.snapshot().status.error == ""

    fly(scenario, Idle, exchange=Moody, **SLOW)


def test_a_closed_candle_does_not_shorten_the_wait_after_a_failure() -> None:
    async def scenario(flight: Flight) -> None:
        await flight.ready()
        await flight.until(lambda: ends(flight))
        mood(flight, "bad")
        await flight.until(lambda: flight.state is State.ERROR, 2000)
        failed = [e.at for e in flight.bot.facts if isinstance(e.fact, CycleEnded) and not e.fact.ok]
        assert (failed[1] - failed[0]) / SECOND >= 90.0, "a candle closes every minute"

    fly(scenario, Buyer, exchange=Moody, retry_delay=120 * SECOND, **LEAN)


def test_what_closes_a_position_does_not_wait_for_a_good_cycle() -> None:
    async def scenario(flight: Flight) -> None:
        await flight.hold()
        (before,) = [held.lots for held in flight.venue.positions() if held.symbol == SYMBOLS[0]]
        mood(flight, "bad")

        def turned() -> bool:
            return all(held.lots * before < 0 or held.symbol != SYMBOLS[0] for held in flight.venue.positions())

        await flight.until(turned, 400)

    fly(
        scenario,
        Turner,
        exchange=Moody,
        max_retries=99,
        retry_delay=3600 * SECOND,
        cycle_interval=3600 * SECOND,
        **LEAN,
    )


def test_a_cycle_in_hand_is_waited_for_by_a_shutdown_up_to_its_grace() -> None:
    async def scenario(flight: Flight) -> float:
        mood(flight, "silent")
        await flight.until(lambda: flight.state is State.RUNNING)
        told = flight.loop.time()
        receipt = await flight.ask(Ask.SHUTDOWN)
        await flight.task
        assert receipt.message.startswith("Graceful shutdown completed")
        return flight.loop.time() - told

    assert 29.9 <= fly(scenario, Idle, exchange=Moody, **SLOW) <= 30.3
    assert 9.9 <= fly(scenario, Idle, exchange=Moody, hold_grace=10 * SECOND, **SLOW) <= 10.3


@pytest.mark.parametrize("ask", [Ask.SHUTDOWN, Ask.STOP, Ask.PAUSE])
def test_an_instruction_between_a_cycles_decision_and_its_first_step_lets_it_end_well(ask: Ask) -> None:
    async def scenario(flight: Flight) -> None:
        await flight.ready()
        await flight.until(lambda: ends(flight))
        before, beat = len(ends(flight)), flight.health.beat

        def beats(worker: str) -> None:
            beat(worker)
            if worker == MAIN and flight.engine.signals.waiting and flight.state is State.RUNNING:
                flight.loop.call_soon(lambda: flight.engine.tell(ask, who="test"))

        flight.health.beat = beats  # type: ignore[method-assign]
        await flight.until(lambda: flight.state is not State.RUNNING)
        await asyncio.sleep(0.3)
        receipt = flight.core.control.answers.last
        assert receipt is not None
        assert (receipt.ask, receipt.success) == (ask, True)
        assert [end.ok for end in ends(flight)[before:]] == [True]
        assert flight.task.done() is (ask is Ask.SHUTDOWN)

    fly(scenario, Idle)


def test_the_loops_lag_is_measured() -> None:
    async def scenario(flight: Flight) -> None:
        await flight.ready()
        await asyncio.sleep(5.0)
        assert flight.engine.snapshot().process.lag_p99 == pytest.approx(0.0, abs=0.01)
        assert flight.facts(StateChanged)

    fly(scenario, Idle)


def test_the_lag_is_known_of_a_loop_that_is_woken_before_any_wait_runs_out(monkeypatch: pytest.MonkeyPatch) -> None:
    late: list[int] = []

    async def scenario(flight: Flight) -> None:
        await flight.ready()
        monkeypatch.setattr(flight.health.lag, "woke", lambda due, at: late.append(at - due))
        for _ in range(10):
            flight.engine.tell(Ask.START, who="test")
            await asyncio.sleep(0.001)
        assert len(late) >= 10
        assert max(late) == 0
        now = flight.clock.monotonic
        flight.engine.tell(Ask.START, who="test")
        monkeypatch.setattr(flight.clock, "monotonic", lambda: now() + SECOND // 2)  # what else runs in this turn
        await asyncio.sleep(0.001)
        assert max(late) == SECOND // 2

    fly(scenario, Idle)


def test_with_clocks_apart_nothing_is_entered_until_they_agree(monkeypatch: pytest.MonkeyPatch) -> None:
    apart = [3.0]
    monkeypatch.setattr(PaperExchange, "skew", lambda _: apart[0])

    async def scenario(flight: Flight) -> None:
        await flight.ready()
        await asyncio.sleep(70.0)
        assert {fact.why.outcome for fact in flight.facts(Evaluated)} == {"no entry: clock skew"}
        assert [t.kind for t in flight.facts(Trouble) if t.where == "clock"] == ["clock skew"]
        apart[0] = 0.0
        await flight.hold()

    fly(scenario, Buyer)
