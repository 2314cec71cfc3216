"""Makes a strategy of a class: its settings checked, its shape looked at, its further timeframes beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from pydantic import ValidationError

from radtui.core.instrument import Instrument
from radtui.core.market import TIMEFRAMES
from radtui.strategies.admitting import words
from radtui.strategies.base import Parameters, Strategy, StrategyRefused, names_of
from radtui.strategies.frames import InFrames
from radtui.strategies.hearing import told


@dataclass(frozen=True, slots=True)
class StrategyFactory:
    """Makes instances of one class, with its settings checked, each beside its further timeframes."""

    strategy: type[Any]

    @property
    def name(self) -> str:
        """The strategy's name."""
        return str(getattr(self.strategy, "name", self.strategy.__name__))

    def __call__(self, instrument: Instrument, settings: Mapping[str, object] | None = None) -> Strategy:
        """Return a new instance.

        Raises:
            StrategyRefused: the settings do not fit, or the class is not a strategy.
        """
        parameters = self._parameters(settings or {})
        try:
            made = self.strategy(instrument, parameters)
            fault = _shape(made)
        except (Exception, SystemExit) as error:  # supervision point: anybody's code
            raise StrategyRefused(f"strategy {self.name} cannot be made: {told(error)}") from error
        if fault:
            raise StrategyRefused(f"strategy {self.name} {fault}")
        self._agree(made, parameters)
        return InFrames(made) if getattr(made, "frames", ()) else made

    @property
    def model(self) -> type[Parameters]:
        """What it can be told.

        Raises:
            StrategyRefused: its Parameters are something else.
        """
        model = getattr(self.strategy, "Parameters", Parameters)
        if not (isinstance(model, type) and issubclass(model, Parameters)):
            raise StrategyRefused(f"Parameters of strategy {self.name} must inherit radtui.strategies.base.Parameters")
        return model

    def _agree(self, made: Strategy, parameters: Parameters) -> None:
        """Refuse a strategy that would read candles of one timeframe as those of another."""
        if "timeframe" in parameters.model_fields_set and made.timeframe != parameters.timeframe:
            raise StrategyRefused(
                f"strategy {self.name} decides on {made.timeframe} candles, and {parameters.timeframe} is set: "
                f"set bot.timeframe = {made.timeframe}, or have it take parameters.timeframe"
            )

    def _parameters(self, settings: Mapping[str, object]) -> Parameters:
        model = self.model
        try:
            return model(**settings)
        except ValidationError as error:
            raise StrategyRefused(f"strategy {self.name}: {_settings_refused(model, error)}") from error


def _shape(made: Any) -> str:
    """Return what a strategy lacks that all of them have, or an empty text."""
    lacking = [part for part in ("name", "timeframe", "warmup") if not hasattr(made, part)]
    if lacking:
        return f"lacks {', '.join(lacking)}; radtui.strategies.base says what for"
    if not isinstance(made.warmup, int) or made.warmup < 0:
        return f"has a warmup of {made.warmup!r}: it is a number of candles, 0 or more"
    if made.timeframe not in TIMEFRAMES:
        return f"decides on candles of {made.timeframe!r}; possible: {', '.join(TIMEFRAMES)}"
    frames = getattr(made, "frames", ())
    if not isinstance(frames, str | Sequence) or not all(isinstance(frame, str) for frame in frames):
        return f'has frames of {frames!r}: they are timeframes, as in ("1h", "4h")'
    return ""


def _settings_refused(model: type[Parameters], error: ValidationError) -> str:
    return "; ".join(
        _refused(model, ".".join(map(str, fault["loc"])), fault["type"], fault["msg"], str(fault["input"]))
        for fault in error.errors()
    )


def _refused(model: type[Parameters], name: str, kind: str, message: str, given: str) -> str:
    if kind == "extra_forbidden":
        names = names_of(model)
        near = get_close_matches(name, names, n=1)
        meant = f" (did you mean {near[0]}?)" if near else ""
        return f"it has no parameter {name!r}{meant}; possible: {', '.join(names)}"
    if name in model.model_fields and kind != "value_error":
        return f"{name} = {given[:120]}: allowed is {words(model.model_fields[name])}"
    said = message.removeprefix("Value error, ")
    return f"{name}: {said}" if name else said
