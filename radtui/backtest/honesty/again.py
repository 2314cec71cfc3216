"""The day flown again: the same strategy and configuration on recorded candles, by the same core."""

from __future__ import annotations

from collections.abc import Callable

from radtui.backtest.flight import Flight
from radtui.backtest.honesty.log import Log
from radtui.backtest.minds import Minds
from radtui.backtest.run import Terms
from radtui.core.events import Restored
from radtui.core.instrument import Instrument
from radtui.core.market import Candle
from radtui.core.signal import Signal
from radtui.strategies.base import Strategy, View
from radtui.venue.history import RecordedMarket


class Overheard:
    """What strategies say, kept until it is weighed: what a live core is told, it is told after fills before it."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._said: list[tuple[Candle, Signal]] = []

    def by(self, strategy: Strategy) -> Strategy:
        """Return a strategy whose every word is noted."""
        return _Noted(strategy, self._said)

    def note(self) -> None:
        """Put what was said into the log."""
        for candle, said in self._said:
            self._log.signal(candle.symbol, candle.closed_at, said, candle.close)
        self._said.clear()


class _Noted:
    def __init__(self, strategy: Strategy, said: list[tuple[Candle, Signal]]) -> None:
        self._strategy, self._said = strategy, said
        self.name, self.timeframe, self.warmup = strategy.name, strategy.timeframe, strategy.warmup

    def on_candle(self, candle: Candle, view: View) -> Signal:
        """Ask the strategy."""
        said = self._strategy.on_candle(candle, view)
        if isinstance(said, Signal):
            self._said.append((candle, said))
        return said


def again(
    terms: Terms,
    market: RecordedMarket,
    factory: Callable[[Instrument], Strategy],
    past: Restored | None = None,
) -> Log:
    """Fly a strategy through a recorded market to its end, and return what it decided.

    Args:
        past: what the bot remembered when the market begins; None: nothing.

    Raises:
        StrategyRefused: the strategy cannot be made. BadHistory: its candles cannot be made of the market's bars.
    """
    log = Log()
    heard = Overheard(log)
    minds = Minds(lambda instrument: heard.by(factory(instrument)), market.instruments[0])
    flight = Flight(
        terms.config,
        market,
        minds,
        lambda fact, find: log.take(fact),
        balance=terms.balance,
        slippage=terms.slippage,
        warmup=terms.warmup,
        weighing=heard.note,
        past=past,
    )
    while not market.ended:
        flight.step(1)  # no leap: each word is noted with what was held when it was said
        heard.note()
    return log
