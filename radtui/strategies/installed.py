"""Strategies that installed packages offer, by entry points of the group ``radtui.strategies``."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from typing import Final

GROUP: Final = "radtui.strategies"


@dataclass(frozen=True, slots=True)
class Offer:
    """A strategy that a package offers; nothing of it is imported yet."""

    entry: EntryPoint

    @property
    def name(self) -> str:
        """What it is called."""
        return self.entry.name

    @property
    def package(self) -> str:
        """Whose it is, with the version."""
        owner = self.entry.dist
        return f"{owner.name} {owner.version}" if owner is not None else self.entry.value


def installed() -> list[Offer]:
    """Return what packages offer, by name."""
    return sorted(map(Offer, entry_points(group=GROUP)), key=lambda offer: (offer.name, offer.package))
