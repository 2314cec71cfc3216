"""The unified account's market data that clients of the classic account ask for as well: several contracts at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from radtui.core.instrument import Instrument
from radtui.core.market import DAY, HOUR, MINUTE, Candle
from radtui.core.money import ZERO
from radtui.simserver.endpoints import Call, Endpoint
from radtui.simserver.params import wrong
from radtui.simserver.refusals import BAD_REQUEST, BAD_SYMBOL, Refusal
from radtui.simserver.render import contract as contracts
from radtui.simserver.render import market as render
from radtui.simserver.render.figures import millis, text
from radtui.simserver.routes.rows import public
from radtui.venue.risk import RiskLimit

_MOST_SYMBOLS: Final = 10
_MOST_POINTS: Final = 200
_PRODUCTS: Final = {"USDT-FUTURES": "USDT", "USDC-FUTURES": "USDC", "COIN-FUTURES": ""}
"""The settlement currency of each kind of contract; that of coins is the coin itself."""
_INTERVALS: Final = {
    "5min": 5 * MINUTE,
    "15min": 15 * MINUTE,
    "30min": 30 * MINUTE,
    "1hour": HOUR,
    "4hour": 4 * HOUR,
    "1day": DAY,
}


def funding_rates(call: Call) -> object:
    """Answer the funding rate of the running cycle of one contract, of a kind, or of all."""
    product = call.params.one_of("productType", tuple(_PRODUCTS))
    return [
        _funding_rate(call, instrument)
        for instrument in _chosen(call)
        if not product or (instrument.inverse if product == "COIN-FUTURES" else instrument.settle == _PRODUCTS[product])
    ]


def open_interest(call: Call) -> object:
    """Answer the open interest in lots, of now, or with an interval of one contract's past, oldest first."""
    instruments = _chosen(call)
    if "interval" not in call.params:
        return [
            {
                "symbol": instrument.symbol,
                "openInterest": str(contracts.open_interest(call.floor, instrument)),
                "ts": call.milliseconds,
            }
            for instrument in instruments
        ]
    if len(instruments) != 1:
        raise Refusal(BAD_REQUEST, "an interval needs one symbol")
    return _interest_then(call, instruments[0])


def position_tiers(call: Call) -> object:
    """Answer the levels of the risk limit, of several contracts."""
    if "symbol" not in call.params:
        raise Refusal(BAD_REQUEST, "symbol can not be empty")
    return [
        _tier(instrument, level) for instrument in _chosen(call) for level in call.floor.risk_levels(instrument.symbol)
    ]


def mark_prices(call: Call) -> object:
    """Answer the spot host's mark price of every pair that a contract's index follows."""
    venue = call.floor.venue
    pairs = {
        f"{'BTC' if instrument.base == 'XBT' else instrument.base}-{instrument.quote}": instrument
        for instrument in call.floor.instruments.values()
        if not instrument.inverse
    }
    return [
        {
            "symbol": pair,
            "timePoint": call.milliseconds // 1000 * 1000,
            "value": venue.prices(instrument.symbol).index,
        }
        for pair, instrument in pairs.items()
    ]


def _chosen(call: Call) -> list[Instrument]:
    """Return the contracts that ``symbol`` lists, all without it."""
    names = [name.strip() for name in call.params.text("symbol").split(",") if name.strip()]
    if not names:
        return list(call.floor.instruments.values())
    if len(names) > _MOST_SYMBOLS:
        raise Refusal(BAD_REQUEST, f"at most {_MOST_SYMBOLS} symbols")
    found = [call.floor.instrument(name) for name in names]
    if None in found:
        raise Refusal(BAD_SYMBOL)
    return [instrument for instrument in found if instrument is not None]


def _funding_rate(call: Call, instrument: Instrument) -> dict[str, object]:
    due = render.funding_rate(call.floor, instrument.symbol)["fundingTime"]
    return {
        "symbol": instrument.symbol,
        "nextFundingRate": text(call.floor.venue.funding_rate(instrument.symbol)),
        "fundingTime": due,
        "fundingRateCap": text(contracts.FUNDING_CAP),
        "fundingRateFloor": text(-contracts.FUNDING_CAP),
        "currentGranularity": contracts.GRANULARITY,
        "newGranularity": contracts.GRANULARITY,
        "newGranularityStartTime": due,
    }


def _interest_then(call: Call, instrument: Instrument) -> list[dict[str, object]]:
    every = _INTERVALS.get(call.params.text("interval"))
    if every is None:
        raise wrong("interval")
    start, end = call.params.whole("startAt") or 0, call.params.whole("endAt")
    count = call.params.count("pageSize", 30, _MOST_POINTS)
    hours = call.floor.venue.candles(instrument.symbol, HOUR, 10_000)
    rows = [
        {"symbol": instrument.symbol, "openInterest": str(lots), "ts": at}
        for at, lots in _points(hours, every, call.floor.shift)
        if start <= at <= (call.milliseconds if end is None else end)
    ]
    return rows[:count] if start else rows[-count:]


def _points(hours: Sequence[Candle], every: int, shift: int) -> Iterator[tuple[int, int]]:
    """Yield moments in milliseconds, and half the lots traded in the 24 hours before: the model's open interest."""
    lots, window = ZERO, DAY // HOUR
    for place, (hour, following) in enumerate(pairwise(hours)):
        lots += hour.volume - (hours[place - window].volume if place >= window else ZERO)
        first = -(-(following.opened_at + shift) // every) * every
        for at in range(first, following.opened_at + shift + HOUR, every):
            yield millis(at), int(lots) // 2


def _tier(instrument: Instrument, level: RiskLimit) -> dict[str, object]:
    return {
        "symbol": instrument.symbol,
        "tier": level.level,
        "maxSize": text(level.max),
        "minSize": text(level.min),
        "maxLeverage": str(level.max_leverage),
        "initialMarginRate": format(level.initial_margin, ".10f"),
        "maintainMarginRate": format(level.maintenance_margin, ".10f"),
    }


ENDPOINTS: Final[tuple[Endpoint, ...]] = (
    public("GET", "/api/ua/v1/market/funding-rate", 2, funding_rates),
    public("GET", "/api/ua/v2/market/funding-rate", 3, funding_rates),
    public("GET", "/api/ua/v1/market/open-interest", 10, open_interest),
    public("GET", "/api/ua/v1/market/position-tiers", 20, position_tiers),
    public("GET", "/api/ua/v2/market/position-tiers", 20, position_tiers),
    public("GET", "/api/v3/mark-price/all-symbols", 10, mark_prices),
)
