"""The circuit breaker (row E3): after failures in a row, reads and entries fail fast until one probe is answered.

A port over fluxgate, which counts and changes state. Ours on top: the injected clock, one probe at a time while others
fail fast, listeners that no cancellation can skip, and essential calls (cancels, closes, read-backs), which always
pass. It is about transport only: any answer of the exchange, a refusal too, shows that the way is open. Limits on
losses and risk are the gates' business.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from enum import StrEnum
from typing import Final, TypeVar

import msgspec
from fluxgate import AsyncCircuitBreaker
from fluxgate.permits import All
from fluxgate.trackers import Custom

from radtui.core.market import SECOND
from radtui.resilience.breaker_parts import Answered, Hook, Recovered, Streak
from radtui.resilience.clock import Clock
from radtui.resilience.failures import Ambiguous, BreakerOpen, ClockSkew, ExchangeFailure, RateLimited, Transient

T = TypeVar("T")


class BreakerState(StrEnum):
    """Where a breaker stands."""

    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half-open"
    FORCED_OPEN = "forced open"


class BreakerChange(msgspec.Struct, frozen=True, kw_only=True):
    """One change of state.

    Attributes:
        name: the breaker's.
        at: wall clock, nanoseconds UTC.
        why: one line for people.
    """

    name: str
    old: BreakerState
    new: BreakerState
    at: int
    why: str


class BreakerView(msgspec.Struct, frozen=True, kw_only=True):
    """A breaker for the screen.

    Attributes:
        failures: in a row, while closed.
        opens_again_at: when a probe is let through, wall clock in nanoseconds UTC; None where none is awaited.
        why: of the last change; empty before any.
    """

    name: str
    state: BreakerState
    failures: int
    threshold: int
    opens_again_at: int | None
    why: str


_STATES: Final = {
    "closed": BreakerState.CLOSED,
    "open": BreakerState.OPEN,
    "half_open": BreakerState.HALF_OPEN,
    "forced_open": BreakerState.FORCED_OPEN,
}


def counts(error: Exception) -> bool:
    """Return whether a failure says that the way to the exchange is broken."""
    return isinstance(error, Ambiguous | Transient) and not isinstance(error, RateLimited | ClockSkew | BreakerOpen)


def answered(failure: ExchangeFailure) -> bool:
    """Return whether the exchange itself said no, which shows that the way to it is open."""
    return not isinstance(failure, BreakerOpen) and not counts(failure)


class Breaker:
    """Guards one way to the exchange. For one event loop.

    Args:
        name: for people, for example ``futures REST``.
        threshold: failures in a row that open it.
        recovery: seconds it stays open before a probe.
        listeners: told of each change soon after it, in order; one that fails harms no call.
    """

    def __init__(
        self,
        name: str,
        clock: Clock,
        *,
        threshold: int = 5,
        recovery: float = 60.0,
        listeners: tuple[Callable[[BreakerChange], None], ...] = (),
    ) -> None:
        if threshold < 1 or recovery <= 0:
            raise ValueError(f"a breaker opens after 1 failure or more, for a while, not {threshold} and {recovery} s")
        self.name, self.changes = name, 0
        self._clock, self._threshold, self._recovery = clock, threshold, round(recovery * SECOND)
        self._listeners = list(listeners)
        self._state, self._since, self._why = BreakerState.CLOSED, 0, ""
        self._failures, self._probing, self._asked, self._last = 0, False, "", ""
        self._inner = AsyncCircuitBreaker(
            window=Hook(self._changed),
            tracker=Custom(self._failed),
            tripper=Streak(threshold),
            retry=Recovered(self._due),
            permit=All(),
            max_half_open_calls=1,
        )

    @property
    def state(self) -> BreakerState:
        """Where it stands; it stays open until a call comes as the probe."""
        return self._state

    @property
    def opens_again_at(self) -> int | None:
        """When the next call is let through as a probe (wall clock, nanoseconds UTC), while it is open."""
        if self._state is not BreakerState.OPEN:
            return None
        return self._clock.now() + self._since + self._recovery - self._clock.monotonic()

    def listen(self, listener: Callable[[BreakerChange], None]) -> None:
        """Tell one more listener of each change from now on."""
        self._listeners.append(listener)

    def view(self) -> BreakerView:
        """Return its figures for the screen."""
        return BreakerView(
            name=self.name,
            state=self._state,
            failures=min(self._failures, self._threshold),
            threshold=self._threshold,
            opens_again_at=self.opens_again_at,
            why=self._why,
        )

    async def call(self, attempt: Callable[[], Awaitable[T]], *, essential: bool = False) -> T:
        """Return what `attempt` returns, and count how it ended.

        Args:
            essential: pass whatever the state; an answer closes an open breaker (not one forced open).

        Raises:
            BreakerOpen: nothing was sent.
        """
        if self._state is BreakerState.CLOSED:
            outcome = await self._inner.call(self._tried, attempt)
        elif essential and not self._probe_due():
            return await self._passed(attempt)
        else:
            self.refuse_unless(self._probe_due())
            outcome = await self._probe(attempt)
        if isinstance(outcome, Answered):
            outcome.say()
        return outcome

    def refuse_unless(self, allowed: bool) -> None:
        """Raise `BreakerOpen` unless the call is allowed."""
        if allowed:
            return
        if self._state is BreakerState.FORCED_OPEN:
            raise BreakerOpen(f"the breaker {self.name!r} is held open: nothing was sent. {self._why}", again_in=None)
        wait, when = 0.0, "one call probes"
        if self._state is BreakerState.OPEN and not self._probing:
            wait = max(0, self._since + self._recovery - self._clock.monotonic()) / SECOND
            when = f"tried again in {wait:.0f} s"
        raise BreakerOpen(f"the breaker {self.name!r} is open: nothing was sent; {when}. {self._why}", again_in=wait)

    async def reset(self, why: str = "reset") -> None:
        """Close it and forget what was counted."""
        self._asked = why
        await self._inner.reset()

    async def force_open(self, why: str = "forced open") -> None:
        """Hold it open until `reset`; essential calls pass."""
        self._asked = why
        await self._inner.force_open()

    async def _probe(self, attempt: Callable[[], Awaitable[T]]) -> T | Answered:
        self._probing = True
        try:
            return await self._inner.call(self._tried, attempt)
        finally:
            self._probing = False

    async def _passed(self, attempt: Callable[[], Awaitable[T]]) -> T:
        """Make an essential call past a breaker that lets nothing else through."""
        try:
            value = await attempt()
        except ExchangeFailure as failure:
            if answered(failure):
                await self._heard()
            elif counts(failure):
                self._last = f"{failure.kind}: {failure}"
            raise
        await self._heard()
        return value

    async def _heard(self) -> None:
        if self._state in {BreakerState.OPEN, BreakerState.HALF_OPEN}:
            await self.reset("an essential call was answered")

    async def _tried(self, attempt: Callable[[], Awaitable[T]]) -> T | Answered:
        """Make the attempt; an answer that says no is a success to the library, and raised outside of it."""
        try:
            value = await attempt()
        except ExchangeFailure as failure:
            if not answered(failure):
                raise
            self._failures = 0
            return Answered(failure)
        self._failures = 0
        return value

    def _failed(self, error: Exception) -> bool:
        if not counts(error):
            return False
        self._failures += 1
        self._last = f"{getattr(error, 'kind', 'failure')}: {error}"
        return True

    def _probe_due(self) -> bool:
        if self._probing or self._state is BreakerState.FORCED_OPEN:
            return False
        return self._state is BreakerState.HALF_OPEN or self._due()

    def _due(self) -> bool:
        return self._clock.monotonic() >= self._since + self._recovery

    def _changed(self) -> None:
        """Note a change of state; the library calls it inside of the change, before anybody else can run."""
        old, self._state = self._state, _STATES[self._inner.info().state]
        self._why, self._asked = self._asked or self._reason(old), ""
        self._since, self._failures = self._clock.monotonic(), 0
        if old is self._state:
            return
        self.changes += 1
        change = BreakerChange(name=self.name, old=old, new=self._state, at=self._clock.now(), why=self._why)
        loop = asyncio.get_running_loop()
        for listener in self._listeners:
            loop.call_soon(listener, change)  # not from here: what it raises must not replace an order's answer

    def _reason(self, old: BreakerState) -> str:
        if self._state is BreakerState.HALF_OPEN:
            return f"{self._recovery / SECOND:g} s have passed: one call probes"
        if self._state is BreakerState.CLOSED:
            return "the probe was answered"
        if old is BreakerState.HALF_OPEN:
            return f"the probe failed, {self._last}"
        return f"{self._threshold} failures in a row, the last one {self._last}"
