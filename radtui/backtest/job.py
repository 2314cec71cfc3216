"""One backtest for a process of its own: what it is told, and what it says."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

import msgspec

from radtui.backtest.result import Result
from radtui.backtest.run import Terms
from radtui.backtest.source import Source
from radtui.core.backtest_view import MOST_POINTS, BacktestFigures


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """All that it needs. No secret is among it.

    Attributes:
        strategy: its name, or ``path/to/file.py:Class``. told: what it is told.
        terms: as for the flight; the market's part of its configuration is filled in once the market is there.
        document, page: the files for the result, in JSON and in HTML.
    """

    strategy: str
    told: dict[str, Any]
    terms: Terms
    source: Source
    document: str
    page: str


class Said(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag=True):
    """Anything that it says: a line of JSON each. `Flown` or `Unflown` is the last."""


class Begun(Said, frozen=True, kw_only=True, tag=True):
    """The candles are there. `since`, `until`: nanoseconds UTC of what is flown."""

    source: str
    since: int
    until: int


class Come(Said, frozen=True, kw_only=True, tag=True):
    """How far it has come: 0–1."""

    share: float


class Flown(Said, frozen=True, kw_only=True, tag=True):
    """It is done, and its files are written."""

    figures: BacktestFigures
    blocked: dict[str, int]
    curve: tuple[Decimal, ...]


class Unflown(Said, frozen=True, kw_only=True, tag=True):
    """It could not be flown, or its result not be kept: what happened, and what to do."""

    why: str


AnySaid = Begun | Come | Flown | Unflown

encode_said: Final = msgspec.json.Encoder().encode
decode_said: Final = msgspec.json.Decoder(AnySaid).decode
encode_job: Final = msgspec.json.Encoder().encode
decode_job: Final = msgspec.json.Decoder(Job).decode


def flown(result: Result) -> Flown:
    """Return the main part of a result."""
    curve = [point.equity for point in result.equity_curve]
    return Flown(
        figures=_figures(result),
        blocked=dict(sorted(result.blocked.items(), key=lambda each: (-each[1], each[0]))),
        curve=tuple(curve[place] for place in _places(len(curve))),
    )


def _figures(result: Result) -> BacktestFigures:
    sums, ratios = result.sums, result.ratios
    return BacktestFigures(
        total_trades=sums.total_trades,
        winning_trades=sums.winning_trades,
        losing_trades=sums.losing_trades,
        win_rate=sums.win_rate,
        profit_factor=sums.profit_factor,
        max_drawdown=ratios.max_drawdown,
        sharpe_ratio=ratios.sharpe_ratio,
        market_return=result.market_return,
        exposure=result.exposure,
        capital=result.capital,
        net_profit=result.net_profit,
        final_equity=result.final_equity,
        fees=sums.fees,
        funding=sums.funding,
        identity=result.identity,
        steps=result.steps,
        faults=result.faults,
        fault=result.fault,
    )


def _places(count: int) -> list[int]:
    """Return at most `MOST_POINTS` places, evenly spread, the first and the last among them."""
    if count <= MOST_POINTS:
        return list(range(count))
    return [round(place * (count - 1) / (MOST_POINTS - 1)) for place in range(MOST_POINTS)]
