"""The portfolio: what it is worth, what the day may still use, how it did, how it should be shared out (S6, S8)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Final

from radtui.core.allocation import Rebalance
from radtui.core.breaker_view import TradingBreakerView
from radtui.core.market import DAY, HOUR
from radtui.core.portfolio_view import PerformanceView, WeightView
from radtui.core.risk import RiskAssessment, RiskLevel
from radtui.core.snapshot import Snapshot
from radtui.core.window_view import WindowView
from radtui.tui.format import DASH, bar, clean, duration, money, number, percent, signed, signed_percent
from radtui.tui.panes.view import View
from radtui.tui.screens.sheet import listed, noted, titled
from radtui.tui.screens.text import TextSheet
from radtui.tui.widgets.columns import Column, Row, row
from radtui.tui.widgets.grid import grid
from radtui.tui.widgets.tone import BLANK, Line, Span, Tone, line

DAILY: Final = frozenset({"daily loss"})
"""Breakers that count a day."""
_NEAR: Final = 70.0
_LEVELS: Final = {
    RiskLevel.LOW: Tone.PROFIT,
    RiskLevel.MODERATE: Tone.PLAIN,
    RiskLevel.HIGH: Tone.WARN,
    RiskLevel.CRITICAL: Tone.ERROR,
}
SPANS: Final = (
    Column("name", "", 6),
    Column("gain", "gain", 10, "right"),
    Column("drawdown", "drawdown", 10, "right"),
    Column("volatility", "volatility", 11, "right", 1),
    Column("sharpe", "Sharpe", 8, "right", 1),
    Column("covered", "", 22, "left", 2),
)
WEIGHTS: Final = (
    Column("name", "strategy", 20, grow=True),
    Column("weight", "weight", 6, "right"),
    Column("least", "counts from confidence", 22, "right", 1),
)
_NARROW: Final = 60
"""Columns beyond which a name and its figures would lie too far from each other."""
MOVES: Final = (
    Column("symbol", "symbol", 13),
    Column("current", "has", 8, "right"),
    Column("target", "should have", 11, "right"),
    Column("action", "", 4),
    Column("lots", "lots", 8, "right"),
    Column("value", "USDT", 13, "right", 1),
)


class PortfolioPage(TextSheet):
    """The portfolio, with as many columns as there is room for."""

    def __init__(self, view: View) -> None:
        super().__init__("Portfolio", lambda seen: portfolio_lines(seen, self.room, self.gap), view)


def portfolio_lines(view: View, width: int, gap: Sequence[Line] = (BLANK,)) -> list[Line]:
    """Return what it is worth, the day's budgets, the performance, the strategies and the allocation."""
    return [
        titled("Account"),
        *account_lines(view.snapshot),
        *gap,
        noted("Budgets of the day", "times are the market's" if view.snapshot.status.speed != 1 else ""),
        *budget_lines(view),
        *gap,
        noted("Performance", "of the equity, annualised over 365 days"),
        *_performance(view, width),
        *gap,
        titled("Strategies"),
        *_strategies(view.snapshot.portfolio.strategies, width),
        *gap,
        noted("Allocation", "a proposal: nothing of it is traded"),
        *_moves(view, width),
    ]


def account_lines(snapshot: Snapshot) -> Iterator[Line]:
    """Yield what it is worth, what is open, and how much is at stake."""
    worth, open_pnl = snapshot.money, _open_pnl(snapshot)
    share = None if open_pnl is None or not worth.equity else open_pnl / worth.equity * 100
    yield line(
        "  value       ",
        f"{money(worth.equity, worth.currency)}   open ",
        _toned(open_pnl, f"{signed(open_pnl)}  {signed_percent(share)}"),
    )
    risk = snapshot.portfolio.risk
    limit = f" of {snapshot.positions_limit}" if snapshot.positions_limit else ""
    worth_of = f", worth {money(risk.total_exposure, worth.currency)}" if risk else ""
    yield line("  positions   ", f"{sum(held.own for held in snapshot.positions)}{limit}{worth_of}")
    yield line("  risk        ", *_risk(risk))


def _open_pnl(snapshot: Snapshot) -> Decimal | None:
    """Return what the open positions stand at; None where one of them has no price."""
    own = [held.pnl for held in snapshot.positions if held.own]
    known = [pnl for pnl in own if pnl is not None]
    return sum(known, Decimal(0)) if len(known) == len(own) else None


def _risk(risk: RiskAssessment | None) -> Iterator[Span]:
    if risk is None:
        yield Span(DASH, Tone.DIM)
        return
    concentration, crowding, loss = risk.points
    yield Span(risk.risk_level.upper(), _LEVELS[risk.risk_level], bold=True)
    yield Span(f"   points: concentration {concentration}, positions {crowding}, daily loss {loss}")


