"""The breaker: opens after failures in a row, probes one at a time, and never stands before an essential call (E3)."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from itertools import pairwise
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from radtui.core.market import SECOND
from radtui.resilience.breaker import Breaker, BreakerChange, BreakerState, answered, counts
from radtui.resilience.clock import LoopClock
from radtui.resilience.failures import (
    Ambiguous,
    BadCredentials,
    BreakerOpen,
    ClockSkew,
    ExchangeFailure,
    Maintenance,
    RateLimited,
    Refused,
    Transient,
    Unknown,
)
from radtui.resilience.virtual import run_virtual

EPOCH = 1_700_000_000 * SECOND
CLOSED, OPEN, HALF, FORCED = BreakerState.CLOSED, BreakerState.OPEN, BreakerState.HALF_OPEN, BreakerState.FORCED_OPEN
BROKEN = [Transient("x"), Ambiguous("x"), Maintenance("x")]
ANSWERS = [Refused("x"), Unknown("x"), RateLimited("x", retry_after=1.0), BadCredentials("x"), ClockSkew("x")]


class Bench:
    """A breaker under virtual time, and what its listener heard."""

    def __init__(self, **settings: Any) -> None:
        self.heard: list[BreakerChange] = []
        clock = LoopClock(asyncio.get_running_loop(), EPOCH)
        self.breaker = Breaker("test", clock, listeners=(self.heard.append,), **settings)

    async def call(self, end: Exception | int = 1, *, takes: float = 0.0, essential: bool = False) -> object:
        """Make a call that ends so; return its value or its failure."""

        async def attempt() -> int:
            await asyncio.sleep(takes)
            if isinstance(end, Exception):
                raise end
            return end

        try:
            return await self.breaker.call(attempt, essential=essential)
        except Exception as failure:
            return failure

    async def fails(self, times: int = 5) -> None:
        for _ in range(times):
            await self.call(Transient("down"))

    def changes(self) -> list[tuple[BreakerState, BreakerState, float]]:
        return [(change.old, change.new, (change.at - EPOCH) / SECOND) for change in self.heard]


def virtual(scenario: Callable[[Bench], Awaitable[None]], **settings: Any) -> Bench:
    async def main() -> Bench:
        bench = Bench(**settings)
        await scenario(bench)
        await asyncio.sleep(0)
        return bench

    return run_virtual(main())


def test_it_opens_at_the_fifth_failure_in_a_row_and_then_fails_fast() -> None:
    async def scenario(bench: Bench) -> None:
        await bench.fails(4)
        assert bench.breaker.state is CLOSED
        assert bench.breaker.view().failures == 4
        await bench.call()
        await bench.fails(4)
        assert bench.breaker.state is CLOSED
        await bench.fails(1)
        assert bench.breaker.state is OPEN
        await asyncio.sleep(18.0)
        refusal = await bench.call(takes=10.0)
        assert isinstance(refusal, BreakerOpen)
        assert refusal.again_in == 42.0
        assert "nothing was sent; tried again in 42 s. 5 failures in a row, the last one transient: down" in str(
            refusal
        )
        assert bench.breaker.opens_again_at == EPOCH + 60 * SECOND == bench.breaker.view().opens_again_at
        assert asyncio.get_running_loop().time() == 18.0

    assert virtual(scenario).changes() == [(CLOSED, OPEN, 0.0)]


@pytest.mark.parametrize("failure", BROKEN)
def test_what_broke_on_the_way_counts(failure: ExchangeFailure) -> None:
    async def scenario(bench: Bench) -> None:
        for _ in range(5):
            assert await bench.call(failure) is failure
        assert bench.breaker.state is OPEN

    virtual(scenario)
    assert counts(failure)
    assert not answered(failure)


@pytest.mark.parametrize("failure", ANSWERS)
def test_an_answer_that_says_no_shows_that_the_way_is_open(failure: ExchangeFailure) -> None:
    async def scenario(bench: Bench) -> None:
        await bench.fails(4)
        for _ in range(10):
            assert await bench.call(failure) is failure
        assert bench.breaker.view().failures == 0
        await bench.fails(5)
        await asyncio.sleep(60.0)
        assert await bench.call(failure) is failure
        assert bench.breaker.state is CLOSED

    virtual(scenario)


def test_mistakes_of_ours_and_cancellations_count_for_nothing() -> None:
    async def scenario(bench: Bench) -> None:
        await bench.fails(4)
        await bench.call(KeyError("ours"))
        for _ in range(10):
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(1.0):
                    await bench.call(takes=5.0)
        assert bench.breaker.view().failures == 4
        await bench.fails(1)
        assert bench.breaker.state is OPEN

    virtual(scenario)


def test_one_probe_at_a_time_while_the_others_fail_fast() -> None:
    async def scenario(bench: Bench) -> None:
        await bench.fails()
        await asyncio.sleep(59.9)
        assert isinstance(await bench.call(), BreakerOpen)
        await asyncio.sleep(0.1)
        assert bench.breaker.state is OPEN
        began = asyncio.get_running_loop().time()
        tasks = [asyncio.create_task(bench.call(number, takes=3.0)) for number in range(6)]
        await asyncio.sleep(1.0)
        assert bench.breaker.state is HALF
        assert [task.done() for task in tasks] == [False] + [True] * 5
        refusals = await asyncio.gather(*tasks[1:])
        assert all(isinstance(refusal, BreakerOpen) and "one call probes" in str(refusal) for refusal in refusals)
        assert await tasks[0] == 0
        assert asyncio.get_running_loop().time() == began + 3.0
        assert await bench.call(7) == 7

    assert virtual(scenario).changes() == [(CLOSED, OPEN, 0.0), (OPEN, HALF, 60.0), (HALF, CLOSED, 63.0)]


def test_the_first_failed_probe_opens_it_again_for_as_long() -> None:
    async def scenario(bench: Bench) -> None:
        await bench.fails()
        for _ in range(3):
            await asyncio.sleep(60.0)
            assert isinstance(await bench.call(Ambiguous("silence")), Ambiguous)
            assert bench.breaker.state is OPEN
            assert bench.breaker.view().why == "the probe failed, ambiguous: silence"
        await asyncio.sleep(60.0)
        await bench.call()
        await bench.fails(4)
        assert bench.breaker.state is CLOSED

    changes = virtual(scenario).changes()
    assert changes[1:3] == [(OPEN, HALF, 60.0), (HALF, OPEN, 60.0)]
    assert changes[-1] == (HALF, CLOSED, 240.0)


def test_a_cancelled_probe_leaves_it_half_open_and_the_next_call_probes() -> None:
    async def scenario(bench: Bench) -> None:
        await bench.fails()
        await asyncio.sleep(60.0)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(2.0):
                await bench.call(takes=9.0)
        assert bench.breaker.state is HALF
        assert await bench.call(KeyError("ours")) is not None
        assert bench.breaker.state is HALF
        assert await bench.call(3) == 3
        assert bench.breaker.state is CLOSED

    virtual(scenario)


@pytest.mark.parametrize("turns", range(6))
def test_wherever_a_cancellation_meets_a_probe_the_slot_is_free_again(turns: int) -> None:
    async def scenario(bench: Bench) -> None:
        await bench.fails()
        await asyncio.sleep(60.0)
        probe = asyncio.create_task(bench.call())
        for _ in range(turns):
            await asyncio.sleep(0)
        probe.cancel()
        await asyncio.gather(probe, return_exceptions=True)
        assert await bench.call(2) == 2
        assert bench.breaker.state is CLOSED

    virtual(scenario)


@pytest.mark.parametrize("turns", range(6))
def test_wherever_a_cancellation_meets_the_fifth_failure_the_change_is_whole(turns: int) -> None:
    async def scenario(bench: Bench) -> None:
        await asyncio.sleep(100.0)
        await bench.fails(4)
        fifth = asyncio.create_task(bench.call(Transient("down")))
        for _ in range(turns):
            await asyncio.sleep(0)
        fifth.cancel()
        await asyncio.gather(fifth, return_exceptions=True)
        if bench.breaker.state is OPEN:
            assert bench.breaker.opens_again_at == EPOCH + 160 * SECOND
            await asyncio.sleep(0)
            assert bench.changes() == [(CLOSED, OPEN, 100.0)]
            await asyncio.sleep(60.0)
        assert await bench.call(2) == 2
        assert bench.breaker.state is CLOSED

    virtual(scenario)


def test_late_failures_of_calls_from_before_change_nothing() -> None:
    async def scenario(bench: Bench) -> None:
        late = [asyncio.create_task(bench.call(Transient("late"), takes=61.0)) for _ in range(5)]
        await asyncio.sleep(0.5)
        await bench.fails()
        await asyncio.sleep(60.0)
        probe = asyncio.create_task(bench.call(1, takes=5.0))
        await asyncio.gather(*late)
        assert bench.breaker.state is HALF
        assert await probe == 1
        assert bench.breaker.state is CLOSED

    virtual(scenario)


def test_an_essential_call_passes_whatever_the_state() -> None:
    async def scenario(bench: Bench) -> None:
        await bench.fails()
        down = Ambiguous("still")
        assert await bench.call(down, essential=True) is down
        assert bench.breaker.state is OPEN
        assert bench.breaker.opens_again_at == EPOCH + 60 * SECOND
        await bench.breaker.force_open("by alice")
        assert await bench.call(4, essential=True) == 4
        assert bench.breaker.state is FORCED
        await bench.breaker.reset()
        assert await bench.call(5, essential=True) == 5

    virtual(scenario)


@pytest.mark.parametrize("end", [1, Unknown("no such order")])
def test_an_essential_call_that_is_answered_closes_it(end: Exception | int) -> None:
    async def scenario(bench: Bench) -> None:
        await bench.fails()
        assert await bench.call(end, essential=True) == end
        assert bench.breaker.state is CLOSED
        assert bench.breaker.view().why == "an essential call was answered"
        assert await bench.call(2) == 2

    assert len(virtual(scenario).changes()) == 2


def test_an_essential_call_does_not_wait_for_the_probe_and_may_close_before_it() -> None:
    async def scenario(bench: Bench) -> None:
        await bench.fails()
        await asyncio.sleep(60.0)
        probe = asyncio.create_task(bench.call(Transient("slow"), takes=9.0))
        await asyncio.sleep(1.0)
        assert await bench.call(Transient("x"), essential=True) is not None
        assert bench.breaker.state is HALF
        assert await bench.call(1, takes=1.0, essential=True) == 1
        assert bench.breaker.state is CLOSED
        assert isinstance(await probe, Transient)
        assert bench.breaker.state is CLOSED

    virtual(scenario)


def test_when_a_probe_is_due_an_essential_call_is_the_probe() -> None:
    async def scenario(bench: Bench) -> None:
        await bench.fails()
        await asyncio.sleep(60.0)
        await bench.call(Transient("x"), essential=True)
        assert bench.breaker.state is OPEN
        assert bench.breaker.opens_again_at == EPOCH + 120 * SECOND

    virtual(scenario)


def test_essential_failures_count_while_it_is_closed() -> None:
    async def scenario(bench: Bench) -> None:
        for _ in range(5):
            await bench.call(Transient("x"), essential=True)
        assert bench.breaker.state is OPEN

    virtual(scenario)


def test_an_old_probe_that_is_still_out_keeps_the_next_one_from_waiting_behind_it() -> None:
    async def scenario(bench: Bench) -> None:
        await bench.fails()
        await asyncio.sleep(60.0)
        old = asyncio.create_task(bench.call(1, takes=500.0))
        await asyncio.sleep(1.0)
        await bench.breaker.reset()
        await bench.fails()
        await asyncio.sleep(60.0)
        assert isinstance(await bench.call(2), BreakerOpen)
        assert await bench.call(3, essential=True) == 3
        assert await old == 1

    virtual(scenario)


def test_forced_open_it_refuses_until_it_is_reset() -> None:
    async def scenario(bench: Bench) -> None:
        await bench.breaker.force_open("maintenance announced")
        await asyncio.sleep(3600.0)
        refusal = await bench.call()
        assert isinstance(refusal, BreakerOpen)
        assert refusal.again_in is None
        assert "maintenance announced" in str(refusal)
        assert bench.breaker.opens_again_at is None
        await bench.breaker.reset("alice")
        assert bench.breaker.view().why == "alice"
        assert await bench.call(1) == 1

    assert virtual(scenario).changes() == [(CLOSED, FORCED, 0.0), (FORCED, CLOSED, 3600.0)]


@pytest.mark.parametrize("end", [8, Transient("down")])
def test_forced_open_while_a_probe_is_out_it_stays_so(end: Exception | int) -> None:
    async def scenario(bench: Bench) -> None:
        await bench.fails()
        await asyncio.sleep(60.0)
        probe = asyncio.create_task(bench.call(end, takes=1.0))
        await asyncio.sleep(0)
        assert bench.breaker.state is HALF
        await bench.breaker.force_open()
        assert await probe == end
        assert bench.breaker.state is FORCED

    virtual(scenario)


def test_a_reset_of_a_closed_one_forgets_what_was_counted_and_tells_nobody() -> None:
    async def scenario(bench: Bench) -> None:
        await bench.fails(4)
        await bench.breaker.reset()
        assert bench.breaker.view().failures == 0
        await bench.fails(4)
        assert bench.breaker.state is CLOSED

    assert virtual(scenario).changes() == []


def test_a_listener_that_fails_harms_no_call_and_no_other_listener() -> None:
    complaints: list[dict[str, Any]] = []

    def bad(change: BreakerChange) -> None:
        raise RuntimeError("listener")

    async def main() -> Bench:
        asyncio.get_running_loop().set_exception_handler(lambda _, context: complaints.append(context))
        bench = Bench()
        bench.breaker.listen(bad)
        later: list[BreakerChange] = []
        bench.breaker.listen(later.append)
        await bench.fails()
        await asyncio.sleep(60.0)
        assert await bench.call(9) == 9
        await asyncio.sleep(0)
        assert later == bench.heard
        return bench

    bench = run_virtual(main())
    assert [change.name for change in bench.heard] == ["test"] * 3
    assert [change.why for change in bench.heard][1:] == ["60 s have passed: one call probes", "the probe was answered"]
    assert len(complaints) == 3


def test_no_wall_clock_decides_anything(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "time", lambda: 9e12)

    async def scenario(bench: Bench) -> None:
        await bench.fails()
        assert isinstance(await bench.call(), BreakerOpen)
        monkeypatch.setattr(time, "time", lambda: 0.0)
        await asyncio.sleep(60.0)
        assert await bench.call(1) == 1

    virtual(scenario)


@pytest.mark.parametrize("wrong", [{"threshold": 0}, {"recovery": 0.0}])
def test_settings_that_make_no_sense_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="a breaker opens after"):
        virtual(lambda bench: bench.breaker.reset(), **wrong)


class Storm:
    """Calls of any kind at once, and what was seen of them."""

    ENDS: Final = {"fail": Transient("x"), "answer": Refused("x"), "bug": KeyError("x")}

    def __init__(self, bench: Bench) -> None:
        self.bench, self.out, self.most, self.sent = bench, 0, 0, 0
        self.refused_essentials = 0

    async def attempt(self, kind: str, takes: float, essential: bool) -> None:
        probing = self.bench.breaker.state is HALF and not essential
        self.sent += essential
        self.out += probing
        self.most = max(self.most, self.out)
        try:
            await asyncio.sleep(takes)
            if kind in self.ENDS:
                raise self.ENDS[kind]
        finally:
            self.out -= probing

    async def call(self, kind: str, takes: float, essential: bool) -> None:
        try:
            async with asyncio.timeout(takes / 2 if kind == "cancel" else None):
                await self.bench.breaker.call(lambda: self.attempt(kind, takes, essential), essential=essential)
        except BreakerOpen:
            self.refused_essentials += essential
        except (Transient, Refused, KeyError, TimeoutError):
            return

    async def run(self, steps: list[Step]) -> None:
        breaker, tasks = self.bench.breaker, []
        for kind, takes, essential in steps:
            if kind == "reset":
                await breaker.reset()
            elif kind == "force":
                await breaker.force_open()
            else:
                tasks.append(asyncio.create_task(self.call(kind, takes, essential)))
            await asyncio.sleep(takes / 3)
        await asyncio.gather(*tasks)
        if breaker.state is FORCED:
            await breaker.reset()


Step = tuple[str, float, bool]
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["fail", "fail", "fail", "answer", "ok", "bug", "cancel", "reset", "force"]),
        st.floats(0.0, 100.0),
        st.booleans(),
    ),
    max_size=40,
)


@settings(deadline=None, max_examples=150)
@given(STEPS)
def test_whatever_happens_at_most_one_probe_is_out_essential_calls_pass_and_it_recovers(steps: list[Step]) -> None:
    storms: list[Storm] = []

    async def scenario(bench: Bench) -> None:
        storms.append(Storm(bench))
        await storms[0].run(steps)
        await asyncio.sleep(60.0)
        assert await bench.call(5) == 5
        assert bench.breaker.state is CLOSED

    bench, storm = virtual(scenario), storms[0]
    assert storm.most <= 1
    assert storm.refused_essentials == 0
    assert storm.sent == sum(essential and kind not in {"reset", "force"} for kind, _, essential in steps)
    for earlier, later in pairwise(bench.heard):
        assert earlier.new is later.old
        assert earlier.at <= later.at
