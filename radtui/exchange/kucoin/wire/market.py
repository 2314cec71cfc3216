"""Market data over REST: contracts, tickers, books, trades, candles, rates, and the tokens of the feed."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from radtui.exchange.kucoin.wire.common import Amount, Wire


class Contract(Wire, frozen=True, kw_only=True):
    """One contract and what the market does in it.

    Attributes:
        multiplier: base coin in a lot; −1 for an inverse contract, where a lot is one unit of the quote currency.
        next_funding_rate_time: milliseconds *until* the next settlement; `next_funding_rate_date_time` is its instant.
        open_interest: lots. `volume_of_24h` counts base coin, not lots.
        order_price_range: how far from the mark price a price may be, as a share; `buy_limit` and `sell_limit` are the
            prices of now.
    """

    symbol: str
    tick_size: Decimal
    multiplier: Decimal
    lot_size: Decimal = Decimal(1)
    root_symbol: str = ""
    display_symbol: str = ""
    type: str = ""
    status: str = ""
    base_currency: str = ""
    quote_currency: str = ""
    settle_currency: str = ""
    first_open_date: int | None = None
    expire_date: int | None = None
    settle_date: int | None = None
    max_order_qty: int = 0
    market_max_order_qty: int = 0
    max_price: Amount = None
    index_price_tick_size: Amount = None
    initial_margin: Amount = None
    maintain_margin: Amount = None
    max_risk_limit: Amount = None
    min_risk_limit: Amount = None
    risk_step: Amount = None
    cross_risk_limit: Amount = None
    maker_fee_rate: Amount = None
    taker_fee_rate: Amount = None
    is_inverse: bool = False
    is_quanto: bool = False
    support_cross: bool | None = None
    max_leverage: Decimal = Decimal(1)
    buy_limit: Amount = None
    sell_limit: Amount = None
    order_price_range: Amount = None
    funding_fee_rate: Amount = None
    predicted_funding_fee_rate: Amount = None
    funding_rate_granularity: int | None = None
    current_funding_rate_granularity: int | None = None
    funding_rate_cap: Amount = None
    funding_rate_floor: Amount = None
    funding_rate_symbol: str | None = None
    index_symbol: str | None = None
    period: int | None = None
    next_funding_rate_time: int | None = None
    next_funding_rate_date_time: int | None = None
    mark_price: Amount = None
    index_price: Amount = None
    last_trade_price: Amount = None
    low_price: Amount = None
    high_price: Amount = None
    price_chg: Amount = None
    price_chg_pct: Amount = None
    open_interest: Amount = None
    turnover_of_24h: Amount = msgspec.field(default=None, name="turnoverOf24h")
    volume_of_24h: Amount = msgspec.field(default=None, name="volumeOf24h")
    k: Amount = None
    m: Amount = None
    f: Amount = None
    mmr_limit: Amount = None
    mmr_lev_constant: Amount = None
    market_stage: str | None = None
    market_type: str | None = None

    @property
    def is_open(self) -> bool:
        """Whether it takes new orders."""
        return self.status in {"Open", ""}


class Ticker(Wire, frozen=True, kw_only=True):
    """The last trade and the best of both sides; `ts` in nanoseconds, sizes in lots, `side` the taker's."""

    symbol: str
    sequence: int
    side: str = ""
    size: int = 0
    price: Amount = None
    best_bid_price: Amount = None
    best_bid_size: int = 0
    best_ask_price: Amount = None
    best_ask_size: int = 0
    trade_id: str = ""
    ts: int = 0


Level = tuple[Decimal, int]
"""A price and the lots that rest there."""


class Book(Wire, frozen=True, kw_only=True):
    """A book of some depth, best first on both sides; `ts` in nanoseconds.

    Deltas of the feed count on from `sequence`.
    """

    symbol: str
    sequence: int
    bids: list[Level]
    asks: list[Level]
    ts: int = 0


class Trade(Wire, frozen=True, kw_only=True):
    """A trade of anybody; `side` is the taker's, `ts` in nanoseconds."""

    sequence: int
    trade_id: str
    price: Decimal
    size: int
    side: str
    ts: int
    taker_order_id: str = ""
    maker_order_id: str = ""


class Kline(msgspec.Struct, frozen=True, array_like=True):
    """One candle; `start` in milliseconds, `volume` in lots. Some answers carry the turnover, some do not."""

    start: int
    open: Decimal
    high: Decimal
    low: Decimal
    close: Decimal
    volume: Decimal
    turnover: Amount = None


class MarkPrice(Wire, frozen=True, kw_only=True):
    """The mark price (`value`) and the index price it follows; `time_point` in milliseconds."""

    symbol: str
    value: Decimal
    index_price: Amount = None
    time_point: int = 0
    granularity: int = 0


class FundingRate(Wire, frozen=True, kw_only=True):
    """The funding rate of now; times and spans in milliseconds.

    Attributes:
        symbol: the rate's own symbol (``.XBTUSDTMFPI8H``) or, lately, the contract's.
        funding_time: the next settlement, where it is told.
        period: 1 where the rate is charged in this cycle, 0 where it is carried on.
    """

    symbol: str
    value: Decimal
    granularity: int = 0
    time_point: int = 0
    predicted_value: Amount = None
    daily_interest_rate: Amount = None
    funding_rate_cap: Amount = None
    funding_rate_floor: Amount = None
    period: int | None = None
    funding_time: int | None = None


class SettledRate(Wire, frozen=True, kw_only=True):
    """A funding rate of the past; `timepoint` in milliseconds."""

    symbol: str
    funding_rate: Decimal
    timepoint: int


class RiskLimit(Wire, frozen=True, kw_only=True):
    """One level of isolated margin: how large a position may be and what it must hold."""

    symbol: str
    level: int
    max_risk_limit: Decimal
    min_risk_limit: Decimal
    max_leverage: Decimal
    initial_margin: Decimal
    maintain_margin: Decimal


class ServiceStatus(Wire, frozen=True, kw_only=True):
    """Whether the exchange is ``open``, ``close`` or ``cancelonly``."""

    status: str
    msg: str | None = None


class DayStatistics(Wire, frozen=True, kw_only=True):
    """The turnover of all contracts in the last day."""

    turnover_of_24h: Decimal = msgspec.field(name="turnoverOf24h")


class IndexPart(Wire, frozen=True, kw_only=True):
    """What one spot exchange contributes to an index."""

    exchange: str
    price: Decimal
    weight: Decimal


class IndexPoint(Wire, frozen=True, kw_only=True):
    """One value of an index, an interest rate or a premium; `time_point` in milliseconds."""

    symbol: str
    value: Decimal
    time_point: int
    granularity: int = 0
    decomposion_list: tuple[IndexPart, ...] = ()


class InstanceServer(Wire, frozen=True, kw_only=True):
    """Where the feed is served; intervals in milliseconds."""

    endpoint: str
    protocol: str = "websocket"
    encrypt: bool = True
    ping_interval: int = 18_000
    ping_timeout: int = 10_000


class Bullet(Wire, frozen=True, kw_only=True):
    """A token for the feed, good for one day, and the servers that take it. The token is a secret."""

    token: str
    instance_servers: list[InstanceServer]

    def __repr__(self) -> str:
        return f"Bullet(token='••••', instance_servers={self.instance_servers!r})"