def budget_lines(view: View) -> Iterator[Line]:
    """Yield a gauge a budget, each with the time until it is counted anew."""
    snapshot, market = view.snapshot, view.snapshot.market_at or view.now
    yield _window(snapshot.window, market)
    yield _trades(snapshot.window, market)
    for breaker in snapshot.breakers:
        if breaker.name in DAILY:
            yield _loss(breaker, market)


def _window(window: WindowView, market: int) -> Line:
    state = Span("OPEN  ", Tone.PROFIT) if window.open else Span("CLOSED", Tone.WARN)
    change = ""
    if window.changes_at is not None:
        change = f"{'closes' if window.open else 'opens'} in {duration(window.changes_at - market)}"
    return line("  window      ", state, f"  {window.hours}  {change}")


def _trades(window: WindowView, market: int) -> Line:
    if window.limit is None:
        return line(f"  trades      {number(window.trades)} today, without limit")
    spent = window.trades >= window.limit
    used = window.used or 0.0
    return line(
        "  trades      ",
        Span(bar(used), Tone.WARN if spent or used >= _NEAR else Tone.PLAIN),
        f"  {number(window.trades)} of {number(window.limit)}{_reset(window.resets_at, market)}",
        Span("  no more entries until then", Tone.WARN) if spent else Span(""),
    )


def _loss(breaker: TradingBreakerView, market: int) -> Line:
    tone = Tone.ERROR if breaker.tripped else Tone.WARN if (breaker.share or 0) >= _NEAR else Tone.PLAIN
    midnight = (market // DAY + 1) * DAY
    gauge = Span(bar(100 if breaker.tripped else breaker.share), tone)
    return line(
        f"  {breaker.name:<10}  ",
        gauge,
        f"  {clean(breaker.value)} of {clean(breaker.limit)}{_reset(midnight, market)}",
    )


def _reset(at: int | None, market: int) -> str:
    return "" if at is None else f", anew in {duration(at - market)}"


def _performance(view: View, width: int) -> list[Line]:
    spans = view.snapshot.portfolio.performance
    if not spans:
        return listed([], "the equity is not known yet")
    return grid(SPANS, [_span(each) for each in spans], width, indent=2)


def _span(each: PerformanceView) -> Row:
    whole = {"1h": 1, "24h": 24, "7d": 168, "30d": 720}[each.name] * HOUR
    short = "" if each.covered >= whole or not each.covered else f"only {duration(each.covered)} known"
    return row(
        each.name,
        each.name,
        _signed(each.gain),
        _signed(each.drawdown),
        Span(percent(each.volatility)),
        Span(number(each.sharpe, 2)),
        Span(short, Tone.DIM),
    )


def _strategies(weights: Sequence[WeightView], width: int) -> list[Line]:
    if not weights:
        return listed([], "none is known yet")
    rows = [row(each.name, clean(each.name), f"{each.weight:g}", f"{each.least:g}") for each in weights]
    return grid(WEIGHTS, rows, min(width, _NARROW), indent=2)


def _moves(view: View, width: int) -> Iterator[Line]:
    portfolio = view.snapshot.portfolio
    if portfolio.share is None:
        yield from listed([], "not known yet")
        return
    yield line(f"  {portfolio.stance}: {percent(float(portfolio.share) * 100, 0)} of the equity, by confidence")
    if not portfolio.moves:
        yield from listed([], "nothing is held or wanted")
        return
    yield from grid(MOVES, [_move(each) for each in portfolio.moves], width, indent=2)


def _move(move: Rebalance) -> Row:
    tone = Tone.DIM if move.action == "hold" else Tone.PLAIN
    return row(
        move.symbol,
        Span(move.symbol, tone),
        Span(_share(move.current), tone),
        Span(_share(move.target), tone),
        Span(move.action, tone),
        Span(number(None if move.action == "hold" else move.lots), tone),
        Span(number(None if move.action == "hold" else move.value, 2), tone),
    )


def _share(share: Decimal) -> str:
    return signed_percent(share * 100, 1)


def _signed(figure: float | None) -> Span:
    if figure is None:
        return Span(DASH, Tone.DIM)
    return _toned(figure, signed_percent(figure))


def _toned(figure: float | Decimal | None, text: str) -> Span:
    if figure is None:
        return Span(text, Tone.DIM)
    return Span(text, Tone.PROFIT if figure > 0 else Tone.LOSS if figure < 0 else Tone.PLAIN)
