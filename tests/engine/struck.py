"""Faults at will: what a test tells comes before what is drawn."""

from __future__ import annotations

from collections import deque

from radtui.venue.faults import CALL_FAULTS, Draw, Fault, FaultPlan, Latency


class Struck(FaultPlan):
    """A plan whose faults can also be told: the next ones of a seam, or every one until it is mended."""

    def __init__(self, seed: int, rates: dict[Fault, float]) -> None:
        super().__init__(seed, rates, Latency(8.0, 5.0))
        self._next: dict[str, deque[Draw]] = {}
        self._always: dict[str, Draw] = {}

    def strike(self, seam: str, *faults: Fault | None, seconds: float = 5.0) -> None:
        """Let the next calls of `seam` end so, one after the other; None is a call that is well."""
        self._next.setdefault(seam, deque()).extend(_draw(fault, seconds) for fault in faults)

    def sever(self, *seams: str, fault: Fault = Fault.ERROR, seconds: float = 5.0) -> None:
        """Let every call of `seams` end so, until they are mended."""
        self._always.update(dict.fromkeys(seams, _draw(fault, seconds)))

    def mend(self) -> None:
        """Let nothing fail any more."""
        self._next.clear()
        self._always.clear()
        self.rates.clear()

    def at(self, seam: str, ordinal: int, kinds: tuple[Fault, ...] = CALL_FAULTS) -> Draw:
        """Return what was told, else what was drawn."""
        if told := self._next.get(seam):
            return told.popleft()
        return self._always.get(seam) or super().at(seam, ordinal, kinds)


def _draw(fault: Fault | None, seconds: float) -> Draw:
    return Draw(8_000_000, fault, seconds)
