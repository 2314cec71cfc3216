"""The result of a backtest: the same inputs give the same bytes."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

import msgspec

from radtui.backtest.figures import Ratios, Sums
from radtui.backtest.trades import Direction, Trade

MOST_POINTS: Final = 1000
"""Points of the equity curve that are kept; the figures are those of the whole curve."""


class Point(msgspec.Struct, frozen=True, array_like=True):
    """The equity at a moment: nanoseconds UTC, and settlement currency."""

    at: int
    equity: Decimal


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """A position that is still open at the end. `unrealised` is its open profit at the last close, before fees."""

    symbol: str
    direction: Direction
    lots: int
    entry: Decimal
    opened_at: int
    unrealised: Decimal


class Trip(msgspec.Struct, frozen=True, kw_only=True):
    """A trading breaker that ended entries: when (market clock), which, and why."""

    at: int
    name: str
    why: str


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """What came of it.

    Attributes:
        source: names the candles: equal names are equal candles. since, until: nanoseconds UTC.
        steps: bars of the market. candles: of the strategy's timeframe.
        slippage: share of the price that a market order pays.
        net_profit: final equity − capital.
        identity: final wallet − (capital + realised − fees + funding): 0, or some money came from nowhere.
        exposure: share of the candles at whose close a position was open.
        market_return: what the price did meanwhile, as a fraction; None with several symbols.
        signals: that wanted to trade. entries: that were let through. turns: that first closed a position.
        blocked: how often each gate refused one.
        faults: failures of the strategy. troubles: what else went wrong, by kind.
        equity_every: candles between two points of `equity_curve`.
    """

    strategy: str
    parameters: dict[str, str]
    symbols: tuple[str, ...]
    timeframe: str
    source: str
    since: int
    until: int
    steps: int
    candles: int
    currency: str
    capital: Decimal
    slippage: Decimal
    final_equity: Decimal
    net_profit: Decimal
    identity: Decimal
    sums: Sums
    ratios: Ratios
    exposure: float
    market_return: float | None
    signals: int
    entries: int
    turns: int
    blocked: dict[str, int]
    trips: tuple[Trip, ...]
    troubles: dict[str, int]
    faults: int
    fault: str
    complete: bool
    equity_every: int
    equity_curve: tuple[Point, ...]
    open: tuple[Held, ...]
    trades: tuple[Trade, ...]


def document(result: Result) -> dict[str, Any]:
    """Return it as the API and ``--json`` show it: the figures under one roof, ``results``; amounts are text."""
    told: dict[str, Any] = msgspec.to_builtins(result)
    money = {name: told.pop(name) for name in ("final_equity", "net_profit")}
    results = {**told.pop("sums"), **told.pop("ratios"), **money}
    lists = {name: told.pop(name) for name in ("equity_curve", "open", "trades")}
    trades = [{**each, "net": str(trade.net)} for each, trade in zip(lists["trades"], result.trades, strict=True)]
    return {**told, "results": results, **lists, "trades": trades}
