"""Whether a loop turns, on a clock that nobody waits for."""

from __future__ import annotations

import asyncio

from radtui.engine.turning import HANGS_AFTER, Turning
from radtui.resilience.virtual import run_virtual


def test_a_loop_that_turns_is_heard_and_one_that_stands_still_counts_up() -> None:
    at = 100.0

    async def life() -> None:
        nonlocal at
        turning = Turning(lambda: at)
        assert (turning.still, turning.hangs) == (0.0, 0)  # nothing is followed
        turning.start(asyncio.get_running_loop())
        at += HANGS_AFTER - 0.1
        assert turning.still > 9
        assert turning.hangs == 0
        at += 33.6
        assert turning.hangs == 43
        await asyncio.sleep(1)
        assert turning.hangs == 0
        at += 60
        turning.stop()
        assert (turning.still, turning.hangs) == (0.0, 0)

    run_virtual(life())


async def test_it_follows_only_the_latest_loop() -> None:
    at = 0.0
    turning = Turning(lambda: at)
    loop = asyncio.get_running_loop()
    turning.start(loop)
    turning.start(loop)
    turning.stop()
    at += 60
    assert turning.still == 0.0
