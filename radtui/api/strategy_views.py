"""What the API says of the strategies: what there is to choose from, what each is told, and how much it counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from radtui.api.views import View
from radtui.core.configuration_view import SettingView
from radtui.core.portfolio_view import WeightView
from radtui.core.snapshot import Snapshot
from radtui.strategies.describing import Described, Knob


class ParameterView(msgspec.Struct, frozen=True, kw_only=True):
    """One parameter.

    Attributes:
        default: as one writes it; None where it must be told.
        above, least, below, most: bounds, the first and the third themselves not included; None for none.
        choices: what it may be; empty for anything within the bounds.
    """

    name: str
    default: str | None
    meaning: str
    above: float | None = None
    least: float | None = None
    below: float | None = None
    most: float | None = None
    choices: tuple[str, ...] = ()


class StrategyInfo(View, frozen=True, kw_only=True):
    """One strategy.

    Attributes:
        description: in one line. explanation: what it goes by, in several.
        origin: built in, or the package. fault: why it cannot be used; empty for one that can.
        active: this bot trades by it, alone or as a part of its portfolio.
    """

    name: str
    description: str
    explanation: str
    origin: str
    parameters: tuple[ParameterView, ...]
    active: bool
    fault: str


class Strategies(View, frozen=True, kw_only=True):
    """All that have a name. What a class in a file of your own is told says ``/api/config/strategy/NAME``."""

    strategies: tuple[StrategyInfo, ...]


class StrategyWeight(msgspec.Struct, frozen=True, kw_only=True):
    """How much a strategy counts. `min_confidence`: below it, it does not."""

    strategy_name: str
    weight: float
    min_confidence: float
    enabled: bool


class StrategyWeights(View, frozen=True, kw_only=True):
    """The active strategies. `combined`: whether several are weighed into one signal (``bot.strategy = portfolio``)."""

    combined: bool
    strategy_weights: tuple[StrategyWeight, ...]
    total_strategies: int
    enabled_strategies: int


class StrategySettings(View, frozen=True, kw_only=True):
    """What one strategy is told.

    Attributes:
        parameters: every one that is set or that the bot goes by, with where it came from.
    """

    strategy_name: str
    parameters: tuple[SettingView, ...]


class Probability(View, frozen=True, kw_only=True):
    """How probabilities become trades.

    Attributes:
        combination_method: the one there is. min_signal_confidence: below it nothing is entered.
        weights: of the strategies that are combined, by name.
    """

    combination_method: str
    min_signal_confidence: str
    weights: dict[str, float]


def listed(found: Iterable[Described], snapshot: Snapshot) -> Strategies:
    """Return the strategies, each with whether the bot trades by it."""
    active = {snapshot.status.strategy, *(each.name for each in snapshot.portfolio.strategies)}
    return Strategies(strategies=tuple(info(each, active=each.name in active) for each in found))


def info(each: Described, *, active: bool) -> StrategyInfo:
    """Return one strategy."""
    return StrategyInfo(
        name=each.name,
        description=each.does,
        explanation=each.explanation,
        origin=each.origin,
        parameters=tuple(map(_parameter, each.knobs)),
        active=active,
        fault=each.fault,
    )


def weights(snapshot: Snapshot) -> StrategyWeights:
    """Return how much each active strategy counts."""
    parts = snapshot.portfolio.strategies or (WeightView(snapshot.status.strategy, 1.0, 0.0),)
    rows = tuple(
        StrategyWeight(strategy_name=each.name, weight=each.weight, min_confidence=each.least, enabled=each.weight > 0)
        for each in parts
    )
    return StrategyWeights(
        combined=snapshot.status.strategy == "portfolio",
        strategy_weights=rows,
        total_strategies=len(rows),
        enabled_strategies=sum(each.enabled for each in rows),
    )


def settings_of(name: str, snapshot: Snapshot) -> StrategySettings:
    """Return what a strategy is told, as far as the settings in force say it."""
    prefix = f"strategies.{name}."
    rows = tuple(each for each in snapshot.configuration.settings if each.key.startswith(prefix))
    return StrategySettings(strategy_name=name, parameters=rows)


def probability(snapshot: Snapshot) -> Probability:
    """Return how probabilities become trades."""
    least = next((each.value for each in snapshot.configuration.settings if each.key == "risk.min_confidence"), "")
    return Probability(
        combination_method="weighted_average",
        min_signal_confidence=least,
        weights={each.strategy_name: each.weight for each in weights(snapshot).strategy_weights},
    )


def _parameter(knob: Knob) -> ParameterView:
    bounds: Mapping[str, Any] = knob.bounds
    return ParameterView(
        name=knob.name,
        default=knob.default,
        meaning=knob.meaning,
        above=_limit(bounds, "gt"),
        least=_limit(bounds, "ge"),
        below=_limit(bounds, "lt"),
        most=_limit(bounds, "le"),
        choices=tuple(map(str, bounds.get("choices", ()))),
    )


def _limit(bounds: Mapping[str, Any], kind: str) -> float | None:
    return None if kind not in bounds else float(bounds[kind])
