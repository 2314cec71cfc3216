"""Market data as it is shown."""

from __future__ import annotations

from decimal import Decimal

from radtui.core.market import MINUTE, Candle
from radtui.core.order import Side
from radtui.simserver.boards import Snapshot, Ticker, Trade
from radtui.simserver.pricetape import Sample
from radtui.simserver.render import market
from radtui.venue.contracts import CONTRACTS

TRADE = Trade("XBTUSDTM", 7, Side.SELL, 3, Decimal("60000.10"), "1", "2", 1_758_421_075_974_123_456)
BID, ASK = Decimal("59999.9"), Decimal("60000.1")


def test_a_tickers_prices_are_text_and_its_sizes_numbers() -> None:
    shown = market.ticker(Ticker("XBTUSDTM", 9, BID, 4, ASK, 5, TRADE, 0), BID)
    assert (shown["price"], shown["size"], shown["side"], shown["tradeId"]) == ("60000.1", 3, "sell", "7")
    assert (shown["bestBidPrice"], shown["bestBidSize"]) == ("59999.9", 4)
    assert shown["ts"] == 1_758_421_075_974_000_000


def test_a_ticker_before_the_first_trade() -> None:
    shown = market.ticker(Ticker("XBTUSDTM", 9, BID, 4, ASK, 5, None, 1_000_000), Decimal(60_000))
    assert (shown["price"], shown["size"], shown["ts"]) == ("60000", 0, 1_000_000)


def test_a_books_rows_are_numbers() -> None:
    shown = market.book(Snapshot("XBTUSDTM", 9, ((BID, 4), (BID - 1, 2)), ((ASK, 5),), 0), 1)
    assert (shown["bids"], shown["asks"]) == ([[BID, 4]], [[ASK, 5]])


def test_a_candle_has_seven_columns_high_before_low() -> None:
    candle = Candle("XBTUSDTM", 0, MINUTE, Decimal(10), Decimal(12), Decimal(9), Decimal(11), Decimal(100))
    row = market.kline(candle, CONTRACTS["XBTUSDTM"], MINUTE)
    assert row == [60_000, 10, 12, 9, 11, 100, Decimal("1.1")]


def test_premium_and_index() -> None:
    sample = Sample(2_000_000_000, Decimal(101), Decimal(100))
    assert market.premium(".XBTUSDTMPI", sample)["value"] == Decimal("0.01")
    assert market.index(".KXBTUSDT", sample)["timePoint"] == 2000
