"""The door to an engine in this process: a mailbox with the latest snapshot, and instructions posted to its loop."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from itertools import count
from threading import Lock
from typing import TYPE_CHECKING, Any, Final, TypeVar

from radtui.core.facts import Envelope, Receipted
from radtui.core.hand_order import HandOrder
from radtui.core.instruction import ENDED, Ack, Ask, ExitPolicy, Instruction, Receipt
from radtui.core.snapshot import Snapshot
from radtui.engine.helm import EMBEDDED, Helm, HelmView
from radtui.engine.inquiries import Inquiries, NearInquiries, Unanswered
from radtui.engine.tape import MarketTape

if TYPE_CHECKING:
    from radtui.engine.engine import Engine

T = TypeVar("T")
WATCHED: Final = 0.25
"""Seconds between two pictures while somebody looks from outside."""
_LOOKED_AT: Final = 2.0
"""Seconds for which a look from outside counts."""


class LocalHandle:
    """`radtui.engine.handle.EngineHandle` on an engine of this process; safe from any thread.

    It is there before its engine is: until then it shows `before`, and what is asked waits. The engine's thread renews
    the snapshot; readers never wait for it. An engine that has ended hears nothing any more.

    Attributes:
        bridge: the helm for which the cockpits on this engine ask.
    """

    def __init__(self, before: Snapshot) -> None:
        self.bridge = Helm()
        self._latest = before
        self._watched, self._roused = -_LOOKED_AT, asyncio.Event()
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
        if self._engine is not None and not self._over:
            self._latest = self._engine.snapshot()

    async def mirror(self, seconds: float) -> None:
        """Renew the snapshot every so many `seconds`, until cancelled; on the engine's loop."""
        import structlog  # it takes a while to load, and the cockpit paints its first frame before

        while True:
            try:
                self.renew()
            except Exception as error:  # supervision point: who looks on must see that the picture stands still
                structlog.get_logger("radtui.engine").critical("no snapshot", error=f"{type(error).__name__}: {error}")
            await self._rest(seconds)

    def look(self) -> None:
        """Somebody looks on from outside: the picture is renewed faster for a while. From any thread."""
        at, before = time.monotonic(), self._watched
        self._watched = at
        with self._lock:
            if at - before >= _LOOKED_AT and self._loop is not None and not self._over:
                self._loop.call_soon_threadsafe(self._roused.set)

    @property
    def tape(self) -> MarketTape:
        """What the market said lately; nothing before there is an engine."""
        return self._engine.tape if self._engine else MarketTape()

    def inquire(self, work: Callable[[Engine], Coroutine[Any, Any, T]]) -> Future[T]:
        """Have `work` done on the engine's loop and return at once; the future fails where there is no engine."""
        with self._lock:
            engine, loop = self._engine, self._loop
            if engine is not None and loop is not None and not self._over:
                return asyncio.run_coroutine_threadsafe(work(engine), loop)
        nobody: Future[T] = Future()
        nobody.set_exception(Unanswered("the engine has ended" if self._over else "the engine is starting"))
        return nobody

    @property
    def inquiries(self) -> Inquiries:
        """What may be asked beside the trading."""
        return NearInquiries(self)

    def helm(self) -> HelmView:
        """Return who holds control, as the cockpit of this process sees it."""
        return self.bridge.view(EMBEDDED)

    def take_helm(self, name: str, *, over: bool = True) -> bool:
        """Take control for this process's cockpit, from somebody else only with `over`; return whether it has it."""
        return self.bridge.take(EMBEDDED, name, self._latest.at, over=over)

    def leave_helm(self) -> None:
        """The cockpit of this process goes."""
        self.bridge.leave(EMBEDDED)

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
        order: HandOrder | None = None,
    ) -> Ack:
        """Hand an instruction to the engine and return at once."""
        ack = Ack(id=f"{self._boot}-h{next(self._count)}", ask=ask, at=self._latest.at)
        told = Instruction(
            id=ack.id, ask=ask, who=who, why=why, exits=exits, subject=subject, foreign=foreign, order=order
        )
        with self._lock:
            if self._over:
                self._refuse(ack, who)
            elif self._loop is None:
                self._waiting.append((ack, told))
            else:
                self._loop.call_soon_threadsafe(self._tell, ack, told)
        return ack

    def bury(self, last: Snapshot) -> None:
        """The engine has died and others of its process have not: `last` is shown from now on, and all is refused.

        On the engine's thread.
        """
        self.close()
        self._latest = last

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

    async def _rest(self, seconds: float) -> None:
        """Wait for the next picture: shorter while somebody looks, and cut short by the first look."""
        watched = time.monotonic() - self._watched < _LOOKED_AT
        self._roused.clear()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(min(seconds, WATCHED) if watched else seconds):
                await self._roused.wait()

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
