"""Asking the strategy: fed every closed candle in order, and contained where it fails (row W2)."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final, overload

from radtui.backtest.series import Series
from radtui.core.instrument import Instrument
from radtui.core.market import Candle
from radtui.core.positions import Positions
from radtui.core.signal import HOLD, Action, Signal
from radtui.strategies.base import Strategy, View
from radtui.strategies.batch import History
from radtui.strategies.hearing import plain, told

RECENT: Final = 500
"""Candles that a strategy sees behind it, as in a flight."""


class Window(Sequence[Candle]):
    """The last candles before a place: nothing of what comes later can be reached through it."""

    __slots__ = ("_candles", "_start", "_stop")

    def __init__(self, candles: Sequence[Candle], stop: int, most: int = RECENT) -> None:
        self._candles, self._stop = candles, stop
        self._start = max(0, stop - most)

    def __len__(self) -> int:
        return self._stop - self._start

    @overload
    def __getitem__(self, at: int) -> Candle: ...

    @overload
    def __getitem__(self, at: slice) -> Sequence[Candle]: ...

    def __getitem__(self, at: int | slice) -> Candle | Sequence[Candle]:
        places = range(self._start, self._stop)[at]
        if isinstance(places, int):
            return self._candles[places]
        if places.step == 1:
            return self._candles[places.start : places.stop]
        return [self._candles[place] for place in places]

    def __iter__(self) -> Iterator[Candle]:
        return iter(self._candles[self._start : self._stop])


class Minds:
    """The strategy of one backtest.

    Attributes:
        faults: how often it failed. fault: what the first failure was.
    """

    def __init__(self, factory: Callable[[Instrument], Strategy], instrument: Instrument) -> None:
        self._strategy, self._instrument = factory(instrument), instrument
        self._candles: Sequence[Candle] = ()
        self._next = 0
        self._heard: tuple[int, Signal] = (-1, HOLD)
        self._foretold: Mapping[int, Signal] | None = None
        self._places: list[int] = []
        self.faults = 0
        self.fault = ""

    def follow(self, series: Series, positions: Positions) -> None:
        """Take up the candles, and hear nothing of what it makes of the warm-up."""
        self._candles, self._next = series.candles, series.begin
        tell = getattr(self._strategy, "foretell", None)
        if callable(tell):
            self._foresee(tell, series)
        while self.speaks(series.warm, positions) is not None:
            pass

    def expects(self) -> int | None:
        """Return the place of the candle at which it will speak next, where it told its whole history; else None."""
        if self._foretold is None:
            return None
        at = bisect_left(self._places, self._next)
        return self._places[at] if at < len(self._places) else len(self._candles)

    def speaks(self, until: int, positions: Positions) -> int | None:
        """Tell it of candles before the place `until`, up to the first at which it wants to trade; return its place."""
        if (expected := self.expects()) is not None:
            self._next = max(self._next, min(expected + 1, until))
            return expected if expected < until else None
        while self._next < until:
            place = self._next
            self._next += 1
            signal = self._ask(place, positions)
            if signal is not HOLD and signal.action is not Action.HOLD:  # who wants nothing changes nothing
                self._heard = place, signal
                return place
        return None

    def word(self, place: int, positions: Positions) -> Signal:
        """Return what it makes of a candle that has just closed; `HOLD` where it wants nothing or fails."""
        if self._foretold is not None:
            self._next = max(self._next, place + 1)
            return self._foretold.get(place, HOLD)
        if place >= self._next:
            self.speaks(place + 1, positions)
        heard, signal = self._heard
        return signal if heard == place else HOLD

    def _foresee(self, tell: Callable[[History], Mapping[int, Signal]], series: Series) -> None:
        try:
            self._foretold = dict(_plainly(tell(series.history), series))
        except KeyboardInterrupt:  # it is the person's
            raise
        except BaseException as error:  # supervision point: who cannot tell it at once is asked candle by candle
            self._failed(error)
        else:
            self._places = sorted(self._foretold)

    def _ask(self, place: int, positions: Positions) -> Signal:
        candle, symbol = self._candles[place], self._instrument.symbol
        held, recent = positions.open.get(symbol), Window(self._candles, place + 1)
        if held is None:
            view = View(symbol=symbol, recent=recent)
        else:
            view = View(symbol=symbol, lots=held.lots, entry=held.holding.entry(held.instrument), recent=recent)
        try:
            return plain(self._strategy.on_candle(candle, view), candle.close)
        except KeyboardInterrupt:  # it is the person's
            raise
        except BaseException as error:  # supervision point: a strategy's fault costs its signal, nothing else
            self._failed(error)
            return HOLD

    def _failed(self, error: BaseException) -> None:
        self.faults += 1
        self.fault = self.fault or f"{self._instrument.symbol}: {told(error)}"


def _plainly(said: Mapping[int, Signal], series: Series) -> Iterator[tuple[int, Signal]]:
    """Yield what was foretold as plain signals at their places, without those that want nothing."""
    last: Signal | None = None
    usable = HOLD
    for place, signal in said.items():
        if signal is not last or signal.stop is not None or signal.target is not None:
            last, usable = signal, plain(signal, series.history.price(place))
        if usable.action is not Action.HOLD:
            yield place + series.begin, usable
