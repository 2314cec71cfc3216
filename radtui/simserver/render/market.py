"""Market data as the public REST endpoints show it."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from radtui.core.market import Candle
from radtui.core.money import ZERO
from radtui.simserver.boards import Snapshot, Ticker, Trade
from radtui.simserver.day import Day, day
from radtui.simserver.pricetape import Sample
from radtui.simserver.render.contract import FUNDING_CAP, GRANULARITY, funding_symbol
from radtui.simserver.render.figures import coarse, millis, number, rounded, text

if TYPE_CHECKING:
    from radtui.core.instrument import Instrument
    from radtui.simserver.floor import Floor


def ticker(shown: Ticker, last: Decimal) -> dict[str, object]:
    """Return `GET /ticker`; before the first trade the last price stands there with a size of 0."""
    trade = shown.last
    return {
        "sequence": shown.sequence,
        "symbol": shown.symbol,
        "side": trade.side.value if trade else "buy",
        "size": trade.lots if trade else 0,
        "tradeId": trade.id if trade else str(shown.sequence),
        "price": text(trade.price if trade else last),
        "bestBidPrice": text(shown.bid),
        "bestBidSize": shown.bid_lots,
        "bestAskPrice": text(shown.ask),
        "bestAskSize": shown.ask_lots,
        "ts": coarse(trade.at if trade else shown.at),
    }


def book(shown: Snapshot, depth: int | None = None) -> dict[str, object]:
    """Return a book of up to `depth` levels a side: rows are numbers, best price first."""
    return {
        "sequence": shown.sequence,
        "symbol": shown.symbol,
        "bids": [[number(price), lots] for price, lots in shown.bids[:depth]],
        "asks": [[number(price), lots] for price, lots in shown.asks[:depth]],
        "ts": coarse(shown.at),
    }


def trade(done: Trade) -> dict[str, object]:
    """Return one public trade."""
    return {
        "sequence": done.sequence,
        "contractId": 1,
        "tradeId": done.id,
        "makerOrderId": done.maker_order_id,
        "takerOrderId": done.taker_order_id,
        "ts": coarse(done.at),
        "size": done.lots,
        "price": text(done.price),
        "side": done.side.value,
    }


def kline(candle: Candle, instrument: Instrument, shift: int) -> list[object]:
    """Return one candle: opening time (ms), open, high, low, close, volume in lots, turnover."""
    value = instrument.notional(candle.close, 1) * candle.volume
    prices = [number(price) for price in (candle.open, candle.high, candle.low, candle.close)]
    return [millis(candle.opened_at + shift), *prices, number(candle.volume), rounded(value, 8)]


def mark_price(floor: Floor, symbol: str) -> dict[str, object]:
    """Return `GET /mark-price/{symbol}/current`."""
    prices = floor.venue.prices(symbol)
    return {
        "symbol": symbol,
        "granularity": 1000,
        "timePoint": floor.now() // 1_000_000_000 * 1000,
        "value": number(prices.mark),
        "indexPrice": number(prices.index),
    }


def funding_rate(floor: Floor, symbol: str) -> dict[str, object]:
    """Return `GET /funding-rate/{symbol}/current`."""
    due = millis(floor.wall(floor.venue.next_funding_at(symbol)))
    rate = number(floor.venue.funding_rate(symbol))
    return {
        "symbol": funding_symbol(symbol),
        "granularity": GRANULARITY,
        "timePoint": due - round(GRANULARITY / floor.speed),
        "value": rate,
        "predictedValue": rate,
        "fundingRateCap": FUNDING_CAP,
        "fundingRateFloor": -FUNDING_CAP,
        "period": 1,
        "fundingTime": due,
    }


def index(symbol: str, sample: Sample) -> dict[str, object]:
    """Return one entry of `GET /index/query`, with the single source this market has."""
    value = number(sample.index)
    return {
        "symbol": symbol,
        "granularity": 1000,
        "timePoint": millis(sample.at),
        "value": value,
        "decomposionList": [{"exchange": "kucoin", "price": value, "weight": 1}],
    }


def premium(symbol: str, sample: Sample) -> dict[str, object]:
    """Return one entry of `GET /premium/query`: how far the mark stands above the index."""
    share = (sample.mark - sample.index) / sample.index if sample.index else ZERO
    return {"symbol": symbol, "granularity": 60000, "timePoint": millis(sample.at), "value": rounded(share, 6)}


def interest(symbol: str, at: int) -> dict[str, object]:
    """Return one entry of `GET /interest/query`: the daily rate that enters funding."""
    return {"symbol": symbol, "granularity": 60000, "timePoint": millis(at), "value": Decimal("0.0003")}


__all__ = [
    "Day",
    "book",
    "day",
    "funding_rate",
    "index",
    "interest",
    "kline",
    "mark_price",
    "premium",
    "ticker",
    "trade",
]
