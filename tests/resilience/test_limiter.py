"""The limiter: never more than the server's window holds, first come first served, and nothing before a cancel (E4)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from radtui.core.market import SECOND
from radtui.resilience.clock import LoopClock
from radtui.resilience.failures import RateLimited
from radtui.resilience.limiter import Lane, Limiter
from radtui.resilience.permit import Permit
from radtui.resilience.virtual import run_virtual
from tests.resilience.server_pool import ServerPool, travels

EPOCH = 1_700_000_000 * SECOND
T = TypeVar("T")


def virtual(scenario: Callable[[Limiter], Awaitable[T]], **settings: Any) -> T:
    async def main() -> T:
        return await scenario(Limiter("futures", LoopClock(asyncio.get_running_loop(), EPOCH), **settings))

    return run_virtual(main())


def now() -> float:
    return asyncio.get_running_loop().time()


async def use(
    limiter: Limiter, weight: int, lane: Lane = Lane.NORMAL, header: tuple[int, int, int] | None = None
) -> float:
    """Make a call that is answered at once; return when it was sent."""
    with await limiter.acquire(weight, lane):
        at = now()
        if header:
            limiter.saw(*header)
    return at


def test_the_normal_lane_stops_at_the_reserve_and_the_essential_one_uses_it() -> None:
    async def scenario(limiter: Limiter) -> None:
        assert [await use(limiter, 180) for _ in range(10)] == [0.0] * 10
        assert limiter.take(1) is None
        view = limiter.view()
        assert (view.pool, view.limit, view.remaining, view.reserve, view.reset_at) == ("futures", 2000, 200, 200, None)
        assert await use(limiter, 200, Lane.ESSENTIAL) == 0.0
        assert limiter.take(1, Lane.ESSENTIAL) is None

    virtual(scenario)


def test_without_headers_the_next_call_waits_for_one_window_after_the_answers() -> None:
    async def scenario(limiter: Limiter) -> list[float]:
        return await asyncio.gather(*(use(limiter, 10) for _ in range(201)))

    sent = virtual(scenario, reserve=0.0)
    assert sent[:200] == [0.0] * 200
    assert sent[200] == pytest.approx(30.001)


def test_who_waits_for_calls_that_are_still_out_goes_a_window_after_their_answers() -> None:
    async def scenario(limiter: Limiter) -> None:
        with await limiter.acquire(1800):
            waiting = asyncio.create_task(use(limiter, 1))
            await asyncio.sleep(5.0)
        assert await waiting == pytest.approx(35.001)

    virtual(scenario)


def test_with_headers_it_waits_for_the_reset_that_the_server_told() -> None:
    async def scenario(limiter: Limiter) -> None:
        await use(limiter, 1, header=(2000, 0, 12_000))
        assert limiter.view().reset_at == EPOCH + 12 * SECOND + SECOND // 1000
        assert limiter.view().remaining == 0
        assert await use(limiter, 10, Lane.ESSENTIAL) == pytest.approx(12.001)
        assert await use(limiter, 10) == pytest.approx(12.001)

    virtual(scenario)


def test_an_older_answer_with_more_left_gives_nothing_back() -> None:
    async def scenario(limiter: Limiter) -> None:
        limiter.saw(2000, 100, 20_000)
        limiter.saw(2000, 1900, 20_050)
        assert limiter.view().remaining == 100
        limiter.saw(2000, 40, 19_000)
        assert limiter.view().remaining == 40

    virtual(scenario)


def test_the_limit_follows_the_server_and_the_reserve_with_it() -> None:
    async def scenario(limiter: Limiter) -> None:
        limiter.saw(4000, 4000, 30_000)
        view = limiter.view()
        assert (view.limit, view.remaining, view.reserve) == (4000, 4000, 400)
        assert limiter.take(3600) is not None

    virtual(scenario)


@pytest.mark.parametrize("header", [(0, 0, 1000), (-5, 3, 1000)])
def test_headers_without_a_limit_are_passed_over(header: tuple[int, int, int]) -> None:
    async def scenario(limiter: Limiter) -> None:
        limiter.saw(*header)
        assert limiter.view().remaining == limiter.view().limit == 2000

    virtual(scenario)


def test_headers_out_of_range_are_held_to_what_is_possible() -> None:
    async def scenario(limiter: Limiter) -> None:
        limiter.saw(2000, -7, 10**12)
        assert limiter.view().remaining == 0
        assert await use(limiter, 1) == pytest.approx(30.001)
        limiter.saw(2000, 9999, -4)
        assert await use(limiter, 1) == pytest.approx(30.001)

    virtual(scenario)


@pytest.mark.parametrize(("weight", "lane"), [(1801, Lane.NORMAL), (2001, Lane.ESSENTIAL), (-1, Lane.NORMAL)])
def test_what_can_never_fit_is_an_error_and_not_a_hang(weight: int, lane: Lane) -> None:
    async def scenario(limiter: Limiter) -> None:
        with pytest.raises(ValueError, match=f"a call of weight {weight} never fits into the futures pool"):
            await limiter.acquire(weight, lane)

    virtual(scenario)


def test_a_waiting_call_that_a_lowered_limit_shuts_out_hears_so() -> None:
    async def scenario(limiter: Limiter) -> None:
        permit = limiter.take(1800)
        assert permit is not None
        heavy = asyncio.create_task(limiter.acquire(1000))
        light = asyncio.create_task(use(limiter, 10))
        await asyncio.sleep(1.0)
        with permit:
            limiter.saw(500, 100, 9_000)
        with pytest.raises(ValueError, match="450 is the most"):
            await heavy
        assert await light == pytest.approx(10.001)
        assert limiter.view().waiting == 0

    virtual(scenario)


def test_first_come_first_served_within_a_lane_a_light_call_does_not_overtake() -> None:
    async def scenario(limiter: Limiter) -> None:
        await use(limiter, 1700, header=(2000, 300, 10_000))
        order: list[int] = []

        async def one(weight: int) -> None:
            await use(limiter, weight)
            order.append(weight)

        tasks = [asyncio.create_task(one(weight)) for weight in (900, 5, 800, 3)]
        await asyncio.sleep(1.0)
        assert limiter.view().waiting == 4
        await asyncio.gather(*tasks)
        assert order == [900, 5, 800, 3]
        assert now() == pytest.approx(10.001)

    virtual(scenario)


def test_a_heavy_normal_call_that_waits_holds_no_essential_one_up() -> None:
    async def scenario(limiter: Limiter) -> None:
        await use(limiter, 1700)
        heavy = asyncio.create_task(use(limiter, 1800))
        await asyncio.sleep(1.0)
        assert [await use(limiter, 10, Lane.ESSENTIAL) for _ in range(30)] == [1.0] * 30
        heavy.cancel()

    virtual(scenario)


def test_an_essential_call_that_waits_goes_before_every_normal_one() -> None:
    async def scenario(limiter: Limiter) -> None:
        await use(limiter, 990, Lane.ESSENTIAL, header=(1000, 5, 10_000))
        order: list[str] = []

        async def one(name: str, weight: int, lane: Lane) -> None:
            await use(limiter, weight, lane)
            order.append(name)

        tasks = [
            asyncio.create_task(one("light", 1, Lane.NORMAL)),
            asyncio.create_task(one("cancel", 10, Lane.ESSENTIAL)),
        ]
        await asyncio.gather(*tasks)
        assert order == ["light", "cancel"]
        order.clear()
        await use(limiter, 985, Lane.ESSENTIAL, header=(1000, 4, 30_000))
        tasks = [
            asyncio.create_task(one("cancel", 10, Lane.ESSENTIAL)),
            asyncio.create_task(one("light", 1, Lane.NORMAL)),
        ]
        await asyncio.gather(*tasks)
        assert order == ["cancel", "light"]

    virtual(scenario, limit=1000, reserve=0.0)


def test_a_refusal_holds_the_normal_lane_back_and_lets_the_essential_one_try() -> None:
    async def scenario(limiter: Limiter) -> None:
        limiter.blocked(7.0)
        limiter.blocked(2.0)
        assert await use(limiter, 10, Lane.ESSENTIAL) == 0.0
        assert await use(limiter, 10) == 7.0
        limiter.blocked(-1.0)
        assert await use(limiter, 10) == 7.0

    virtual(scenario)


def test_a_refusal_that_comes_while_calls_wait_is_heeded() -> None:
    async def scenario(limiter: Limiter) -> None:
        await use(limiter, 1, header=(2000, 0, 5_000))
        waiting = asyncio.create_task(use(limiter, 10))
        await asyncio.sleep(1.0)
        limiter.blocked(20.0)
        assert await waiting == 21.0

    virtual(scenario)


def test_cancelled_while_it_waits_a_call_takes_nothing_and_frees_the_line() -> None:
    async def scenario(limiter: Limiter) -> None:
        await use(limiter, 1700)
        heavy = asyncio.create_task(limiter.acquire(500))
        light = asyncio.create_task(use(limiter, 100))
        await asyncio.sleep(3.0)
        assert limiter.view().waiting == 2
        heavy.cancel()
        assert await light == 3.0
        assert limiter.view().waiting == 0
        assert limiter.view().remaining == 200

    virtual(scenario)


def test_cancelled_in_the_moment_of_its_turn_it_gives_the_turn_to_the_next() -> None:
    async def scenario(limiter: Limiter) -> None:
        first = await limiter.acquire(1800)
        second = asyncio.create_task(limiter.acquire(1800))
        third = asyncio.create_task(limiter.acquire(1700))
        await asyncio.sleep(1.0)
        limiter.give_back(first)
        second.cancel()
        permit = await third
        assert second.cancelled()
        assert limiter.view().remaining == 300
        limiter.give_back(permit)
        limiter.give_back(permit)
        assert limiter.view().remaining == 2000

    virtual(scenario)


def test_a_call_that_ends_badly_is_charged_for_its_late_arrival_too() -> None:
    async def scenario(limiter: Limiter) -> None:
        async def silence() -> None:
            with await limiter.acquire(1800):
                await asyncio.sleep(60.0)

        with pytest.raises(TimeoutError):
            await asyncio.wait_for(silence(), 2.0)
        assert await use(limiter, 1) == 37.0

    virtual(scenario)


def test_headers_of_another_pool_do_not_settle_this_ones_permit() -> None:
    async def scenario(limiter: Limiter) -> None:
        other = Limiter("public", LoopClock(asyncio.get_running_loop(), EPOCH))
        with await limiter.acquire(100):
            other.saw(2000, 1990, 5_000)
        assert limiter.view().remaining == 1900
        assert other.view().remaining == 1990
        assert await use(limiter, 1800) == pytest.approx(30.001)

    virtual(scenario)


def test_nothing_is_left_on_the_loop_when_nobody_waits() -> None:
    async def scenario(limiter: Limiter) -> None:
        await use(limiter, 1800)
        waiting = [asyncio.create_task(limiter.acquire(100, lane)) for lane in Lane for _ in range(3)]
        await asyncio.sleep(1.0)
        for task in waiting:
            task.cancel()
        results = await asyncio.gather(*waiting, return_exceptions=True)
        assert sum(isinstance(result, Permit) for result in results) == 2
        assert limiter._timer is None
        assert limiter.view().waiting == 0

    virtual(scenario)


@pytest.mark.parametrize("wrong", [{"limit": 0}, {"window": 0.0}, {"reserve": 1.0}, {"reserve": -0.1}])
def test_settings_that_make_no_sense_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="a pool needs a limit"):
        virtual(lambda limiter: limiter.acquire(1), **wrong)


Call = tuple[float, int, bool, float]
CALLS = st.lists(
    st.tuples(st.floats(0.0, 4.0), st.integers(0, 40), st.booleans(), st.floats(0.0, 20.0)), min_size=1, max_size=120
)


@settings(deadline=None, max_examples=150)
@given(CALLS, st.integers(0, 2**32), st.floats(0.0, 2.0), st.integers(0, 3), st.sampled_from([0.0, 0.1, 0.3]))
def test_no_window_of_the_server_ever_holds_more_than_its_limit(
    calls: list[Call], seed: int, longest: float, silent: int, reserve: float
) -> None:
    """Random calls, gaps, cancellations, silent answers and ways; the server's windows begin when they like."""

    async def scenario(limiter: Limiter) -> None:
        pool = ServerPool(100, 30.0, travels(seed, longest), silent=silent)
        flying: set[asyncio.Task[None]] = set()

        async def one(weight: int, lane: Lane, patience: float) -> None:
            with await limiter.acquire(weight, lane):
                # what is given up here goes on travelling, and arrives
                request = asyncio.create_task(pool.request(limiter, weight))
                flying.add(request)
                await asyncio.wait_for(asyncio.shield(request), patience or None)

        tasks = []
        for gap, weight, essential, patience in calls:
            lane = Lane.ESSENTIAL if essential else Lane.NORMAL
            tasks.append(asyncio.create_task(one(weight, lane, patience)))
            await asyncio.sleep(gap)
        async with asyncio.timeout(3600.0):
            results = await asyncio.gather(*tasks, return_exceptions=True)
            await asyncio.gather(*flying)
        assert all(result is None or isinstance(result, TimeoutError) for result in results)
        assert pool.refused == 0
        assert pool.heaviest <= 100
        assert limiter.view().waiting == 0
        await asyncio.sleep(40.0)
        assert limiter.view().remaining == 100

    virtual(scenario, limit=100, reserve=reserve)


