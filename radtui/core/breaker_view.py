"""A trading breaker as it is shown, published and kept."""

from __future__ import annotations

import msgspec


class TradingBreakerView(msgspec.Struct, frozen=True, kw_only=True):
    """One limit on how trading may go (row S5). Tripped, it lets the bot only reduce.

    Attributes:
        value, limit: for people; the value is ``–`` before it is known.
        share: value over limit × 100, at most 100; None before it is known.
        since: market clock of its trip; None while it is not tripped.
        resets_at: market clock at which it resets by itself; None where only an operator resets it, or not tripped.
        why: what tripped it; empty while it is not.
    """

    name: str
    value: str
    limit: str
    share: float | None
    tripped: bool
    since: int | None = None
    resets_at: int | None = None
    why: str = ""
