"""Whether a fault strikes: drawn from hash(seed, kind, seam, ordinal), so that removing one moves no other."""

from __future__ import annotations

from collections.abc import Callable
from math import log
from typing import Final

from radtui.simserver.explore.kinds import HABITS, Kind
from radtui.simserver.explore.selection import Occurrence, Selection
from radtui.venue.chance import stream, uniform

ORDER: Final = "order"
"""The seam of requests that change something: there are few of them, and they are what it is about."""
REQUEST: Final = "request"
"""The seam of requests that only ask."""
_EMPHASIS: Final = {ORDER: 50.0}
_INTENSITIES: Final = (0.0, 0.25, 0.5, 1.0, 1.0, 2.0)
"""A seed draws one for each kind: worlds in which all is equally likely hide what happens where something is absent."""


class Chances:
    """The dice of one seed.

    Attributes:
        calm: nothing strikes any more.
        struck: what has struck, in order.
        told: called with each kind that strikes, and where.
    """

    def __init__(self, seed: int, selection: Selection) -> None:
        self.seed = seed
        self.calm = False
        self.struck: dict[Occurrence, None] = {}
        self.told: Callable[[Kind, str], None] = lambda kind, seam: None
        self._selection = selection
        self._keys: dict[tuple[str, Kind], int] = {}
        self._rates = {kind: self._rate(kind) for kind in Kind if selection.knows(kind)}

    def strikes(self, kind: Kind, seam: str, ordinal: int) -> bool:
        """Return whether a fault strikes at one place, and note that it did."""
        rate = self._rates.get(kind, 0.0) * _EMPHASIS.get(seam, 1.0)
        if self.calm or not rate or uniform(self._key(seam, kind), ordinal) >= rate:
            return False
        occurrence = Occurrence(kind, f"{seam}.{ordinal}")
        if not self._selection.admits(occurrence):
            return False
        self.struck[occurrence] = None
        self.told(kind, seam)
        return True

    def figure(self, kind: Kind) -> float:
        """Return the rate of a kind in this world."""
        return 0.0 if self.calm else self._rates.get(kind, 0.0)

    def draw(self, name: str, ordinal: int = 0) -> float:
        """Return a number in (0, 1) that belongs to a name."""
        return uniform(stream(self.seed, name), ordinal)

    def between(self, least: float, most: float, name: str, ordinal: int = 0) -> float:
        """Return a number between two that belongs to a name."""
        return least + (most - least) * self.draw(name, ordinal)

    def length(self, least: float, mean: float, name: str, ordinal: int = 0) -> float:
        """Return a length: `least` and an exponential rest that make up `mean`."""
        return least - (mean - least) * log(self.draw(name, ordinal))

    def _key(self, seam: str, kind: Kind) -> int:
        key = self._keys.get((seam, kind))
        if key is None:
            key = self._keys[seam, kind] = stream(self.seed, seam, kind)
        return key

    def _rate(self, kind: Kind) -> float:
        chosen = int(self.draw(f"intensity {kind}") * len(_INTENSITIES))
        return HABITS[kind].rate * _INTENSITIES[chosen]