@settings(deadline=None, max_examples=50)
@given(st.integers(0, 2**32), st.floats(0.0, 1.0), st.integers(1, 60))
def test_beside_another_program_on_the_same_key_it_settles_and_essential_calls_get_through(
    seed: int, longest: float, others: int
) -> None:
    async def scenario(limiter: Limiter) -> None:
        pool = ServerPool(200, 30.0, travels(seed, longest), used=others)
        done = refused = 0

        async def one(lane: Lane) -> None:
            nonlocal done, refused
            try:
                with await limiter.acquire(5, lane):
                    await pool.request(limiter, 5)
                done += 1
            except RateLimited:
                refused += 1

        async def rival() -> None:
            while True:
                await asyncio.sleep(30.0 / others)
                pool.count(1)

        theirs = asyncio.create_task(rival())
        tasks = [asyncio.create_task(one(Lane.NORMAL)) for _ in range(100)]
        for _ in range(10):
            began = now()
            await one(Lane.ESSENTIAL)
            assert now() - began <= 31.0 + 2 * longest
            await asyncio.sleep(5.0)
        await asyncio.gather(*tasks)
        theirs.cancel()
        assert done + refused == 110
        assert refused <= others // 5 + 2
        assert limiter.view().waiting == 0

    virtual(scenario, limit=200)


