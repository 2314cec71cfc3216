"""Who votes for what, with which weight.

| voter      | buys                        | sells                       | weight                    |
|------------|-----------------------------|-----------------------------|---------------------------|
| averages   | fast over slow              | fast under slow             | trend                     |
| MACD       | over its signal             | under its signal            | trend                     |
| move       | up, more than `large`       | down, more than `large`     | trend                     |
| RSI        | < 30                        | > 70                        | oscillator × 1.5          |
|            | < 40                        | > 60                        | oscillator × .5           |
| stochastic | k and d < 20                | k and d > 80                | oscillator                |
| bands      | close under the lower       | close over the upper        | oscillator × 1.5          |
| volume     | > 1.5 × usual, candle rose  | > 1.5 × usual, candle fell  | 1                         |
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from radtui.strategies.composite.parameters import CompositeParameters
from radtui.strategies.composite.readings import Readings
from radtui.strategies.composite.regime import Terms
from radtui.strategies.leaning import BUYS, SELLS


class Vote(msgspec.Struct, frozen=True):
    """One voter's word: `side` is `BUYS` or `SELLS`."""

    voter: str
    side: int
    weight: float


class Tally(msgspec.Struct, frozen=True):
    """What the votes come to.

    Attributes:
        side: the stronger one; 0 where none is. share: of the weights, for it. confluence: of the heads, for it.
    """

    side: int
    share: float
    confluence: float


def cast(readings: Readings, terms: Terms, told: CompositeParameters) -> list[Vote]:
    """Return the votes at one close; who has no opinion does not vote."""
    said = (
        ("averages", _sign(readings.fast - readings.slow), terms.trend),
        ("MACD", _sign(readings.macd.histogram), terms.trend),
        ("move", _beyond(readings.move, -terms.large, terms.large), terms.trend),
        ("RSI", *_rsi(readings.rsi, terms, told)),
        ("stochastic", _stochastic(readings, told), terms.oscillator),
        ("bands", _outside(readings), terms.oscillator * told.outside),
        ("volume", _sign(readings.candle) if readings.crowd > told.crowd else 0, told.busy),
    )
    return [Vote(voter, side, weight) for voter, side, weight in said if side and weight]


def tally(votes: Sequence[Vote]) -> Tally:
    """Count the votes."""
    buying = sum(vote.weight for vote in votes if vote.side > 0)
    total = sum(vote.weight for vote in votes)
    side = _sign(2 * buying - total)
    if not side:
        return Tally(0, 0.0, 0.0)
    heads = sum(vote.side == side for vote in votes)
    return Tally(side, max(buying, total - buying) / total, heads / len(votes))


def _rsi(rsi: float, terms: Terms, told: CompositeParameters) -> tuple[int, float]:
    far = _contrary(rsi, told.oversold)
    if far:
        return far, terms.oscillator * told.rsi_far
    return _contrary(rsi, told.inner), terms.oscillator * told.rsi_near


def _stochastic(readings: Readings, told: CompositeParameters) -> int:
    k, d = _contrary(readings.stochastic.k, told.low), _contrary(readings.stochastic.d, told.low)
    return k if k == d else 0


def _outside(readings: Readings) -> int:
    return -_beyond(readings.close, readings.bands.lower, readings.bands.upper)


def _contrary(percent: float, low: float) -> int:
    """Buys below `low`, sells above ``100 − low``."""
    return -_beyond(percent, low, 100 - low)


def _beyond(value: float, low: float, high: float) -> int:
    if value > high:
        return BUYS
    return SELLS if value < low else 0


def _sign(value: float) -> int:
    return (value > 0) - (value < 0)
