"""The rate pools: weights spent in windows of 30 s that begin with their first request."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

import msgspec

from radtui.core.market import SECOND
from radtui.simserver.refusals import TOO_MANY_REQUESTS, Refusal

_MILLISECOND: Final = 1_000_000


class Pool(StrEnum):
    """A budget of its own."""

    PUBLIC = "public"
    FUTURES = "futures"
    MANAGEMENT = "management"
    SPOT = "spot"
    UNIFIED = "unified"


class Window(msgspec.Struct, frozen=True):
    """The size of a pool, and for how many nanoseconds it must last."""

    size: int
    span: int = 30 * SECOND


WINDOWS: Final[Mapping[Pool, Window]] = MappingProxyType(
    {
        Pool.PUBLIC: Window(2000),
        Pool.FUTURES: Window(2000),
        Pool.MANAGEMENT: Window(2000),
        Pool.SPOT: Window(4000),
        Pool.UNIFIED: Window(200, 3 * SECOND),
    }
)
"""The pools of the lowest VIP levels."""
_MOST_OWNERS: Final = 10_000


class Budget(msgspec.Struct, frozen=True):
    """What is left of a pool: `reset` is in milliseconds from now."""

    limit: int
    remaining: int
    reset: int

    @property
    def headers(self) -> dict[str, str]:
        """The headers that tell a client."""
        return {
            "gw-ratelimit-limit": str(self.limit),
            "gw-ratelimit-remaining": str(self.remaining),
            "gw-ratelimit-reset": str(self.reset),
        }


class OverLimit(Refusal):
    """The pool is spent; `budget` says when it refills."""

    def __init__(self, budget: Budget) -> None:
        super().__init__(TOO_MANY_REQUESTS)
        self.budget = budget


class _Spent:
    __slots__ = ("since", "used")

    def __init__(self, since: int) -> None:
        self.since = since
        self.used = 0


class Limits:
    """The pools of every caller: public ones by address, the others by account."""

    def __init__(self, windows: Mapping[Pool, Window] = WINDOWS) -> None:
        self.windows = dict(windows)
        self._spent: dict[tuple[Pool, str], _Spent] = {}

    def spend(self, pool: Pool, owner: str, weight: int, at: int) -> Budget:
        """Take `weight` from a pool and return what is left.

        Raises:
            OverLimit: it does not hold that much now; nothing was taken.
        """
        window = self.windows[pool]
        spent = self._spent.get((pool, owner))
        if spent is None or not 0 <= at - spent.since < window.span:
            self._forget(at)
            spent = self._spent[pool, owner] = _Spent(at)
        reset = -(-(spent.since + window.span - at) // _MILLISECOND)
        if spent.used + weight > window.size:
            raise OverLimit(Budget(window.size, max(0, window.size - spent.used), reset))
        spent.used += weight
        return Budget(window.size, window.size - spent.used, reset)

    def exhaust(self, pool: Pool, owner: str, at: int) -> OverLimit:
        """Spend a whole pool at once, as a storm of other programs would, and return what the caller gets told."""
        window = self.windows[pool]
        spent = self._spent[pool, owner] = _Spent(at)
        spent.used = window.size
        return OverLimit(Budget(window.size, 0, window.span // _MILLISECOND))

    def _forget(self, at: int) -> None:
        if len(self._spent) >= _MOST_OWNERS:
            self._spent = {key: spent for key, spent in self._spent.items() if at - spent.since < 60 * SECOND}
