"""The world's time goes on through crashes; a machine's clock follows steps forward, and never goes back."""

from __future__ import annotations

import asyncio

from hypothesis import given
from hypothesis import strategies as st

from radtui.core.market import SECOND
from radtui.simserver.explore.clocks import EPOCH, MachineClock, WorldTime
from radtui.simserver.explore.loop import MortalLoop


def test_the_time_goes_on_where_the_last_loop_left_it() -> None:
    time = WorldTime()
    for _ in range(2):
        loop = MortalLoop(time.seconds)
        time.run_on(loop)
        loop.run_until_complete(_wait(2.0))
        time.stand()
        loop.bury()
        time.skip(SECOND)
    assert time.passed() == 6 * SECOND
    assert time.now() == EPOCH + 6 * SECOND


@given(st.lists(st.tuples(st.integers(-(10**12), 10**12), st.integers(0, 10**12)), max_size=20))
def test_a_machine_never_sees_time_go_back(steps: list[tuple[int, int]]) -> None:
    time = WorldTime()
    clock, last = MachineClock(time, 0), 0
    for step, passes in steps:
        clock.step = step
        time.skip(passes)
        assert clock.now() >= max(last, EPOCH + step + time.passed())
        assert clock.wall() == EPOCH + step + time.passed()
        last = clock.now()
    assert clock.monotonic() == sum(passes for _, passes in steps)


async def _wait(seconds: float) -> None:

    await asyncio.sleep(seconds)
