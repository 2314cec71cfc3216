"""A contract as `GET /contracts/active` shows it. Field set and types: live captures of 2025 and 2026."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

from radtui.core.instrument import Instrument
from radtui.core.money import ONE
from radtui.simserver.day import Day, day
from radtui.simserver.render.figures import millis, number, rounded, whole
from radtui.venue.rules import PRICE_BAND

if TYPE_CHECKING:
    from radtui.simserver.floor import Floor

FUNDING_CAP: Final = Decimal("0.003")
GRANULARITY: Final = 28_800_000
"""Milliseconds between two funding settlements."""
_LISTED_AT: Final = 1_585_555_200_000
_CENT: Final = Decimal("0.01")
_SOURCES: Final = ["okex", "binance", "kucoin", "bybit", "bitmart", "gateio"]


def contract(floor: Floor, instrument: Instrument) -> dict[str, object]:
    """Return a contract with its rules and its state of this moment."""
    return _identity(instrument) | _rules(floor, instrument) | _symbols(instrument) | _state(floor, instrument)


def index_symbol(instrument: Instrument) -> str:
    """Return what the contract's index is called."""
    return f".B{instrument.base}" if instrument.inverse else f".K{instrument.base}{instrument.quote}"


def open_interest(floor: Floor, instrument: Instrument) -> int:
    """Return the open interest in lots: the model's is half of what was traded in 24 hours."""
    return _open_interest(instrument, day(floor, instrument.symbol))


def _open_interest(instrument: Instrument, done: Day) -> int:
    return whole(abs(done.volume) / abs(instrument.multiplier) / 2)


def _identity(instrument: Instrument) -> dict[str, object]:
    return {
        "symbol": instrument.symbol,
        "rootSymbol": instrument.settle,
        "type": "FFWCSX",
        "firstOpenDate": _LISTED_AT,
        "expireDate": None,
        "settleDate": None,
        "baseCurrency": instrument.base,
        "quoteCurrency": instrument.quote,
        "settleCurrency": instrument.settle,
        "displaySymbol": instrument.symbol,
        "displayBaseCurrency": instrument.base,
        "isDeleverage": True,
        "isQuanto": not instrument.inverse,
        "isInverse": instrument.inverse,
        "markMethod": "FairPrice",
        "fairMethod": "FundingRate",
        "settlementSymbol": "",
        "settlementFee": None,
        "marketStage": "NORMAL",
        "preMarketToPerpDate": None,
        "marketType": "CRYPTO",
        "sourceExchanges": _SOURCES,
    }


def _rules(floor: Floor, instrument: Instrument) -> dict[str, object]:
    levels = floor.risk_levels(instrument.symbol)
    level = levels[0]
    return {
        "maxOrderQty": instrument.max_lots,
        "marketMaxOrderQty": instrument.max_lots,
        "maxPrice": number(instrument.max_price),
        "lotSize": 1,
        "tickSize": number(instrument.tick),
        "indexPriceTickSize": number(min(instrument.tick, _CENT)),
        "multiplier": number(instrument.multiplier),
        "initialMargin": number(instrument.initial_margin),
        "maintainMargin": number(instrument.maintenance_margin),
        "maxRiskLimit": whole(level.max),
        "minRiskLimit": whole(level.max),
        "riskStep": whole(level.max) // 2,
        "maxLeverage": instrument.max_leverage,
        "makerFeeRate": number(instrument.maker_fee),
        "takerFeeRate": number(instrument.taker_fee),
        "takerFixFee": Decimal("0.0"),
        "makerFixFee": Decimal("0.0"),
        "k": Decimal("490.0"),
        "m": Decimal("300.0"),
        "f": Decimal("1.3"),
        "mmrLimit": Decimal("0.3"),
        "mmrLevConstant": Decimal(f"{instrument.max_leverage}.0"),
        "adjustK": None,
        "adjustM": None,
        "adjustMmrLevConstant": None,
        "adjustActiveTime": None,
        "supportCross": True,
        "crossRiskLimit": whole(levels[-1].max),
        "orderPriceRange": PRICE_BAND,
    }


def _symbols(instrument: Instrument) -> dict[str, object]:
    symbol, base, quote = instrument.symbol, instrument.base, instrument.quote
    return {
        "fundingBaseSymbol": f".{base}INT8H",
        "fundingQuoteSymbol": f".{quote}INT8H",
        "fundingRateSymbol": funding_symbol(symbol),
        "indexSymbol": index_symbol(instrument),
        "premiumsSymbol1M": f".{symbol}PI",
        "premiumsSymbol8H": f".{symbol}PI8H",
        "fundingBaseSymbol1M": f".{base}INT",
        "fundingQuoteSymbol1M": f".{quote}INT",
    }


def funding_symbol(symbol: str) -> str:
    """Return what a contract's funding rate is called."""
    return f".{symbol}FPI8H"


def _state(floor: Floor, instrument: Instrument) -> dict[str, object]:
    symbol = instrument.symbol
    prices, done = floor.venue.prices(symbol), day(floor, symbol)
    due = floor.wall(floor.venue.next_funding_at(symbol))
    return {
        "status": "Open" if floor.status == "open" else "CancelOnly" if floor.status == "cancelonly" else "Paused",
        "fundingFeeRate": number(floor.venue.funding_rate(symbol)),
        "predictedFundingFeeRate": None,
        "fundingRateGranularity": GRANULARITY,
        "currentFundingRateGranularity": GRANULARITY,
        "fundingRateCap": FUNDING_CAP,
        "fundingRateFloor": -FUNDING_CAP,
        "period": 1,
        "openInterest": str(_open_interest(instrument, done)),
        "turnoverOf24h": rounded(done.turnover, 8),
        "volumeOf24h": number(done.volume),
        "markPrice": number(prices.mark),
        "indexPrice": number(prices.index),
        "lastTradePrice": number(prices.last),
        "nextFundingRateTime": max(0, millis(due - floor.now())),
        "nextFundingRateDateTime": millis(due),
        "lowPrice": number(done.low),
        "highPrice": number(done.high),
        "priceChgPct": rounded(done.change_share, 4),
        "priceChg": number(done.change),
        "buyLimit": number(instrument.below(prices.mark * (ONE + PRICE_BAND))),
        "sellLimit": number(instrument.above(prices.mark * (ONE - PRICE_BAND))),
    }
