"""The door to an engine in this process: a mailbox with the latest snapshot, and instructions posted to its loop."""

from __future__ import annotations

import asyncio
from itertools import count

from radtui.core.facts import Envelope
from radtui.core.instruction import Ack, Ask, ExitPolicy, Receipt
from radtui.core.snapshot import Snapshot
from radtui.engine.engine import Engine


class LocalHandle:
    """`radtui.engine.handle.EngineHandle` on an engine of this process; safe from any thread.

    The engine's thread renews the snapshot with `renew`; readers never wait for it.
    """

    def __init__(self, engine: Engine, loop: asyncio.AbstractEventLoop) -> None:
        self._engine = engine
        self._loop = loop
        self._count = count(1)
        self._latest = engine.snapshot()

    def renew(self) -> None:
        """Make a new snapshot; only on the engine's thread."""
        self._latest = self._engine.snapshot()

    def snapshot(self) -> Snapshot:
        """Return the latest snapshot."""
        return self._latest

    def events(self, after: int = 0) -> list[Envelope]:
        """Return the kept events with a sequence above `after`, oldest first."""
        return self._engine.bulletin.after(after)

    def send(self, ask: Ask, *, who: str, why: str = "", exits: ExitPolicy | None = None) -> Ack:
        """Hand an instruction to the engine and return at once. An engine that has ended hears nothing any more."""
        ack = Ack(id=f"{self._engine.config.core.boot}-h{next(self._count)}", ask=ask, at=self._engine.clock.now())
        self._loop.call_soon_threadsafe(self._tell, ack, who, why, exits)
        return ack

    def receipt(self, instruction_id: str) -> Receipt | None:
        """Return what came of an instruction, or None while it is not done."""
        return self._engine.bulletin.receipts.get(instruction_id)

    def _tell(self, ack: Ack, who: str, why: str, exits: ExitPolicy | None) -> None:
        self._engine.tell(ack.ask, who=who, why=why, exits=exits, id_=ack.id)
        self.renew()
