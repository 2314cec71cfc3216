"""The one door to an engine. The cockpit, the API and the one-shot commands use nothing else."""

from __future__ import annotations

from typing import Protocol

from radtui.core.facts import Envelope
from radtui.core.hand_order import HandOrder
from radtui.core.instruction import Ack, Ask, ExitPolicy, Receipt
from radtui.core.snapshot import Snapshot


class EngineHandle(Protocol):
    """A running engine, near or far. No method blocks or awaits, and each may be called from any thread."""

    def snapshot(self) -> Snapshot:
        """Return the latest snapshot."""
        ...

    def events(self, after: int = 0) -> list[Envelope]:
        """Return the kept events with a sequence above `after`, oldest first.

        A first sequence above ``after + 1`` says that older ones are no longer kept: read the snapshot instead.
        """
        ...

    def send(
        self,
        ask: Ask,
        *,
        who: str,
        why: str = "",
        exits: ExitPolicy | None = None,
        subject: str = "",
        foreign: bool = False,
        order: HandOrder | None = None,
    ) -> Ack:
        """Hand an instruction to the engine and return at once; the Receipt comes as an event.

        What `exits`, `subject`, `foreign` and `order` mean is said at `Instruction`.
        """
        ...

    def receipt(self, instruction_id: str) -> Receipt | None:
        """Return what came of an instruction, or None while it is not done."""
        ...

    def forgotten(self, instruction_id: str) -> bool:
        """Return whether there will never be a receipt: an earlier run was told, and ended before it was written."""
        ...
