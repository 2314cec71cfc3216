"""What a contract is worth right now: the composite's opinion on hourly candles, and points for what speaks with it.

The score is 120 × the composite's confidence, plus

| part        | points        | for                                                                                 |
|-------------|---------------|-------------------------------------------------------------------------------------|
| momentum    | 25, 18, 12, 5 | a move with the side over 10 candles of 5, 3, 2, 1 % or more                          |
| volume      | 15, 10, 5     | 3, 2, 1.5 times the usual                                                           |
| bands       | 12, 6         | the close in the nearest fifth, two fifths of the bands: bought low, sold high       |
|             | −3, −8        | in the farthest fifth, beyond it                                                     |
| RSI         | 12, 6         | to buy 30 or less, 40 or less; to sell 70 or more, 60 or more                         |
| trend       | 12, 5         | averages and MACD with the side, one of them                                          |
| room        | 15, 8, −8     | as far to the highest high (lowest low) of the candles as 3, 2 stops; less than 1     |
| timeframes  | 8, −5         | 4h and 1d agree on balance, contradict                                                |

Points and names are the second ancestor's, which gave no bounds; the bounds here are ours. Left out is what it gave no
formula for: support and resistance of the volume profile, for which `room` stands.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final

from radtui.core.listed import Listed
from radtui.core.market import Candle
from radtui.core.scan_view import CandidateView, ScorePart
from radtui.core.signal import Signal
from radtui.strategies.base import View
from radtui.strategies.composite.parameters import CompositeParameters
from radtui.strategies.composite.readings import Readings
from radtui.strategies.composite.strategy import Composite, Opinion
from radtui.strategies.leaning import hold
from radtui.strategies.scanning import FURTHER, HOURLY
from radtui.strategies.scanning.points import Ladder, points_of

LEAST_HOURLY: Final = 50
"""Hourly candles without which nothing is said: the slow average would still be its seed."""

_PER_CONFIDENCE: Final = 120
_TOLD: Final = CompositeParameters(timeframe=HOURLY, frames=FURTHER)
_OPEN: Final = 10.0
"""Stops of room where nothing is in the way."""
MOMENTUM: Final = Ladder(((0.05, 25), (0.03, 18), (0.02, 12), (0.01, 5)))
VOLUME: Final = Ladder(((3, 15), (2, 10), (1.5, 5)))
RSI: Final = Ladder(((70, 12), (60, 6)))
FAVOUR: Final = Ladder(((0.8, 12), (0.6, 6), (0.2, 0), (0.0, -3)), below=-8)
ROOM: Final = Ladder(((3, 15), (2, 8), (1, 0)), below=-8)


class Hourly(Composite):
    """The composite on candles that were read for it: the further timeframes come whole, not built from its own."""

    @property
    def warmup(self) -> int:
        """The least that a scan reads."""
        return LEAST_HOURLY

    def signal(self, opinion: Opinion, readings: Readings, close: Decimal) -> Signal:
        """Return an opinion with its stop and target; one that holds where the side is not clear."""
        if opinion.confidence < opinion.least or not opinion.tally.side:
            return hold(opinion.told)
        side, atr = opinion.tally.side, readings.atr
        return self._stops.lean(side, opinion.confidence, opinion.told, close=close, atr=atr)


def score(listed: Listed, hourly: Sequence[Candle], further: Mapping[str, Sequence[Candle]]) -> CandidateView | None:
    """Return what one contract is worth, or None where nothing is wanted of it: too new, too still, or no clear side.

    Args:
        hourly: closed candles, oldest first. further: those of `FURTHER`, by timeframe; what closed after the last
            hourly one is not looked at.
    """
    if not hourly:
        return None
    mind = Hourly(listed.instrument, _TOLD)
    readings = _read(mind, hourly, further)
    if readings is None:
        return None
    opinion = mind.opinion(readings)
    signal = mind.signal(opinion, readings, hourly[-1].close)
    if signal.stop is None or signal.target is None:
        return None  # it holds
    stop = float(abs(hourly[-1].close - signal.stop))
    parts = tuple(_parts(opinion, readings, hourly, stop))
    total = sum(part.points for part in parts)
    return CandidateView(
        symbol=listed.instrument.symbol,
        action=signal.action.value,
        score=total,
        confidence=opinion.confidence,
        parts=parts,
        reason=opinion.told,
        price=hourly[-1].close,
        stop=signal.stop,
        target=signal.target,
        turnover=listed.turnover,
        at=hourly[-1].closed_at,
    )


def ranked(candidates: Sequence[CandidateView]) -> tuple[CandidateView, ...]:
    """Return those that are worth something, the best first; of equals the one that turns over more."""
    worth = [candidate for candidate in candidates if candidate.score > 0]
    return tuple(sorted(worth, key=lambda each: (-each.score, -each.turnover, each.symbol)))


def _read(mind: Hourly, hourly: Sequence[Candle], further: Mapping[str, Sequence[Candle]]) -> Readings | None:
    end = hourly[-1].closed_at
    closed = {frame: [each for each in further.get(frame, ()) if each.closed_at <= end] for frame in FURTHER}
    view = View(symbol=hourly[0].symbol, just_closed=closed)
    readings = None
    for candle in hourly:
        readings = mind.read(candle, view)
        view = View(symbol=candle.symbol)
    return readings


def _parts(opinion: Opinion, readings: Readings, hourly: Sequence[Candle], stop: float) -> list[ScorePart]:
    side = opinion.tally.side
    move, rsi = readings.move * side, readings.rsi if side < 0 else 100 - readings.rsi
    with_it = [readings.fast - readings.slow, readings.macd.histogram]
    trend = sum(each * side > 0 for each in with_it)
    favour, room = _favour(readings, side), _room(readings, hourly, side, stop)
    return [
        ScorePart("confidence", opinion.confidence * _PER_CONFIDENCE, f"{opinion.confidence:.2f}"),
        ScorePart("momentum", points_of(MOMENTUM, move), f"{readings.move * 100:+.1f} %"),
        ScorePart("volume", points_of(VOLUME, readings.crowd), f"{readings.crowd:.1f}×"),
        ScorePart("bands", points_of(FAVOUR, favour), f"{favour:.2f}"),
        ScorePart("RSI", points_of(RSI, rsi), f"{readings.rsi:.0f}"),
        ScorePart("trend", (0, 5, 12)[trend], f"{trend} of 2"),
        ScorePart("room", points_of(ROOM, room), f"{room:.1f} stops"),
        ScorePart("timeframes", _agreement(opinion.balance), f"{opinion.balance:+.1f}"),
    ]


def _favour(readings: Readings, side: int) -> float:
    """Return how well the close lies in its bands: 1 on the near one, 0 on the far one, less beyond that."""
    upper, lower = readings.bands.upper, readings.bands.lower
    if upper <= lower:
        return 0.5
    far = upper if side > 0 else lower
    return (far - readings.close) * side / (upper - lower)


def _room(readings: Readings, hourly: Sequence[Candle], side: int, stop: float) -> float:
    """Return how many stops the price may go with the side before it is where it never was in these candles.

    Where it is there already nothing is in its way.
    """
    before = hourly[:-1]
    edge = float(max(each.high for each in before) if side > 0 else min(each.low for each in before))
    distance = (edge - readings.close) * side
    return distance / stop if distance > 0 else _OPEN


def _agreement(balance: float) -> float:
    return 8 if balance > 0 else -5 if balance < 0 else 0
