"""The one door: retry around breaker around limiter around one attempt; whatever ends it, everything is released."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from random import Random
from typing import Any, TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from radtui.core.market import SECOND
from radtui.resilience.backoff import Backoff
from radtui.resilience.breaker import Breaker, BreakerState
from radtui.resilience.clock import LoopClock
from radtui.resilience.failures import Ambiguous, BreakerOpen, ExchangeFailure, RateLimited, Refused, Transient
from radtui.resilience.guarded import Guard
from radtui.resilience.limiter import Lane, Limiter
from radtui.resilience.retry import RetryPlan
from radtui.resilience.virtual import run_virtual
from tests.resilience.server_pool import ServerPool, travels

EPOCH = 1_700_000_000 * SECOND
T = TypeVar("T")


def virtual(scenario: Callable[[Guard], Awaitable[T]], *, retries: int = 5, **settings: Any) -> T:
    async def main() -> T:
        clock = LoopClock(asyncio.get_running_loop(), EPOCH)
        plan = RetryPlan(backoff=Backoff(retries=retries), draw=lambda: 0.0)
        return await scenario(Guard(Breaker("futures", clock), Limiter("futures", clock, **settings), plan))

    return run_virtual(main())


def now() -> float:
    return asyncio.get_running_loop().time()


class Script:
    """An attempt that ends as written, one try after the other, and then returns the number of tries."""

    def __init__(self, *ends: Exception) -> None:
        self.ends = list(ends)
        self.at: list[float] = []

    async def __call__(self) -> int:
        self.at.append(now())
        if self.ends:
            raise self.ends.pop(0)
        return len(self.at)


def test_a_read_is_tried_again_and_each_try_is_charged() -> None:
    async def scenario(guard: Guard) -> None:
        script = Script(Transient("1"), Transient("2"))
        assert await guard.call(script, weight=10) == 3
        assert script.at == [0.0, 1.0, 3.0]
        assert guard.limiter.view().remaining == 1970
        assert guard.breaker.view().failures == 0

    virtual(scenario)


@pytest.mark.parametrize("end", [Transient("x"), Ambiguous("x"), RateLimited("x", retry_after=1.0)])
def test_a_placement_is_sent_once(end: Exception) -> None:
    async def scenario(guard: Guard) -> None:
        script = Script(end)
        with pytest.raises(type(end)) as caught:
            await guard.call(script, weight=2, retries=0)
        assert caught.value is end
        assert script.at == [0.0]

    virtual(scenario)


def test_the_number_of_retries_can_be_given() -> None:
    async def scenario(guard: Guard) -> None:
        script = Script(*[Transient("x")] * 9)
        with pytest.raises(Transient):
            await guard.call(script, weight=2, retries=2)
        assert len(script.at) == 3

    virtual(scenario)


def test_with_the_breaker_open_reads_fail_fast_and_an_essential_call_passes_and_closes_it() -> None:
    async def scenario(guard: Guard) -> None:
        with pytest.raises(BreakerOpen):
            await guard.call(Script(*[Transient("x")] * 6), weight=1)
        at = now()
        assert guard.breaker.state is BreakerState.OPEN
        read = Script()
        with pytest.raises(BreakerOpen):
            await guard.call(read, weight=1)
        assert (read.at, now()) == ([], at)
        cancel = Script(Transient("x"), Transient("x"))
        assert await guard.call(cancel, weight=1, lane=Lane.ESSENTIAL) == 3
        assert cancel.at == [at, at + 1.0, at + 3.0]
        assert guard.breaker.state.value == "closed"
        assert await guard.call(read, weight=1) == 1

    virtual(scenario)


def test_a_patient_call_neither_opens_the_breaker_nor_hides_that_others_fail() -> None:
    async def scenario(guard: Guard) -> None:
        async def patient(*ends: Exception) -> int:
            return await guard.call(Script(*ends), weight=2, lane=Lane.PATIENT, retries=0)

        for _ in range(20):
            with pytest.raises(Transient, match="scan"):
                await patient(Transient("scan"))
        assert (guard.breaker.state, guard.breaker.view().failures) == (BreakerState.CLOSED, 0)
        for _ in range(5):
            with pytest.raises(Transient, match="read"):
                await guard.call(Script(Transient("read")), weight=2, retries=0)
            if guard.breaker.state is BreakerState.CLOSED:
                assert await patient() == 1
        assert guard.breaker.state is BreakerState.OPEN
        await asyncio.sleep(61)
        with pytest.raises(BreakerOpen):
            await patient()  # never the probe
        assert guard.breaker.state is BreakerState.OPEN
        assert await guard.call(Script(), weight=2) == 1
        assert await patient() == 1

    virtual(scenario)


def test_a_refusal_for_too_many_holds_all_others_back_as_long_as_the_exchange_said() -> None:
    async def scenario(guard: Guard) -> None:
        refused = asyncio.create_task(guard.call(Script(RateLimited("x", retry_after=9.0)), weight=1))
        await asyncio.sleep(1.0)
        other, cancel = Script(), Script(RateLimited("x", retry_after=30.0))
        assert await guard.call(cancel, weight=1, lane=Lane.ESSENTIAL) == 2
        assert cancel.at == [1.0, 2.0]
        await guard.call(other, weight=1)
        assert other.at == [31.0]
        assert await refused == 2
        assert guard.breaker.state is BreakerState.CLOSED

    virtual(scenario)


def test_a_call_whose_breaker_opened_while_it_waited_sends_nothing() -> None:
    async def scenario(guard: Guard) -> None:
        with await guard.limiter.acquire(1800):
            guard.limiter.saw(2000, 200, 9_000)
        script, cancel = Script(), Script()
        waiting = asyncio.create_task(guard.call(script, weight=10))
        await asyncio.sleep(1.0)
        for _ in range(5):
            with pytest.raises(Ambiguous):
                await guard.call(Script(Ambiguous("x")), weight=1, lane=Lane.ESSENTIAL)
        assert guard.breaker.state is BreakerState.OPEN
        with pytest.raises(BreakerOpen, match="nothing was sent"):
            await waiting
        assert script.at == []
        assert now() == pytest.approx(9.001)
        assert guard.limiter.view().remaining == 2000 - 5
        assert guard.limiter.view().waiting == 0
        assert await guard.call(cancel, weight=1, lane=Lane.ESSENTIAL) == 1

    virtual(scenario)


def test_a_probe_that_has_to_wait_for_its_turn_is_still_the_probe() -> None:
    async def scenario(guard: Guard) -> None:
        for _ in range(5):
            with pytest.raises(Ambiguous):
                await guard.call(Script(Ambiguous("x")), weight=1)
        await asyncio.sleep(60.0)
        guard.limiter.blocked(5.0)
        assert await guard.call(Script(), weight=1) == 1
        assert now() == 65.0
        assert guard.breaker.state is BreakerState.CLOSED

    virtual(scenario)


def test_a_weight_that_never_fits_is_told_at_once() -> None:
    async def scenario(guard: Guard) -> None:
        with pytest.raises(ValueError, match="never fits"):
            await guard.call(Script(), weight=1801)
        assert guard.breaker.view().failures == 0

    virtual(scenario)


@pytest.mark.parametrize("lane", list(Lane))
def test_a_shutdown_releases_everything_wherever_it_meets_a_call(lane: Lane) -> None:
    async def hang() -> None:
        await asyncio.sleep(3600.0)

    async def down() -> None:
        raise Transient("down")

    async def scenario(guard: Guard) -> None:
        calls = [guard.call(end, weight=400, lane=lane) for end in (hang, hang, down, hang, hang, hang, hang)]
        tasks = [asyncio.create_task(call) for call in calls]
        await asyncio.sleep(0.5)
        assert guard.limiter.view().waiting > 0
        for task in tasks:
            task.cancel()
        results = await asyncio.gather(*tasks, return_exceptions=True)
        assert all(isinstance(result, asyncio.CancelledError) for result in results)
        assert guard.limiter.view().waiting == 0
        assert guard.limiter._timer is None
        assert asyncio.all_tasks() == {asyncio.current_task()}
        await asyncio.sleep(40.0)
        assert guard.limiter.view().remaining == 2000
        assert await guard.call(Script(), weight=1) == 1

    virtual(scenario)


def test_failures_of_a_read_do_not_gather_in_memory() -> None:
    async def scenario(guard: Guard) -> None:
        for _ in range(3000):
            with pytest.raises(Refused):
                await guard.call(Script(Refused("x")), weight=1)
            await asyncio.sleep(1.0)
        assert len(guard.limiter._charges._lingering) <= 31

    virtual(scenario)


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.tuples(st.floats(0.0, 3.0), st.sampled_from(["ok", "down", "no", "gone", "lost"]), st.booleans())),
    st.integers(0, 2**32),
)
def test_any_mix_of_calls_ends_and_leaves_nothing_behind(calls: list[tuple[float, str, bool]], seed: int) -> None:
    async def scenario(guard: Guard) -> None:
        pool = ServerPool(60, 30.0, travels(seed, 1.0), silent=3)
        random = Random(seed)
        sent: dict[int, int] = {}

        async def one(number: int, kind: str, lane: Lane) -> None:
            async def attempt() -> None:
                sent[number] = sent.get(number, 0) + 1
                await pool.request(guard.limiter, 3)
                ends = {"down": Transient("x"), "no": Refused("x"), "gone": Ambiguous("x")}
                if kind in ends and random.random() < 0.8:
                    raise ends[kind]

            async with asyncio.timeout(0.7 if kind == "lost" else None):
                await guard.call(attempt, weight=3, lane=lane)

        tasks = []
        for number, (gap, kind, essential) in enumerate(calls):
            lane = Lane.ESSENTIAL if essential else Lane.NORMAL
            tasks.append(asyncio.create_task(one(number, kind, lane)))
            await asyncio.sleep(gap)
        results = await asyncio.gather(*tasks, return_exceptions=True)
        assert all(result is None or isinstance(result, ExchangeFailure | TimeoutError) for result in results)
        for number, (_, kind, essential) in enumerate(calls):
            assert not (essential and isinstance(results[number], BreakerOpen))
            assert sent.get(number, 0) >= essential * (kind != "lost")
            assert kind not in {"no", "gone"} or sent.get(number, 0) <= 1
        assert pool.refused == 0
        assert guard.limiter.view().waiting == 0
        await asyncio.sleep(100.0)
        assert guard.limiter.view().remaining == 60
        await guard.breaker.call(Script())
        assert guard.breaker.state is BreakerState.CLOSED

    virtual(scenario, limit=60)
