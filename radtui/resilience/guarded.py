"""One door for calls to an exchange: retry(breaker(limiter(one attempt))), from outside to inside."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import TypeVar

import msgspec

from radtui.resilience.breaker import Breaker, BreakerState
from radtui.resilience.failures import ExchangeFailure, RateLimited
from radtui.resilience.limiter import Lane, Limiter
from radtui.resilience.permit import Permit
from radtui.resilience.retry import RetryPlan

T = TypeVar("T")


class Guard:
    """Guards the calls of one pool. Several may share a breaker.

    Args:
        plan: which failures are tried again, and when. Essential calls wait no longer than its backoff says: where the
            pool is really empty the limiter holds them.
    """

    def __init__(self, breaker: Breaker, limiter: Limiter, plan: RetryPlan | None = None) -> None:
        self.breaker, self.limiter = breaker, limiter
        self.plan = plan or RetryPlan()
        self._hurried = msgspec.structs.replace(self.plan, patient=False)

    async def call(
        self,
        attempt: Callable[[], Awaitable[T]],
        *,
        weight: int,
        lane: Lane = Lane.NORMAL,
        retries: int | None = None,
    ) -> T:
        """Return what `attempt` returns. It is started once for every try, never before its turn.

        Args:
            attempt: one request to the exchange; it may be a lambda that returns a coroutine.
            weight: what one try costs in the pool.
            lane: an essential call passes an open breaker, and may use the reserve; a patient one is refused by an open
                breaker like any other, but neither opens, probes nor closes it.
            retries: tries after the first, where the plan's number is not meant: 0 for placing an order.

        Raises:
            BreakerOpen: nothing was sent.
            ExchangeFailure: the last try's.
            ValueError: the weight never fits.
        """
        try:
            return await self._once(attempt, weight, lane)
        except ExchangeFailure as failure:
            first = failure
        plan = self._hurried if lane is Lane.ESSENTIAL else self.plan
        plan = plan if retries is None else _with(plan, retries)
        return await plan.resume(partial(self._once, attempt, weight, lane), first)

    async def _once(self, attempt: Callable[[], Awaitable[T]], weight: int, lane: Lane) -> T:
        if lane is Lane.PATIENT:
            # Its failures must not keep entries out, nor its answers hide that others fail: it is not counted.
            self.breaker.refuse_unless(self.breaker.state is BreakerState.CLOSED)
            return await self._in_turn(attempt, weight, lane)
        return await self.breaker.call(partial(self._in_turn, attempt, weight, lane), essential=lane is Lane.ESSENTIAL)

    async def _in_turn(self, attempt: Callable[[], Awaitable[T]], weight: int, lane: Lane) -> T:
        permit = self.limiter.take(weight, lane) or await self._wait(weight, lane)
        with permit:
            try:
                return await attempt()
            except RateLimited as refusal:
                self.limiter.blocked(refusal.retry_after)
                raise

    async def _wait(self, weight: int, lane: Lane) -> Permit:
        """Wait for a turn; a normal call whose breaker opened meanwhile sends nothing."""
        before = self.breaker.changes
        permit = await self.limiter.acquire(weight, lane)
        still = lane is Lane.ESSENTIAL or self.breaker.changes == before or self.breaker.state is BreakerState.CLOSED
        try:
            self.breaker.refuse_unless(still)
        except ExchangeFailure:
            self.limiter.give_back(permit)
            raise
        return permit


def _with(plan: RetryPlan, retries: int) -> RetryPlan:
    return msgspec.structs.replace(plan, backoff=msgspec.structs.replace(plan.backoff, retries=retries))
