"""A backtest that an engine has flown beside itself: what was asked for, how far it is, and what came of it."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import Final

import msgspec

MOST_POINTS: Final = 120
"""Points of the equity curve in a picture; the document has more."""


class BacktestState(StrEnum):
    """How a backtest stands."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class BacktestRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is to be flown through history; what is left out is as the bot has it.

    Attributes:
        strategy: name of one that is installed. symbol: a contract; empty for the bot's first.
        start, end: nanoseconds UTC of the first bar, and of the first that is not flown; None for all there is.
        parameters: of the strategy, as text. capital: USDT. slippage: share of the price that a market order pays.
    """

    strategy: str = ""
    symbol: str = ""
    timeframe: str = ""
    start: int | None = None
    end: int | None = None
    parameters: dict[str, str] = {}
    capital: Decimal | None = None
    slippage: Decimal | None = None


class BacktestFigures(msgspec.Struct, frozen=True, kw_only=True):
    """The main figures; what they mean is said at `radtui.backtest.figures` and `radtui.backtest.result.Result`.

    Attributes:
        identity: 0, or some money came from nowhere. faults: failures of the strategy. fault: the first of them.
    """

    total_trades: int
    winning_trades: int
    losing_trades: int
    win_rate: float | None
    profit_factor: float | None
    max_drawdown: float
    sharpe_ratio: float | None
    market_return: float | None
    exposure: float
    capital: Decimal
    net_profit: Decimal
    final_equity: Decimal
    fees: Decimal
    funding: Decimal
    identity: Decimal
    steps: int
    faults: int
    fault: str = ""


class BacktestView(msgspec.Struct, frozen=True, kw_only=True):
    """One backtest.

    Attributes:
        id: of the instruction that asked for it. request: with what was left out filled in.
        started_at, ended_at: wall clock, nanoseconds UTC.
        share: of the history that was flown, 0–1. source: names the candles; empty before they were found.
        since, until: nanoseconds UTC of the history that is flown; None before it is known.
        why: of a failure, what happened and what to do.
        page: the report as an HTML file. document: all of it as a JSON file, as ``radtui backtest --json`` prints it.
            Both empty until there is one.
        blocked: the gates that refused entries, the most frequent first.
        curve: the equity from the first moment to the last, USDT.
    """

    id: str
    request: BacktestRequest
    who: str
    state: BacktestState
    started_at: int
    ended_at: int | None = None
    share: float = 0.0
    source: str = ""
    since: int | None = None
    until: int | None = None
    why: str = ""
    page: str = ""
    document: str = ""
    figures: BacktestFigures | None = None
    blocked: dict[str, int] = {}
    curve: tuple[Decimal, ...] = ()
