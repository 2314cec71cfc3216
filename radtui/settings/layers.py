"""Values that were written somewhere, each knowing where: what the settings are made of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Entry:
    """One value as it was written.

    Its repr leaves the value out: it may be a secret.

    Attributes:
        key: ``section.name``, or ``section.table.anything`` inside a table.
        where: for people, for example ``environment RADTUI_RISK__LEVERAGE`` or ``config.toml line 3``.
    """

    key: str
    value: Any = field(repr=False)
    where: str


@dataclass(frozen=True, slots=True)
class Layer:
    """The entries of one source, by key."""

    entries: Mapping[str, Entry]

    @classmethod
    def of(cls, entries: Iterable[Entry]) -> Layer:
        """Return a layer of `entries`."""
        return cls({entry.key: entry for entry in entries})

    def nested(self) -> dict[str, Any]:
        """Return the values as a tree."""
        tree: dict[str, Any] = {}
        for key, entry in self.entries.items():
            *branches, leaf = key.split(".") if key.startswith("bots.") else key.split(".", 2)
            node = tree
            for branch in branches:
                node = node.setdefault(branch, {})
            node[leaf] = entry.value
        return tree


def strongest(layers: Iterable[Layer]) -> dict[str, Entry]:
    """Return the entry of each key that wins, where the first of `layers` is the strongest."""
    found: dict[str, Entry] = {}
    for layer in layers:
        for key, entry in layer.entries.items():
            found.setdefault(key, entry)
    return found
