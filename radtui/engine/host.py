"""An engine in a thread of its own, with its own event loop: whatever happens to the cockpit, it beats on.

Nothing heavy is imported here: the cockpit paints its first frame before the engine's libraries are loaded, in the
engine's thread.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from threading import Event, Thread, Timer
from typing import TYPE_CHECKING, Final

from radtui.core.config import CoreConfig
from radtui.core.instruction import Ask, ExitPolicy
from radtui.core.lifecycle import State
from radtui.core.snapshot import Snapshot
from radtui.core.standing import Mode
from radtui.core.status_view import StatusView
from radtui.engine.local import LocalHandle
from radtui.engine.turning import HANGS_AFTER

if TYPE_CHECKING:
    from radtui.engine.engine import Engine

PATIENCE: Final = 40.0
"""Seconds a graceful shutdown may take: 30 for orders on their way, 5 for the rest, and a margin."""
_DEAF: Final = 3.0
"""Seconds without hearing that it is to end by force after which a loop is given up."""


class EngineHangs(Exception):
    """An engine was given up: its loop does not turn."""


class EngineHost:
    """Runs the engine that `build` makes (on the host's thread, inside its loop) until it ends.

    Attributes:
        handle: the door to the engine; it is there before the engine is.
        error: what the engine or `build` died of; None while it lives and after a proper end. An `EngineHangs` where it
            was given up: its thread is still there, so the process must end with the lock of the account in its hand.
        patience: seconds after which `settle` forces.
    """

    def __init__(self, config: CoreConfig, build: Callable[[], Engine], *, patience: float = PATIENCE) -> None:
        self._build = build
        self.patience = patience
        self._thread = Thread(target=self._main, name="engine", daemon=True)
        self._begun = Event()
        self._over = Event()
        self._forced = Event()
        self._heard = Event()
        self._giving_up: Timer | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[None] | None = None
        self.handle = LocalHandle(_before(config))
        self.error: BaseException | None = None

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    @property
    def begun(self) -> bool:
        """Whether the engine was built."""
        return self._begun.is_set()

    @property
    def alive(self) -> bool:
        """Whether the engine runs or is being built."""
        return self._thread.is_alive() and not self._over.is_set()

    def wait(self, seconds: float | None = None) -> bool:
        """Wait until the engine has ended; return whether it has."""
        return self._over.wait(seconds)

    def force(self) -> None:
        """End now, or as soon as it is built. The journal has what is on its way, and the next start looks it up.

        It takes at most some 3 s, less where it is called again, and the journal is closed in any case but one: a loop
        that hangs, or a build that does not come to its end, hears nothing, and is given up.
        """
        self._forced.set()
        if not self.alive:
            return
        if self._giving_up is None:
            self._giving_up = Timer(_DEAF, self._give_up)
            self._giving_up.daemon = True
            self._giving_up.start()
        if self._loop is not None:
            with contextlib.suppress(RuntimeError):  # it ended, and its loop closed, in this very moment
                self._loop.call_soon_threadsafe(self._cut)

    def settle(self, *, who: str, exits: ExitPolicy | None = None, why: str = "") -> bool:
        """Shut down gracefully, by force after a while; return whether it went gracefully.

        A shutdown that flattens is never forced while its loop turns: positions are still open while it goes on.
        """
        if not self.alive:
            return self.error is None
        self.handle.send(Ask.SHUTDOWN, who=who, exits=exits, why=why)
        over, flat = self.wait(self.patience), exits is ExitPolicy.FLATTEN
        flattened = flat or self._flattening
        while not over and (flat or self._flattening) and not self._hangs:
            over = self.wait(0.25)
        if over or (flattened and not self._hangs and self.wait(self.patience)):  # once flat, it has yet to end
            return self.error is None
        self.force()
        self.wait(5.0)
        return False

    def _give_up(self) -> None:
        """See whether the loop has heard that it is to end; where it has not, nobody waits for it any more."""
        if self.alive and not self._heard.is_set():
            what = "its loop heard nothing" if self.begun else "it was not built"
            self.error = EngineHangs(f"the engine hangs: {what} within {_DEAF:g} s")
            self._over.set()

    def _cut(self) -> None:
        self._heard.set()
        if self._task is not None:
            self._task.cancel()

    @property
    def _hangs(self) -> bool:
        return self.handle.still > max(self.patience, HANGS_AFTER)

    @property
    def _flattening(self) -> bool:
        return self.handle.snapshot().flatten is not None

    def _main(self) -> None:
        with asyncio.Runner() as runner:
            try:
                runner.run(self._run())
            except (Exception, asyncio.CancelledError) as error:  # supervision point: the owner reads what it died of
                self.error = error
            finally:
                self._over.set()  # the runner closes when the last name was looked up, which nobody can cut short

    async def _run(self) -> None:
        try:
            await self._fly(self._build())
        finally:
            self.handle.close()

    async def _fly(self, engine: Engine) -> None:
        self._task = asyncio.create_task(engine.run())
        self._loop = asyncio.get_running_loop()
        if self._forced.is_set():  # while it was being built; cut after its first step, for it has a journal to close
            self._loop.call_soon(self._cut)
        self.handle.attach(engine, self._loop)
        self._begun.set()
        mirror = asyncio.create_task(self.handle.mirror(engine.config.pulse))
        try:
            await self._task
        finally:
            mirror.cancel()
            self.handle.renew()


def _before(config: CoreConfig) -> Snapshot:
    """Return what is shown while the engine is being built."""
    status = StatusView(
        state=State.STOPPED,
        since=config.boot,
        who="core",
        why="the engine is being built",
        mode=config.mode,
        speed=config.speed,
        bot=config.bot,
        strategy=config.strategy,
        timeframe=config.timeframe,
        symbols=config.symbols,
        dev_mode=config.dev_mode,
        started_at=config.boot,
        trading=Mode.HALTED,
        reasons=("the engine is being built",),
    )
    return Snapshot(
        sequence=0,
        bot=config.bot,
        at=config.boot,
        market_at=None,
        status=status,
        positions_limit=config.limits.positions,
    )
