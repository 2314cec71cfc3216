"""How well the positions are protected, as a person sees it."""

from __future__ import annotations

import msgspec


class ProtectionView(msgspec.Struct, frozen=True, kw_only=True):
    """Seconds without a confirmed stop (row W3), wall clock.

    Attributes:
        limit: after so many a position is closed.
        worst, total: of all positions so far, open ones included. positions: how many those are.
        breaches: times one was bare beyond the limit.
        unprotected: open positions without a confirmed stop now.
    """

    limit: float = 0.0
    worst: float = 0.0
    total: float = 0.0
    positions: int = 0
    breaches: int = 0
    unprotected: int = 0
