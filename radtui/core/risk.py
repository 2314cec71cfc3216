"""How much is at stake (row S4): an assessment of the whole account, and the score of one proposed order. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from enum import StrEnum
from typing import Final

import msgspec

from radtui.core.config import Limits
from radtui.core.money import ZERO, ratio


class RiskLevel(StrEnum):
    """From nothing to worry about to the worst."""

    LOW = "low"
    MODERATE = "moderate"
    HIGH = "high"
    CRITICAL = "critical"


class ScoreLevel(StrEnum):
    """How risky a proposed order is."""

    VERY_LOW = "very low"
    LOW = "low"
    MODERATE = "moderate"
    HIGH = "high"
    VERY_HIGH = "very high"


_LEVELS: Final = ((5, RiskLevel.CRITICAL), (3, RiskLevel.HIGH), (1, RiskLevel.MODERATE), (0, RiskLevel.LOW))
_CONCENTRATION: Final = ((Decimal("0.5"), 2), (Decimal("0.3"), 1))
_POSITIONS: Final = ((Decimal("0.8"), 2), (Decimal("0.5"), 1))
_LOSS: Final = ((Decimal("0.7"), 3), (Decimal("0.4"), 2), (Decimal("0.2"), 1))
_SCORES: Final = (
    (0.2, ScoreLevel.VERY_LOW), (0.4, ScoreLevel.LOW), (0.6, ScoreLevel.MODERATE), (0.8, ScoreLevel.HIGH),
)  # fmt: skip


class RiskAssessment(msgspec.Struct, frozen=True, kw_only=True):
    """The account's risk in one word, and what it is made of.

    Attributes:
        total_exposure: Σ |notional|, in settlement currency. concentration_risk: the largest share of it, 0 to 1.
        daily_pnl: since the market day began; None where the equity is not known.
        daily_pnl_pct: of the day's starting equity, percent.
        positions_vs_max: positions over the most that are allowed, 0 to 1.
        points: of concentration, positions and daily loss, in this order; together they make the level.
    """

    total_exposure: Decimal
    position_count: int
    symbol_count: int
    concentration_risk: Decimal
    daily_pnl: Decimal | None
    daily_pnl_pct: Decimal | None
    positions_vs_max: Decimal
    points: tuple[int, int, int]
    risk_level: RiskLevel


class RiskScore(msgspec.Struct, frozen=True, kw_only=True):
    """Of one proposed order: 0 is no risk that is known, 1 is nothing but."""

    risk_score: float
    risk_level: ScoreLevel


def assess(
    notionals: Iterable[Decimal], *, symbols: int, equity: Decimal | None, day_start: Decimal, limits: Limits
) -> RiskAssessment:
    """Return the assessment of positions worth `notionals` (unsigned), after a market day that began at `day_start`."""
    values = [abs(value) for value in notionals]
    exposure = sum(values, ZERO)
    concentration = ratio(max(values), exposure) if exposure else ZERO
    crowding = ratio(Decimal(len(values)), Decimal(limits.positions))
    pnl = None if equity is None else equity - day_start
    share = None if pnl is None or day_start <= 0 else ratio(pnl, day_start)
    lost = ZERO if share is None else ratio(max(ZERO, -share), limits.daily_loss)
    points = (_points(concentration, _CONCENTRATION), _points(crowding, _POSITIONS), _points(lost, _LOSS))
    return RiskAssessment(
        total_exposure=exposure,
        position_count=len(values),
        symbol_count=symbols,
        concentration_risk=round(concentration, 4),
        daily_pnl=pnl,
        daily_pnl_pct=None if share is None else round(share * 100, 4),
        positions_vs_max=round(crowding, 4),
        points=points,
        risk_level=next(level for least, level in _LEVELS if sum(points) >= least),
    )


def score(*, confidence: float, buy: float, sell: float) -> RiskScore:
    """Return 1 − confidence × max(P(buy), P(sell)), and its level."""
    value = round(min(1.0, max(0.0, 1.0 - confidence * max(buy, sell))), 12)
    level = next((level for above, level in _SCORES if value < above), ScoreLevel.VERY_HIGH)
    return RiskScore(risk_score=value, risk_level=level)


def _points(value: Decimal, table: Iterable[tuple[Decimal, int]]) -> int:
    return next((points for above, points in table if value > above), 0)
