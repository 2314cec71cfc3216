"""What the feed sends: frames around typed data. Nanoseconds and milliseconds as the exchange mixes them, said each."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from radtui.exchange.kucoin.wire.common import Amount, Wire
from radtui.exchange.kucoin.wire.market import Level
from radtui.exchange.kucoin.wire.positions import Position

NULL = msgspec.Raw(b"null")


class Frame(Wire, frozen=True, kw_only=True):
    """Any frame: welcome, pong, ack, error or message. Some captures of messages lack `type`.

    Attributes:
        sn: counts a public topic's messages. In an error `code` is a number and `data` its text.
    """

    type: str = "message"
    id: str | int = ""
    topic: str = ""
    subject: str = ""
    sn: int | None = None
    user_id: str | None = None
    channel_type: str | None = None
    tunnel_id: str | None = None
    code: int | str | None = None
    data: msgspec.Raw = NULL


class TickerPush(Wire, frozen=True, kw_only=True, gc=False):
    """Best of both sides (``tickerV2``), with the last trade as well in ``ticker``; `ts` in nanoseconds."""

    symbol: str
    best_bid_price: Decimal
    best_bid_size: int
    best_ask_price: Decimal
    best_ask_size: int
    ts: int
    sequence: int | None = None
    side: str = ""
    size: int = 0
    price: Amount = None
    trade_id: str = ""


class LevelChange(Wire, frozen=True, kw_only=True, gc=False):
    """One changed level: `change` is ``price,side,lots`` and 0 lots remove it; `timestamp` in milliseconds."""

    sequence: int
    change: str
    timestamp: int = 0


class DepthPush(Wire, frozen=True, kw_only=True, gc=False):
    """The best 5 or 50 levels; `ts` in milliseconds now and in nanoseconds in older captures."""

    bids: list[Level]
    asks: list[Level]
    ts: int = 0
    sequence: int | None = None
    timestamp: int | None = None


class Match(Wire, frozen=True, kw_only=True, gc=False):
    """A trade of anybody; `side` is the taker's, `ts` in nanoseconds."""

    symbol: str
    sequence: int
    side: str
    size: int
    price: Decimal
    trade_id: str
    ts: int
    taker_order_id: str = ""
    maker_order_id: str = ""


class CandlePush(Wire, frozen=True, kw_only=True):
    """A candle that is still forming; `time` in milliseconds.

    `candles` is start in **seconds**, open, **close, high, low**, a figure the exchange itself calls wrong, and lots.
    """

    symbol: str
    candles: list[Decimal]
    time: int

    @property
    def start(self) -> int:
        """Milliseconds at which it opened."""
        return int(self.candles[0]) * 1000


class MarkIndex(Wire, frozen=True, kw_only=True):
    """Mark and index price, each second; `timestamp` in milliseconds."""

    mark_price: Decimal
    index_price: Decimal
    timestamp: int
    granularity: int = 0


class FundingPush(Wire, frozen=True, kw_only=True):
    """The funding rate: a forecast where `granularity` is a minute, settled where it is hours; milliseconds."""

    funding_rate: Decimal
    granularity: int
    timestamp: int
    period: int | None = None


class DaySnapshot(Wire, frozen=True, kw_only=True):
    """A contract's last day, every five seconds; `ts` in nanoseconds."""

    last_price: Decimal
    ts: int
    symbol: str = ""
    high_price: Amount = None
    low_price: Amount = None
    price_24_hours_before: Amount = msgspec.field(default=None, name="price24HoursBefore")
    price_chg: Amount = None
    price_chg_pct: Amount = None
    volume: Amount = None
    turnover: Amount = None


class FundingAnnouncement(Wire, frozen=True, kw_only=True):
    """A settlement of funding begins or ends; milliseconds."""

    symbol: str
    funding_time: int
    funding_rate: Decimal
    timestamp: int = 0


