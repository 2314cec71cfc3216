"""Trying again: only what a repeat can mend, as often and after such waits as planned (rows E1, E2)."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radtui.resilience.backoff import Backoff
from radtui.resilience.failures import (
    Ambiguous,
    BadCredentials,
    BreakerOpen,
    ClockSkew,
    ExchangeFailure,
    Maintenance,
    RateLimited,
    Refused,
    Transient,
    Unknown,
)
from radtui.resilience.retry import RetryPlan, full_draw, retry_with_backoff
from radtui.resilience.virtual import run_virtual

DOWN = Transient("down")


class Script:
    """An attempt that ends as written, one try after the other, and then returns the number of tries."""

    def __init__(self, *ends: Exception) -> None:
        self.ends = list(ends)
        self.at: list[float] = []

    async def __call__(self) -> int:
        self.at.append(asyncio.get_running_loop().time())
        await asyncio.sleep(0)
        if self.ends:
            raise self.ends.pop(0)
        return len(self.at)


def plan(retries: int = 5, **changes: object) -> RetryPlan:
    return RetryPlan(backoff=Backoff(retries=retries), draw=lambda: 0.0, **changes)  # type: ignore[arg-type]


def run(script: Script, how: RetryPlan) -> tuple[object, list[float]]:
    async def main() -> object:
        try:
            return await how.run(script)
        except Exception as error:
            return error

    return run_virtual(main()), script.at


@given(st.integers(0, 8), st.integers(0, 8))
def test_the_last_failure_comes_out_after_the_first_try_and_n_more(failing: int, retries: int) -> None:
    failures = [Transient(str(number)) for number in range(failing)]
    result, at = run(Script(*failures), plan(retries))
    assert len(at) == min(failing, retries) + 1
    assert result == (failing + 1 if failing <= retries else failures[retries])


def test_the_waits_are_those_of_the_backoff() -> None:
    assert run(Script(*[DOWN] * 5), plan()) == (6, [0.0, 1.0, 3.0, 7.0, 15.0, 31.0])


@pytest.mark.parametrize("failure", [DOWN, ClockSkew("x"), Maintenance("x")])
def test_what_did_not_happen_and_may_work_is_tried_again(failure: ExchangeFailure) -> None:
    assert run(Script(failure), plan())[0] == 2


@pytest.mark.parametrize(
    "failure",
    [Ambiguous("x"), Refused("x"), Unknown("x"), BadCredentials("x"), BreakerOpen("x", again_in=60), ValueError("x")],
)
def test_anything_else_is_raised_at_once(failure: Exception) -> None:
    assert run(Script(failure), plan()) == (failure, [0.0])
    assert run(Script(DOWN, failure), plan()) == (failure, [0.0, 1.0])


def test_what_is_retried_can_be_chosen_even_an_open_breaker() -> None:
    assert run(Script(ValueError()), plan(exceptions=(ValueError,)))[0] == 2
    assert run(Script(BreakerOpen("x", again_in=1)), plan(exceptions=(BreakerOpen,)))[0] == 2
    assert run(Script(DOWN), plan(exceptions=(ValueError,)))[0] is DOWN


def test_the_exchange_says_how_long_to_wait() -> None:
    assert run(Script(RateLimited("x", retry_after=75.0)), plan())[1] == [0.0, 75.0]
    assert run(Script(RateLimited("x", retry_after=-3.0)), plan())[1] == [0.0, 0.1]
    assert run(Script(RateLimited("x", retry_after=75.0)), plan(patient=False))[1] == [0.0, 1.0]
    assert run(Script(RateLimited("x", retry_after=0.2)), plan(patient=False))[1] == [0.0, 0.2]


@given(st.floats(-1.0, 1.0), st.floats(0.0, 100.0))
def test_the_jitter_never_asks_the_exchange_too_early(draw: float, retry_after: float) -> None:
    how = RetryPlan(draw=lambda: draw)
    assert how.wait(RateLimited("x", retry_after=retry_after), 0) >= retry_after
    assert how.wait(DOWN, 0) == Backoff().wait(0, draw)


def test_the_draw_of_its_own_is_a_jitter() -> None:
    draws = [full_draw() for _ in range(200)]
    assert min(draws) < 0 < max(draws)
    assert all(-1 <= draw <= 1 for draw in draws)


def test_each_retry_is_told_before_its_wait() -> None:
    told: list[tuple[Exception, int]] = []
    first, second = Transient("1"), Transient("2")
    run(Script(first, second), plan(2, on_retry=lambda error, attempt: told.append((error, attempt))))
    assert told == [(first, 1), (second, 2)]
    run(Script(DOWN), plan(0, on_retry=lambda error, attempt: told.append((error, attempt))))
    assert len(told) == 2


def test_a_cancellation_ends_the_wait_at_once() -> None:
    script = Script(*[DOWN] * 5)

    async def main() -> float:
        task = asyncio.create_task(plan().run(script))
        await asyncio.sleep(5.0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        return asyncio.get_running_loop().time()

    assert run_virtual(main()) == 5.0
    assert script.at == [0.0, 1.0, 3.0]


def test_a_cancelled_attempt_is_not_tried_again() -> None:
    tries = 0

    async def hang() -> None:
        nonlocal tries
        tries += 1
        if tries == 1:
            raise DOWN
        await asyncio.sleep(3600)

    async def main() -> None:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(10.0):
                await plan().run(hang)

    run_virtual(main())
    assert tries == 2


def test_a_shutdown_ends_the_wait_with_the_last_failure_and_no_further_try() -> None:
    async def main() -> tuple[Exception, float]:
        stop = asyncio.Event()
        asyncio.get_running_loop().call_later(4.5, stop.set)
        try:
            await plan(interrupt=stop, on_retry=lambda _, attempt: told.append(attempt)).run(script)
        except Transient as failure:
            return failure, asyncio.get_running_loop().time()
        raise AssertionError("it went on")

    failures = [Transient(str(number)) for number in range(6)]
    script = Script(*failures)
    told: list[int] = []
    assert run_virtual(main()) == (failures[2], 4.5)
    assert told == [1, 2, 3]
    assert script.at == [0.0, 1.0, 3.0]


def test_a_wait_that_nothing_interrupts_is_waited_out() -> None:
    async def main() -> int:
        return await plan(interrupt=asyncio.Event()).run(Script(DOWN))

    assert run_virtual(main()) == 2


def test_after_a_shutdown_nothing_is_tried_again() -> None:
    async def main() -> None:
        stop = asyncio.Event()
        stop.set()
        with pytest.raises(Transient):
            await plan(interrupt=stop).run(script)

    script = Script(DOWN)
    run_virtual(main())
    assert script.at == [0.0]


def test_a_lambda_that_returns_a_coroutine_is_awaited_in_every_try() -> None:
    async def fetch(script: Script) -> int:
        return await script()

    script = Script(DOWN, DOWN)
    assert run_virtual(plan().run(lambda: fetch(script))) == 3


def test_what_is_no_awaitable_is_refused() -> None:
    with pytest.raises(TypeError):
        run_virtual(plan().run(lambda: 3))  # type: ignore[arg-type, return-value]


def test_decorated_bare_and_with_arguments() -> None:
    calls: list[tuple[int, str]] = []

    @retry_with_backoff(max_retries=2, base_delay=2.0, max_delay=3.0, draw=lambda: 0.0)
    async def fetch(number: int, *, name: str) -> str:
        """Fetch it."""
        calls.append((number, name))
        if len(calls) < 3:
            raise DOWN
        return f"{number}{name}"

    @retry_with_backoff
    async def plain(number: int) -> int:
        return number

    async def main() -> tuple[str, float]:
        return await fetch(1, name="a"), asyncio.get_running_loop().time()

    assert run_virtual(main()) == ("1a", 5.0)
    assert (fetch.__name__, fetch.__doc__) == ("fetch", "Fetch it.")
    assert calls == [(1, "a")] * 3
    assert run_virtual(plain(7)) == 7


def test_only_an_async_function_can_be_decorated() -> None:
    async def fetch(number: int) -> int:
        return number

    for wrong in (lambda: fetch(1), len):
        with pytest.raises(TypeError, match="only an async function"):
            retry_with_backoff(wrong)  # type: ignore[arg-type]


def test_one_plan_serves_many_calls_at_once() -> None:
    scripts = [Script(*[Transient("x")] * failing) for failing in range(6)]
    shared = plan()

    async def main() -> list[int]:
        return await asyncio.gather(*(shared.run(script) for script in scripts))

    assert run_virtual(main()) == [1, 2, 3, 4, 5, 6]


def test_a_success_never_enters_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "tenacity", None)
    calls: list[Callable[[], Awaitable[int]]] = [Script()]
    assert run_virtual(plan().run(calls[0])) == 1
    with pytest.raises(ImportError):
        run_virtual(plan().run(Script(DOWN)))
