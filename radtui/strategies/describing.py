"""What there is to choose from: each strategy with its parameters and its origin, broken ones with the reason."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from pydantic.fields import FieldInfo

from radtui.strategies.admitting import bounds_of
from radtui.strategies.base import Parameters, StrategyRefused, names_of
from radtui.strategies.catalogue import BUILT_IN, class_of, strategy_class
from radtui.strategies.factory import StrategyFactory
from radtui.strategies.hearing import told
from radtui.strategies.installed import Offer, installed

_BUILT_IN: Final = "built in"


@dataclass(frozen=True, slots=True)
class Knob:
    """One parameter.

    Attributes:
        default: as a person would write it; None where it must be told.
        bounds: what is admitted: ``gt``, ``ge``, ``lt``, ``le`` with a number, ``choices`` with a list; or nothing.
    """

    name: str
    default: str | None
    bounds: Mapping[str, Any]
    meaning: str


@dataclass(frozen=True, slots=True)
class Described:
    """One strategy.

    Attributes:
        does: in one line. origin: built in, the package, or the file. explanation: what it goes by, in several.
        fault: why it cannot be used; empty for one that can.
    """

    name: str
    does: str
    origin: str
    explanation: str = ""
    knobs: tuple[Knob, ...] = ()
    fault: str = ""


def all_known() -> list[Described]:
    """Return every strategy that has a name, the built-in ones first."""
    return [*(_described(name, _BUILT_IN, _finder(name)) for name in BUILT_IN), *_offered()]


def one(spec: str) -> Described:
    """Return a strategy by its name or as ``path/to/file.py:Class``.

    Raises:
        StrategyRefused: there is none, or it cannot be used.
    """
    there = next((known for known in all_known() if known.name == spec and not known.fault), None)
    if there is not None:
        return there
    found = strategy_class(spec)
    return _of(StrategyFactory(found), spec, spec.rpartition(":")[0])


def _finder(spec: str) -> Callable[[], type[Any]]:
    return lambda: strategy_class(spec)


def _offered() -> Iterator[Described]:
    offers = installed()
    names = [*BUILT_IN, *(offer.name for offer in offers)]
    for offer in offers:
        if offer.name in BUILT_IN:
            yield Described(offer.name, "", offer.package, fault="its name is that of a built-in strategy")
        elif names.count(offer.name) > 1:
            yield Described(offer.name, "", offer.package, fault="another package offers one of the same name")
        else:
            yield _described(offer.name, offer.package, _importer(offer))


def _importer(offer: Offer) -> Callable[[], type[Any]]:
    return lambda: class_of(offer)


def _described(name: str, origin: str, find: Callable[[], type[Any]]) -> Described:
    try:
        return _of(StrategyFactory(find()), name, origin)
    except StrategyRefused as refused:
        return Described(name, "", origin, fault=str(refused))


def _of(factory: StrategyFactory, name: str, origin: str) -> Described:
    does, _, explanation = (inspect.getdoc(factory.strategy) or "").partition("\n")
    model = factory.model
    try:
        knobs = tuple(_knobs(model))
    except Exception as error:  # supervision point: a default may be made by anybody's code
        raise StrategyRefused(f"strategy {name} cannot be described: {told(error)}") from error
    return Described(name, does, origin, explanation.strip(), knobs)


def _knobs(model: type[Parameters]) -> Iterator[Knob]:
    for name in names_of(model):
        field = model.model_fields[name]
        yield Knob(name, _default(field), bounds_of(field), field.description or "")


def _default(field: FieldInfo) -> str | None:
    if field.is_required():
        return None
    value = field.get_default(call_default_factory=True, validated_data={})
    if isinstance(value, tuple | list):
        return ", ".join(map(str, value))
    return "–" if value is None else f"{value:g}" if isinstance(value, float) else str(value)
