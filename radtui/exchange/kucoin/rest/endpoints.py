"""The endpoints a bot needs, each with its weight and its pool. What an answer holds is part of its endpoint.

Weights and pools are the exchange's own table; what its answers say of the pool corrects them.
"""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import Any, Final, Generic, TypeVar

import msgspec

from radtui.exchange.kucoin.wire import account, market, orders, positions
from radtui.exchange.kucoin.wire.common import Page, Slice

T = TypeVar("T")


class Pool(StrEnum):
    """Whose budget a request is counted in."""

    PUBLIC = "public"
    FUTURES = "futures"
    MANAGEMENT = "management"
    UNIFIED = "unified"


class Endpoint(msgspec.Struct, Generic[T], frozen=True, kw_only=True):
    """One function of the exchange.

    Attributes:
        name: short and stable, for figures and logs.
        path: from ``/api/`` on, with ``{names}`` to be filled in.
        answer: what a success holds.
        private: whether it is signed.
        changes: whether it changes something at the exchange, so that no answer leaves the outcome open.
        essential: whether it goes by the reserved lane and past an open breaker: cancels, and reads of one order.
        reads_back: whether a start, a stop, a flatten or a bare position waits for it: it is essential while one does.
        repeatable: whether a failure that certainly changed nothing may be tried again by itself.
        gives_way: whether it goes by the lane of whoever is in no hurry, after all others.
        spot: whether it lives on the spot host.
    """

    name: str
    method: str
    path: str
    weight: int
    answer: type[T]
    pool: Pool = Pool.FUTURES
    private: bool = True
    changes: bool = False
    essential: bool = False
    reads_back: bool = False
    repeatable: bool = True
    gives_way: bool = False
    spot: bool = False


def _public(name: str, path: str, weight: int, answer: type[T], method: str = "GET") -> Endpoint[T]:
    return Endpoint(name=name, method=method, path=path, weight=weight, answer=answer, pool=Pool.PUBLIC, private=False)


def _reading_back(endpoint: Endpoint[T]) -> Endpoint[T]:
    return msgspec.structs.replace(endpoint, reads_back=True)


def _read(
    name: str, path: str, weight: int, answer: type[T], pool: Pool = Pool.FUTURES, *, essential: bool = False
) -> Endpoint[T]:
    return Endpoint(name=name, method="GET", path=path, weight=weight, answer=answer, pool=pool, essential=essential)


def _change(name: str, path: str, weight: int, answer: type[T], pool: Pool = Pool.FUTURES) -> Endpoint[T]:
    return Endpoint(name=name, method="POST", path=path, weight=weight, answer=answer, pool=pool, changes=True)


def _place(name: str, path: str, weight: int, answer: type[T]) -> Endpoint[T]:
    return Endpoint(name=name, method="POST", path=path, weight=weight, answer=answer, changes=True, repeatable=False)


def _cancel(name: str, path: str, weight: int, answer: type[T]) -> Endpoint[T]:
    return Endpoint(name=name, method="DELETE", path=path, weight=weight, answer=answer, changes=True, essential=True)


