"""Bars folded into candles of longer spans, aligned to UTC."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from typing import Final

from radtui.core.market import Candle
from radtui.core.money import ZERO

KEPT: Final = 600
"""Closed candles that stay readable for each symbol and span."""


class Series:
    """The candles of one symbol and span: those that closed, and the one that is forming.

    A candle opens at a multiple of the span. One whose first bars were never seen is not made: half a candle would lie
    about its open, and about its high, low and volume as well.
    """

    __slots__ = ("_close", "_end", "_high", "_low", "_open", "_opened_at", "_volume", "closed", "span", "symbol")

    def __init__(self, symbol: str, span: int) -> None:
        self.symbol = symbol
        self.span = span
        self.closed: deque[Candle] = deque(maxlen=KEPT)
        self._opened_at = -1
        self._end = -1
        self._open = self._high = self._low = self._close = self._volume = ZERO

    def add(self, bar: Candle) -> Candle | None:
        """Fold the next bar in, and return the candle it closed, if any. The bar's span must divide the series'."""
        begun = bar.opened_at
        if bar.span == self.span and begun >= self._end and begun % self.span == 0:
            self.closed.append(bar)  # it is the candle
            self._end = begun + self.span
            return bar
        if begun >= self._end and not self._begin(bar):
            return None
        if bar.high > self._high:  # noqa: PLR1730 - max() takes twice as long, here on every bar
            self._high = bar.high
        if bar.low < self._low:  # noqa: PLR1730
            self._low = bar.low
        self._close = bar.close
        self._volume += bar.volume
        return self._finish() if begun + bar.span >= self._end else None

    def forming(self) -> Candle | None:
        """Return the candle as far as it has come, or None between two candles."""
        if self._opened_at < 0:
            return None
        return self._candle()

    def resume(self, forming: Candle | None, closed: Iterable[Candle], now: int) -> bool:
        """Continue from a candle that was forming, with closed candles that are newer than those here.

        What is here and does not touch the newer ones is dropped: a series without gaps is worth more than a long one.
        Returns whether the closed candles reach as far as they must; where they do not, `refill` replaces them.
        """
        fresh = sorted({candle.opened_at: candle for candle in closed}.values(), key=lambda candle: candle.opened_at)
        if fresh:
            older = [candle for candle in self.closed if candle.opened_at < fresh[0].opened_at]
            joined = bool(older) and older[-1].closed_at == fresh[0].opened_at
            self.closed = deque([*(older if joined else ()), *fresh], maxlen=KEPT)
        self._opened_at = self._end = -1
        if forming is not None:
            self._take(forming, forming.opened_at)
            self._close = forming.close
        reached = self._opened_at if forming is not None else now
        return bool(self.closed) and self.closed[-1].closed_at == reached

    def refill(self, bars: Iterable[Candle]) -> None:
        """Make the closed candles of `bars`, and the open one too where there is none."""
        made = Series(self.symbol, self.span)
        for bar in bars:
            made.add(bar)
        self.closed = made.closed
        forming = made.forming()
        if self._opened_at < 0 and forming is not None:
            self._take(forming, forming.opened_at)
            self._close = forming.close

    def _begin(self, bar: Candle) -> bool:
        aligned = bar.opened_at % self.span == 0
        if aligned:
            self._take(bar, bar.opened_at)
            self._volume = ZERO
        return aligned

    def _take(self, first: Candle, opened_at: int) -> None:
        self._opened_at, self._end = opened_at, opened_at + self.span
        self._open, self._high, self._low, self._volume = first.open, first.high, first.low, first.volume

    def _finish(self) -> Candle:
        candle = self._candle()
        self.closed.append(candle)
        self._opened_at = -1
        return candle

    def _candle(self) -> Candle:
        return Candle(
            self.symbol, self._opened_at, self.span, self._open, self._high, self._low, self._close, self._volume
        )


class Chart:
    """The series of all symbols and spans (nanoseconds)."""

    def __init__(self, symbols: Sequence[str], spans: Sequence[int]) -> None:
        self._series = {symbol: [Series(symbol, span) for span in sorted(set(spans))] for symbol in symbols}

    def warm(self, span: int, bars: Iterable[Candle]) -> None:
        """Make the candles of one span of the bars before now that divide it; a candle that is open already stays."""
        by_symbol: dict[str, list[Candle]] = {}
        for bar in bars:
            by_symbol.setdefault(bar.symbol, []).append(bar)
        for symbol, own in by_symbol.items():
            series = self._find(symbol, span)
            if series is not None:
                series.refill(bar for bar in own if span % bar.span == 0)

    def fold(self, bar: Candle) -> list[Candle]:
        """Fold one bar into every span and return the candles it closed, shortest first."""
        closed: list[Candle] = []
        for series in self._series[bar.symbol]:
            candle = series.add(bar)
            if candle is not None:
                closed.append(candle)
        return closed

    def closed(self, symbol: str, span: int, limit: int) -> list[Candle]:
        """Return up to `limit` closed candles, oldest first; none of a span or symbol that is not kept."""
        series = self._find(symbol, span)
        return list(series.closed)[-limit:] if series is not None and limit > 0 else []

    def forming(self) -> list[Candle]:
        """Return every candle that is still open."""
        return [candle for row in self._series.values() for series in row if (candle := series.forming()) is not None]

    def resume(self, forming: Sequence[Candle], closed: Sequence[Candle], now: int) -> list[int]:
        """Continue every series where it stood; return the spans that were not kept up to now and need a warm-up."""
        open_ones = {(candle.symbol, candle.span): candle for candle in forming}
        newer: dict[tuple[str, int], list[Candle]] = {}
        for candle in closed:
            newer.setdefault((candle.symbol, candle.span), []).append(candle)
        broken: set[int] = set()
        for row in self._series.values():
            for series in row:
                key = (series.symbol, series.span)
                if not series.resume(open_ones.get(key), newer.get(key, ()), now):
                    broken.add(series.span)
        return sorted(broken)

    def _find(self, symbol: str, span: int) -> Series | None:
        return next((series for series in self._series.get(symbol, ()) if series.span == span), None)
