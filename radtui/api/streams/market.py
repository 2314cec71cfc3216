"""One line of ``/ws/market``: prices and closed candles of the contracts it asks for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from radtui.api.streams.frames import FEW, Closed, Contracts, Market, NoSymbols, Tick, market_asked
from radtui.api.streams.news import News
from radtui.core.market import Candle
from radtui.engine.tape import Heard
from radtui.engine.wire import encode

SHOWN: Final = 200
"""Candles that come first."""


class _Seen(NamedTuple):
    """What was shown of a contract: its last price, and the opening of its last candle (0 where there was none)."""

    heard: Heard | None
    opened_at: int


class MarketStream:
    """What one reader knows of the market; bounded by the contracts there are."""

    def __init__(self, news: News) -> None:
        self._news = news
        self._unknown: tuple[str, ...] = ()
        self._seen: dict[str, _Seen | None] = {}

    def heard(self, text: str) -> None:
        """Take a frame of the reader.

        Raises:
            msgspec.DecodeError: it is none.
        """
        said = market_asked(text)
        if isinstance(said, NoSymbols):
            for symbol in said.symbols:
                self._seen.pop(symbol, None)
            return
        known = self._known()
        self._unknown = (*self._unknown, *(each for each in said.symbols if each not in known))[-FEW:]
        for symbol in said.symbols:
            if symbol in known:
                self._seen.setdefault(symbol, None)

    def left(self) -> None:
        """The line has ended."""

    def greeting(self) -> Iterator[str]:
        """Say what there is."""
        yield self._contracts()

    def due(self) -> Iterator[str]:
        """Say what is new."""
        if self._unknown:
            unknown, self._unknown = self._unknown, ()
            yield self._contracts(unknown)
        for symbol in tuple(self._seen):
            if symbol in self._seen:  # while the frame before was taken, it may have gone
                yield from self._of(symbol, self._seen[symbol])

    def _of(self, symbol: str, seen: _Seen | None) -> Iterator[str]:
        tape = self._news.tape
        heard, latest = tape.last(symbol), tape.latest(symbol)
        opened_at = latest.opened_at if latest else 0
        newer: tuple[Candle, ...] = ()
        if seen is not None and opened_at != seen.opened_at:
            newer = tuple(candle for candle in tape.candles(symbol) if candle.opened_at > seen.opened_at)
        if seen is None or (newer and seen.opened_at and newer[0].opened_at > seen.opened_at + newer[0].span):
            candles = tape.candles(symbol)[-SHOWN:]
            self._seen[symbol] = _Seen(heard, candles[-1].opened_at if candles else 0)
            yield _whole(symbol, heard, candles)
            return
        self._seen[symbol] = _Seen(heard, newer[-1].opened_at if newer else seen.opened_at)
        if newer:
            yield encode(Closed(candles=newer)).decode()
        if heard is not None and heard is not seen.heard:
            yield encode(Tick(tick=heard.tick, heard_at=heard.at)).decode()

    def _known(self) -> tuple[str, ...]:
        return self._news.handle.snapshot().status.symbols

    def _contracts(self, unknown: tuple[str, ...] = ()) -> str:
        timeframe = self._news.handle.snapshot().status.timeframe
        return encode(Contracts(symbols=self._known(), timeframe=timeframe, unknown=unknown)).decode()


def _whole(symbol: str, heard: Heard | None, candles: tuple[Candle, ...]) -> str:
    tick, at = (heard.tick, heard.at) if heard else (None, None)
    return encode(Market(symbol=symbol, last=tick, heard_at=at, candles=candles)).decode()
