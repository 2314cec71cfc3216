"""Backtests as a person reads them: how far one is, what came of it, and those before it (row B1)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Final

from radtui.backtest.chart import chart
from radtui.core.backtest_view import BacktestFigures, BacktestRequest, BacktestState, BacktestView
from radtui.tui.format import (
    DASH,
    clean,
    counted,
    duration,
    gauge,
    minute,
    money,
    number,
    percent,
    signed,
    signed_percent,
    since,
    stamp,
)
from radtui.tui.panes.view import View, actor, gain
from radtui.tui.screens.asks import Saying
from radtui.tui.screens.sheet import titled
from radtui.tui.widgets.columns import Column, Row, row
from radtui.tui.widgets.grid import grid
from radtui.tui.widgets.tone import Line, Span, Tone, line

COLUMNS: Final = (
    Column("at", "asked", 12, "left", 4),
    Column("what", "backtest", 14, grow=True),
    Column("state", "", 11),
    Column("net", "net", 10, "right", 1),
    Column("trades", "trades", 7, "right", 2),
    Column("drawdown", "drawdown", 9, "right", 3),
)
_LOOKS: Final = {
    BacktestState.RUNNING: ("◐ FLYING", Tone.PLAIN),
    BacktestState.DONE: ("✓ DONE", Tone.PLAIN),
    BacktestState.FAILED: ("✗ FAILED", Tone.ERROR),
    BacktestState.CANCELLED: ("○ CANCELLED", Tone.DIM),
}
_LABEL: Final = 15
_SCALE: Final = 14
"""Columns for the figures beside the curve."""
_MOST_COLUMNS: Final = 100
_BAR: Final = 20


def backtest_lines(view: View, width: int, height: int) -> list[Line]:
    """Return the latest backtest, then those before it; what to do where there was none.

    Args:
        height: lines of the equity curve.
    """
    flown = view.snapshot.backtests
    if not flown:
        return [
            line(Span("None was flown since the engine started.", Tone.DIM)),
            line(Span("One flies beside the bot at the lowest priority; the bot never waits for it.", Tone.DIM)),
        ]
    return [*_latest(flown[0], view, width, height), *_before(flown[1:], view, width)]


def what(request: BacktestRequest) -> str:
    """Return what is flown: ``ema_cross 5m fast=10 on XBTUSDTM``."""
    told = "".join(f" {name}={value}" for name, value in request.parameters.items())
    parts = (request.strategy or "the bot's strategy", request.timeframe)
    where = f" on {request.symbol}" if request.symbol else ""
    return clean(f"{' '.join(filter(None, parts))}{told}{where}")


def ended(before: Sequence[BacktestView], now: Sequence[BacktestView]) -> Iterator[Saying]:
    """Yield what to say of a backtest that ended between two looks; a cancelled one has its answer already."""
    flying = {each.id for each in before if each.state is BacktestState.RUNNING}
    for each in now:
        if each.id in flying and each.state is BacktestState.DONE and each.figures is not None:
            came = f"{signed_percent(_gained(each.figures))}, {counted(each.figures.total_trades, 'trade')}"
            yield Saying(f"backtest done: {what(each.request)}: {came}")
        elif each.id in flying and each.state is BacktestState.FAILED:
            yield Saying(f"backtest failed: {clean(each.why)}", Tone.WARN)


def _gained(came: BacktestFigures) -> float | None:
    """Return the net profit in percent of the capital."""
    return float(came.net_profit / came.capital) * 100 if came.capital else None


def _latest(each: BacktestView, view: View, width: int, height: int) -> Iterator[Line]:
    sign, tone = _LOOKS[each.state]
    yield line(Span(sign, tone, bold=True), Span(f"  {what(each.request)}", bold=True))
    yield _asked(each, view)
    if each.since is not None and each.until is not None:
        yield _labelled("history", f"{stamp(each.since)[:-3]} to {stamp(each.until)[:-3]} UTC, {clean(each.source)}")
    match each.state:
        case BacktestState.RUNNING:
            yield _labelled(
                "flown", gauge(each.share * 100, _BAR) if each.since is not None else "reading the candles …"
            )
        case BacktestState.FAILED:
            yield line(Span(f"{clean(each.why)}", Tone.ERROR))
            yield line(Span("The bot is not touched by it: no order was sent, nothing was changed.", Tone.DIM))
        case BacktestState.DONE if each.figures is not None:
            yield from _figures(each.figures)
            yield line()
            yield from _curve(each.curve, min(_MOST_COLUMNS, width - _SCALE), height)
            yield line()
            yield from _rest(each, view)


def _asked(each: BacktestView, view: View) -> Line:
    ended = view.now if each.ended_at is None else each.ended_at
    took = duration(max(0, ended - each.started_at))
    words = f"{'for' if each.ended_at is None else 'took'} {took}"
    return _labelled("asked", f"{since(each.started_at, view.now)} by {actor(each.who, view.user)}, {words}")


def _figures(came: BacktestFigures) -> Iterator[Line]:
    yield from _cautions(came)
    net = f"{signed(came.net_profit)} USDT  {signed_percent(_gained(came))}"
    yield _labelled("net profit", Span(net, gain(came.net_profit), bold=True), f"  of {money(came.capital, 'USDT')}")
    yield _labelled("price meanwhile", f"{signed_percent(_percent(came.market_return))}")
    won = f"won {number(came.winning_trades)}, lost {number(came.losing_trades)}"
    yield _labelled("trades", f"{number(came.total_trades)}  {won}, win rate {percent(_percent(came.win_rate), 1)}")
    yield _labelled(
        "risk",
        f"max drawdown {percent(came.max_drawdown * 100)}, Sharpe {number(came.sharpe_ratio, 2)}, "
        f"profit factor {number(came.profit_factor, 2)}",
    )
    yield _labelled(
        "costs",
        f"fees {signed(-came.fees)}, funding {signed(came.funding)}; in the market {percent(came.exposure * 100, 1)}",
    )


def _cautions(came: BacktestFigures) -> Iterator[Line]:
    if came.faults:
        times = counted(came.faults, "time")
        yield line(Span(f"! the strategy failed {times} and traded nothing then: {clean(came.fault)}", Tone.WARN))
    if came.identity:
        off = signed(came.identity, 8)
        yield line(Span(f"! the money does not add up: {off} USDT are unexplained; do not believe it", Tone.ERROR))
    if not came.total_trades:
        yield line(Span("! nothing was traded: there is no result to judge the strategy by", Tone.WARN))


def _curve(curve: tuple[Decimal, ...], width: int, height: int) -> Iterator[Line]:
    tone = gain(curve[-1] - curve[0]) if curve else Tone.PLAIN
    for drawn in _drawn(curve, width, height):
        yield line(Span(drawn, tone))


@lru_cache(maxsize=4)
def _drawn(curve: tuple[Decimal, ...], width: int, height: int) -> tuple[str, ...]:
    return tuple(chart([float(each) for each in curve], max(10, width), height))


def _rest(each: BacktestView, view: View) -> Iterator[Line]:
    if each.blocked:
        refused = ", ".join(f"{gate} {number(count)} ×" for gate, count in each.blocked.items())
        yield _labelled("refused by", clean(refused))
    there = " (on the engine's machine)" if view.reach.attached else ""
    yield _labelled("report", f"{clean(each.page)}{there}")


def _before(flown: Sequence[BacktestView], view: View, width: int) -> list[Line]:
    if not flown:
        return []
    return [line(), titled("Before"), *grid(COLUMNS, (_row(each, view) for each in flown), width, indent=2)]


def _row(each: BacktestView, view: View) -> Row:
    sign, tone = _LOOKS[each.state]
    came = each.figures
    share = None if came is None else _gained(came)
    return row(
        each.id,
        Span(since(each.started_at, view.now) if each.started_at else minute(None), Tone.DIM),
        what(each.request),
        Span(sign.lower(), tone),
        Span(signed_percent(share), gain(share)),
        DASH if came is None else number(came.total_trades),
        DASH if came is None else percent(came.max_drawdown * 100),
    )


def _labelled(label: str, *figures: str | Span) -> Line:
    return line(Span(f"{label:<{_LABEL}}  ", Tone.DIM), *figures)


def _percent(share: float | None) -> float | None:
    return None if share is None else share * 100
