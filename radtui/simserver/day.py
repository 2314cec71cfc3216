"""What a contract did in the last 24 hours."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import msgspec

from radtui.core.instrument import Instrument
from radtui.core.market import HOUR, MINUTE, Candle
from radtui.core.money import ZERO, ratio

if TYPE_CHECKING:
    from radtui.simserver.floor import Floor


class Day(msgspec.Struct, frozen=True):
    """A contract's last 24 hours.

    Attributes:
        before: the price 24 hours ago.
        volume: base coins of a linear contract, lots of an inverse one.
        turnover: in settlement currency; of an inverse contract negative, as the exchange shows it.
    """

    last: Decimal
    high: Decimal
    low: Decimal
    before: Decimal
    volume: Decimal
    turnover: Decimal

    @property
    def change(self) -> Decimal:
        """How much the price rose."""
        return self.last - self.before

    @property
    def change_share(self) -> Decimal:
        """How much it rose, as a share of the price before."""
        return ratio(self.change, self.before)


def day(floor: Floor, symbol: str) -> Day:
    """Return the last 24 hours of a contract, from its candles."""
    instrument = floor.instruments[symbol]
    last = floor.venue.prices(symbol).last
    candles = _candles(floor, symbol)
    if not candles:
        return Day(last, last, last, last, ZERO, ZERO)
    return Day(
        last=last,
        high=max(last, *(candle.high for candle in candles)),
        low=min(last, *(candle.low for candle in candles)),
        before=candles[0].open,
        volume=sum((_volume(candle, instrument) for candle in candles), ZERO),
        turnover=sum((_turnover(candle, instrument) for candle in candles), ZERO),
    )


def _candles(floor: Floor, symbol: str) -> list[Candle]:
    spans = floor.venue.spans
    span = HOUR if HOUR in spans else max((span for span in spans if span <= HOUR), default=MINUTE)
    candles = floor.venue.candles(symbol, span, 24 * HOUR // span)
    forming = floor.forming(symbol, span)
    return [*candles, forming] if forming is not None else candles


def _volume(candle: Candle, instrument: Instrument) -> Decimal:
    return candle.volume if instrument.inverse else candle.volume * instrument.multiplier


def _turnover(candle: Candle, instrument: Instrument) -> Decimal:
    if instrument.inverse:
        return ratio(candle.volume * instrument.multiplier, candle.close)
    return candle.volume * instrument.multiplier * candle.close
