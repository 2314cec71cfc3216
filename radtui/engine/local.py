"""The door to an engine in this process: a mailbox with the latest snapshot, and instructions posted to its loop."""

from __future__ import annotations

import asyncio
from itertools import count
from threading import Lock
from typing import TYPE_CHECKING

from radtui.core.facts import Envelope, Receipted
from radtui.core.instruction import ENDED, Ack, Ask, ExitPolicy, Instruction, Receipt
from radtui.core.snapshot import Snapshot

if TYPE_CHECKING:
    from radtui.engine.engine import Engine


class LocalHandle:
    """`radtui.engine.handle.EngineHandle` on an engine of this process; safe from any thread.

    It is there before its engine is: until then it shows `before`, and what is asked waits. The engine's thread renews
    the snapshot; readers never wait for it. An engine that has ended hears nothing any more.
    """

    def __init__(self, before: Snapshot) -> None:
        self._latest = before
        self._boot = before.at
        self._count = count(1)
        self._lock = Lock()
        self._waiting: list[tuple[Ack, Instruction]] = []
        self._refused: dict[str, Receipt] = {}
        self._over = False
        self._engine: Engine | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    def attach(self, engine: Engine, loop: asyncio.AbstractEventLoop) -> None:
        """Open the door to `engine`; on its own thread, inside `loop`. What was asked before is told now."""
        engine.bulletin.watch(self._heard)
        with self._lock:
            self._engine, self._loop = engine, loop
            waiting, self._waiting = self._waiting, []
        for asked in waiting:
            loop.call_soon(self._tell, *asked)

    def renew(self) -> None:
        """Make a new snapshot; only on the engine's thread."""
        if self._engine is not None:
            self._latest = self._engine.snapshot()

    async def mirror(self, seconds: float) -> None:
        """Renew the snapshot every so many `seconds`, until cancelled; on the engine's loop."""
        import structlog  # it takes a while to load, and the cockpit paints its first frame before

        while True:
            try:
                self.renew()
            except Exception as error:  # supervision point: who looks on must see that the picture stands still
                structlog.get_logger("radtui.engine").critical("no snapshot", error=f"{type(error).__name__}: {error}")
            await asyncio.sleep(seconds)

    def snapshot(self) -> Snapshot:
        """Return the latest snapshot."""
        return self._latest

    def events(self, after: int = 0) -> list[Envelope]:
        """Return the kept events with a sequence above `after`, oldest first."""
        return self._engine.bulletin.after(after) if self._engine else []

    def send(
        self,
        ask: Ask,
        *,
        who: str,
        why: str = "",
        exits: ExitPolicy | None = None,
        subject: str = "",
        foreign: bool = False,
    ) -> Ack:
        """Hand an instruction to the engine and return at once."""
        ack = Ack(id=f"{self._boot}-h{next(self._count)}", ask=ask, at=self._latest.at)
        told = Instruction(id=ack.id, ask=ask, who=who, why=why, exits=exits, subject=subject, foreign=foreign)
        with self._lock:
            if self._over:
                self._refuse(ack, who)
            elif self._loop is None:
                self._waiting.append((ack, told))
            else:
                self._loop.call_soon_threadsafe(self._tell, ack, told)
        return ack

    def close(self) -> None:
        """The engine has ended, or could not be built: whatever is asked from now on, and what waits, is refused.

        On the engine's thread, while its loop is still open.
        """
        with self._lock:
            self._over = True
            waiting, self._waiting = self._waiting, []
        for ack, told in waiting:
            self._refuse(ack, told.who)

    def receipt(self, instruction_id: str) -> Receipt | None:
        """Return what came of an instruction, or None while it is not done."""
        told = self._engine.bulletin.receipts.get(instruction_id) if self._engine else None
        return told or self._refused.get(instruction_id)

    def forgotten(self, instruction_id: str) -> bool:
        """Return whether there will never be a receipt: an earlier run was told, and ended before it was written."""
        engine, (run, _, number) = self._engine, instruction_id.partition("-")
        if engine is None or engine.inherited is None or not (run.isdecimal() and number):
            return False
        ours = run in {str(self._boot), str(engine.config.core.boot)}
        return not ours and instruction_id not in engine.inherited and instruction_id not in engine.bulletin.receipts

    def _heard(self, envelope: Envelope) -> None:
        """Renew the snapshot before a receipt can be read: who reads it looks next."""
        if isinstance(envelope.fact, Receipted):
            self.renew()

    def _refuse(self, ack: Ack, who: str) -> None:
        message = (
            "the engine has ended: nothing was done; positions keep their stops on the exchange; start radtui again"
        )
        self._refused[ack.id] = Receipt(
            id=ack.id, ask=ack.ask, success=False, refused=True, message=message, status=ENDED, at=ack.at, who=who
        )

    def _tell(self, ack: Ack, told: Instruction) -> None:
        if self._over:
            self._refuse(ack, told.who)  # it was asked in the moment of the end
        elif self._engine is not None:
            self._engine.take(told)
            self.renew()
