import asyncio
import signal
import socket
from time import monotonic, process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from radtui.resilience.clock import LoopClock
from radtui.resilience.virtual import Deadlock, run_virtual

DAY = 86_400.0


async def waken(order: list[int], number: int, delay: float) -> None:
    await asyncio.sleep(delay)
    order.append(number)


async def wake_up(delays: list[float]) -> tuple[list[int], float]:
    order: list[int] = []
    await asyncio.gather(*(waken(order, number, delay) for number, delay in enumerate(delays)))
    return order, asyncio.get_running_loop().time()


@settings(deadline=None, max_examples=50)
@given(st.lists(st.integers(0, 8).map(float), min_size=1, max_size=20))
def test_sleepers_wake_by_their_time_and_in_the_same_order_every_time(delays: list[float]) -> None:
    order, now = run_virtual(wake_up(delays))
    woken = [delays[number] for number in order]
    assert woken == sorted(delays)
    assert now == max(delays)
    assert run_virtual(wake_up(delays)) == (order, now)


def test_a_day_passes_at_once() -> None:
    began = monotonic()
    assert run_virtual(wake_up([DAY, 400 * DAY])) == ([0, 1], 400 * DAY)
    assert monotonic() - began < 5.0


def test_time_begins_where_it_is_told() -> None:
    assert run_virtual(wake_up([1.5]), start=1e9) == ([0], 1e9 + 1.5)


def test_a_timeout_fires_after_its_time() -> None:
    async def main() -> float:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(3600):
                await asyncio.Event().wait()
        return asyncio.get_running_loop().time()

    assert run_virtual(main()) == 3600.0


def test_ready_work_goes_before_time_passes() -> None:
    async def main() -> tuple[list[str], float]:
        loop, said = asyncio.get_running_loop(), ["now"]
        loop.call_later(1.0, said.append, "later")
        for _ in range(100):
            await asyncio.sleep(0)
        return said, loop.time()

    assert run_virtual(main()) == (["now"], 0.0)


def test_a_clock_of_the_loop_counts_every_nanosecond() -> None:
    async def main() -> list[int]:
        clock = LoopClock(asyncio.get_running_loop(), epoch=10)
        seen = []
        for _ in range(3):
            await asyncio.sleep(0.1)
            seen.append(clock.now())
        return seen

    assert run_virtual(main(), start=1e6) == [100_000_010, 200_000_010, 300_000_010]


def test_waiting_for_nothing_is_a_deadlock_and_not_a_hang() -> None:
    async def main() -> None:
        await asyncio.Event().wait()

    with pytest.raises(Deadlock, match="nothing is scheduled"):
        run_virtual(main())


def test_what_is_left_behind_is_cancelled() -> None:
    ended = []

    async def forever() -> None:
        try:
            await asyncio.sleep(DAY)
        finally:
            ended.append(asyncio.get_running_loop().time())

    async def main() -> asyncio.Task[None]:
        task = asyncio.create_task(forever())
        await asyncio.sleep(1)
        return task

    assert run_virtual(main()).cancelled()
    assert ended == [1.0]


def test_real_sockets_are_heard_before_time_passes() -> None:
    async def main() -> tuple[bytes, float]:
        loop = asyncio.get_running_loop()
        near, far = socket.socketpair()
        with near, far:
            near.setblocking(False)
            far.setblocking(False)
            heard = asyncio.create_task(loop.sock_recv(near, 100))
            await asyncio.sleep(1)
            await loop.sock_sendall(far, b"news")
            return await heard, loop.time()

    assert run_virtual(main()) == (b"news", 1.0)


def test_a_signal_is_heard() -> None:
    async def main() -> None:
        heard = asyncio.Event()
        asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, heard.set)
        signal.raise_signal(signal.SIGUSR1)
        while not heard.is_set():  # noqa: ASYNC110 - a loop that is busy with timers must not keep the signal out
            await asyncio.sleep(0.1)

    run_virtual(main())


def test_a_wake_up_costs_little() -> None:
    async def main() -> None:
        for _ in range(5_000):
            await asyncio.sleep(1)

    began = process_time()
    run_virtual(main())
    assert (process_time() - began) / 5_000 < 100e-6