def test_the_patient_lane_leaves_a_tenth_of_what_the_others_share_and_goes_after_them() -> None:
    async def scenario(limiter: Limiter) -> list[str]:
        assert [await use(limiter, 162, Lane.PATIENT) for _ in range(10)] == [0.0] * 10
        assert limiter.take(1, Lane.PATIENT) is None
        assert await use(limiter, 180) == 0.0
        assert await use(limiter, 200, Lane.ESSENTIAL) == 0.0
        order = list[str]()

        async def take(lane: Lane) -> None:
            await use(limiter, 900, lane)
            order.append(lane.value)

        async with asyncio.TaskGroup() as tasks:
            for lane in (Lane.PATIENT, Lane.NORMAL):
                tasks.create_task(take(lane))
                await asyncio.sleep(0)
        return order

    assert virtual(scenario) == ["normal", "patient"]


def test_nothing_that_waits_patiently_holds_up_a_call_that_fits() -> None:
    async def scenario(limiter: Limiter) -> tuple[float, float]:
        await use(limiter, 1620, Lane.PATIENT)
        waiting = asyncio.create_task(use(limiter, 3, Lane.PATIENT))
        await asyncio.sleep(0)
        assert limiter.view().waiting == 1
        normal, essential = await use(limiter, 3), await use(limiter, 1, Lane.ESSENTIAL)
        assert await waiting >= 30
        return normal, essential

    assert virtual(scenario) == (0.0, 0.0)


def test_the_patient_lane_follows_the_limit_that_the_exchange_tells() -> None:
    async def scenario(limiter: Limiter) -> None:
        await use(limiter, 1, header=(400, 399, 1000))
        with pytest.raises(ValueError, match="324 is the most for its lane"):
            limiter.take(325, Lane.PATIENT)

    virtual(scenario)
