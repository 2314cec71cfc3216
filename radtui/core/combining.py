"""Several strategies' signals about one contract, made into one (row S6)."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from msgspec.structs import replace

from radtui.core.signal import Action, Signal

NOTHING = Signal(buy=0.2, sell=0.2, hold=0.6, confidence=0.5, reason="no strategy is confident enough")
"""What is said where nobody counts."""


class Voice(msgspec.Struct, frozen=True, kw_only=True):
    """One strategy's part.

    Attributes:
        weight: against the others'. least: confidence below which it does not count.
    """

    name: str
    weight: float
    least: float
    signal: Signal


def combined(voices: Sequence[Voice]) -> Signal:
    """Return the weighted mean of those that count, with stop and target of the heaviest one that goes its way.

    A strategy that holds counts like any other: it says that nothing is to be done.
    """
    counted = [voice for voice in voices if voice.weight > 0 and voice.signal.confidence >= voice.least]
    if not counted:
        return NOTHING
    total = sum(voice.weight for voice in counted)
    buy, sell = (sum(v.weight * getattr(v.signal, side) for v in counted) / total for side in ("buy", "sell"))
    mean = Signal(
        buy=buy,
        sell=sell,
        hold=max(0.0, 1 - buy - sell),
        confidence=min(1.0, sum(voice.weight * voice.signal.confidence for voice in counted) / total),
        reason="",
    )
    return _told(mean, counted)


def _told(mean: Signal, counted: Sequence[Voice]) -> Signal:
    """Return it with its reason, and where it wants something with a stop of somebody who wants it too."""
    with_it = [voice for voice in counted if voice.signal.action is mean.action]
    heads = ", ".join(f"{voice.name} {voice.signal.action} {voice.signal.confidence:.2f}" for voice in counted)
    reason = f"{mean.action}: {heads}"
    stops = [voice for voice in with_it if voice.signal.stop is not None]
    if mean.action is Action.HOLD or not stops:
        return replace(mean, reason=reason)
    leading = max(stops, key=lambda voice: voice.weight * voice.signal.confidence).signal
    return replace(mean, reason=reason, stop=leading.stop, target=leading.target)
