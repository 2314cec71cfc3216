"""Why a symbol did or did not trade, gate by gate, as it is shown (row S5)."""

from __future__ import annotations

import msgspec


class GateView(msgspec.Struct, frozen=True, kw_only=True):
    """One gate of one evaluation: its value against its limit, and the verdict (row S5)."""

    gate: str
    value: str
    limit: str
    passed: bool


class WhyView(msgspec.Struct, frozen=True, kw_only=True):
    """Why a symbol did or did not trade at its last signal that wanted something; where none did, at the last one.

    Attributes:
        at: market clock of that signal. held_at: market clock of the latest one since that wanted nothing.
    """

    symbol: str
    at: int
    action: str
    confidence: float
    reason: str
    outcome: str
    gates: tuple[GateView, ...]
    held_at: int | None = None
