"""A strategy that trades often: it enters, reverses and holds as its seed says, with stops near enough to be met."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Final

from radtui.core.instrument import Instrument
from radtui.core.market import MINUTE, Candle
from radtui.core.signal import HOLD, Signal
from radtui.strategies.base import View
from radtui.venue.chance import stream, uniform

_ACTS: Final = 0.7
"""Chance of a signal at a candle."""


class Restless:
    """Decides by hash(seed, symbol, minute): the same in every life of a world.

    Args:
        eager: while it says so, every candle is acted on, and a position turned round.
    """

    name = "restless"
    timeframe = "1m"
    warmup = 1

    def __init__(self, instrument: Instrument, seed: int, eager: Callable[[], bool]) -> None:
        self._instrument = instrument
        self._mood = stream(seed, instrument.symbol, "mood")
        self._stop = stream(seed, instrument.symbol, "stop")
        self._eager = eager

    def on_candle(self, candle: Candle, view: View) -> Signal:
        """Buy, sell or hold."""
        minute = candle.closed_at // MINUTE
        mood = uniform(self._mood, minute)
        if self._eager():
            return self._lean(candle, minute, buy=view.lots < 0 or (not view.lots and mood < _ACTS))
        return self._lean(candle, minute, buy=mood < _ACTS / 2) if mood < _ACTS else HOLD

    def _lean(self, candle: Candle, minute: int, *, buy: bool) -> Signal:
        sign = Decimal(1 if buy else -1)
        room = Decimal(str(round(0.0008 + 0.003 * uniform(self._stop, minute), 6)))
        far = room * (1 if minute % 3 else 2)
        return Signal(
            buy=float(buy),
            sell=float(not buy),
            hold=0.0,
            confidence=0.9,
            reason=f"minute {minute}",
            stop=candle.close * (1 - sign * room),
            target=candle.close * (1 + sign * far) if minute % 2 else None,
        )
