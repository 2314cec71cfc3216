"""A pool as the exchange keeps it: a fixed window from its first request, requests and answers that travel."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from random import Random

from radtui.resilience.failures import RateLimited
from radtui.resilience.limiter import Limiter

Wait = Callable[[], float]


class ServerPool:
    """Counts what arrives. `heaviest` is the most any window was asked for, refused requests included.

    Args:
        travel: returns the seconds one way takes.
        silent: every so manieth answer carries no headers; 0 for none.
    """

    def __init__(
        self, limit: int = 2000, window: float = 30.0, travel: Wait = lambda: 0.05, *, silent: int = 0, used: int = 0
    ) -> None:
        self.limit, self.window, self.travel, self.silent = limit, window, travel, silent
        self.ends = self.heaviest = 0.0
        self.used, self.answers, self.refused = used, 0, 0
        if used:
            self.ends = window / 3

    def count(self, weight: int) -> bool:
        """Count a request that arrives now, ours or another program's; return whether it fits."""
        now = asyncio.get_running_loop().time()
        if now >= self.ends:
            self.used, self.ends = 0, now + self.window
        self.heaviest = max(self.heaviest, self.used + weight)
        fits = self.used + weight <= self.limit
        self.used += weight if fits else 0
        self.refused += not fits
        return fits

    async def request(self, limiter: Limiter, weight: int) -> None:
        """Send one request under the permit that is held, and read its answer's headers."""
        await asyncio.sleep(self.travel())
        fits = self.count(weight)
        now = asyncio.get_running_loop().time()
        remaining, reset_ms = self.limit - self.used, int((self.ends - now) * 1000)
        await asyncio.sleep(self.travel())
        self.answers += 1
        if not self.silent or self.answers % self.silent:
            limiter.saw(self.limit, remaining, reset_ms)
        if not fits:
            raise RateLimited("too many requests", retry_after=reset_ms / 1000)


def travels(seed: int, longest: float) -> Wait:
    """Return a way that takes any time up to `longest` seconds, so that requests and answers overtake each other."""
    random = Random(seed)
    return lambda: random.uniform(0.0, longest)
