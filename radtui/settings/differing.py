"""Two trees of settings side by side: what differs, and the one with what a flying bot can take of the other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from radtui.core.configuration_view import Change
from radtui.settings.keys import KEYS, MASK, Key, parameter_keys, parameter_of
from radtui.settings.strategies import STRATEGIES
from radtui.settings.tree import Settings


def all_keys(*settings: Settings) -> dict[str, Key]:
    """Return every setting, the parameters of the strategies too."""
    return KEYS | parameter_keys(*settings)


def differences(
    before: Settings, after: Settings, where: Mapping[str, str], wanted: frozenset[str] | None
) -> Iterator[Change]:
    """Yield what differs of the settings that are `wanted`, of all where none is named.

    Args:
        where: the places of those in `after`, by key.
    """
    for key in all_keys(before, after).values():
        old, new = value_of(before, key), value_of(after, key)
        if (wanted is None or key.name in wanted) and old != new:
            texts = _shown(key, old, new)
            yield Change(
                key=key.name, before=texts[0], after=texts[1], where=where.get(key.name, "default"), live=key.live
            )


def merged(now: Settings, proposed: Settings, wanted: frozenset[str] | None) -> Settings:
    """Return `now` with what a flying bot can take of `proposed`."""
    taken: dict[str, dict[str, Any]] = {}
    for key in KEYS.values():
        if key.live and (wanted is None or key.name in wanted):
            section, _, name = key.name.partition(".")
            taken.setdefault(section, {})[name] = value_of(proposed, key)
    sections = {section: getattr(now, section).model_copy(update=values) for section, values in taken.items()}
    return now.model_copy(update={**sections, STRATEGIES: _merged_parameters(now, proposed, wanted)})


def _merged_parameters(now: Settings, proposed: Settings, wanted: frozenset[str] | None) -> dict[str, dict[str, Any]]:
    """Return what the strategies are told from now on."""
    if wanted is None:
        return proposed.strategies
    told = {name: dict(table) for name, table in now.strategies.items()}
    for name, parameter in filter(None, map(parameter_of, wanted)):
        table = told.setdefault(name, {})
        table.pop(parameter, None)
        if parameter in proposed.strategies.get(name, {}):
            table[parameter] = proposed.strategies[name][parameter]
    return {name: table for name, table in told.items() if table}


def _shown(key: Key, old: Any, new: Any) -> tuple[str, str]:
    """Return both values for people; of a secret only that it is another one."""
    if key.table:
        return f"{len(old)} entries", f"{len(new)} entries"
    before, after = key.shown(old), key.shown(new)
    return (before, f"another {MASK}") if before == after == MASK else (before, after)


def value_of(settings: Settings, key: Key) -> Any:
    """Return the value of a setting; of a strategy's parameter that is not set, its default."""
    if parameter := parameter_of(key.name):
        return settings.strategies.get(parameter[0], {}).get(parameter[1], key.default)
    section, _, name = key.name.partition(".")
    return getattr(getattr(settings, section), name)
