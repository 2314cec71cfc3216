"""Futures are settled in their own loops, and nobody is harmed where a loop or its waiter is gone."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable

import pytest

from radtui.store.port import JournalFailed
from radtui.store.promises import settle


def noting(number: int, order: list[int]) -> Callable[[asyncio.Future[None]], None]:
    return lambda _: order.append(number)


async def test_futures_are_settled_from_another_thread_in_their_order() -> None:
    loop = asyncio.get_running_loop()
    futures = [loop.create_future() for _ in range(5)]
    order: list[int] = []
    for number, future in enumerate(futures):
        future.add_done_callback(noting(number, order))
    threading.Thread(target=settle, args=(futures,)).start()
    await asyncio.gather(*futures)
    assert order == [0, 1, 2, 3, 4]


async def test_a_failure_reaches_who_waits_and_spares_who_left() -> None:
    loop = asyncio.get_running_loop()
    waiting, left = loop.create_future(), loop.create_future()
    left.cancel()
    settle([left, waiting], JournalFailed("disk full"))
    with pytest.raises(JournalFailed, match="disk full"):
        await waiting
    assert left.cancelled()


async def test_a_failure_that_nobody_asks_for_is_not_reported() -> None:
    loop = asyncio.get_running_loop()
    reported: list[object] = []
    loop.set_exception_handler(lambda _, context: reported.append(context))
    future = loop.create_future()
    settle([future], JournalFailed("disk full"))
    await asyncio.sleep(0)
    assert future.done()
    del future
    await asyncio.sleep(0)
    assert reported == []


def test_a_closed_loop_does_not_keep_others_from_their_answer() -> None:
    gone, here = asyncio.new_event_loop(), asyncio.new_event_loop()
    first, second = gone.create_future(), here.create_future()
    gone.close()
    settle([first, second])
    here.run_until_complete(second)
    here.close()
    assert (first.done(), second.done()) == (False, True)
