"""The leverage of one entry (row W5): 3 to 20 by how the market, the signal and the bot fare, never above the limit.

Source of the figures: the KuCoin ancestor. Whatever they give, the stop must fire before the exchange liquidates.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final

import msgspec

from radtui.core.instrument import Instrument
from radtui.core.money import ONE

LEAST: Final = 3
MOST: Final = 20
SLIP: Final = Decimal("0.005")
"""Between stop and liquidation: what a market order may slip."""
_BY_VOLATILITY: Final = (
    (Decimal("0.1"), 3), (Decimal("0.08"), 4), (Decimal("0.05"), 6),
    (Decimal("0.03"), 8), (Decimal("0.02"), 11), (Decimal("0.01"), 14),
)  # fmt: skip
_CALM: Final = 16
_BY_CONFIDENCE: Final = ((0.9, 4), (0.8, 2), (0.7, 0), (0.6, -1))
_UNSURE: Final = -3
_BY_DRAWDOWN: Final = ((Decimal("0.2"), -10), (Decimal("0.15"), -6), (Decimal("0.1"), -3))
_WINS: Final = 3
_LOSSES: Final = 2


class Temper(msgspec.Struct, frozen=True, kw_only=True):
    """What an entry's leverage depends on.

    Attributes:
        volatility: of an hour, a share; None where it was not measured, which is taken for the worst.
        streak: positions in a row that won; negative: that lost.
        drawdown: how far the equity is below its highest, a share.
    """

    volatility: Decimal | None
    confidence: float
    streak: int = 0
    drawdown: Decimal = Decimal(0)


def fitting(temper: Temper) -> int:
    """Return the leverage that suits the moment, 3 to 20."""
    wanted = _by_volatility(temper.volatility) + _by_confidence(temper.confidence)
    wanted += _by_streak(temper.streak) + _by_drawdown(temper.drawdown)
    return min(max(wanted, LEAST), MOST)


def room(instrument: Instrument, leverage: int) -> Decimal:
    """Return how far a stop may lie from the entry, a share of the price, so that it fires before liquidation.

    Liquidation is about 1 / leverage away, less the maintenance margin; `SLIP` is kept for slippage.
    """
    return ONE / leverage - instrument.maintenance_margin - SLIP


def bearable(instrument: Instrument, distance: Decimal) -> int:
    """Return the most leverage, 1 at least, at which a stop this share of the price away fires before liquidation."""
    return max(int(ONE / (distance + instrument.maintenance_margin + SLIP)), 1)


def _by_volatility(volatility: Decimal | None) -> int:
    if volatility is None:
        return LEAST
    return next((leverage for above, leverage in _BY_VOLATILITY if volatility > above), _CALM)


def _by_confidence(confidence: float) -> int:
    return next((step for least, step in _BY_CONFIDENCE if confidence >= least), _UNSURE)


def _by_streak(streak: int) -> int:
    return 2 if streak >= _WINS else -3 if streak <= -_LOSSES else 0


def _by_drawdown(drawdown: Decimal) -> int:
    return next((step for above, step in _BY_DRAWDOWN if drawdown > above), 0)