TIMESTAMP: Final = _reading_back(_public("time", "/api/v1/timestamp", 2, int))
STATUS: Final = _public("status", "/api/v1/status", 4, market.ServiceStatus)
CONTRACTS: Final = _reading_back(_public("contracts", "/api/v1/contracts/active", 3, list[market.Contract]))
CONTRACT: Final = _public("contract", "/api/v1/contracts/{symbol}", 3, market.Contract)
TICKER: Final = _public("ticker", "/api/v1/ticker", 2, market.Ticker)
TICKERS: Final = _public("tickers", "/api/v1/allTickers", 5, list[market.Ticker])
BOOK: Final = _public("book", "/api/v1/level2/snapshot", 3, market.Book)
DEPTH_20: Final = _public("depth20", "/api/v1/level2/depth20", 5, market.Book)
DEPTH_100: Final = _public("depth100", "/api/v1/level2/depth100", 10, market.Book)
TRADES: Final = _public("trades", "/api/v1/trade/history", 5, list[market.Trade])
KLINES: Final = _public("klines", "/api/v1/kline/query", 3, list[market.Kline])
KLINES_BROWSED: Final = msgspec.structs.replace(KLINES, name="klines.browse", gives_way=True)
MARK_PRICE: Final = _public("mark price", "/api/v1/mark-price/{symbol}/current", 3, market.MarkPrice)
INDEX: Final = _public("index", "/api/v1/index/query", 2, Slice[market.IndexPoint])
INTEREST: Final = _public("interest", "/api/v1/interest/query", 5, Slice[market.IndexPoint])
PREMIUM: Final = _public("premium", "/api/v1/premium/query", 3, Slice[market.IndexPoint])
FUNDING_RATE: Final = _public("funding rate", "/api/v1/funding-rate/{symbol}/current", 2, market.FundingRate)
FUNDING_RATES: Final = _public("funding rates", "/api/v1/contract/funding-rates", 5, list[market.SettledRate])
RISK_LIMITS: Final = _public("risk limits", "/api/v1/contracts/risk-limit/{symbol}", 5, list[market.RiskLimit])
BULLET_PUBLIC: Final = _reading_back(_public("bullet public", "/api/v1/bullet-public", 10, market.Bullet, "POST"))
BULLET_PRIVATE: Final = Endpoint[market.Bullet](
    name="bullet private",
    method="POST",
    path="/api/v1/bullet-private",
    weight=10,
    answer=market.Bullet,
    reads_back=True,
)
DAY_STATISTICS: Final = _read("day statistics", "/api/v1/trade-statistics", 3, market.DayStatistics)

PLACE: Final = _place("orders.place", "/api/v1/orders", 2, orders.Placed)
PLACE_TEST: Final = Endpoint[orders.Placed](
    name="orders.test", method="POST", path="/api/v1/orders/test", weight=2, answer=orders.Placed
)
PLACE_PROTECTED: Final = _place("orders.place protected", "/api/v1/st-orders", 2, orders.Placed)
PLACE_MANY: Final = _place("orders.place many", "/api/v1/orders/multi", 20, list[orders.PlacedItem])
CANCEL: Final = _cancel("orders.cancel", "/api/v1/orders/{order_id}", 1, orders.Cancelled)
CANCEL_BY_CLIENT: Final = _cancel(
    "orders.cancel by client id", "/api/v1/orders/client-order/{client_id}", 1, orders.CancelledByClient
)
CANCEL_MANY: Final = _cancel("orders.cancel many", "/api/v1/orders/multi-cancel", 30, list[orders.CancelledItem])
CANCEL_ALL: Final = _cancel("orders.cancel all", "/api/v3/orders", 10, orders.Cancelled)
CANCEL_STOPS: Final = _cancel("orders.cancel stops", "/api/v1/stopOrders", 15, orders.Cancelled)
ORDERS: Final = _reading_back(_read("orders.list", "/api/v1/orders", 2, Page[orders.Order]))
STOP_ORDERS: Final = _reading_back(_read("orders.stops", "/api/v1/stopOrders", 6, Page[orders.Order]))
ORDER: Final = _read("orders.get", "/api/v1/orders/{order_id}", 5, orders.Order, essential=True)
ORDER_BY_CLIENT: Final = _read("orders.get by client id", "/api/v1/orders/byClientOid", 5, orders.Order, essential=True)
RECENT_DONE: Final = _read("orders.recent", "/api/v1/recentDoneOrders", 5, list[orders.Order])
FILLS: Final = _read("fills", "/api/v1/fills", 5, Page[orders.Fill])
RECENT_FILLS: Final = _read("fills.recent", "/api/v1/recentFills", 3, list[orders.Fill])
OPEN_ORDER_STATISTICS: Final = _read("orders.statistics", "/api/v1/openOrderStatistics", 10, orders.OpenOrderStatistics)

