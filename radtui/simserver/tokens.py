"""The tokens that open a WebSocket: given by the bullet endpoints, good for a day."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import msgspec

from radtui.core.market import HOUR, MINUTE
from radtui.venue.chance import stream

LIFE: Final = 24 * HOUR
"""Nanoseconds a token is good for, and so the longest a connection lasts."""
_KEPT: Final = 1_000
"""Tokens that are remembered; the oldest go first. What has expired goes as well."""


class Grant(msgspec.Struct, frozen=True):
    """What a token allows.

    Attributes:
        private: the bullet was asked for with a key, so the account's own topics are open.
        expires_at: nanoseconds UTC, wall clock of the server.
    """

    token: str
    private: bool
    expires_at: int


class Tokens:
    """The tokens of one server. The same seed gives the same tokens in the same order.

    Attributes:
        stale: whether the next token is to have run out when it is given; a fault of the wire, else never.
    """

    def __init__(self, seed: int) -> None:
        self.stale: Callable[[], bool] = lambda: False
        self._seed = seed
        self._count = 0
        self._grants: dict[str, Grant] = {}

    def issue(self, *, private: bool, at: int, life: int = LIFE) -> str:
        """Return a new token, good from `at` on for `life` nanoseconds."""
        self._count += 1
        token = "".join(f"{stream(self._seed, 'token', self._count, part):016x}" for part in range(8)) + "=="
        self._grants[token] = Grant(token, private, at if self.stale() else at + life)
        self._forget(at)
        return token

    def grant(self, token: str) -> Grant | None:
        """Return what a token allows, also one that has expired a moment ago; None for one that is not ours."""
        return self._grants.get(token)

    def _forget(self, at: int) -> None:
        while len(self._grants) > _KEPT:
            del self._grants[next(iter(self._grants))]
        oldest = next(iter(self._grants))
        if self._grants[oldest].expires_at < at - 10 * MINUTE:
            del self._grants[oldest]
