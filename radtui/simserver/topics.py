"""The topics of the WebSocket: which there are, who may hear them, and how a subscription names several at once."""

from __future__ import annotations

from collections.abc import Collection
from enum import Enum
from typing import Final

import msgspec

from radtui.core.market import DAY, HOUR, MINUTE

BAD_TOPIC: Final = 400
NOT_FOUND: Final = 404
MISSING: Final = 406

TICKER: Final = "/contractMarket/ticker"
TICKER_V2: Final = "/contractMarket/tickerV2"
LEVEL2: Final = "/contractMarket/level2"
DEPTH_5: Final = "/contractMarket/level2Depth5"
DEPTH_50: Final = "/contractMarket/level2Depth50"
EXECUTION: Final = "/contractMarket/execution"
CANDLE: Final = "/contractMarket/limitCandle"
SNAPSHOT: Final = "/contractMarket/snapshot"
INSTRUMENT: Final = "/contract/instrument"
ANNOUNCEMENT: Final = "/contract/announcement"
ORDERS: Final = "/contractMarket/tradeOrders"
STOPS: Final = "/contractMarket/advancedOrders"
WALLET: Final = "/contractAccount/wallet"
POSITION: Final = "/contract/position"
POSITIONS: Final = "/contract/positionAll"
MARGIN_MODE: Final = "/contract/marginMode"
CROSS_LEVERAGE: Final = "/contract/crossLeverage"

SPANS: Final = {
    "1min": MINUTE,
    "3min": 3 * MINUTE,
    "5min": 5 * MINUTE,
    "15min": 15 * MINUTE,
    "30min": 30 * MINUTE,
    "1hour": HOUR,
    "2hour": 2 * HOUR,
    "4hour": 4 * HOUR,
    "8hour": 8 * HOUR,
    "12hour": 12 * HOUR,
    "1day": DAY,
    "1week": 7 * DAY,
}
"""Nanoseconds of each candle type of a topic; a month is one more, and has no fixed length."""
MONTH: Final = "1month"


class Scope(Enum):
    """What follows a topic's colon."""

    NOTHING = "nothing"
    SYMBOL = "symbol"
    MAYBE_SYMBOL = "maybe a symbol"
    CANDLE = "symbol and type"


class Kind(msgspec.Struct, frozen=True):
    """A topic without its symbols."""

    scope: Scope
    private: bool = False


_KINDS: Final = {
    **dict.fromkeys((TICKER, TICKER_V2, LEVEL2, DEPTH_5, DEPTH_50), Kind(Scope.SYMBOL)),
    **dict.fromkeys((EXECUTION, SNAPSHOT, INSTRUMENT), Kind(Scope.SYMBOL)),
    CANDLE: Kind(Scope.CANDLE),
    ANNOUNCEMENT: Kind(Scope.MAYBE_SYMBOL),
    ORDERS: Kind(Scope.MAYBE_SYMBOL, private=True),
    POSITION: Kind(Scope.SYMBOL, private=True),
    **dict.fromkeys((STOPS, WALLET, POSITIONS, MARGIN_MODE, CROSS_LEVERAGE), Kind(Scope.NOTHING, private=True)),
}


class TopicRefused(Exception):
    """A subscription that names nothing there is. `code` is what the error frame carries."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class Wanted(msgspec.Struct, frozen=True):
    """What a subscription asks for: topics with one symbol at most each, as their messages carry them."""

    topics: tuple[str, ...]
    private: bool


def parse(text: str, symbols: Collection[str]) -> Wanted:
    """Return the topics that `text` names, for example ``/contractMarket/level2:XBTUSDTM,ETHUSDTM``.

    Args:
        symbols: the contracts that trade here.

    Raises:
        TopicRefused: 406 nothing named, 400 no symbol where one belongs, 404 no such topic or symbol.
    """
    if not text:
        raise TopicRefused(MISSING, "topic is required")
    prefix, colon, rest = text.partition(":")
    kind = _KINDS.get(prefix)
    if kind is None or (colon and kind.scope is Scope.NOTHING):
        raise TopicRefused(NOT_FOUND, f"topic {text} is not found")
    if not colon and kind.scope in {Scope.NOTHING, Scope.MAYBE_SYMBOL}:
        return Wanted((text,), kind.private)
    named = tuple(dict.fromkeys(part.strip() for part in rest.split(",") if part.strip()))
    if not named:
        raise TopicRefused(BAD_TOPIC, f"topic {text} is invalid: it needs a symbol")
    for name in named:
        if not _exists(name, kind.scope, symbols):
            raise TopicRefused(NOT_FOUND, f"topic {prefix}:{name} is not found")
    return Wanted(tuple(f"{prefix}:{name}" for name in named), kind.private)


def split(topic: str) -> tuple[str, str]:
    """Return a topic's prefix and what follows its colon; empty where there is none."""
    prefix, _, name = topic.partition(":")
    return prefix, name


def _exists(name: str, scope: Scope, symbols: Collection[str]) -> bool:
    if scope is not Scope.CANDLE:
        return name in symbols
    symbol, _, span = name.rpartition("_")
    return symbol in symbols and (span in SPANS or span == MONTH)