POSITIONS: Final = _reading_back(_read("positions", "/api/v1/positions", 2, list[positions.Position]))
POSITION: Final = _read("position", "/api/v1/position", 2, positions.Position)
POSITION_SIDES: Final = _read("position sides", "/api/v2/position", 2, list[positions.Position])
POSITIONS_HISTORY: Final = _read("positions.history", "/api/v1/history-positions", 2, Page[positions.ClosedPosition])
MARGIN_MODE: Final = _reading_back(_read("margin mode", "/api/v2/position/getMarginMode", 2, positions.SymbolMode))
SET_MARGIN_MODE: Final = _change("margin mode.set", "/api/v2/position/changeMarginMode", 2, positions.SymbolMode)
SET_MARGIN_MODES: Final = _change(
    "margin modes.set", "/api/v2/position/batchChangeMarginMode", 2, positions.SymbolModes
)
POSITION_MODE: Final = _reading_back(
    _read("position mode", "/api/v2/position/getPositionMode", 2, positions.AccountMode)
)
SET_POSITION_MODE: Final = _change("position mode.set", "/api/v2/position/switchPositionMode", 2, positions.AccountMode)
CROSS_LEVERAGE: Final = _read("cross leverage", "/api/v2/getCrossUserLeverage", 2, positions.CrossLeverage)
SET_CROSS_LEVERAGE: Final = _change("cross leverage.set", "/api/v2/changeCrossUserLeverage", 2, msgspec.Raw)
MAX_OPEN_SIZE: Final = _read("max open size", "/api/v2/getMaxOpenSize", 2, positions.MaxOpenSize)
CROSS_RISK_LIMITS: Final = _read(
    "cross risk limits", "/api/v2/batchGetCrossOrderLimit", 2, list[positions.CrossRiskLimit]
)
SET_RISK_LEVEL: Final = _change("risk limit.set", "/api/v1/position/risk-limit-level/change", 5, bool)
MAX_WITHDRAW_MARGIN: Final = _read("margin.withdrawable", "/api/v1/margin/maxWithdrawMargin", 10, Decimal)
DEPOSIT_MARGIN: Final = _change("margin.deposit", "/api/v1/position/margin/deposit-margin", 4, positions.Position)
WITHDRAW_MARGIN: Final = _change("margin.withdraw", "/api/v1/margin/withdrawMargin", 10, Decimal)

OVERVIEW: Final = _read("account", "/api/v1/account-overview", 5, account.Overview)
LEDGER: Final = _read("account.ledger", "/api/v1/transaction-history", 2, Slice[account.LedgerEntry], Pool.MANAGEMENT)
FUNDING_HISTORY: Final = _read("funding", "/api/v1/funding-history", 5, Slice[account.FundingEntry])
TRADE_FEES: Final = _reading_back(_read("fees", "/api/v1/trade-fees", 3, account.TradeFees))
KEY_INFO: Final = Endpoint[account.KeyInfo](
    name="key", method="GET", path="/api/v1/user/api-key", weight=20, answer=account.KeyInfo,
    pool=Pool.MANAGEMENT, spot=True,
)  # fmt: skip
SET_SWITCH: Final = Endpoint[account.SwitchArmed](
    name="switch.set", method="POST", path="/api/ua/v1/dcp/set", weight=2, answer=account.SwitchArmed,
    pool=Pool.UNIFIED, changes=True, essential=True, spot=True,
)  # fmt: skip
SWITCH: Final = Endpoint[account.Switch](
    name="switch", method="GET", path="/api/ua/v1/dcp/query", weight=2, answer=account.Switch,
    pool=Pool.UNIFIED, spot=True,
)  # fmt: skip

ENDPOINTS: Final[tuple[Endpoint[Any], ...]] = tuple(
    found for found in list(globals().values()) if isinstance(found, Endpoint)
)
"""All of them."""
