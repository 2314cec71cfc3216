"""A process that dies between two callbacks: nothing inside hears of it, and nothing of it is heard again."""

from __future__ import annotations

import asyncio

import pytest

from radtui.simserver.explore.loop import Crashed, MortalLoop


def test_it_dies_before_the_callback_that_was_named_and_not_a_callback_sooner() -> None:
    for callbacks in range(6):
        loop, ran = MortalLoop(0.0), list[int]()
        for number in range(6):
            loop.call_soon(ran.append, number)
        loop.die_after(callbacks)
        with pytest.raises(Crashed):
            loop.run_forever()
        assert ran == list(range(callbacks))
        loop.bury()


def test_the_earlier_of_two_ends_stands() -> None:
    loop, ran = MortalLoop(0.0), list[int]()
    for number in range(6):
        loop.call_soon(ran.append, number)
    loop.die_after(2)
    loop.die_after(4)
    with pytest.raises(Crashed):
        loop.run_forever()
    assert ran == [0, 1]
    loop.bury()


def test_no_task_is_told_of_the_crash_and_the_funeral_leaves_nothing_behind() -> None:
    loop, heard = MortalLoop(5.0), list[str]()

    async def work() -> None:
        try:
            await asyncio.sleep(1.0)
        except asyncio.CancelledError:
            heard.append("cancelled")
            raise

    async def main() -> None:
        task = asyncio.create_task(work())
        loop.die_after(3)
        await task

    with pytest.raises(Crashed):
        loop.run_until_complete(main())
    assert heard == []
    loop.bury()
    assert loop.is_closed()
    assert not asyncio.all_tasks(loop)


def test_time_begins_where_the_world_stands() -> None:
    loop = MortalLoop(123.5)
    loop.run_until_complete(asyncio.sleep(2.0))
    assert loop.time() == pytest.approx(125.5)
    loop.bury()
