"""The door to an engine in this process: a mailbox with the latest snapshot, and instructions posted to its loop."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections import OrderedDict
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from itertools import count
from threading import Lock
from typing import TYPE_CHECKING, Any, Final, TypeVar

from radtui.core.facts import Envelope, Receipted
from radtui.core.hand_order import HandOrder
from radtui.core.instruction import ENDED, Ack, Ask, ExitPolicy, Instruction, Receipt
from radtui.core.snapshot import Snapshot
from radtui.engine.aged import FRESH, aged, what_hangs, what_to_do
from radtui.engine.helm import EMBEDDED, Helm, HelmView
from radtui.engine.inquiries import Inquiries, NearInquiries, Unanswered
from radtui.engine.tape import MarketTape
from radtui.engine.turning import HANGS_AFTER, Turning

if TYPE_CHECKING:
    from radtui.engine.engine import Engine

T = TypeVar("T")
WATCHED: Final = 0.25
"""Seconds between two pictures while somebody looks from outside."""
_LOOKED_AT: Final = 2.0
"""Seconds for which a look from outside counts."""
_LOOSENS: Final = frozenset(
    {
        Ask.START,
        Ask.RESUME,
        Ask.RESET_BREAKERS,
        Ask.PLACE_ORDER,
        Ask.RELOAD_CONFIG,
        Ask.ROLLBACK_CONFIG,
        Ask.CHANGE_CONFIG,
    }
)
"""What may bring new risk: it is done soon after it was asked, or not at all. All else is done however late."""
_KEPT: Final = 200
"""Refusals of our own."""
_TAKES_UP: Final = frozenset({Ask.START, Ask.STOP, Ask.SHUTDOWN, Ask.EMERGENCY_STOP})
"""What a bot that has ended, and whose process flies on, is taken up again for."""


class LocalHandle:
    """`radtui.engine.handle.EngineHandle` on an engine of this process; safe from any thread.

    It is there before its engine is: until then it shows `before`, and what is asked waits. The engine's thread renews
    the snapshot; readers never wait for it, and where that thread hangs they see so. An engine that has ended hears
    nothing any more.

    Args:
        now: seconds that never go back.

    Attributes:
        bridge: the helm for which the cockpits on this engine ask.
    """

    def __init__(self, before: Snapshot, now: Callable[[], float] = time.monotonic) -> None:
        self.bridge = Helm()
        self._latest = before
        self._now = now
        self._made_at = now()
        self._turning = Turning(now)
        self._aged: tuple[Snapshot, int, int, Snapshot] | None = None
        self._watched, self._roused = -_LOOKED_AT, asyncio.Event()
        self._boot = before.at
        self._count = count(1)
        self._lock = Lock()
        self._waiting: list[tuple[Ack, Instruction]] = []
        self._refused: OrderedDict[str, Receipt] = OrderedDict()
        self._over = False
        self._again: Callable[[Ask], object] | None = None
        self._engine: Engine | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    def attach(self, engine: Engine, loop: asyncio.AbstractEventLoop) -> None:
        """Open the door to `engine`; on its own thread, inside `loop`. What was asked before is told now."""
        engine.bulletin.watch(self._heard)
        with self._lock:
            self._engine, self._loop = engine, loop
            waiting, self._waiting = self._waiting, []
        self._made_at = self._now()
        self._turning.start(loop)
        for asked in waiting:
            loop.call_soon(self._tell, *asked, self._now())

    def renew(self) -> None:
        """Make a new snapshot; only on the engine's thread."""
        if self._engine is not None and not self._over:
            latest = self._engine.snapshot()
            self._made_at = self._now()
            self._latest = latest

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
        at, before = self._now(), self._watched
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
            engine, loop, hangs = self._engine, self._loop, self.hangs
            if engine is not None and loop is not None and not self._over and not hangs:
                return asyncio.run_coroutine_threadsafe(work(engine), loop)
        nobody: Future[T] = Future()
        nobody.set_exception(Unanswered(self._why_nobody(hangs)))
        return nobody

    def _why_nobody(self, hangs: int) -> str:
        if hangs:
            return what_hangs(hangs)
        return "the engine has ended" if self._over else "the engine is starting"

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
        """Return the latest snapshot; where the engine makes none any more, with ages from now."""
        latest, since = self._latest, self._made_at
        age, hangs = self._now() - since, self.hangs
        if self._engine is None or self._over or (age < FRESH and not hangs):
            return latest
        known = self._aged  # one picture a second: who compares two of them sees what has changed, and no more
        if known is None or known[0] is not latest or known[1:3] != (int(age), hangs):
            known = self._aged = (latest, int(age), hangs, aged(latest, int(age), hangs))
        return known[3]

    @property
    def still(self) -> float:
        """Seconds since the engine's loop turned last; 0 where there is none."""
        return 0.0 if self._over else self._turning.still

    @property
    def hangs(self) -> int:
        """Whole seconds for which the engine's loop has stood still; 0 where that is not long enough to say so."""
        return 0 if self._over else self._turning.hangs

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
            if self._over and ask in _TAKES_UP and self._again is not None:
                self._begin_anew(self._again, ask)
            if self._over:
                self._refuse(ack, who)
            elif self._loop is None:
                self._waiting.append((ack, told))
            elif ask in _LOOSENS and (hangs := self.hangs):
                message = f"nothing was done: {what_hangs(hangs)}; {what_to_do(self._latest.process.pid)}"
                self._file(ack, who, message, self._latest.status.state)
            else:
                self._loop.call_soon_threadsafe(self._tell, ack, told, self._now())
        return ack

    def bury(self, last: Snapshot, again: Callable[[Ask], object] | None = None) -> None:
        """The engine has ended and others of its process have not: `last` is shown from now on, and all is refused.

        On the engine's thread.

        Args:
            again: called, on any thread, with the first ask for which the bot must fly again; until another engine is
                attached, or it is buried again, what is asked waits.
        """
        self.close()
        self._latest, self._again = last, again

    def close(self) -> None:
        """The engine has ended, or could not be built: whatever is asked from now on, and what waits, is refused.

        On the engine's thread, while its loop is still open.
        """
        self._turning.stop()
        with self._lock:
            self._over, self._again = True, None
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
        watched = self._now() - self._watched < _LOOKED_AT
        self._roused.clear()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(min(seconds, WATCHED) if watched else seconds):
                await self._roused.wait()

    def _begin_anew(self, again: Callable[[Ask], object], ask: Ask) -> None:
        """Be as before an engine was there; under the lock. Where the others have just ended, too, nothing begins."""
        with contextlib.suppress(RuntimeError):  # their loop is closed
            again(ask)
            self._over, self._engine, self._loop, self._again = False, None, None, None

    def _heard(self, envelope: Envelope) -> None:
        """Renew the snapshot before a receipt can be read: who reads it looks next."""
        if isinstance(envelope.fact, Receipted):
            self.renew()

    def _refuse(self, ack: Ack, who: str) -> None:
        todo = "start radtui again"
        if self._again is not None:
            todo = f"`radtui start --bot {self._latest.bot}` takes it up again"
        message = f"the engine has ended: nothing was done; positions keep their stops on the exchange; {todo}"
        self._file(ack, who, message, ENDED)

    def _file(self, ack: Ack, who: str, message: str, status: str) -> None:
        self._refused[ack.id] = Receipt(
            id=ack.id, ask=ack.ask, success=False, refused=True, message=message, status=status, at=ack.at, who=who
        )
        if len(self._refused) > _KEPT:
            self._refused.popitem(last=False)

    def _tell(self, ack: Ack, told: Instruction, asked_at: float) -> None:
        late = self._now() - asked_at
        if self._over:
            self._refuse(ack, told.who)  # it was asked in the moment of the end
        elif told.ask in _LOOSENS and late >= HANGS_AFTER:
            message = f"nothing was done: the engine stood still for {late:.0f} s after it was asked; ask again"
            self._file(ack, told.who, message, self._latest.status.state)
        elif self._engine is not None:
            self._engine.take(told)
            self.renew()
        else:  # the engine ended since, and is being flown anew for what was asked after this
            with self._lock:
                self._waiting = sorted([*self._waiting, (ack, told)], key=_number)


def _number(asked: tuple[Ack, Instruction]) -> int:
    return int(asked[0].id.rpartition("-h")[2])
