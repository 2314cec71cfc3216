"""A result as one HTML page: no script, no network, nothing but itself. Every text is escaped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from typing import Final

from radtui.backtest.result import Point, Result
from radtui.backtest.trades import Trade
from radtui.backtest.wording import cautions, figures, heading, moment, money, refusals, terms, when
from radtui.core.money import decimals

_WIDTH: Final = 1000
_HEIGHT: Final = 260
_LOW: Final = 90
_MARGIN: Final = 100
"""Room for the figures beside a curve."""
_STYLE: Final = """
:root { color-scheme: light dark; --line: #1f6feb; --down: #b35900; --rule: #8884; }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 1040px; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.4rem; margin-bottom: 0; } h2 { font-size: 1.05rem; margin-top: 2rem; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
td, th { padding: .2rem .6rem; border-bottom: 1px solid var(--rule); text-align: right; white-space: pre; }
td:first-child, th:first-child, .words { text-align: left; white-space: pre-wrap; }
.wide td:first-child { white-space: pre; } .wide td:nth-child(n + 11) { white-space: normal; min-width: 12rem; }
svg { width: 100%; height: auto; } .caution { font-weight: 600; } .wide { overflow-x: auto; }
"""


def page(result: Result) -> str:
    """Return the report of a backtest as a whole HTML document."""
    title = escape(heading(result))
    parts = (
        f"<h1>{title}</h1><p>{escape(when(result))}</p>",
        *(f'<p class="caution">{escape(line)}</p>' for line in cautions(result)),
        "<h2>What it comes to</h2>",
        _table((), figures(result)),
        f"<h2>Equity, {escape(result.currency)}</h2>",
        _curve(result.equity_curve),
        "<h2>Below its highest, %</h2>",
        _depths(result.equity_curve),
        "<h2>Why it did not trade</h2>",
        "<ul>" + "".join(f"<li>{escape(line)}</li>" for line in refusals(result)) + "</ul>",
        f"<h2>Trades, {len(result.trades):,}</h2>",
        f'<div class="wide">{_table(_HEADS, _rows(result.trades))}</div>',
        f"<p>{escape(terms(result))}</p>",
    )
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>{title}</title><style>{_STYLE}</style></head><body>\n" + "\n".join(parts) + "\n</body></html>\n"
    )


_HEADS: Final = ("opened", "closed", "symbol", "side", "lots", "entry", "exit", "fees", "funding", "net", "why", "end")


def _rows(trades: Sequence[Trade]) -> Iterator[tuple[str, ...]]:
    """Yield the trades, their prices in as many digits as the finest of them has."""
    digits = max((decimals(price) for trade in trades for price in (trade.entry, trade.exit)), default=0)
    return (_row(trade, digits) for trade in trades)


def _row(trade: Trade, digits: int) -> tuple[str, ...]:
    return (
        moment(trade.opened_at),
        moment(trade.closed_at),
        trade.symbol,
        trade.direction,
        f"{trade.lots:,}",
        f"{trade.entry:,.{digits}f}",
        f"{trade.exit:,.{digits}f}",
        money(-trade.fees),
        money(trade.funding),
        money(trade.net),
        trade.why,
        trade.end,
    )


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    head = "<tr>" + "".join(f"<th>{escape(name)}</th>" for name in heads) + "</tr>" if heads else ""
    return "<table>" + head + "".join(map(_line, rows)) + "</table>"


def _line(cells: Sequence[str]) -> str:
    return "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in cells) + "</tr>"


def _curve(points: Sequence[Point]) -> str:
    values = [float(point.equity) for point in points]
    return _drawn(points, values, _HEIGHT, "var(--line)", "{:,.2f}")


def _depths(points: Sequence[Point]) -> str:
    return _drawn(points, list(_drawdowns(points)), _LOW, "var(--down)", "{:,.1f}")


def _drawdowns(points: Iterable[Point]) -> Iterator[float]:
    highest = 0.0
    for point in points:
        equity = float(point.equity)
        highest = max(highest, equity)
        yield (equity / highest - 1) * 100 if highest > 0 else 0.0


def _drawn(points: Sequence[Point], values: Sequence[float], height: int, color: str, form: str) -> str:
    """Draw values over time, with the highest and the lowest written beside."""
    low, high, first, last = min(values), max(values), points[0].at, points[-1].at

    def place(at: int, value: float) -> str:
        x = (at - first) / (last - first) * _WIDTH if last > first else 0.0
        y = (high - value) / (high - low) * height if high > low else height / 2
        return f"{x:.1f},{y:.1f}"

    line = " ".join(place(point.at, value) for point, value in zip(points, values, strict=True))
    texts = ((8, form.format(high)), (height, form.format(low)))
    labels = "".join(
        f'<text x="-8" y="{y}" font-size="12" text-anchor="end" fill="currentColor">{escape(text)}</text>'
        for y, text in texts
    )
    return (
        f'<svg viewBox="-{_MARGIN} -4 {_WIDTH + _MARGIN} {height + 8}" role="img" '
        f'aria-label="from {form.format(low)} to {form.format(high)}">'
        f'<polyline fill="none" stroke="{color}" stroke-width="1.5" points="{line}"/>{labels}</svg>'
    )
