"""A strategy that buys at the first candle it sees and then holds: positions within a second, without luck."""

from __future__ import annotations

from decimal import Decimal

from radtui.core.instrument import Instrument
from radtui.core.market import Candle
from radtui.core.signal import HOLD, Signal
from radtui.strategies.base import Parameters, View


class Eager:
    """Long whenever it is flat; its stop lies 4 % away, which a test does not live to see."""

    name = "eager"
    warmup = 1

    def __init__(self, instrument: Instrument, parameters: Parameters) -> None:
        self._tick = instrument.tick
        self.timeframe = parameters.timeframe

    def on_candle(self, candle: Candle, view: View) -> Signal:
        if view.lots:
            return HOLD
        stop = candle.close * Decimal("0.96")
        return Signal(buy=0.9, sell=0.05, hold=0.05, confidence=0.9, reason="flat", stop=stop - stop % self._tick)
