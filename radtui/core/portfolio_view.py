"""The portfolio as it is shown (row S6)."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from radtui.core.allocation import Rebalance
from radtui.core.risk import RiskAssessment


class PerformanceView(msgspec.Struct, frozen=True, kw_only=True):
    """One span; percentages are 0–100, None where there is too little to tell.

    Attributes:
        covered: nanoseconds of the span that are known; 0 where nothing is.
        gain: of the equity. drawdown: deepest, ≤ 0. volatility, sharpe: annualised over 365 days; no interest counted.
    """

    name: str
    covered: int = 0
    gain: float | None = None
    volatility: float | None = None
    sharpe: float | None = None
    drawdown: float | None = None


class WeightView(msgspec.Struct, frozen=True):
    """A strategy with its weight and the confidence below which it does not count."""

    name: str
    weight: float
    least: float


class PortfolioView(msgspec.Struct, frozen=True, kw_only=True):
    """All of it; made about once a minute, and whenever what is held changes.

    Attributes:
        at: wall clock of its making; None before the first. stance: how much of the equity is allocated, and `share`
            how much that is.
        risk: how much is at stake; None before the first.
        strategies: those that are active. moves: what would bring the account to its allocation; proposals only.
    """

    at: int | None = None
    stance: str = ""
    share: Decimal | None = None
    strategies: tuple[WeightView, ...] = ()
    moves: tuple[Rebalance, ...] = ()
    performance: tuple[PerformanceView, ...] = ()
    risk: RiskAssessment | None = None
