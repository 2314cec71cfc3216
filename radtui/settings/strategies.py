"""What each strategy is told: the tables ``[strategies.NAME]``, checked by the strategy itself (rows C1, W2).

A strategy is loaded only where something is set for it: most starts need none of this.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

from pydantic import ValidationError
from pydantic.fields import FieldInfo

from radtui.resilience.redaction import redact
from radtui.settings.layers import Entry, Layer
from radtui.strategies.admitting import words
from radtui.strategies.base import Parameters, StrategyRefused, names_of
from radtui.strategies.hearing import told as told_by
from radtui.strategies.portfolio import PortfolioParameters

if TYPE_CHECKING:
    from radtui.strategies.factory import StrategyFactory

STRATEGIES: Final = "strategies"
SET: Final = "--set"
"""Under it stands what was typed for the strategy that is flown, until it is known which one that is."""
PORTFOLIO: Final = "portfolio"
_ELSEWHERE: Final = {"timeframe": "bot.timeframe"}
"""Parameters that every strategy has, and that are the bot's to set."""
Tables = Mapping[str, Mapping[str, Any]]
Where = Callable[[str], str]
"""Tells of a key where it was written; empty where it was not."""


def address(layer: Layer, spec: str) -> tuple[Layer, list[str]]:
    """Return what was typed with ``--set`` as parameters of the strategy that is flown, and what in it is wrong."""
    entries: list[Entry] = []
    problems: list[str] = []
    for key, entry in layer.entries.items():
        section, _, parameter = key.partition(".")
        if section != SET:
            entries.append(entry)
        elif not parameter or entry.value is None:
            problems.append(f"{SET} {parameter} is not NAME=VALUE: give for example {SET} fast=10")
        else:
            entries.append(Entry(f"{STRATEGIES}.{_addressee(spec)}.{parameter}", entry.value, entry.where))
    return Layer.of(entries), problems


def _addressee(spec: str) -> str:
    try:
        return name_of(spec)
    except StrategyRefused:
        return spec.rpartition(":")[2]  # what is wrong with it is said where it is loaded for its flight


def name_of(spec: str) -> str:
    """Return the name under which a strategy is told something; a class in a file is asked for its own.

    Raises:
        StrategyRefused: it cannot be loaded.
    """
    return _factory(spec).name if ":" in spec else spec


def model_of(name: str, specs: Iterable[str] = ()) -> type[Parameters]:
    """Return what a strategy of this name can be told: one of those that are flown, else one that is installed.

    Raises:
        StrategyRefused: there is none, or it cannot be used.
    """
    own = next((spec for spec in specs if ":" in spec and name_of(spec) == name), name)
    return _factory(own).model


def _factory(spec: str) -> StrategyFactory:
    """Return the factory of a strategy; a file is run once, and again only when it was written anew."""
    file = Path(spec.rpartition(":")[0]).expanduser()
    return _loaded(spec, file.stat().st_mtime_ns if ":" in spec and file.is_file() else 0)


@lru_cache(maxsize=64)
def _loaded(spec: str, _stamp: int) -> StrategyFactory:
    from radtui.strategies.catalogue import strategy_class
    from radtui.strategies.factory import StrategyFactory

    return StrategyFactory(strategy_class(spec))


def unfit(parts: Iterable[str]) -> Iterator[str]:
    """Yield what keeps a portfolio of these strategies from being flown, a line each."""
    try:
        told = PortfolioParameters(strategies=tuple(parts))
    except ValidationError as error:
        yield from (f"portfolio.strategies: {fault['msg'].removeprefix('Value error, ')}" for fault in error.errors())
        return
    if any(part.name == PORTFOLIO for part in told.parts):
        yield "portfolio.strategies: a portfolio cannot be part of itself"
    for part in told.parts:
        try:
            model_of(part.name)
        except StrategyRefused as refused:
            yield f"portfolio.strategies: {refused}"


def told_names(model: type[Parameters]) -> list[str]:
    """Return what of a strategy's parameters is set for it, and not for the whole bot."""
    return [name for name in names_of(model) if name not in _ELSEWHERE]


def checked(
    tables: Tables, specs: Iterable[str], where: Where, *, prefix: str = STRATEGIES
) -> tuple[dict[str, dict[str, Any]], list[str]]:
    """Return the parameters as their strategies read them, and what is wrong, a line each.

    Args:
        specs: the strategies that are flown, for names that only a class in a file has.
    """
    read: dict[str, dict[str, Any]] = {}
    problems: list[str] = []
    flown = tuple(specs)
    for name, told in tables.items():
        place = f"{prefix}.{name}"
        at = next((there for parameter in told if (there := where(f"{place}.{parameter}"))), "")
        try:
            made = _made(name, told, flown)
        except StrategyRefused as refused:
            problems.append(f"{place} ({at}): {refused}" if at else f"{place}: {refused}")
        except ValidationError as error:
            problems += _told(place, at, told, model_of(name, flown), error, where)
        else:
            read[name] = {parameter: getattr(made, parameter) for parameter in told}
    return read, problems


def _made(name: str, told: Mapping[str, Any], specs: Iterable[str]) -> Parameters:
    if name == PORTFOLIO:
        raise StrategyRefused("what a portfolio is told stands in [portfolio], and its members' parameters in theirs")
    for parameter, setting in _ELSEWHERE.items():
        if parameter in told:
            raise StrategyRefused(f"{parameter} is one for the whole bot: set {setting}")
    model = model_of(name, specs)
    try:
        return model(**told)
    except ValidationError:
        raise
    except Exception as error:  # supervision point: anybody's code checks its own parameters
        raise StrategyRefused(f"it cannot be told that: {redact(told_by(error))}") from error


def _told(
    place: str, at: str, told: Mapping[str, Any], model: type[Parameters], error: ValidationError, where: Where
) -> Iterator[str]:
    for fault in error.errors():
        parameter = str(fault["loc"][0]) if fault["loc"] else ""
        key = f"{place}.{parameter}"
        if fault["type"] == "extra_forbidden":
            near = get_close_matches(parameter, told_names(model), n=1)
            meant = f"did you mean {place}.{near[0]}?" if near else f"there are {', '.join(told_names(model))}"
            yield f"unknown key {key} in {where(key)}; {meant}"
        elif parameter in told and parameter in model.model_fields:
            allowed = words(model.model_fields[parameter])
            yield f"{key} = {str(told[parameter])[:120]} ({where(key)}): allowed is {allowed}"
        else:
            yield f"{place} ({at}): {fault['msg'].removeprefix('Value error, ')}"


def typed(field: FieldInfo) -> Any:
    """Return the type of a parameter's values, with its bounds."""
    return Annotated[field.annotation, field]


def as_text(value: Any) -> str:
    """Return a parameter as ``--set`` has it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return ",".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def of_members(tables: Tables) -> str:
    """Return what the members of a portfolio are told, as it is told of it."""
    told = (f"{name}.{each}={as_text(value)}" for name, table in tables.items() for each, value in table.items())
    return "; ".join(told)
