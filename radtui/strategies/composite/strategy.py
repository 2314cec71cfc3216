"""The composite: many indicators vote, weighted by what kind of market it is (row W2).

Of the second ancestor's votes are left out: candle patterns, support and resistance from the volume profile, and
divergence, whose formulas it gave nowhere; its learnt threshold, which changed with results that a pure strategy does
not know; and a second momentum test that asked for the same number in percent.
"""

from __future__ import annotations

from typing import Final

import msgspec

from radtui.core.instrument import Instrument
from radtui.core.market import TIMEFRAMES, Candle
from radtui.core.signal import HOLD, Signal
from radtui.strategies.base import View
from radtui.strategies.composite.higher import PERIOD, Trends, usual
from radtui.strategies.composite.parameters import CompositeParameters
from radtui.strategies.composite.readings import Instruments, Readings
from radtui.strategies.composite.regime import Regime, regime_of, terms_of
from radtui.strategies.composite.votes import Tally, Vote, cast, tally
from radtui.strategies.leaning import BUYS, hold
from radtui.strategies.stops import Stops

_SETTLING: Final = 4
"""Periods of the slow average until its seed weighs less than 1 %."""


class Opinion(msgspec.Struct, frozen=True):
    """All that the composite thinks at one close, before it says whether that is enough.

    Attributes:
        balance: of the further timeframes with the stronger side, −1 to 1.
        confidence: of the stronger side, in [0, 1]; 0 where there is none. least: what the regime asks for.
    """

    regime: Regime
    votes: tuple[Vote, ...]
    tally: Tally
    balance: float
    confidence: float
    least: float

    @property
    def told(self) -> str:
        """The opinion in one line."""
        side, other = ("buy", "sell") if self.tally.side == BUYS else ("sell", "buy")
        heads = [vote.voter for vote in self.votes if vote.side == self.tally.side]
        against = len(self.votes) - len(heads)
        further = "" if not self.balance else f", further timeframes {'agree' if self.balance > 0 else 'contradict'}"
        return f"{self.regime}: {', '.join(heads)} {side}, {against} {other}{further}"


class Composite:
    """Lets trend and oscillator indicators vote, weighted by the kind of market, checked by longer timeframes.

    At the close of each candle:

    Regime. Over the last `momentum` candles the price moved by close ÷ close before − 1. The market is trending where
    that is more than `trending`, ranging where the Bollinger bands are narrower than `narrow` and the move is less
    than `still`, else neutral.

    Votes. With the trend: the fast average over or under the slow one, the MACD over or under its signal, a move
    larger than `large`. Oscillators, against the move: RSI, stochastic, a close outside the bands. And the candle
    itself where its volume is `crowd` times the usual. In a trend the first group weighs more, in a range the second.

    Confidence. The share of the weights that the stronger side has, of all votes cast. Times `boost` where more than
    `united` of the voters, heads counted, are with it; times `damp` where less than `divided`. Further timeframes,
    about 4 and 24 times as long, point up where their close is above its mean of 10 and above the one 10 before, down
    the other way round: where they agree on balance, times 1 + `agree` × the balance; where they contradict, times
    `conflict`. Never above `cap`. Below the regime's least nothing is wanted, and the reason says how votes stand.

    Sources: MACD after Gerald Appel, RSI and average true range after J. Welles Wilder (1978), stochastic after George
    Lane, bands after John Bollinger. Votes, weights and bounds are those of a scanner that ranked hourly candles; on
    short ones it trades often, and pays for it.
    """

    name = "composite"
    Parameters = CompositeParameters

    def __init__(self, instrument: Instrument, parameters: CompositeParameters | None = None) -> None:
        self._told = parameters or CompositeParameters()
        self._terms = terms_of(self._told)
        self._stops = Stops(instrument, self._told)
        self._tick = float(instrument.tick)
        self._instruments = Instruments(self._told)
        self._frames = usual(self._told.timeframe) if self._told.frames is None else self._told.frames
        self._trends = Trends(self._frames)
        # a candle more than a trend takes: the first one may have begun before the history
        further = (TIMEFRAMES[frame] // TIMEFRAMES[self.timeframe] * (PERIOD + 2) for frame in self._frames)
        self._warmup = max([_SETTLING * self._told.slow, *further])
        self._candles = 0

    @property
    def timeframe(self) -> str:
        """Whose candles it is fed."""
        return self._told.timeframe

    @property
    def frames(self) -> tuple[str, ...]:
        """The further timeframes."""
        return self._frames

    @property
    def warmup(self) -> int:
        """Candles until the slow average's seed no longer counts and every further timeframe has a trend."""
        return self._warmup

    def on_candle(self, candle: Candle, view: View) -> Signal:
        """Take one closed candle; a signal where the votes are clear enough, else a hold that says how they stand."""
        readings = self.read(candle, view)
        if readings is None:
            return HOLD
        opinion = self.opinion(readings)
        side = opinion.tally.side
        if not side:
            return hold(f"{opinion.regime}: the votes are even")
        if opinion.confidence < opinion.least:
            return hold(f"{opinion.told}: {opinion.confidence:.2f} < {opinion.least:.2f}")
        if view.lots * side > 0:
            return HOLD
        return self._stops.lean(side, opinion.confidence, opinion.told, close=candle.close, atr=readings.atr)

    def read(self, candle: Candle, view: View) -> Readings | None:
        """Take one closed candle and return what the indicators say.

        None before all is warm, and where the market does not move.
        """
        self._trends.take(view.just_closed)
        readings = self._instruments.read(candle)
        self._candles += 1
        if readings is None or self._candles < self.warmup or not self._trends.known:
            return None
        return readings if readings.atr >= self._tick else None

    def opinion(self, readings: Readings) -> Opinion:
        """Return what the votes, the regime and the further timeframes come to; nothing is changed."""
        regime = regime_of(readings.move, readings.bands.width, self._told)
        terms = self._terms[regime]
        votes = cast(readings, terms, self._told)
        counted = tally(votes)
        balance = self._trends.balance(counted.side)
        confidence = min(self._told.cap, counted.share * self._united(counted.confluence) * self._agreed(balance))
        return Opinion(regime, tuple(votes), counted, balance, confidence, terms.least)

    def _united(self, confluence: float) -> float:
        if confluence > self._told.united:
            return self._told.boost
        return self._told.damp if confluence < self._told.divided else 1.0

    def _agreed(self, balance: float) -> float:
        if balance < 0:
            return self._told.conflict
        return 1 + self._told.agree * balance
