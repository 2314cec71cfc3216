"""What kept the bot from trading over one day, counted gate by gate (row S5)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime

import msgspec

from radtui.core.market import DAY, SECOND
from radtui.core.signal import Action
from radtui.core.why_view import WhyView


class GateCount(msgspec.Struct, frozen=True, kw_only=True):
    """One gate that refused.

    Attributes:
        blocked: entries that it refused. alone: those that it alone refused.
    """

    gate: str
    blocked: int
    alone: int


class WhyDay(msgspec.Struct, frozen=True, kw_only=True):
    """One market day (UTC), ``2026-01-31``.

    Attributes:
        signals: that were weighed. holds: those that wanted nothing. entries: let through every gate.
        refused: stopped by a gate. others: what else came of them: a close, no contract, an unusable signal.
        gates: what stopped the refused ones, the most frequent first.
    """

    day: str
    signals: int = 0
    holds: int = 0
    entries: int = 0
    refused: int = 0
    others: int = 0
    gates: tuple[GateCount, ...] = ()


def day_of(at: int) -> str:
    """Return the market day of a moment, nanoseconds UTC."""
    return datetime.fromtimestamp(at // SECOND, UTC).date().isoformat()


def moment_of(at: int) -> str:
    """Return a moment, nanoseconds UTC, as people write it."""
    return f"{datetime.fromtimestamp(at // SECOND, UTC):%Y-%m-%d %H:%M:%S}"


def bounds(day: str) -> tuple[int, int]:
    """Return first moment of a day, and of the next one, nanoseconds UTC.

    Raises:
        ValueError: it is no day.
    """
    begins = round(datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp()) * SECOND
    if begins % DAY or day != day_of(begins):
        raise ValueError(f"{day} is no day")
    return begins, begins + DAY


def tally(day: str, weighed: Iterable[WhyView]) -> WhyDay:
    """Return the counts of what was weighed on `day`."""
    kinds: Counter[str] = Counter()
    blocked: Counter[str] = Counter()
    alone: Counter[str] = Counter()
    for why in weighed:
        refusals = [gate.gate for gate in why.gates if not gate.passed]
        kinds[_kind(why, refusals)] += 1
        blocked.update(refusals)
        if len(refusals) == 1:
            alone.update(refusals)
    ordered = sorted(blocked.items(), key=lambda each: (-each[1], each[0]))
    return WhyDay(
        day=day,
        signals=kinds.total(),
        holds=kinds["holds"],
        entries=kinds["entries"],
        refused=kinds["refused"],
        others=kinds["others"],
        gates=tuple(GateCount(gate=gate, blocked=count, alone=alone[gate]) for gate, count in ordered),
    )


def _kind(why: WhyView, refusals: list[str]) -> str:
    if refusals:
        return "refused"
    if why.gates:
        return "entries"
    return "holds" if why.action == Action.HOLD and why.outcome.startswith("holds") else "others"
