"""What proposes: candles in, a signal out. A strategy never sends an order and does no I/O.

A strategy is a class with the shape of `radtui.strategies.base.Strategy`. One instance serves one symbol and is fed
every closed candle of its timeframe in order, the warm-up included; until it is warm it answers `HOLD`. The engine
carries the signal to the gates and contains what goes wrong: a strategy that raises, or says what `Signal.fault`
refuses, trades nothing and harms nobody.

One of your own is a class in a file, used as ``--strategy path/to/file.py:Dip``::

    from radtui.core.signal import HOLD, Signal
    from radtui.strategies.base import Parameters


    class DipParameters(Parameters):
        percent: int = 2


    class Dip:
        name = "dip"
        warmup = 1
        Parameters = DipParameters

        def __init__(self, instrument, parameters):
            self.timeframe = parameters.timeframe
            self.percent = parameters.percent

        def on_candle(self, candle, view):
            if view.lots or candle.close * 100 > candle.open * (100 - self.percent):
                return HOLD
            return Signal(buy=0.7, sell=0.1, hold=0.2, confidence=0.7, reason="fell far in one candle")

A signal without a stop gets the configured one. `radtui.strategies.catalogue` finds both kinds by name. The indicators
of TA-Lib stand in `radtui.strategies.indicators`, imported only by the strategies that need them.
"""
