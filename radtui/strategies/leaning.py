"""From a side and a confidence to a signal; from a size to a confidence."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from radtui.core.signal import Signal

BUYS: Final = 1
SELLS: Final = -1


def lean(
    side: int, confidence: float, reason: str, *, stop: Decimal | None = None, target: Decimal | None = None
) -> Signal:
    """Return a signal for one side.

    The likelier side has ``½ + confidence ÷ 2``, the other one and holding share the rest: with no confidence half
    stands against half, with all of it nothing else is possible.

    Args:
        side: `BUYS` or `SELLS`. confidence: in [0, 1].
    """
    likely, other = 0.5 + confidence / 2, (1 - confidence) / 4
    return Signal(
        buy=likely if side > 0 else other,
        sell=other if side > 0 else likely,
        hold=other,
        confidence=confidence,
        reason=reason,
        stop=stop,
        target=target,
    )


def hold(reason: str) -> Signal:
    """Return a signal that wants nothing, and says why."""
    return Signal(buy=0.0, sell=0.0, hold=1.0, confidence=0.0, reason=reason)


def clarity(size: float, clear: float) -> float:
    """Return a confidence that grows with `size` from 0 towards 1, and is .6, the least that trades, at `clear`.

    ``size ÷ (size + ⅔ × clear)``; both in the same unit, `clear` above 0.
    """
    return size / (size + clear * 2 / 3)
