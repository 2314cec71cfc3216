"""Many ask, one reads; and nobody gets what was read before they asked."""

from __future__ import annotations

import asyncio
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from radtui.core.market import SECOND
from radtui.exchange.shared.gathering import Gathering
from radtui.resilience.clock import LoopClock
from radtui.resilience.failures import Transient
from radtui.resilience.virtual import run_virtual

Asked = st.lists(st.tuples(st.floats(0, 5), st.integers(0, 100)), min_size=1, max_size=12)


@settings(max_examples=60, deadline=None)
@given(Asked, st.floats(0, 2), st.floats(0, 1))
def test_each_gets_a_reading_that_began_after_they_asked_and_goes_back_far_enough(
    asked: list[tuple[float, int]], spacing: float, takes: float
) -> None:
    begun: list[float] = []

    async def life() -> None:
        loop = asyncio.get_running_loop()

        async def read(since: int) -> tuple[float, int]:
            begun.append(loop.time())
            at = loop.time()
            await asyncio.sleep(takes)
            return at, since

        gathering = Gathering(read, LoopClock(loop, SECOND), lambda: spacing)

        async def ask(wait: float, since: int) -> None:
            await asyncio.sleep(wait)
            before = loop.time()
            at, from_there = await gathering.get(since)
            assert at >= before
            assert at - before <= spacing + 1e-6
            assert from_there <= since

        await asyncio.gather(*(ask(*each) for each in asked))

    run_virtual(life())
    assert len(begun) <= len(asked)
    assert all(later - earlier >= spacing - 1e-6 for earlier, later in pairwise(begun))


def test_a_failure_is_told_to_all_who_asked_and_the_next_reading_is_a_new_one() -> None:
    answers = [Transient("away"), None]

    async def life() -> None:
        async def read(_: int) -> str:
            await asyncio.sleep(0.1)
            if (failure := answers.pop(0)) is not None:
                raise failure
            return "there"

        gathering = Gathering(read, LoopClock(asyncio.get_running_loop(), SECOND), lambda: 0.0)
        told = await asyncio.gather(gathering.get(), gathering.get(), return_exceptions=True)
        assert [str(each) for each in told] == ["away", "away"]
        assert await gathering.get() == "there"

    run_virtual(life())


def test_who_gives_up_takes_nothing_from_the_others() -> None:
    async def life() -> None:
        async def read(_: int) -> str:
            await asyncio.sleep(1)
            return "there"

        gathering = Gathering(read, LoopClock(asyncio.get_running_loop(), SECOND), lambda: 0.0)
        other = asyncio.create_task(gathering.get())
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.2):
                await gathering.get()
        assert await other == "there"
        hanging = asyncio.create_task(gathering.get())
        await asyncio.sleep(0.1)
        await gathering.stop()
        with pytest.raises(asyncio.CancelledError):
            await hanging

    run_virtual(life())
