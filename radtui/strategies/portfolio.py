"""Several strategies on one contract, weighted into one signal (row S6)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Final, Self

import msgspec
from pydantic import BeforeValidator, Field, field_validator

from radtui.core.combining import Voice, combined
from radtui.core.instrument import Instrument
from radtui.core.market import Candle
from radtui.core.signal import HOLD, Signal
from radtui.strategies.base import Parameters, Strategy, StrategyRefused, View

_PART: Final = re.compile(r"(\S+?)=([0-9.]+)(?:@([0-9.]+))?")
_MEMBER: Final = re.compile(r"([^=\s]+)\.([^.=\s]+)=(.*)")
_LEAST: Final = 0.5


class Part(msgspec.Struct, frozen=True):
    """One strategy: its weight against the others', and the confidence below which it does not count."""

    name: str
    weight: float
    least: float = _LEAST

    @classmethod
    def of(cls, text: str) -> Self:
        """Return what ``NAME=WEIGHT`` or ``NAME=WEIGHT@CONFIDENCE`` says.

        Raises:
            ValueError: it says nothing of the kind; the message is for people.
        """
        said = _PART.fullmatch(text)
        if said is None:
            raise ValueError(f"{text!r} is not NAME=WEIGHT@CONFIDENCE, as in ema_cross=0.45@0.6")
        weight, least = float(said[2]), float(said[3] or _LEAST)
        if not (0 < weight <= 1 and 0 <= least <= 1):
            raise ValueError(f"{text!r}: a weight lies above 0 up to 1, a confidence from 0 to 1")
        return cls(said[1], weight, least)


def _split(parts: object) -> object:
    return [part.strip() for part in parts.split(",") if part.strip()] if isinstance(parts, str) else parts


def _apart(told: object) -> object:
    return [each.strip() for each in told.split(";") if each.strip()] if isinstance(told, str) else told


class PortfolioParameters(Parameters):
    """Which strategies, and how much each of them counts."""

    strategies: Annotated[tuple[str, ...], BeforeValidator(_split)] = Field(
        ("ema_cross=0.45@0.6", "rsi=0.35@0.5", "fvg=0.2@0.5"),
        min_length=1,
        description="NAME=WEIGHT@CONFIDENCE each: one that trusts itself less than its confidence does not count",
    )

    members: Annotated[tuple[str, ...], BeforeValidator(_apart)] = Field(
        (), description="NAME.PARAMETER=VALUE; of the strategies in it, as [strategies.NAME] has them"
    )

    @field_validator("members")
    @classmethod
    def _told(cls, members: tuple[str, ...]) -> tuple[str, ...]:
        for text in members:
            if _MEMBER.fullmatch(text) is None:
                raise ValueError(f"{text!r} is not NAME.PARAMETER=VALUE, as in ema_cross.fast=10")
        return members

    @field_validator("strategies")
    @classmethod
    def _readable(cls, strategies: tuple[str, ...]) -> tuple[str, ...]:
        names = [Part.of(text).name for text in strategies]
        if len(set(names)) < len(names):
            raise ValueError("each strategy is named once")
        return strategies

    def of(self, name: str) -> dict[str, str]:
        """Return what one of the strategies is told."""
        said = [found for text in self.members if (found := _MEMBER.fullmatch(text))]
        return {each[2]: each[3] for each in said if each[1] == name}

    @property
    def parts(self) -> tuple[Part, ...]:
        """The strategies, read."""
        return tuple(map(Part.of, self.strategies))


class Portfolio:
    """Asks several strategies about the same candle and follows the weighted mean of those that count.

    At each close every strategy says its probabilities and its confidence. Those whose confidence is below their own
    least are left out. Of the others the probabilities to buy, to sell and to hold are averaged by weight, the
    confidence too; the likeliest of the three is what the portfolio says. Where nobody counts, it holds. Stop and
    target are those of the strategy that went the same way with the most weight × confidence.

    Weights need not add up to 1. Weights and least confidences are the first ancestor's.
    """

    name = "portfolio"
    Parameters = PortfolioParameters

    def __init__(self, instrument: Instrument, parameters: PortfolioParameters | None = None) -> None:
        told = parameters or PortfolioParameters()
        self.timeframe = told.timeframe
        frame = {"timeframe": told.timeframe}
        self._members = [(part, _made(part.name, instrument, {**told.of(part.name), **frame})) for part in told.parts]
        self.warmup = max(strategy.warmup for _, strategy in self._members)
        self._candles = 0

    def on_candle(self, candle: Candle, view: View) -> Signal:
        """Ask all of them, those that do not count too: each must see every candle."""
        said = [(part, strategy.on_candle(candle, view)) for part, strategy in self._members]
        self._candles += 1
        if self._candles < self.warmup:
            return HOLD  # who is warm already must not speak for those who are not
        return combined([Voice(name=p.name, weight=p.weight, least=p.least, signal=signal) for p, signal in said])


def _made(name: str, instrument: Instrument, settings: Mapping[str, object]) -> Strategy:
    from radtui.strategies.catalogue import load  # which offers this strategy in its turn

    if name == Portfolio.name:
        raise StrategyRefused("a portfolio cannot be part of itself")
    return load(name)(instrument, settings)
