"""The public topics: ticker, book, trades, candles, prices, funding, the day."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Final

from radtui.core.market import SECOND, Candle
from radtui.simserver.board import Change, Row
from radtui.simserver.boards import Snapshot, Ticker, Trade
from radtui.simserver.day import Day
from radtui.simserver.push.message import Message
from radtui.simserver.render.figures import coarse, millis, number, rounded, text

_FORECAST: Final = 60_000
"""Milliseconds: the granularity of a funding rate that is still a forecast, told each minute."""
_PRICES: Final = 1_000
SETTLED: Final = 28_800_000
"""Milliseconds: the granularity of a rate that was settled."""


def ticker_v2(ticker: Ticker) -> Message:
    """Return the best prices."""
    head: Message = {"symbol": ticker.symbol, "sequence": ticker.sequence}
    return {"subject": "tickerV2", "sn": ticker.sequence, "data": {**head, **_best(ticker), "ts": coarse(ticker.at)}}


def ticker_v1(ticker: Ticker, trade: Trade) -> Message:
    """Return a trade, under its own sequence and time, and the best prices."""
    data: Message = {
        "symbol": trade.symbol,
        "sequence": trade.sequence,
        "side": trade.side.value,
        "size": trade.lots,
        "price": text(trade.price),
        **_best(ticker),
        "tradeId": trade.id,
        "ts": coarse(trade.at),
    }
    return {"subject": "ticker", "sn": trade.sequence, "data": data}


def level2(change: Change) -> Message:
    """Return one change of the book."""
    what = f"{text(change.price)},{change.side.value},{change.lots}"
    data = {"sequence": change.sequence, "change": what, "timestamp": millis(change.at)}
    return {"subject": "level2", "sn": change.sequence, "data": data}


def depth(book: Snapshot, levels: int) -> Message:
    """Return the best `levels` of both sides."""
    at = millis(book.at)
    data = {
        "bids": _rows(book.bids[:levels]),
        "sequence": book.sequence,
        "timestamp": at,
        "ts": at,
        "asks": _rows(book.asks[:levels]),
    }
    return {"subject": "level2", "sn": at, "data": data}


def match(trade: Trade) -> Message:
    """Return one trade."""
    data = {
        "symbol": trade.symbol,
        "sequence": trade.sequence,
        "side": trade.side.value,
        "size": trade.lots,
        "price": text(trade.price),
        "takerOrderId": trade.taker_order_id,
        "makerOrderId": trade.maker_order_id,
        "tradeId": trade.id,
        "ts": coarse(trade.at),
    }
    return {"subject": "match", "sn": trade.sequence, "data": data}


def candle(bar: Candle, opened_at: int, at: int) -> Message:
    """Return a candle as far as it has come. Its volume stands twice, with a decimal point first, as live."""
    volume = int(bar.volume)
    figures = [str(opened_at // SECOND), *(text(price) for price in (bar.open, bar.close, bar.high, bar.low))]
    data = {"symbol": bar.symbol, "candles": [*figures, f"{volume}.0", str(volume)], "time": millis(at)}
    return {"subject": "candle.stick", "data": data}


def mark_index(mark: Decimal, index: Decimal, at: int) -> Message:
    """Return mark and index price; `at` is taken down to the second."""
    data = {
        "markPrice": number(mark),
        "indexPrice": number(index),
        "granularity": _PRICES,
        "timestamp": millis(at - at % SECOND),
    }
    return {"subject": "mark.index.price", "data": data}


def funding_rate(rate: Decimal, at: int, granularity: int = _FORECAST) -> Message:
    """Return the funding rate: the forecast, or with the span in milliseconds the one that was settled."""
    data = {"period": 1, "granularity": granularity, "fundingRate": number(rate), "timestamp": millis(at)}
    return {"subject": "funding.rate", "data": data}


def funding_announcement(symbol: str, rate: Decimal, settled_at: int, at: int, *, over: bool) -> Message:
    """Return the beginning or the end of a settlement."""
    data = {
        "symbol": symbol,
        "fundingTime": millis(settled_at),
        "fundingRate": number(rate),
        "timestamp": millis(at),
    }
    return {"subject": "funding.end" if over else "funding.begin", "data": data}


def day(symbol: str, stats: Day, at: int, name: str) -> Message:
    """Return the last 24 hours; `name` is the message's id."""
    data = {
        "highPrice": number(stats.high),
        "lastPrice": number(stats.last),
        "lowPrice": number(stats.low),
        "price24HoursBefore": number(stats.before),
        "priceChg": number(stats.change),
        "priceChgPct": rounded(stats.change_share, 4),
        "symbol": symbol,
        "ts": at,
        "turnover": rounded(stats.turnover, 10),
        "volume": number(stats.volume),
    }
    return {"subject": "snapshot.24h", "id": name, "data": data}


def _best(ticker: Ticker) -> Message:
    return {
        "bestBidSize": ticker.bid_lots,
        "bestBidPrice": text(ticker.bid),
        "bestAskPrice": text(ticker.ask),
        "bestAskSize": ticker.ask_lots,
    }


def _rows(rows: Iterable[Row]) -> list[tuple[str, int]]:
    return [(text(price), lots) for price, lots in rows]
