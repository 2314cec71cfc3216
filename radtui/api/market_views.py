"""What the API says of the market (row S7): nothing that was not heard, and with its age."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise
from statistics import stdev

import msgspec

from radtui.api.views import View
from radtui.core.book import BookShown, Level, Trade
from radtui.core.market import SECOND, Candle
from radtui.core.money import HUNDRED, ratio
from radtui.engine.inquiries import BookRead, TradesRead
from radtui.engine.tape import Heard


class CandleView(View, frozen=True, kw_only=True):
    """One closed candle; it opened at `at`, nanoseconds UTC. `volume` in lots."""

    at: int
    open: Decimal
    high: Decimal
    low: Decimal
    close: Decimal
    volume: Decimal


class Candles(View, frozen=True, kw_only=True):
    """Closed candles, oldest first."""

    symbol: str
    timeframe: str
    candles: tuple[CandleView, ...]


class Ticker(View, frozen=True, kw_only=True):
    """The last price and the best of both sides.

    Attributes:
        at: market clock of the price. age: wall seconds since it was heard.
        spread_pct: of the middle, percent. book: why there is no bid and ask; empty where there are.
    """

    symbol: str
    price: Decimal
    at: int
    age: float
    bid: Decimal | None = None
    ask: Decimal | None = None
    spread_pct: Decimal | None = None
    book: str = ""


class OrderBook(View, frozen=True, kw_only=True):
    """The best levels of both sides, the best first; sizes in lots. `at`: wall clock of the reading."""

    symbol: str
    at: int
    bids: tuple[Level, ...]
    asks: tuple[Level, ...]


class Trades(View, frozen=True, kw_only=True):
    """Everybody's latest trades, newest first. `at`: wall clock of the reading."""

    symbol: str
    at: int
    trades: tuple[Trade, ...]


class DataQuality(msgspec.Struct, frozen=True, kw_only=True):
    """What a context rests on. `age`: wall seconds since the last price; None before the first."""

    candles: int
    levels: int
    age: float | None
    book: str


class Context(View, frozen=True, kw_only=True):
    """A market in a few figures, over the candles that were asked for.

    Attributes:
        price: close of the last candle. change: since the open of the first; in percent too.
        volatility_pct: standard deviation of the candles' changes, percent; None of fewer than three.
        volume: lots. bid, ask, spread_pct: None where no book could be read, and `quality` says why.
    """

    symbol: str
    timeframe: str
    price: Decimal
    change: Decimal
    change_pct: Decimal
    high: Decimal
    low: Decimal
    volume: Decimal
    volatility_pct: float | None
    bid: Decimal | None
    ask: Decimal | None
    spread_pct: Decimal | None
    quality: DataQuality


def candles(symbol: str, timeframe: str, found: Sequence[Candle]) -> Candles:
    """Return candles as they are answered."""
    return Candles(symbol=symbol, timeframe=timeframe, candles=tuple(map(_candle, found)))


def ticker(heard: Heard, now: int, read: BookRead | None, why: str) -> Ticker:
    """Return the last price beside the book; where none could be read, `why`."""
    bid, ask = _best(read.book if read else None)
    return Ticker(
        symbol=heard.tick.symbol,
        price=heard.tick.price,
        at=heard.tick.at,
        age=_age(heard, now),
        bid=bid,
        ask=ask,
        spread_pct=_spread(bid, ask),
        book=why,
    )


def order_book(read: BookRead, limit: int) -> OrderBook:
    """Return at most `limit` levels of each side."""
    book = read.book
    return OrderBook(symbol=book.symbol, at=read.at, bids=book.bids[:limit], asks=book.asks[:limit])


def trades(symbol: str, read: TradesRead, limit: int) -> Trades:
    """Return at most `limit` trades."""
    return Trades(symbol=symbol, at=read.at, trades=read.trades[:limit])


def context(
    timeframe: str, found: Sequence[Candle], heard: Heard | None, now: int, read: BookRead | None, why: str
) -> Context:
    """Return a market in a few figures; `found` holds at least one candle."""
    first, last = found[0], found[-1]
    bid, ask = _best(read.book if read else None)
    changes = [float(ratio(each.close - before.close, before.close)) for before, each in pairwise(found)]
    return Context(
        symbol=last.symbol,
        timeframe=timeframe,
        price=last.close,
        change=last.close - first.open,
        change_pct=round(ratio(last.close - first.open, first.open) * HUNDRED, 4),
        high=max(each.high for each in found),
        low=min(each.low for each in found),
        volume=sum((each.volume for each in found), Decimal(0)),
        volatility_pct=stdev(changes) * 100 if len(changes) > 1 else None,
        bid=bid,
        ask=ask,
        spread_pct=_spread(bid, ask),
        quality=DataQuality(
            candles=len(found),
            levels=len(read.book.bids) + len(read.book.asks) if read else 0,
            age=None if heard is None else _age(heard, now),
            book=why,
        ),
    )


def _candle(each: Candle) -> CandleView:
    return CandleView(
        at=each.opened_at, open=each.open, high=each.high, low=each.low, close=each.close, volume=each.volume
    )


def _best(book: BookShown | None) -> tuple[Decimal | None, Decimal | None]:
    if book is None:
        return None, None
    return book.bids[0].price if book.bids else None, book.asks[0].price if book.asks else None


def _spread(bid: Decimal | None, ask: Decimal | None) -> Decimal | None:
    return None if bid is None or ask is None else round(ratio((ask - bid) * 2, ask + bid) * HUNDRED, 4)


def _age(heard: Heard, now: int) -> float:
    return max(0.0, (now - heard.at) / SECOND)
