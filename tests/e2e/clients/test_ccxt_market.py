"""ccxt reads every piece of market data it knows of, synchronously, over a real socket."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from serving import BTC, COIN, ETH, Served

ccxt = pytest.importorskip("ccxt", reason="ccxt is not installed")

pytestmark = pytest.mark.xdist_group("clients-rest")
FRAMES = ("1m", "5m", "15m", "30m", "1h", "2h", "4h", "8h", "12h", "1d", "1w")
EIGHT_HOURS = 8 * 3_600_000


@pytest.fixture(scope="module")
def client(served: Served) -> Any:
    client = served.ccxt(ccxt)
    client.load_markets()
    return client


def test_the_markets(client: Any) -> None:
    assert set(client.symbols) == {BTC, ETH, COIN, "BTC/USDC:USDC"}
    btc, coin = client.market(BTC), client.market(COIN)
    assert (btc["id"], btc["base"], btc["settle"], btc["contractSize"]) == ("XBTUSDTM", "BTC", "USDT", 0.001)
    assert (btc["active"], btc["swap"], btc["linear"], btc["inverse"]) == (True, True, True, False)
    assert (btc["taker"], btc["maker"]) == (0.0006, 0.0002)
    assert btc["precision"] == {"amount": 1.0, "price": 0.1}
    assert btc["limits"]["leverage"] == {"min": 1.0, "max": 125.0}
    assert btc["limits"]["amount"] == {"min": 1.0, "max": 1_000_000.0}
    assert (coin["inverse"], coin["linear"], coin["settle"], coin["contractSize"]) == (True, False, "BTC", 1.0)


def test_clock_and_state(client: Any) -> None:
    assert abs(client.fetch_time() - client.milliseconds()) < 2_000
    assert client.fetch_status()["status"] == "ok"
    assert client.fetch_currencies()["BTC"]["precision"] == 1e-8


@pytest.mark.parametrize("symbol", [BTC, ETH, COIN])
def test_a_ticker_agrees_with_the_book(client: Any, symbol: str) -> None:
    ticker = client.fetch_ticker(symbol)
    assert ticker["bid"] < ticker["ask"]
    assert ticker["bidVolume"] >= 1 <= ticker["askVolume"]
    assert abs(ticker["timestamp"] - client.milliseconds()) < 10_000
    assert ticker["last"] == pytest.approx((ticker["bid"] + ticker["ask"]) / 2, rel=0.005)
    assert client.fetch_bids_asks([symbol])[symbol]["bid"] == pytest.approx(ticker["bid"], rel=0.005)


def test_all_tickers_tell_of_the_day(client: Any) -> None:
    tickers = client.fetch_tickers()
    assert set(tickers) == set(client.symbols)
    for symbol, ticker in tickers.items():
        assert ticker["low"] <= ticker["last"] <= ticker["high"], symbol
        assert ticker["change"] == pytest.approx(ticker["last"] - ticker["open"], abs=1e-6)
        assert abs(ticker["markPrice"] / ticker["last"] - 1) < 0.01
        assert abs(ticker["indexPrice"] / ticker["last"] - 1) < 0.01
    linear = tickers[BTC]
    assert linear["low"] < linear["quoteVolume"] / linear["baseVolume"] < linear["high"]
    assert set(client.fetch_tickers([ETH])) == {ETH}
    quotes = client.fetch_bids_asks()
    assert all(quote["bid"] < quote["ask"] for quote in quotes.values())
    assert set(quotes) == set(client.symbols)


@pytest.mark.parametrize("limit", [None, 20, 100])
def test_a_book_is_sorted_and_not_crossed(client: Any, limit: int | None) -> None:
    book = client.fetch_order_book(BTC, limit)
    bids, asks = [price for price, _ in book["bids"]], [price for price, _ in book["asks"]]
    assert bids == sorted(set(bids), reverse=True)
    assert asks == sorted(set(asks))
    assert bids[0] < asks[0]
    assert all(lots >= 1 and lots == int(lots) for _, lots in book["bids"] + book["asks"])
    assert len(bids) >= 20
    assert book["nonce"] > 0
    assert abs(book["timestamp"] - client.milliseconds()) < 10_000


def test_later_books_have_higher_numbers(client: Any) -> None:
    first = client.fetch_order_book(BTC)["nonce"]
    assert client.fetch_order_book(BTC)["nonce"] >= first


def test_trades(client: Any) -> None:
    trades = client.fetch_trades(BTC)
    assert len(trades) == 100
    stamps = [trade["timestamp"] for trade in trades]
    assert stamps == sorted(stamps)
    assert len({trade["id"] for trade in trades}) == 100
    assert {trade["side"] for trade in trades} == {"buy", "sell"}
    for trade in trades:
        assert trade["cost"] == pytest.approx(trade["price"] * trade["amount"] * 0.001)
    assert len(client.fetch_trades(BTC, limit=7)) == 7
    assert client.fetch_trades(BTC, since=stamps[-1])[0]["timestamp"] >= stamps[-1]


@pytest.mark.parametrize("frame", FRAMES)
def test_candles(client: Any, frame: str) -> None:
    span = client.parse_timeframe(frame) * 1000
    candles = client.fetch_ohlcv(BTC, frame)
    assert len(candles) >= 200
    opened = [candle[0] for candle in candles]
    assert opened == list(range(opened[0], opened[-1] + 1, span))
    assert opened[0] % (span if frame != "1w" else 86_400_000) == 0
    assert opened[-1] <= client.fetch_time() < opened[-1] + span
    for _, begun, high, low, closed, volume in candles:
        assert low <= min(begun, closed) <= max(begun, closed) <= high
        assert volume >= 0
    since = opened[-20]
    some = client.fetch_ohlcv(BTC, frame, since, 5)
    assert [candle[0] for candle in some] == opened[-20:-15]
    assert some == candles[-20:-15]
    assert [candle[0] for candle in client.fetch_ohlcv(BTC, frame, since + 1, 3)] == opened[-19:-16]
    assert len(client.fetch_ohlcv(BTC, frame, limit=3)) <= 3


@pytest.mark.parametrize(("fine", "coarse"), [("1m", "5m"), ("5m", "15m"), ("1h", "2h"), ("1h", "4h")])
def test_candles_of_two_sizes_tell_the_same_story(client: Any, fine: str, coarse: str) -> None:
    span = client.parse_timeframe(coarse) * 1000
    large = {candle[0]: candle for candle in client.fetch_ohlcv(BTC, coarse, limit=30)[:-1]}
    parts: dict[int, list[list[float]]] = {}
    for candle in client.fetch_ohlcv(BTC, fine)[1:-1]:
        parts.setdefault(int(candle[0]) // span * span, []).append(candle)
    whole = [at for at in large if len(parts.get(at, [])) * client.parse_timeframe(fine) * 1000 == span]
    assert whole
    for at in whole:
        assert large[at][1:5] == [
            parts[at][0][1],
            max(candle[2] for candle in parts[at]),
            min(candle[3] for candle in parts[at]),
            parts[at][-1][4],
        ]


@pytest.mark.parametrize("symbol", [BTC, COIN])
def test_funding(client: Any, symbol: str) -> None:
    now = client.fetch_time()
    rate = client.fetch_funding_rate(symbol)
    assert abs(rate["fundingRate"]) <= 0.003
    assert rate["interval"] == "8h"
    assert now < rate["fundingTimestamp"] <= now + EIGHT_HOURS
    assert rate["fundingTimestamp"] % EIGHT_HOURS == 0
    assert rate["previousFundingTimestamp"] == rate["fundingTimestamp"] - EIGHT_HOURS
    assert client.fetch_funding_interval(symbol)["interval"] == "8h"
    past = client.fetch_funding_rate_history(symbol, now - 3 * 86_400_000)
    stamps = [one["timestamp"] for one in past]
    assert stamps == list(range(stamps[0], stamps[-1] + 1, EIGHT_HOURS))
    assert stamps[-1] == rate["fundingTimestamp"] - EIGHT_HOURS
    assert stamps[0] >= now - 3 * 86_400_000
    assert len(past) == 9
    assert len(client.fetch_funding_rate_history(symbol, now - 3 * 86_400_000, 4)) == 4
    assert len(client.fetch_funding_rate_history(symbol)) == 100
    contract = client.fetch_markets()[0]["info"]
    assert abs(int(contract["nextFundingRateDateTime"]) - rate["fundingTimestamp"]) < 1_000


def test_funding_of_all(client: Any) -> None:
    rates = client.fetch_funding_rates()
    assert set(rates) == set(client.symbols)
    assert rates[BTC]["fundingRate"] is not None or rates[BTC]["nextFundingRate"] is not None


def test_marks_and_open_interest(client: Any) -> None:
    mark = client.fetch_mark_price(BTC)
    assert mark["markPrice"] == pytest.approx(client.fetch_ticker(BTC)["last"], rel=0.01)
    assert mark["indexPrice"] == pytest.approx(mark["markPrice"], rel=0.01)
    interests = client.fetch_open_interests([BTC, ETH])
    assert set(interests) == {BTC, ETH}
    assert interests[BTC]["openInterestAmount"] > 0
    assert client.fetch_open_interests()[COIN]["openInterestAmount"] > 0
    assert client.fetch_open_interest(ETH)["openInterestAmount"] > 0
    past = client.fetch_open_interest_history(BTC, "1h", limit=10)
    stamps = [one["timestamp"] for one in past]
    assert stamps == list(range(stamps[0], stamps[-1] + 1, 3_600_000))
    assert len(stamps) == 10
    assert client.fetch_mark_prices()["BTC/USDT"]["info"]["value"] > 0


def test_what_there_is_none_of(client: Any) -> None:
    assert client.fetch_deposits("USDT") == []
    assert client.fetch_withdrawals("USDT") == []
    assert client.fetch_transfers() == []
    assert client.fetch_accounts() == []


def test_leverage_tiers(client: Any) -> None:
    tiers = client.fetch_market_leverage_tiers(BTC)
    several = client.fetch_leverage_tiers([BTC, COIN])
    assert set(several) == {BTC, COIN}
    assert [tier["maxNotional"] for tier in several[BTC]] == [tier["maxNotional"] for tier in tiers]
    assert [tier["tier"] for tier in tiers] == list(range(1, len(tiers) + 1))
    assert tiers[0]["maxLeverage"] == 125
    assert tiers[0]["minNotional"] == 0
    for lower, upper in pairwise(tiers):
        assert lower["maxNotional"] == upper["minNotional"]
        assert lower["maxLeverage"] > upper["maxLeverage"]
        assert lower["maintenanceMarginRate"] < upper["maintenanceMarginRate"]


def test_fees(client: Any) -> None:
    fee = client.fetch_trading_fee(BTC)
    assert (fee["maker"], fee["taker"]) == (0.0002, 0.0006)


def test_what_does_not_exist(client: Any) -> None:
    with pytest.raises(ccxt.BadSymbol):
        client.fetch_ticker("NO/SUCH:PAIR")
    with pytest.raises(ccxt.ExchangeError, match="200003"):
        client.futuresPublicGetTicker({"symbol": "NOSUCHM"})
    with pytest.raises(ccxt.BadRequest):
        client.futuresPublicGetKlineQuery({"symbol": "XBTUSDTM", "granularity": 7})
    with pytest.raises(ccxt.BadRequest):
        client.futuresPublicGetKlineQuery({"symbol": "XBTUSDTM", "granularity": "minute"})
    with pytest.raises(ccxt.NotSupported, match="404000"):
        client.fetch2("no/such/path", ["futuresPublic"], "GET", {})
    with pytest.raises(ccxt.BadRequest, match="from and to"):
        client.futuresPublicGetContractFundingRates({"symbol": "XBTUSDTM"})
    with pytest.raises(ccxt.BadRequest, match="limit"):
        client.fetch_order_book(BTC, 50)


@pytest.mark.parametrize(
    ("method", "params", "least"),
    [
        ("IndexQuery", {"symbol": ".KXBTUSDT"}, "decomposionList"),
        ("InterestQuery", {"symbol": ".XBTINT"}, "value"),
        ("PremiumQuery", {"symbol": ".XBTUSDTMPI"}, "value"),
    ],
)
def test_index_interest_and_premium(client: Any, method: str, params: dict[str, str], least: str) -> None:
    data = getattr(client, f"futuresPublicGet{method}")(params)["data"]
    assert data["dataList"]
    assert data["hasMore"] in {True, False}
    for row in data["dataList"]:
        assert row["symbol"] == params["symbol"]
        assert row[least]
        assert int(row["timePoint"]) <= client.milliseconds() + 1_000
