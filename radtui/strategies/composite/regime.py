"""What kind of market it is, and what that changes."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from radtui.strategies.composite.parameters import CompositeParameters


class Regime(StrEnum):
    TRENDING = "trending"
    RANGING = "ranging"
    NEUTRAL = "neutral"


class Terms(msgspec.Struct, frozen=True):
    """What holds in one regime.

    Attributes:
        trend, oscillator: weights of a vote of each group. large: share of the price by which a move votes.
        least: confidence below which nothing is wanted.
    """

    trend: float
    oscillator: float
    large: float
    least: float


def regime_of(move: float, width: float, told: CompositeParameters) -> Regime:
    """Return the regime of a market that moved by `move`, its bands `width` apart; both shares of the price."""
    if abs(move) > told.trending:
        return Regime.TRENDING
    return Regime.RANGING if width < told.narrow and abs(move) < told.still else Regime.NEUTRAL


def terms_of(told: CompositeParameters) -> dict[Regime, Terms]:
    """Return what holds in each regime."""
    return {
        Regime.TRENDING: Terms(told.trend_trending, told.oscillator, told.large, told.least_trending),
        Regime.RANGING: Terms(told.trend, told.oscillator_ranging, told.large_ranging, told.least_ranging),
        Regime.NEUTRAL: Terms(told.trend, told.oscillator, told.large, told.least_neutral),
    }
