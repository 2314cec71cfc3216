"""What a hostile exchange or a busy line must not be able to do to the calls that are essential."""

from __future__ import annotations

import asyncio

import pytest

from radtui.resilience.breaker import Breaker
from radtui.resilience.clock import LoopClock
from radtui.resilience.failures import Refused, Transient
from radtui.resilience.guarded import Guard
from radtui.resilience.limiter import Lane, Limiter
from radtui.resilience.virtual import run_virtual


def test_a_probe_that_is_cancelled_leaves_the_way_free_for_the_next() -> None:
    async def main() -> None:
        clock = LoopClock(asyncio.get_running_loop(), 0)
        breaker = Breaker("b", clock, threshold=1, recovery=1.0)

        async def broken() -> None:
            raise Transient("down")

        with pytest.raises(Transient):
            await breaker.call(broken)
        await asyncio.sleep(1.0)
        probe = asyncio.create_task(breaker.call(lambda: asyncio.sleep(100)))
        await asyncio.sleep(0.1)
        probe.cancel()
        await asyncio.gather(probe, return_exceptions=True)
        assert await breaker.call(lambda: asyncio.sleep(0, "answered")) == "answered"

    run_virtual(main())


def test_an_essential_call_passes_while_a_probe_hangs() -> None:
    async def main() -> None:
        loop = asyncio.get_running_loop()
        breaker = Breaker("b", LoopClock(loop, 0), threshold=1, recovery=1.0)
        guard = Guard(breaker, Limiter("p", LoopClock(loop, 0)))

        async def broken() -> None:
            raise Transient("down")

        with pytest.raises(Transient):
            await guard.call(broken, weight=1, retries=0)
        await asyncio.sleep(1.0)
        probe = asyncio.create_task(guard.call(lambda: asyncio.sleep(100), weight=1))
        await asyncio.sleep(0.1)
        began = loop.time()
        assert await guard.call(lambda: asyncio.sleep(0, "gone"), weight=1, lane=Lane.ESSENTIAL) == "gone"
        assert loop.time() - began < 0.001
        probe.cancel()
        await asyncio.gather(probe, return_exceptions=True)

    run_virtual(main())


def test_a_refusal_reaches_its_caller_once_and_as_it_was() -> None:
    async def main() -> None:
        loop, tries = asyncio.get_running_loop(), 0
        guard = Guard(Breaker("b", LoopClock(loop, 0)), Limiter("p", LoopClock(loop, 0)))
        refusal = Refused("no")

        async def refused() -> None:
            nonlocal tries
            tries += 1
            raise refusal

        with pytest.raises(Refused) as caught:
            await guard.call(refused, weight=1)
        assert (caught.value, tries) == (refusal, 1)

    run_virtual(main())