class OrderChange(Wire, frozen=True, kw_only=True):
    """What happened to an order of ours; `ts` and `order_time` in nanoseconds.

    Attributes:
        type: ``open`` (rests), ``match`` (one fill), ``filled``, ``canceled`` (done), ``update`` (its size changed).
        status: ``open``, ``match`` or ``done``.
        canceled_size: lots that a cancel took away; `remain_size` is 0 then.
    """

    order_id: str
    symbol: str
    type: str
    status: str
    side: str
    size: int
    filled_size: int = 0
    remain_size: int = 0
    canceled_size: int = 0
    old_size: int | None = None
    client_oid: str | None = None
    order_type: str = ""
    price: Amount = None
    match_price: Amount = None
    match_size: int | None = None
    trade_id: str | None = None
    liquidity: str | None = None
    fee_type: str | None = None
    trade_type: str = "trade"
    margin_mode: str = ""
    position_side: str = ""
    order_time: int = 0
    ts: int = 0


class StopChange(Wire, frozen=True, kw_only=True):
    """What happened to a stop of ours: ``open``, ``triggered`` or ``cancel``; `ts` in nanoseconds.

    Attributes:
        order_price: None where it becomes a market order.
        trigger_success: False where the order it should have become was refused; `error` says why.
    """

    order_id: str
    symbol: str
    type: str
    side: str
    size: int = 0
    order_price: Amount = None
    order_type: str = ""
    stop: str = ""
    stop_price: Amount = None
    stop_price_type: str = ""
    trigger_success: bool | None = None
    error: str | None = None
    client_oid: str | None = None
    margin_mode: str = ""
    position_side: str = ""
    created_at: int = 0
    ts: int = 0


class WalletChange(Wire, frozen=True, kw_only=True):
    """The money of one currency (``walletBalance.change``); `version` rises, `timestamp` in milliseconds."""

    currency: str
    wallet_balance: Decimal
    available_balance: Decimal
    version: int
    timestamp: int
    equity: Amount = None
    hold_balance: Amount = None
    max_withdraw_amount: Amount = None
    total_cross_margin: Amount = None
    isolated_order_margin: Amount = None
    isolated_pos_margin: Amount = None
    isolated_un_pnl: Amount = None
    isolated_funding_fee_margin: Amount = None
    cross_order_margin: Amount = None
    cross_pos_margin: Amount = None
    cross_un_pnl: Amount = None


class BalanceChange(Wire, frozen=True, kw_only=True):
    """The older pushes of money, each of which fills what its subject is about; milliseconds."""

    currency: str
    timestamp: int
    available_balance: Amount = None
    hold_balance: Amount = None
    order_margin: Amount = None
    withdraw_hold: Amount = None


class PositionChange(Position, frozen=True, kw_only=True):
    """A position has changed.

    With `change_reason` ``markPriceChange`` only what the mark price moves is told, and the symbol stands in the topic.
    """

    symbol: str = ""
    current_qty: int | None = None  # type: ignore[assignment]  # the short form does not tell it
    change_reason: str = ""


class PositionSettled(Wire, frozen=True, kw_only=True):
    """Funding was settled on a position; `funding_time` in milliseconds, `ts` in nanoseconds, positive is received."""

    qty: int
    funding_rate: Decimal
    funding_fee: Decimal
    funding_time: int
    mark_price: Amount = None
    symbol: str = ""
    ts: int = 0
    settle_currency: str | None = None


class RiskLimitAdjusted(Wire, frozen=True, kw_only=True):
    """The answer to a change of the risk limit level."""

    success: bool | None = None
    risk_limit_level: int | None = None
    msg: str | None = None


class LeverageOf(Wire, frozen=True, kw_only=True):
    """The leverage of one symbol."""

    leverage: Decimal


MarginModes = dict[str, str]
"""Margin modes by symbol."""
CrossLeverages = dict[str, LeverageOf]
"""Cross leverages by symbol."""


class RateLimit(Wire, frozen=True, kw_only=True):
    """What is left of the pool; `reset` in milliseconds."""

    limit: int
    remaining: int
    reset: int


class OrderAck(Wire, frozen=True, kw_only=True):
    """The answer to an order or a cancel sent over a socket; times in milliseconds."""

    id: str
    op: str
    code: str
    msg: str | None = None
    data: msgspec.Raw = NULL
    in_time: int = 0
    out_time: int = 0
    user_rate_limit: RateLimit | None = None
