"""A strategy that turns its position round all the time: orders of every kind are on their way at any moment."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from radtui.core.instrument import Instrument
from radtui.core.market import MINUTE, Candle
from radtui.core.signal import Signal
from radtui.strategies.base import Parameters, View

_HOLDS: Final = 3
"""Candles on one side."""


class Restless:
    """Long for three candles, short for three; its stop lies 4 % away. The candle's time decides, so a restart changes
    nothing."""

    name = "restless"
    warmup = 1

    def __init__(self, instrument: Instrument, parameters: Parameters) -> None:
        self._tick = instrument.tick
        self.timeframe = parameters.timeframe

    def on_candle(self, candle: Candle, view: View) -> Signal:
        if candle.opened_at // MINUTE // _HOLDS % 2:
            return Signal(buy=0.9, sell=0.05, hold=0.05, confidence=0.9, reason="odd", stop=self._stop(candle, "0.96"))
        return Signal(buy=0.05, sell=0.9, hold=0.05, confidence=0.9, reason="even", stop=self._stop(candle, "1.04"))

    def _stop(self, candle: Candle, share: str) -> Decimal:
        price = candle.close * Decimal(share)
        return price - price % self._tick
