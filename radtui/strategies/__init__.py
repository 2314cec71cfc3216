"""What proposes: candles in, a signal out. A strategy never sends an order and does no I/O.

A strategy is a class with the shape of `radtui.strategies.base.Strategy`. One instance serves one symbol and is fed
every closed candle of its timeframe in order, the warm-up included; until it is warm it answers `HOLD`. The engine
carries the signal to the gates and contains what goes wrong: a strategy that raises, or says what `Signal.fault`
refuses, trades nothing and harms nobody.

One of your own is a class in a file, used as ``--strategy path/to/file.py:Dip``::

    from radtui.strategies import BUYS, HOLD, Parameters, lean

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
            return lean(BUYS, 0.7, "fell far in one candle")

A signal without a stop gets the configured one. A strategy with ``frames = ("1h", "4h")`` finds the closed candles of
these in ``view.higher["1h"]``, built from those it is fed, and in ``view.just_closed["1h"]`` the one that closed with
this very candle. ``radtui strategies new NAME`` writes a file like this with its test, in which
`radtui.strategies.proving` looks for what is usually wrong. A package offers strategies to everybody who installs it
by entry points of the group ``radtui.strategies``, name = ``module:Class``.

This package has what such a file needs; the indicators stand in `radtui.strategies.indicators`, which TA-Lib comes
with, and `radtui.strategies.catalogue` finds all kinds by name.
"""

from radtui.core.instrument import Instrument
from radtui.core.market import Candle
from radtui.core.signal import HOLD, Signal
from radtui.strategies.base import Parameters, View
from radtui.strategies.leaning import BUYS, SELLS, hold, lean

__all__ = ["BUYS", "HOLD", "SELLS", "Candle", "Instrument", "Parameters", "Signal", "View", "hold", "lean"]
