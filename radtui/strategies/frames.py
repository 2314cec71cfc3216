"""Further timeframes of a strategy, built from the candles it is fed: nothing is read that has not closed yet (row W2).

A candle of a further timeframe covers whole multiples of it since 1970, UTC, as the exchange's own do. It is there with
the candle that ends it; where that one is missing, with the next that comes. The first one is left out unless its
history began with it: half a candle has the wrong open and the wrong extremes.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import Final

from msgspec.structs import replace

from radtui.core.market import TIMEFRAMES, Candle
from radtui.core.signal import Signal
from radtui.strategies.base import Framed, StrategyRefused, View

KEPT: Final = 500
"""Candles of each further timeframe that a strategy sees."""


class Higher:
    """The candles of one further timeframe.

    Attributes:
        closed: the latest of them, oldest first.
    """

    def __init__(self, span: int) -> None:
        self._span = span
        self._parts: list[Candle] = []
        self._begun = False
        self.closed: deque[Candle] = deque(maxlen=KEPT)

    def take(self, candle: Candle) -> tuple[Candle, ...]:
        """Take a closed candle that is newer than the last, and return what has closed with it."""
        ended: list[Candle] = []
        if self._parts and self._period(candle) != self._period(self._parts[0]):
            self._end(ended)
        self._parts.append(candle)
        if candle.closed_at % self._span == 0:
            self._end(ended)
        return tuple(ended)

    def _period(self, candle: Candle) -> int:
        return candle.opened_at // self._span

    def _end(self, ended: list[Candle]) -> None:
        """Close what was gathered, unless history began in the middle of it."""
        parts, self._parts = self._parts, []
        if not self._begun and parts[0].opened_at % self._span:
            self._begun = True
            return
        self._begun = True
        whole = self._joined(parts)
        self.closed.append(whole)
        ended.append(whole)

    def _joined(self, parts: Sequence[Candle]) -> Candle:
        first = parts[0]
        return Candle(
            symbol=first.symbol,
            opened_at=self._period(first) * self._span,
            span=self._span,
            open=first.open,
            high=max(part.high for part in parts),
            low=min(part.low for part in parts),
            close=parts[-1].close,
            volume=sum((part.volume for part in parts[1:]), first.volume),
        )


class InFrames:
    """A strategy with its further timeframes: fed the same candles, it finds them in its view.

    Raises:
        StrategyRefused: a timeframe that cannot be built from the strategy's own.
    """

    def __init__(self, inner: Framed) -> None:
        self._inner = inner
        names = (inner.frames,) if isinstance(inner.frames, str) else inner.frames  # ("1h") is no tuple
        self._frames = {name: Higher(_span(inner, name)) for name in names}
        self._none: dict[str, Sequence[Candle]] = dict.fromkeys(self._frames, ())
        self._higher = self._none

    @property
    def name(self) -> str:
        """The strategy's own."""
        return self._inner.name

    @property
    def timeframe(self) -> str:
        """The strategy's own, in which all others are counted."""
        return self._inner.timeframe

    @property
    def warmup(self) -> int:
        """The strategy's own."""
        return self._inner.warmup

    def on_candle(self, candle: Candle, view: View) -> Signal:
        """Add the candle to the further timeframes, then ask the strategy."""
        news = {name: closed for name, frame in self._frames.items() if (closed := frame.take(candle))}
        if news:
            # a new mapping: the view that a strategy kept does not change under it
            self._higher = self._higher | {name: tuple(self._frames[name].closed) for name in news}
        just_closed = self._none | news if news else self._none
        return self._inner.on_candle(candle, replace(view, higher=self._higher, just_closed=just_closed))


def _span(strategy: Framed, frame: str) -> int:
    own, span = TIMEFRAMES.get(strategy.timeframe), TIMEFRAMES.get(frame)
    if own is None or span is None or span <= own or span % own:
        possible = [name for name, value in TIMEFRAMES.items() if own and value > own and not value % own]
        raise StrategyRefused(
            f"strategy {strategy.name}: candles of {frame} cannot be built from those of {strategy.timeframe}; "
            f"possible: {', '.join(possible) or 'none'}"
        )
    return span
