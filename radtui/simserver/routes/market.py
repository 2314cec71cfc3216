"""Public market data: contracts, prices, books, trades, candles, funding."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from radtui.core.instrument import Instrument
from radtui.core.market import HOUR, MINUTE, SECOND
from radtui.core.money import ZERO
from radtui.simserver.endpoints import Call, Endpoint
from radtui.simserver.paging import chunk, span
from radtui.simserver.params import wrong
from radtui.simserver.pricetape import Sample
from radtui.simserver.refusals import BAD_REQUEST, BAD_SYMBOL, Refusal
from radtui.simserver.render import contract as contracts
from radtui.simserver.render import market as render
from radtui.simserver.render.figures import millis, number, rounded, whole
from radtui.simserver.routes.rows import general, named, public

GRANULARITIES: Final = (1, 5, 15, 30, 60, 120, 240, 480, 720, 1440, 10080)
"""Minutes of the candles there are."""
MOST_CANDLES: Final = 500
_MOST_RATES: Final = 100
_FUNDING_SPAN: Final = 8 * HOUR


def timestamp(call: Call) -> object:
    """Answer the server's clock, in milliseconds."""
    return call.milliseconds


def status(call: Call) -> object:
    """Answer whether the exchange is open."""
    return {"msg": "" if call.floor.status == "open" else "maintenance", "status": call.floor.status.value}


def active(call: Call) -> object:
    """Answer every contract."""
    return [contracts.contract(call.floor, instrument) for instrument in call.floor.instruments.values()]


def one(call: Call) -> object:
    """Answer one contract."""
    return contracts.contract(call.floor, named(call))


def ticker(call: Call) -> object:
    """Answer one contract's best offers and last trade."""
    return _ticker(call, named(call))


def tickers(call: Call) -> object:
    """Answer every contract's ticker."""
    return [_ticker(call, instrument) for instrument in call.floor.instruments.values()]


def snapshot(call: Call) -> object:
    """Answer the whole book."""
    return render.book(call.floor.boards.snapshot(named(call).symbol))


def depth(levels: int) -> Callable[[Call], object]:
    """Return what answers the best `levels` of the book."""
    return lambda call: render.book(call.floor.boards.snapshot(named(call).symbol), levels)


def trades(call: Call) -> object:
    """Answer the last trades, newest first."""
    return [render.trade(trade) for trade in call.floor.boards.trades(named(call).symbol, 100)]


def klines(call: Call) -> object:
    """Answer candles, oldest first, the open one included; at most 500, from the start of what was asked for."""
    params, floor = call.params, call.floor
    minutes = params.whole("granularity")
    if minutes not in GRANULARITIES:
        raise wrong("granularity")
    instrument = _charted(call)
    size = minutes * MINUTE
    candles = list(floor.venue.candles(instrument.symbol, size, 10_000)) if size in floor.venue.spans else []
    forming = floor.forming(instrument.symbol, size)
    if forming is not None:
        candles.append(forming)
    start, end = params.whole("from"), params.whole("to")
    rows = [
        render.kline(candle, instrument, floor.shift)
        for candle in candles
        if (start is None or millis(candle.opened_at + floor.shift) >= start)
        and (end is None or millis(candle.opened_at + floor.shift) <= end)
    ]
    return rows[-MOST_CANDLES:] if start is None else rows[:MOST_CANDLES]


def mark_price(call: Call) -> object:
    """Answer one contract's mark and index price."""
    return render.mark_price(call.floor, named(call).symbol)


def index(call: Call) -> object:
    """Answer what an index was, second by second, newest first."""
    return _history(call, _by_index, SECOND, render.index)


def premium(call: Call) -> object:
    """Answer how far a mark stood above its index, minute by minute, newest first."""
    return _history(call, _by_premium, MINUTE, render.premium)


