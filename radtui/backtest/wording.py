"""A result in words and figures, the same in the terminal and in the page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal

from radtui.backtest.result import Result
from radtui.core.market import DAY, HOUR, MINUTE, SECOND

Line = tuple[str, str]
"""A name and its figure."""


def heading(result: Result) -> str:
    """Return what was flown, in a line."""
    symbols = ", ".join(result.symbols)
    told = "".join(f" {name}={value}" for name, value in result.parameters.items())
    return f"{result.strategy} {result.timeframe}{told} on {symbols}"


def when(result: Result) -> str:
    """Return the time that was flown through, in a line."""
    cut = "" if result.complete else ", CUT SHORT"
    return f"{moment(result.since)} to {moment(result.until)} UTC, {result.candles:,} candles{cut}"


def terms(result: Result) -> str:
    """Return on what it was flown, and how bars are read."""
    return (
        f"candles {result.source}; slippage {result.slippage}, the contract's own fees, funding and liquidation; "
        "orders fill at the next open, and inside a bar the worse price comes first"
    )


def figures(result: Result) -> Iterator[Line]:
    """Yield what it comes to."""
    sums, ratios, currency = result.sums, result.ratios, result.currency
    yield "net profit", f"{money(result.net_profit)} {currency}  {percent(float(result.net_profit / result.capital))}"
    yield "final equity", f"{result.final_equity:,.2f} of {result.capital:,.2f} {currency}"
    yield "price meanwhile", percent(result.market_return)
    yield "trades", f"{sums.total_trades:,}  won {sums.winning_trades:,}  lost {sums.losing_trades:,}"
    yield "win rate", share(sums.win_rate)
    yield "profit factor", figure(sums.profit_factor)
    yield "a trade", f"{money(sums.average)}  best {money(sums.best)}  worst {money(sums.worst)}"
    yield "gross, fees, funding", f"{money(sums.gross)}  {money(-sums.fees)}  {money(sums.funding)}"
    longest = duration(ratios.longest_drawdown)
    yield "max drawdown", f"{share(ratios.max_drawdown)}  longest {longest}"
    yield (
        "Sharpe, Sortino, Calmar",
        "  ".join(map(figure, (ratios.sharpe_ratio, ratios.sortino_ratio, ratios.calmar_ratio))),
    )
    yield "a year", f"{percent(ratios.annual_return)}  volatility {share(ratios.annual_volatility)}"
    yield "in the market", share(result.exposure)


def refusals(result: Result) -> Iterator[str]:
    """Yield why it did not trade, most frequent first, and what stopped it."""
    yield f"{result.signals:,} signals wanted to trade: {result.entries:,} entered, {result.turns:,} closed a position"
    for gate, count in sorted(result.blocked.items(), key=lambda each: (-each[1], each[0])):
        yield f"{count:,} × refused by {gate}"
    lasting = [trip for trip in result.trips if trip.name == "drawdown"]
    if lasting:
        yield f"{moment(lasting[0].at)} UTC: drawdown {lasting[0].why}; no entry after it, for only a person resets it"


def cautions(result: Result) -> Iterator[str]:
    """Yield what a reader must know before believing the figures."""
    if result.faults:
        yield f"the strategy failed {result.faults:,} times and traded nothing then; first: {result.fault}"
    if result.identity:
        yield f"the money does not add up: {result.identity} {result.currency} are unexplained"
    for kind, count in result.troubles.items():
        if kind != "breaker tripped":
            yield f"{count:,} × {kind}"
    for held in result.open:
        stands = f"{held.direction} {held.lots:,} lots {held.symbol} from {price(held.entry)}"
        yield f"still open at the end: {stands}, {money(held.unrealised)} open"
    if not result.complete:
        yield "it was stopped before the last candle"


def moment(at: int) -> str:
    """Return nanoseconds UTC as day and minute."""
    return f"{datetime.fromtimestamp(at // SECOND, UTC):%Y-%m-%d %H:%M}"


def duration(nanoseconds: int) -> str:
    """Return a length of time in its largest two units."""
    days, hours, minutes = nanoseconds // DAY, nanoseconds % DAY // HOUR, nanoseconds % HOUR // MINUTE
    return f"{days} d {hours} h" if days else f"{hours} h {minutes} min"


def money(value: Decimal | None) -> str:
    """Return an amount with its sign; a dash where there is none."""
    return "–" if value is None else f"{value:+,.2f}".replace("-", "−")


def price(value: Decimal) -> str:
    """Return a price in as many digits as it has: an average of several fills has more than a tick."""
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def percent(value: float | None) -> str:
    """Return a fraction as signed percent; a dash where there is none."""
    return "–" if value is None else f"{value * 100:+,.2f} %".replace("-", "−")


def share(value: float | None) -> str:
    """Return a fraction as percent; a dash where there is none."""
    return "–" if value is None else f"{value * 100:,.2f} %"


def figure(value: float | None) -> str:
    """Return a ratio; a dash where there is none."""
    return "–" if value is None else f"{value:,.2f}".replace("-", "−")
