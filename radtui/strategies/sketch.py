"""Sketch, a strategy. Its first lines are what `radtui strategies` says of it."""

from pydantic import Field

from radtui.strategies import BUYS, HOLD, SELLS, Candle, Instrument, Parameters, Signal, View, lean
from radtui.strategies.indicators import Roc


class SketchParameters(Parameters):
    """What it can be told; `radtui strategies` lists it."""

    period: int = Field(10, ge=2, le=500, description="candles over which a move is measured")
    percent: float = Field(1.0, gt=0, le=50, description="move that it goes with")


class Sketch:
    """Goes with a large move of the price.

    `on_candle` is asked at the close of every candle, in order, and answers what it makes of it; the engine does the
    rest. Nothing here may read a file, a clock or the network: the same candles must always give the same signals.
    """

    name = "sketch"
    Parameters = SketchParameters

    def __init__(self, instrument: Instrument, parameters: SketchParameters) -> None:
        self.timeframe, self.warmup = parameters.timeframe, parameters.period + 1
        self._percent = parameters.percent
        self._change = Roc(parameters.period)

    def on_candle(self, candle: Candle, view: View) -> Signal:
        """Take one closed candle and say what to do at its close."""
        change = self._change.update(float(candle.close))
        if change is None or abs(change) < self._percent or view.lots:
            return HOLD
        side = BUYS if change > 0 else SELLS
        stop, target = (candle.close * (100 + side * percent) / 100 for percent in (-2, 4))
        return lean(side, 0.7, f"moved {change:+.2f} %", stop=stop, target=target)
