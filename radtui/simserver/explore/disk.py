"""The disk below the journal: what of it is durable, how long that takes, and what a crash tears off."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from radtui.core.facts import Envelope, Instructed, OrderChanged, Receipted
from radtui.core.instruction import Ask, Receipt
from radtui.store.kept import Kept, Writing
from radtui.store.memory import MemoryJournal

_WISHES: Final = frozenset({Ask.START, Ask.RESUME, Ask.PAUSE, Ask.STOP, Ask.EMERGENCY_STOP})


class Disk(Kept):
    """The durable part, which remembers whose intents it holds.

    Attributes:
        noted: client ids of the orders that are on it.
        receipt: the last one of a wish, unless another wish was heard after it.
    """

    def __init__(self) -> None:
        super().__init__()
        self.noted: set[str] = set()
        self.receipt: Receipt | None = None

    def take(self, writing: Writing) -> None:
        """Keep one thing."""
        super().take(writing)
        if not isinstance(writing, Envelope):
            return
        match writing.fact:
            case OrderChanged(order=order):
                self.noted.add(order.client_id)
            case Instructed(instruction=instruction) if instruction.ask in _WISHES:
                self.receipt = None
            case Receipted(receipt=receipt) if receipt.ask in _WISHES:
                self.receipt = receipt


class TornJournal(MemoryJournal):
    """A journal in memory whose crash may leave a part of what was on its way to the disk."""

    def __init__(self, disk: Disk, latency: Callable[[], float]) -> None:
        super().__init__(latency=latency, kept=disk)
        self.disk = disk

    def tear(self, share: float) -> None:
        """Crash; the first `share` of what was queued had reached the disk, unless it cannot be written."""
        if not self.healthy:
            for writing in self._queued[: round(share * len(self._queued))]:
                self.disk.take(writing)
        self.crash()
