"""Trying again after a failure that a repeat can mend (row E2), with the waits of `Backoff` (row E1).

The first try runs bare; tenacity is entered only once it has failed, so that a success costs nothing. Placing an order
is never retried here: after an ambiguous answer it is looked up first.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from functools import wraps
from inspect import iscoroutinefunction
from random import uniform
from typing import Any, ParamSpec, Protocol, TypeVar, cast, overload

import msgspec

from radtui.resilience.backoff import Backoff
from radtui.resilience.failures import BreakerOpen, RateLimited, Transient

T = TypeVar("T")
P = ParamSpec("P")

OnRetry = Callable[[Exception, int], None]
"""Told of the failure and of the number of the try that failed, counted from 1, before the wait."""


class Interrupt(Protocol):
    """What ends a wait early, such as an `asyncio.Event` set by a shutdown."""

    def is_set(self) -> bool:
        """Return whether no further try is wanted."""
        ...

    async def wait(self) -> Any:
        """Return once no further try is wanted."""
        ...


def full_draw() -> float:
    """Return a random number in [-1, 1], for the jitter."""
    return uniform(-1.0, 1.0)


class RetryPlan(msgspec.Struct, frozen=True, kw_only=True):
    """When to try again, and how long to wait before.

    Attributes:
        backoff: the waits, and how many retries follow the first try.
        exceptions: what is tried again; an open breaker only where it is named itself.
        on_retry: told before each wait.
        draw: returns a number in [-1, 1] for the jitter.
        interrupt: once set, a wait ends and the last failure is raised at once.
        patient: wait as long as the exchange says; otherwise never longer than the backoff.
    """

    backoff: Backoff = Backoff()
    exceptions: tuple[type[Exception], ...] = (Transient,)
    on_retry: OnRetry | None = None
    draw: Callable[[], float] = full_draw
    interrupt: Interrupt | None = None
    patient: bool = True

    def retries(self, error: BaseException) -> bool:
        """Return whether a try that ended with `error` is followed by another, if one is left."""
        if isinstance(error, BreakerOpen) and BreakerOpen not in self.exceptions:
            return False
        return isinstance(error, self.exceptions)

    def wait(self, error: BaseException | None, attempt: int) -> float:
        """Return the seconds to wait after failed try number `attempt`, counted from 0.

        Where the exchange said how long, that is how long, and the jitter only adds to it.
        """
        draw = self.draw()
        ours = self.backoff.wait(attempt, draw)
        if not isinstance(error, RateLimited):
            return ours
        told = max(error.retry_after, self.backoff.floor) + abs(draw) * self.backoff.jitter * self.backoff.base
        return told if self.patient else min(told, ours)

    async def run(self, attempt: Callable[[], Awaitable[T]]) -> T:
        """Return what `attempt` returns, trying again as planned; the last failure is raised as it came.

        `attempt` may be a lambda that returns a coroutine: it is awaited.
        """
        try:
            return await attempt()
        except self.exceptions as failure:
            first = failure
        return await self.resume(attempt, first)

    async def resume(self, attempt: Callable[[], Awaitable[T]], failure: Exception) -> T:
        """Go on after a first try that ended with `failure`.

        Raises:
            Exception: `failure` itself where it is not to be tried again, or the last one.
        """
        if self.backoff.retries <= 0 or not self.retries(failure) or self._interrupted():
            raise failure
        return await self._tried_again(attempt, failure)

    async def _tried_again(self, attempt: Callable[[], Awaitable[T]], failure: Exception) -> T:
        from tenacity import AsyncRetrying, retry_if_exception

        last, begun = failure, False

        async def one() -> T:  # a real coroutine function: tenacity would hand a lambda's coroutine back unawaited
            nonlocal last, begun
            if not begun or self._interrupted():
                begun = True
                raise last
            try:
                return await attempt()
            except Exception as error:
                last = error
                raise

        return await AsyncRetrying(
            stop=lambda state: state.attempt_number > self.backoff.retries or self._interrupted(),
            wait=lambda state: self.wait(last, state.attempt_number - 1),
            retry=retry_if_exception(self.retries),
            before_sleep=lambda state: self._tell(last, state.attempt_number),
            sleep=self._sleep,
            reraise=True,
        )(one)

    def _tell(self, error: Exception, attempt: int) -> None:
        if self.on_retry is not None:
            self.on_retry(error, attempt)

    async def _sleep(self, seconds: float) -> None:
        if self.interrupt is None:
            await asyncio.sleep(seconds)
            return
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self.interrupt.wait()

    def _interrupted(self) -> bool:
        return self.interrupt is not None and self.interrupt.is_set()


class Decorator(Protocol):
    """What `retry_with_backoff(...)` returns: it wraps any coroutine function and keeps its signature."""

    def __call__(self, function: Callable[P, Awaitable[T]], /) -> Callable[P, Coroutine[Any, Any, T]]: ...


@overload
def retry_with_backoff(function: Callable[P, Awaitable[T]], /) -> Callable[P, Coroutine[Any, Any, T]]: ...


@overload
def retry_with_backoff(
    *,
    max_retries: int = 5,
    base_delay: float = 1.0,
    max_delay: float = 60.0,
    exceptions: tuple[type[Exception], ...] = (Transient,),
    on_retry: OnRetry | None = None,
    draw: Callable[[], float] = full_draw,
    interrupt: Interrupt | None = None,
) -> Decorator: ...


def retry_with_backoff(
    function: Callable[P, Awaitable[T]] | None = None,
    /,
    *,
    max_retries: int = 5,
    base_delay: float = 1.0,
    max_delay: float = 60.0,
    exceptions: tuple[type[Exception], ...] = (Transient,),
    on_retry: OnRetry | None = None,
    draw: Callable[[], float] = full_draw,
    interrupt: Interrupt | None = None,
) -> Callable[P, Coroutine[Any, Any, T]] | Decorator:
    """Decorate a coroutine function so that it is tried again (row E2); bare, or with arguments.

    A single call goes by `await retry_with_backoff(max_retries=3)(function)(…)` or by `RetryPlan.run`.

    Args:
        function: what to decorate, where there are no other arguments.
        max_retries: tries after the first.
        base_delay, max_delay: seconds of the shortest and of the longest wait, before the jitter.
        exceptions, on_retry, draw, interrupt: those of `RetryPlan`.

    Raises:
        TypeError: what is decorated is not a coroutine function.
    """
    backoff = Backoff(base=base_delay, maximum=max_delay, retries=max_retries)
    plan = RetryPlan(backoff=backoff, exceptions=exceptions, on_retry=on_retry, draw=draw, interrupt=interrupt)

    def decorate(wrapped: Callable[P, Awaitable[T]], /) -> Callable[P, Coroutine[Any, Any, T]]:
        if not iscoroutinefunction(wrapped):
            raise TypeError(f"only an async function can be retried here, not {wrapped!r}")

        @wraps(wrapped)
        async def retried(*args: P.args, **kwargs: P.kwargs) -> T:
            return await plan.run(lambda: wrapped(*args, **kwargs))

        return retried

    return cast("Decorator", decorate) if function is None else decorate(function)
