"""What the composite can be told: the ancestor's constants."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import BeforeValidator, Field, model_validator

from radtui.strategies.base import Timeframe
from radtui.strategies.stops import StopParameters

Period = Annotated[int, Field(ge=2, le=1000)]
Share = Annotated[float, Field(ge=0, le=1)]
Percentile = Annotated[float, Field(ge=0, le=100)]
Weight = Annotated[float, Field(ge=0, le=100)]


def _split(frames: object) -> object:
    return [name.strip() for name in frames.split(",") if name.strip()] if isinstance(frames, str) else frames


class CompositeParameters(StopParameters):
    """Periods are candles, moves shares of the price, weights votes."""

    timeframe: Timeframe = "1h"
    frames: Annotated[tuple[Timeframe, ...] | None, BeforeValidator(_split)] = Field(
        None, description="further timeframes, as in 4h,1d; none told: 4 and 24 times as long"
    )

    fast: Period = Field(12, description="candles of the fast average")
    slow: Period = Field(26, description="candles of the slow average")
    signal: Period = Field(9, description="candles of the MACD's signal")
    rsi: Period = Field(14, description="candles of the RSI")
    stochastic: Period = Field(14, description="candles of the stochastic, smoothed over 3 and 3")
    bands: Period = Field(20, description="candles of the Bollinger bands")
    deviations: float = Field(2, gt=0, le=10, description="standard deviations from the middle to a band")
    momentum: Period = Field(10, description="candles over which the move is measured")
    volume: Period = Field(20, description="candles of the usual volume")
    atr: Period = Field(14, description="candles of the average true range")

    trending: Share = Field(0.03, description="move above which the market trends")
    narrow: Share = Field(0.02, description="width of the bands, share of their middle, below which it may range")
    still: Share = Field(0.01, description="move below which it may range")

    trend: Weight = Field(1.5, description="weight of a trend vote")
    trend_trending: Weight = Field(2.5, description="the same where the market trends")
    oscillator: Weight = Field(1.0, description="weight of an oscillator's vote")
    oscillator_ranging: Weight = Field(2.0, description="the same where the market ranges")
    rsi_far: Weight = Field(1.5, description="RSI beyond its bounds, in oscillator votes")
    rsi_near: Weight = Field(0.5, description="RSI beyond its inner bounds, in oscillator votes")
    outside: Weight = Field(1.5, description="close outside the bands, in oscillator votes")
    busy: Weight = Field(1.0, description="weight of a large volume, with the candle")

    oversold: Percentile = Field(30, description="RSI below which it votes to buy; 100 − this to sell")
    inner: Percentile = Field(40, description="inner bound of the RSI; 100 − this to sell")
    low: Percentile = Field(20, description="stochastic below which it votes to buy; 100 − this to sell")
    large: Share = Field(0.02, description="move that votes")
    large_ranging: Share = Field(0.015, description="the same where the market ranges")
    crowd: float = Field(1.5, gt=0, le=100, description="times the usual volume above which it votes")

    least_trending: Share = Field(0.52, description="least confidence where the market trends")
    least_ranging: Share = Field(0.58, description="least confidence where it ranges")
    least_neutral: Share = Field(0.55, description="least confidence in any other market")
    united: Share = Field(0.7, description="confluence above which the confidence is raised")
    boost: float = Field(1.15, ge=1, le=2, description="factor of a raised confidence")
    divided: Share = Field(0.4, description="confluence below which it is lowered")
    damp: Share = Field(0.85, description="factor of a lowered confidence")
    agree: Share = Field(0.2, description="added to a factor of 1 where further timeframes agree")
    conflict: Share = Field(0.7, description="factor where they contradict")
    cap: Share = Field(0.99, description="greatest confidence")

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        for below, above in (("fast", "slow"), ("oversold", "inner"), ("divided", "united")):
            low, high = getattr(self, below), getattr(self, above)
            if low >= high:
                raise ValueError(f"{below} ({low:g}) must be below {above} ({high:g})")
        if max(self.inner, self.low) > 50:
            raise ValueError("inner and low are lower bounds: at most 50")
        return self
