"""How long to wait before the next try (row E1). Pure: the caller draws the jitter, and the caller waits."""

from __future__ import annotations

from typing import Final

import msgspec

_DOUBLINGS: Final = 1023
"""The most a float holds; whatever it comes to then is above any maximum."""


class Backoff(msgspec.Struct, frozen=True, kw_only=True):
    """Waits that double: min(base × 2ⁿ, maximum), then the jitter, never below the floor.

    Attributes:
        base, maximum, floor: seconds. With its jitter a wait may pass `maximum` by that share.
        jitter: how far a draw of 1 stretches the wait, as a share of it.
        retries: tries after the first.
    """

    base: float = 1.0
    maximum: float = 60.0
    jitter: float = 0.25
    floor: float = 0.1
    retries: int = 5

    def wait(self, attempt: int, draw: float = 0.0) -> float:
        """Return the seconds to wait after failed try number `attempt`, counted from 0.

        Args:
            attempt: any number from 0 up; a large one overflows nothing.
            draw: the caller's random number in [-1, 1]; 0 for no jitter.
        """
        return backoff(attempt, draw, base=self.base, maximum=self.maximum, jitter=self.jitter, floor=self.floor)

    def exhausted(self, attempt: int) -> bool:
        """Return whether failed try number `attempt`, counted from 0, was the last."""
        return attempt >= self.retries


def backoff(
    attempt: int,
    draw: float = 0.0,
    *,
    base: float = 1.0,
    maximum: float = 60.0,
    jitter: float = 0.25,
    floor: float = 0.1,
) -> float:
    """Return the seconds to wait after failed try number `attempt`; the arguments are those of `Backoff`.

    Raises:
        ValueError: `attempt` is negative or `draw` outside [-1, 1].
    """
    if attempt < 0 or not -1.0 <= draw <= 1.0:
        raise ValueError(f"a wait needs an attempt from 0 up and a draw in [-1, 1], not {attempt} and {draw}")
    plain = min(base * 2.0 ** min(attempt, _DOUBLINGS), maximum)
    return max(plain * (1.0 + jitter * draw), floor)
