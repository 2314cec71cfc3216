"""Finds strategies: built-in and installed ones by name, a user's own as ``path/to/file.py:Class``."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from difflib import get_close_matches
from hashlib import sha256
from importlib import import_module
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any, Final, TypeGuard

from radtui.strategies.base import Factory, StrategyRefused
from radtui.strategies.factory import StrategyFactory
from radtui.strategies.hearing import told
from radtui.strategies.installed import Offer, installed
from radtui.strategies.proving import contract

BUILT_IN: Final[Mapping[str, str]] = {
    "ema_cross": "radtui.strategies.ema_cross:EmaCross",
    "rsi": "radtui.strategies.rsi:Rsi",
    "fvg": "radtui.strategies.fvg:FairValueGap",
    "composite": "radtui.strategies.composite.strategy:Composite",
    "portfolio": "radtui.strategies.portfolio:Portfolio",
}
"""Module and class of each built-in strategy; imported only when it is loaded."""

_OWN: Final = "a strategy of your own is named path/to/file.py:Class"


def known() -> list[str]:
    """Return every name that `load` takes: the built-in strategies, then those of installed packages."""
    return list(dict.fromkeys([*BUILT_IN, *(offer.name for offer in installed())]))


def load(spec: str, settings: Mapping[str, object] | None = None) -> Factory:
    """Return the factory of a built-in strategy, of one that a package offers, or of a class in a file.

    Args:
        settings: where they are given, one is made with them for a stand-in contract, so that what cannot be made is
            refused before a flight and not in it.

    Raises:
        StrategyRefused: there is no such strategy, or it cannot be used; the message says why, or what there is.
    """
    factory = StrategyFactory(strategy_class(spec))
    if settings is not None:
        factory(contract(), settings)
    return factory


def strategy_class(spec: str) -> type[Any]:
    """Return the class that `spec` names; a built-in name cannot be taken by a package.

    Raises:
        StrategyRefused: as `load`.
    """
    if spec in BUILT_IN:
        module, _, built_in = BUILT_IN[spec].partition(":")
        return _strategy_in(import_module(module), built_in, module)
    path, colon, class_name = spec.rpartition(":")
    if colon:
        return _strategy_in(_from_file(Path(path).expanduser()), class_name, path)
    offers = [offer for offer in installed() if offer.name == spec]
    if not offers:
        raise StrategyRefused(_unknown(spec))
    if len(offers) > 1:
        packages = " and ".join(offer.package for offer in offers)
        raise StrategyRefused(f"{packages} each offer a strategy {spec}: uninstall one, or name a file: {_OWN}")
    return class_of(offers[0])


def class_of(offer: Offer) -> type[Any]:
    """Return the class that a package offers.

    Raises:
        StrategyRefused: it cannot be imported, or is no strategy.
    """
    with _contained(f"strategy {offer.name} of {offer.package}"):
        found = offer.entry.load()
    if not _is_strategy(found):
        raise StrategyRefused(
            f"{offer.entry.value} of {offer.package} is not a strategy: a class with on_candle(candle, view)"
        )
    return found


def _unknown(spec: str) -> str:
    if spec.endswith(".py"):
        return f"which class of {spec}? Name it: {spec}:Class"
    names = known()
    near = get_close_matches(spec, names, n=1)
    meant = f" (did you mean {near[0]}?)" if near else ""
    others = [name for name in names if name not in BUILT_IN]
    there = f"built in: {', '.join(BUILT_IN)}" + (f"; installed: {', '.join(others)}" if others else "")
    return f"no strategy is called {spec!r}{meant}; {there}; {_OWN}"


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
        with _contained(f"strategy file {path}"):
            found.loader.exec_module(module)
    except StrategyRefused:
        del sys.modules[name]
        raise
    return module


@contextmanager
def _contained(what: str) -> Iterator[None]:
    """Turn whatever another's code raises when it is loaded into a refusal; a script may even want to exit."""
    try:
        yield
    except (Exception, SystemExit) as error:  # supervision point: anybody's code
        raise StrategyRefused(f"{what} cannot be loaded: {told(error)}") from error


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
