"""Work that may never come back: done in order beside the loop, and nobody waits for it at the end."""

from __future__ import annotations

import asyncio
from functools import partial
from threading import Event, current_thread, main_thread
from typing import Any

from radtui.engine.apart import Apart, Inline


def test_inline_it_is_done_at_once() -> None:
    said: list[int] = []
    inline = Inline()
    inline.do(lambda: 7, said.append)
    inline.close()
    assert (said, inline.apart) == ([7], False)


async def test_apart_it_is_done_in_order_in_another_thread_and_told_on_the_loops_own() -> None:
    apart, done = Apart("strategies"), asyncio.Event()
    said: list[tuple[int, str, bool]] = []

    def hear(told: tuple[int, str]) -> None:
        said.append((*told, current_thread() is main_thread()))
        if len(said) == 20:
            done.set()

    for number in range(20):
        apart.do(partial(lambda number: (number, current_thread().name), number), hear)
    await asyncio.wait_for(done.wait(), 5)
    apart.close()
    assert said == [(number, "strategies", True) for number in range(20)]


def test_a_loop_that_has_ended_is_told_nothing_and_the_thread_ends() -> None:
    go, begun = Event(), Event()
    threads: list[Any] = []

    def work() -> None:
        threads.append(current_thread())
        begun.set()
        assert go.wait(5)

    async def life() -> None:
        apart = Apart("strategies")
        apart.do(work, lambda _: None)
        apart.do(lambda: threads.append(None), lambda _: None)
        assert await asyncio.to_thread(begun.wait, 5)

    asyncio.run(life())
    go.set()
    threads[0].join(5)
    assert not threads[0].is_alive()
    assert len(threads) == 1  # what was still to be done is not
    assert threads[0].daemon