def interest(call: Call) -> object:
    """Answer the interest rate that enters funding, minute by minute, newest first."""
    symbol = call.params.required("symbol")
    bases = {known.base for known in call.floor.instruments.values()} | {"USDT", "USDC", "USD"}
    if not any(symbol in (f".{base}INT", f".{base}INT8H") for base in bases):
        raise Refusal(BAD_SYMBOL)
    window = span(call.params, call.milliseconds, default=HOUR // 1_000_000)
    newest = min(window.end, call.milliseconds) // 60_000
    oldest = max(-(-window.start // 60_000), newest - 1000)
    minutes = [minute * MINUTE for minute in range(newest, oldest - 1, -1)]
    return chunk(call.params, minutes, lambda at: render.interest(symbol, at), millis)


def turnover(call: Call) -> object:
    """Answer what all contracts together turned over in 24 hours."""
    turned = (abs(render.day(call.floor, symbol).turnover) for symbol in call.floor.instruments)
    return {"turnoverOf24h": rounded(sum(turned, ZERO), 8)}


def funding_rate(call: Call) -> object:
    """Answer the funding rate of the running cycle."""
    return render.funding_rate(call.floor, named(call).symbol)


def funding_rates(call: Call) -> object:
    """Answer the settled funding rates of a span, newest first."""
    symbol = named(call).symbol
    start, end = call.params.whole("from"), call.params.whole("to")
    if start is None or end is None:
        raise Refusal(BAD_REQUEST, "from and to can not be empty")
    floor = call.floor
    last = floor.venue.next_funding_at(symbol) - _FUNDING_SPAN
    rate = number(floor.venue.funding_rate(symbol))
    moments = (millis(floor.settled(last - count * _FUNDING_SPAN)) for count in range(10_000))
    return [{"symbol": symbol, "fundingRate": rate, "timepoint": at} for at in moments if start <= at <= end][
        :_MOST_RATES
    ]


def risk_limits(call: Call) -> object:
    """Answer the levels of a contract's risk limit in isolated margin."""
    symbol = named(call).symbol
    return [
        {
            "symbol": symbol,
            "level": level.level,
            "maxRiskLimit": whole(level.max),
            "minRiskLimit": whole(level.min),
            "maxLeverage": level.max_leverage,
            "initialMargin": number(level.initial_margin),
            "maintainMargin": number(level.maintenance_margin),
        }
        for level in call.floor.risk_levels(symbol)
    ]


def _ticker(call: Call, instrument: Instrument) -> dict[str, object]:
    floor = call.floor
    return render.ticker(floor.boards.ticker(instrument.symbol), floor.venue.prices(instrument.symbol).last)


def _charted(call: Call) -> Instrument:
    """Return the contract whose candles are asked for; an index or premium symbol stands for its contract."""
    symbol = call.params.required("symbol")
    if not symbol.startswith("."):
        return named(call)
    return _by_index(call, symbol) or _by_premium(call, symbol) or _missing()


def _missing() -> Instrument:
    raise Refusal(BAD_SYMBOL)


def _by_index(call: Call, symbol: str) -> Instrument | None:
    known = call.floor.instruments.values()
    return next((one for one in known if contracts.index_symbol(one) == symbol), None)


def _by_premium(call: Call, symbol: str) -> Instrument | None:
    return call.floor.instrument(symbol.removeprefix(".").removesuffix("8H").removesuffix("PI"))


def _history(
    call: Call,
    find: Callable[[Call, str], Instrument | None],
    every: int,
    show: Callable[[str, Sample], dict[str, object]],
) -> object:
    symbol = call.params.required("symbol")
    instrument = find(call, symbol) or _missing()
    window = span(call.params, call.milliseconds, default=24 * HOUR // 1_000_000)
    samples: Sequence[Sample] = [
        sample for sample in call.floor.prices.newest_first(instrument.symbol, every) if window.holds(sample.at)
    ]
    return chunk(call.params, samples, lambda sample: show(symbol, sample), lambda sample: millis(sample.at))


ENDPOINTS: Final[tuple[Endpoint, ...]] = (
    public("GET", "/api/v1/timestamp", 2, timestamp),
    public("GET", "/api/v1/status", 4, status),
    public("GET", "/api/v1/contracts/active", 3, active),
    public("GET", "/api/v1/contracts/{symbol}", 3, one),
    public("GET", "/api/v1/ticker", 2, ticker),
    public("GET", "/api/v1/allTickers", 5, tickers),
    public("GET", "/api/v1/level2/snapshot", 3, snapshot),
    public("GET", "/api/v1/level2/depth20", 5, depth(20)),
    public("GET", "/api/v1/level2/depth100", 10, depth(100)),
    public("GET", "/api/v1/trade/history", 5, trades),
    public("GET", "/api/v1/kline/query", 3, klines),
    public("GET", "/api/v1/mark-price/{symbol}/current", 3, mark_price),
    public("GET", "/api/v1/index/query", 2, index),
    public("GET", "/api/v1/interest/query", 5, interest),
    public("GET", "/api/v1/premium/query", 3, premium),
    general("GET", "/api/v1/trade-statistics", 3, turnover),
    public("GET", "/api/v1/funding-rate/{symbol}/current", 2, funding_rate),
    public("GET", "/api/v1/contract/funding-rates", 5, funding_rates),
    public("GET", "/api/v1/contracts/risk-limit/{symbol}", 5, risk_limits),
)
