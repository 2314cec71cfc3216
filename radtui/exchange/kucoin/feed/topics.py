"""What KuCoin's feed offers: one `Topic` a subscription, with how it is asked for, decoded, queued and found stale."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from radtui.exchange.kucoin.wire import feed as wire

QUIET: Final = 20.0
"""Seconds between two words of a topic that speaks only on changes, on a market that moves."""


class Topic(msgspec.Struct, frozen=True, kw_only=True):
    """One subscription.

    Attributes:
        base: the path, for example ``/contractMarket/tickerV2``.
        suffix: what follows its colon: a symbol, or a symbol and a timeframe; empty for none.
        subjects: the type of `data` by the frame's subject; an unlisted subject is ignored.
        private: whether it needs a private token.
        grouped: whether one request may name several suffixes.
        latest: whether only the newest message counts while nobody has read: the one before it is dropped.
        interval: seconds within which it speaks; None where its silence means nothing.
    """

    base: str
    suffix: str = ""
    subjects: Mapping[str, Any]
    private: bool = False
    grouped: bool = False
    latest: bool = False
    interval: float | None = None

    @property
    def name(self) -> str:
        """The topic as the exchange writes it."""
        return f"{self.base}:{self.suffix}" if self.suffix else self.base

    @property
    def symbol(self) -> str:
        """The contract it is about; empty where it is about all."""
        return self.suffix.partition("_")[0]


def ticker(symbol: str) -> Topic:
    """Best bid and ask, on each change, at most every 100 ms."""
    return _market("tickerV2", symbol, {"tickerV2": wire.TickerPush}, latest=True, interval=QUIET)


def last_ticker(symbol: str) -> Topic:
    """Best bid and ask together with the last trade; the exchange advises `ticker`."""
    return _market("ticker", symbol, {"ticker": wire.TickerPush}, latest=True, interval=QUIET)


def level2(symbol: str) -> Topic:
    """The book's changes, one level a message."""
    return _market("level2", symbol, {"level2": wire.LevelChange}, interval=QUIET)


def depth(symbol: str, levels: int = 5) -> Topic:
    """The best 5 or 50 levels of each side, at most every 100 ms."""
    if levels not in {5, 50}:
        raise ValueError(f"the exchange offers 5 or 50 levels, not {levels}")
    return _market(f"level2Depth{levels}", symbol, {"level2": wire.DepthPush}, latest=True, interval=QUIET)


def trades(symbol: str) -> Topic:
    """Every trade of anybody."""
    return _market("execution", symbol, {"match": wire.Match})


def candles(symbol: str, timeframe: str) -> Topic:
    """A candle as it forms; `timeframe` in the exchange's words, for example ``1min`` or ``1hour``."""
    return Topic(
        base="/contractMarket/limitCandle",
        suffix=f"{symbol}_{timeframe}",
        subjects={"candle.stick": wire.CandlePush},
        interval=QUIET,
    )


def day(symbol: str) -> Topic:
    """The last day's figures, every five seconds."""
    return _market("snapshot", symbol, {"snapshot.24h": wire.DaySnapshot}, latest=True, interval=5.0)


def instrument(symbol: str) -> Topic:
    """Mark and index price each second, and the funding rate."""
    return Topic(
        base="/contract/instrument",
        suffix=symbol,
        subjects={"mark.index.price": wire.MarkIndex, "funding.rate": wire.FundingPush},
        grouped=True,
        latest=True,
        interval=1.0,
    )


def announcements() -> Topic:
    """Begin and end of funding settlements, of all contracts."""
    announcement = wire.FundingAnnouncement
    return Topic(base="/contract/announcement", subjects={"funding.begin": announcement, "funding.end": announcement})


def orders() -> Topic:
    """Every change of an order of ours."""
    return _private(
        "/contractMarket/tradeOrders", dict.fromkeys(("orderChange", "symbolOrderChange"), wire.OrderChange)
    )


def stops() -> Topic:
    """Every change of a stop of ours."""
    return _private("/contractMarket/advancedOrders", {"stopOrder": wire.StopChange})


def wallet() -> Topic:
    """Every change of our money."""
    old = {f"{what}.change": wire.BalanceChange for what in ("orderMargin", "availableBalance", "withdrawHold")}
    return _private("/contractAccount/wallet", {"walletBalance.change": wire.WalletChange, **old})


def positions() -> Topic:
    """Every change of a position of ours."""
    return _private(
        "/contract/positionAll",
        {
            "position.change": wire.PositionChange,
            "position.settlement": wire.PositionSettled,
            "position.adjustRiskLimit": wire.RiskLimitAdjusted,
        },
    )


def margin_modes() -> Topic:
    """Changes of a symbol's margin mode."""
    return _private("/contract/marginMode", {"user.config": wire.MarginModes})


def cross_leverages() -> Topic:
    """Changes of a symbol's cross leverage."""
    return _private("/contract/crossLeverage", {"user.config": wire.CrossLeverages})


def home(name: str) -> str:
    """Return the topic under which a frame's topic may have been asked for, where the two differ.

    Positions are asked for by ``/contract/positionAll`` and some sources show them under ``/contract/position:SYMBOL``;
    announcements and orders likewise with or without their symbol.
    """
    base = name.partition(":")[0]
    return "/contract/positionAll" if base == "/contract/position" else base


def _market(
    kind: str, symbol: str, subjects: Mapping[str, Any], *, latest: bool = False, interval: float | None = None
) -> Topic:
    base = f"/contractMarket/{kind}"
    return Topic(base=base, suffix=symbol, subjects=subjects, grouped=True, latest=latest, interval=interval)


def _private(base: str, subjects: Mapping[str, Any]) -> Topic:
    return Topic(base=base, subjects=subjects, private=True)
