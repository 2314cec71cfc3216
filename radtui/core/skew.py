"""How far this machine's clock is from the exchange's, and from which distance on nothing is entered (row S5)."""

from __future__ import annotations

from typing import Final

from radtui.core.market import SECOND

LIMIT: Final = 2 * SECOND


def beyond(skew: int | None) -> str:
    """Return in words what is wrong with our clock; empty where it is right enough.

    Args:
        skew: nanoseconds by which the exchange's clock is ahead of this machine's; None where there is but one clock.
    """
    if skew is None or abs(skew) <= LIMIT:
        return ""
    side = "behind" if skew > 0 else "ahead of"
    return f"this machine's clock is {abs(skew) / SECOND:.1f} s {side} the exchange's, {LIMIT // SECOND} s are allowed"
