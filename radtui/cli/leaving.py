"""When the cockpit has gone: what becomes of the engine, and what the person on the shell is told (row L11)."""

from __future__ import annotations

import asyncio
import getpass
import logging
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from radtui.api.socket import connect, peer_of
from radtui.cli.failures import Exit
from radtui.cli.parting import exit_code, remains
from radtui.cli.streams import complain
from radtui.cli.tether import Tether
from radtui.core.instruction import ExitPolicy
from radtui.engine.host import EngineHangs, EngineHost
from radtui.tui.format import counted
from radtui.tui.screens.leave import Leave

if TYPE_CHECKING:
    from radtui.tui.app import CockpitApp

_FLIES_ON: Final = {Leave.FLY_ON: 0, Leave.GONE: 128 + signal.SIGHUP, Leave.BROKEN: 1}
"""The ways that leave the engine as it is, with the exit code that the shell gets for each."""
_LOOK: Final = 0.5
_log = logging.getLogger("radtui.cockpit")


class Leaving:
    """The end of a cockpit: a person's word, a signal, a terminal that is gone, or a fault of its own.

    SIGINT and SIGTERM leave and shut down, a second one by force; SIGHUP only takes the cockpit.

    Args:
        socket: where commands find the engine, if they do.

    Attributes:
        code: the exit code so far. who: the signal that asked for the end.
    """

    def __init__(self, host: EngineHost, app: CockpitApp, tether: Tether, socket: Path) -> None:
        self._host = host
        self._app = app
        self._tether = tether
        self._socket = socket
        self._loop: asyncio.AbstractEventLoop | None = None
        self.code = 0
        self.who = ""
        self.forced = False

    def fly(self) -> int:
        """Show the cockpit until it is left, settle the engine, and return the exit code."""
        with self._tether.heard_by(self._signalled):
            leave = asyncio.run(self._show())
            self._host.handle.leave_helm()
            self._settle(leave)
            self._drop_what_hangs()
        return exit_code(self._host.handle.snapshot().receipt, self.code, forced=self.forced)

    def close_cockpit(self) -> None:
        """Take the cockpit away because there is no engine to look at: what is wrong is said on the shell."""
        self._exit(self._app.exit, Leave.ENDED)

    async def _show(self) -> Leave:
        self._loop = asyncio.get_running_loop()
        self._host.handle.take_helm(user())
        try:
            return await self._app.run_async(mouse=False) or Leave.BROKEN
        finally:
            self._loop = None

    def _settle(self, leave: Leave) -> None:
        _log.info("the cockpit has gone: %s", leave)
        if leave is Leave.BROKEN and not self.code:
            complain(f"radtui: {self._app.broken or 'the cockpit ended without a word'}")
        if leave in _FLIES_ON and self._host.alive and not self.code:
            self._fly_on(leave)
        if self._host.alive and leave is not Leave.ENDED:
            complain("radtui: shutting down; a second signal forces it")
            exits = ExitPolicy.FLATTEN if leave is Leave.FLATTEN else None
            self._host.settle(who=self.who or f"key:{user()}", exits=exits)
        self._host.wait(5.0)
        if self._host.error is not None:
            _log.critical("the engine ended", exc_info=self._host.error)
        self._tell_result()

    def _fly_on(self, leave: Leave) -> None:
        """Give the shell back, and wait until the engine has ended or a signal asks for it."""
        if leave is not Leave.GONE:  # whoever has gone reads nothing, and a line that is stuck takes nothing
            self._tell_how_to_come_back()
        self._tether.release(_FLIES_ON[leave])
        while not self.code and not self._host.wait(_LOOK):
            continue

    def _tell_how_to_come_back(self) -> None:
        snapshot = self._host.handle.snapshot()
        state, held, pid = snapshot.status.state, counted(len(snapshot.positions), "position"), os.getpid()
        complain(f"radtui: {snapshot.bot} flies on (pid {pid}): {state}, {held} open")
        if _answers_at(self._socket):
            complain(f"  To come back: radtui attach {snapshot.bot}")
            complain(f"  To end it: radtui shutdown --bot {snapshot.bot}")
        else:
            complain(f"  It has no control socket, so no command finds it. To end it gracefully: kill -TERM {pid}")

    def _drop_what_hangs(self) -> None:
        """End at once where the engine was given up: while its thread lives, nobody else may have its account."""
        if not isinstance(self._host.error, EngineHangs):
            return
        complain(f"radtui: {self._host.error}: ended by force")
        complain("  Orders on their way are in the journal, and the next start looks at the exchange for them.")
        complain("  Positions keep the stops that rest on the exchange; `radtui emergency-stop` closes everything.")
        os._exit(self.code or Exit.NOT_SAFE)

    def _tell_result(self) -> None:
        """Say on the shell what the engine left behind."""
        snapshot = self._host.handle.snapshot()
        if not self._host.begun or self._host.error is not None:
            return
        for position in snapshot.positions:
            side = "long" if position.lots > 0 else "short"
            stop = f"stop {position.stop} on the exchange" if position.stop_resting else "NO CONFIRMED STOP"
            complain(f"radtui: still open: {position.symbol} {side} {abs(position.lots)} lots, {stop}")
        for line in remains(snapshot.receipt):
            complain(f"radtui: {line}")
        complain(f"radtui: {snapshot.status.state}, {len(snapshot.positions)} positions open")

    def _signalled(self, number: signal.Signals) -> None:
        if number is signal.SIGHUP:
            self._exit(self._app.terminal_gone)
        elif self.code:
            self.forced = True
            self._host.force()
        else:
            self.code = 128 + number
            self.who = f"signal:{number.name}"
            self._exit(self._app.exit, Leave.SHUTDOWN)

    def _exit(self, leave: Callable[..., object], *how: object) -> None:
        if self._loop is not None:
            self._loop.call_soon_threadsafe(leave, *how)


def user() -> str:
    """Return who sits here."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # no name for this user id, as in many containers
        return str(os.getuid())


def _answers_at(path: Path) -> bool:
    """Return whether this very process listens at `path`."""
    try:
        with connect(path, 1.0) as line:
            return peer_of(line).pid in {0, os.getpid()}
    except OSError:
        return False
