"""The first word with the exchange: an engine that starts in an outage waits for it, says so, and may be ended."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from random import Random
from typing import Final, TypeVar

from radtui.core.events import Event, Listed, Passed
from radtui.core.facts import Trouble
from radtui.engine.dispatch import ANSWER_WITHIN
from radtui.exchange.port import Exchange
from radtui.resilience.backoff import Backoff
from radtui.resilience.clock import Clock
from radtui.resilience.failures import ExchangeFailure

T = TypeVar("T")
_ASK_AGAIN: Final = 5.0
"""Seconds at most until a start asks again: a position of the last run may have no stop."""
_EARLY_PULSE: Final = 0.5
"""Seconds between two pulses while the exchange is being opened, at most."""


class Opening:
    """Opens an exchange and tells core what it lists.

    Args:
        pulse: seconds between two pulses of core's time, at most.
        ended: set where nobody waits for it any more.
    """

    def __init__(
        self,
        exchange: Exchange,
        clock: Clock,
        random: Random,
        *,
        pulse: float,
        ended: asyncio.Event,
        feed: Callable[[Event], None],
        say: Callable[[Trouble], None],
    ) -> None:
        self._exchange, self._clock, self._random = exchange, clock, random
        self._pulse = min(pulse, _EARLY_PULSE)
        self._ended, self._feed, self._say = ended, feed, say

    async def run(self) -> None:
        """Open it, whatever that takes, or until the end."""
        ticking = asyncio.create_task(self._tick(), name="time before the workers")
        try:
            await self._patiently(self._exchange.open)
            instruments = await self._patiently(self._exchange.instruments)
        finally:
            ticking.cancel()
            await asyncio.gather(ticking, return_exceptions=True)
        self._feed(Listed(self._clock.now(), tuple(instruments or ())))

    async def _patiently(self, call: Callable[[], Awaitable[T]]) -> T | None:
        """Call the exchange until it answers; None where the end came first."""
        backoff, attempt = Backoff(maximum=_ASK_AGAIN), 0
        while not self._ended.is_set():
            try:
                async with asyncio.timeout(ANSWER_WITHIN):
                    return await call()
            except (ExchangeFailure, TimeoutError) as failure:
                why = str(failure) or f"no answer within {ANSWER_WITHIN:.0f} s"
                self._say(Trouble("exchange", f"cannot be reached: {why}", "start", "warning"))
                await self._rest(backoff.wait(attempt, self._random.uniform(-1, 1)))
                attempt += 1
        return None

    async def _rest(self, seconds: float) -> None:
        """Wait, but no longer than until the end."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._ended.wait()

    async def _tick(self) -> None:
        """Give core its time while no worker does: what it waits for must end, also where a call never does."""
        while True:
            await asyncio.sleep(self._pulse)
            self._feed(Passed(self._clock.now(), self._exchange.market_now()))
