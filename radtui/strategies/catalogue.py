"""Finds strategies: the built-in ones by name, a user's own as ``path/to/file.py:Class``."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from hashlib import sha256
from importlib import import_module
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any, Final, TypeGuard

from pydantic import ValidationError

from radtui.core.instrument import Instrument
from radtui.strategies.base import Factory, Parameters, Strategy, StrategyRefused

BUILT_IN: Final[Mapping[str, str]] = {"ema_cross": "radtui.strategies.ema_cross:EmaCross"}
"""Module and class of each built-in strategy; imported only when it is loaded."""

_OWN: Final = "a strategy of your own is named path/to/file.py:Class"


@dataclass(frozen=True, slots=True)
class _ClassFactory:
    """Makes instances of one class, with its settings checked."""

    strategy: type[Any]

    @property
    def name(self) -> str:
        return str(getattr(self.strategy, "name", self.strategy.__name__))

    def __call__(self, instrument: Instrument, settings: Mapping[str, object] | None = None) -> Strategy:
        parameters = self._parameters(settings or {})
        try:
            made = self.strategy(instrument, parameters)
        except Exception as error:
            raise StrategyRefused(f"strategy {self.name} cannot be made: {_told(error)}") from error
        lacking = [part for part in ("name", "timeframe", "warmup") if not hasattr(made, part)]
        if lacking:
            raise StrategyRefused(
                f"strategy {self.name} lacks {', '.join(lacking)}; radtui.strategies.base says what for"
            )
        return made  # type: ignore[no-any-return]  # a class from a file: its shape was just checked

    def _parameters(self, settings: Mapping[str, object]) -> Parameters:
        model = getattr(self.strategy, "Parameters", Parameters)
        if not (isinstance(model, type) and issubclass(model, Parameters)):
            raise StrategyRefused(f"Parameters of strategy {self.name} must inherit radtui.strategies.base.Parameters")
        try:
            return model(**settings)
        except ValidationError as error:
            raise StrategyRefused(f"strategy {self.name}: {_settings_refused(model, error)}") from error


def load(spec: str) -> Factory:
    """Return the factory of a built-in strategy, or of a class in a file.

    Raises:
        StrategyRefused: there is no such strategy, or its file cannot be used; the message says what there is.
    """
    path, colon, class_name = spec.rpartition(":")
    if colon:
        return _ClassFactory(_strategy_in(_from_file(Path(path).expanduser()), class_name, path))
    if spec in BUILT_IN:
        module, _, built_in = BUILT_IN[spec].partition(":")
        return _ClassFactory(_strategy_in(import_module(module), built_in, module))
    raise StrategyRefused(_unknown(spec))


def _unknown(spec: str) -> str:
    if spec.endswith(".py"):
        return f"which class of {spec}? Name it: {spec}:Class"
    near = get_close_matches(spec, BUILT_IN, n=1)
    meant = f" (did you mean {near[0]}?)" if near else ""
    return f"no strategy is called {spec!r}{meant}; built in: {', '.join(BUILT_IN)}; {_OWN}"


def _from_file(path: Path) -> ModuleType:
    if not path.is_file():
        raise StrategyRefused(f"there is no strategy file {path}; {_OWN}")
    # the path's own hash keeps two files of one name apart, and pydantic finds the module by its name
    name = f"radtui_strategy_{path.stem}_{sha256(str(path.resolve()).encode()).hexdigest()[:8]}"
    found = spec_from_file_location(name, path)
    if found is None or found.loader is None:
        raise StrategyRefused(f"{path} is not a Python file; {_OWN}")
    module = module_from_spec(found)
    sys.modules[name] = module
    try:
        found.loader.exec_module(module)
    except Exception as error:
        del sys.modules[name]
        raise StrategyRefused(f"strategy file {path} cannot be loaded: {_told(error)}") from error
    return module


def _strategy_in(module: ModuleType, class_name: str, source: str) -> type[Any]:
    found = getattr(module, class_name, None)
    if _is_strategy(found):
        return found
    if isinstance(found, type):
        raise StrategyRefused(f"{class_name} in {source} is not a strategy: it has no on_candle(candle, view)")
    there = [
        name for name, value in vars(module).items() if _is_strategy(value) and value.__module__ == module.__name__
    ]
    raise StrategyRefused(f"{source} has no class {class_name!r}; strategies there: {', '.join(there) or 'none'}")


def _is_strategy(value: object) -> TypeGuard[type[Any]]:
    return isinstance(value, type) and callable(getattr(value, "on_candle", None))


def _settings_refused(model: type[Parameters], error: ValidationError) -> str:
    lines = [f"{'.'.join(map(str, found['loc'])) or 'parameters'}: {found['msg']}" for found in error.errors()]
    return f"{'; '.join(lines)}. Possible settings: {', '.join(model.model_fields)}"


def _told(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"
