"""``radtui``: the cockpit with its engine. This process owns the engine; the cockpit only looks at it and asks.

The first frame is painted before the engine's libraries are loaded. Whatever ends the cockpit, the engine is settled
here: shut down where a person or a signal asked for it, else left to fly on.
"""

from __future__ import annotations

import asyncio
import getpass
import logging
import os
import signal
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from types import FrameType
from typing import TYPE_CHECKING, Any, Final

from radtui.cli.account import hold, journal_file
from radtui.cli.door import answering
from radtui.cli.failures import Exit, Failure
from radtui.cli.flags import Flags
from radtui.cli.garbage import resume
from radtui.cli.opening import opened, ready_to_fly
from radtui.cli.parting import exit_code, remains
from radtui.cli.streams import complain
from radtui.core.instruction import ExitPolicy
from radtui.engine.host import EngineHost
from radtui.resilience.clock import SystemClock
from radtui.settings.places import Places
from radtui.settings.tree import Settings
from radtui.tui.terminal import Terminal, read_terminal, refuse, textual_environment, theme_for

if TYPE_CHECKING:
    from radtui.engine.engine import Engine
    from radtui.tui.app import CockpitApp
    from radtui.tui.screens.leave import Leave

_CAUGHT: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def cockpit(*, flags: Flags) -> int:
    """Open the cockpit, and settle the engine when it closes."""
    settings = opened(flags).settings
    terminal = read_terminal(color=settings.ui.color)
    if why := refuse(terminal):
        raise Failure(why, code=Exit.USAGE)
    there = ready_to_fly(flags, settings, headless=False)
    with hold(settings, there), ExitStack() as last:
        if settings.bot.exchange != "paper":
            _look_first(settings)
        logging.getLogger().addHandler(logging.NullHandler())  # until there is a log, nothing may reach the terminal
        return _fly(settings, there, flags, terminal, last)


def _fly(settings: Settings, there: Places, flags: Flags, terminal: Terminal, last: ExitStack) -> int:
    config = settings.engine_config(boot=SystemClock().now(), autostart=False, virtual=False)

    def engine() -> Engine:
        last.callback(_log(settings, there))
        return _engine(settings, there, fresh=flags.fresh)

    host = EngineHost(config.core, engine)
    os.environ.update(textual_environment(terminal))
    app = _app(host, settings, there, terminal, lambda: ending.close_cockpit())  # noqa: PLW0108  # made a line below
    ending = _Ending(host, app)
    with answering(settings, there, host.handle, lambda why: complain(f"radtui: {why}")), ending:
        leave = asyncio.run(ending.show())
        _settle(host, app, leave, ending)
    if isinstance(host.error, Failure):
        raise host.error
    if host.error is not None and not ending.forced:
        raise Failure(
            f"the engine ended: {type(host.error).__name__}: {host.error}",
            means="Positions keep their stops on the exchange; the journal has everything up to here.",
            todo="start radtui again: it first looks at what is open",
        ) from host.error
    return exit_code(host.handle.snapshot().receipt, ending.code, forced=ending.forced)


def _look_first(settings: Settings) -> None:
    """Look at KuCoin before the screen is taken; where it is real money, have the operator's word for it."""
    from radtui.cli.preflight import as_line, ask_for_word, pass_preflight
    from radtui.settings.live import is_real_money

    complain("radtui: looking at the exchange …")
    found = pass_preflight(settings, lambda check: complain(f"  {as_line(check)}"))
    if is_real_money(settings):
        ask_for_word(settings, found)


def _engine(settings: Settings, there: Places, *, fresh: bool) -> Engine:
    """Build the engine; on its own thread, where the heavy imports hold nobody up."""
    from radtui.cli.flight import assemble, told
    from radtui.cli.recording import recorder
    from radtui.store.writer import SqlJournal

    clock = SystemClock()
    config = settings.engine_config(boot=clock.now(), autostart=False, virtual=False)
    with told():
        journal = SqlJournal(journal_file(settings, there))
        try:
            taped = recorder(settings, there, clock.now())
            engine = assemble(settings, config, journal, clock, fresh=fresh, recorder=taped)
        except BaseException:
            journal.close(clean=journal.known().clean)
            raise
    resume()
    return engine


def _app(
    host: EngineHost, settings: Settings, there: Places, terminal: Terminal, never_flew: Callable[[], None]
) -> CockpitApp:
    from radtui.tui.app import CockpitApp
    from radtui.tui.driver import CockpitDriver
    from radtui.tui.themes import load

    chosen = "" if settings.ui.theme == "auto" else settings.ui.theme
    return CockpitApp(
        host.handle,
        theme=theme_for(terminal, chosen),
        themes=load(there.themes),
        clock=SystemClock().now,
        user=_user(),
        driver_class=CockpitDriver,
        keymap=settings.ui.keymap,
        start_engine=lambda cancelled: _attend(host, cancelled, never_flew),
    )


def _attend(host: EngineHost, cancelled: Callable[[], bool], never_flew: Callable[[], None]) -> None:
    """Start the engine and wait on it; the cockpit's leaving cancels this waiting and nothing else."""
    host.start()
    while not cancelled():
        if host.wait(0.2):
            if not host.begun:
                never_flew()
            if host.error is not None:
                raise host.error
            return


def _settle(host: EngineHost, app: CockpitApp, leave: Leave, ending: _Ending) -> None:
    from radtui.tui.screens.leave import Leave

    if leave is Leave.BROKEN and not ending.code:
        complain(f"radtui: {app.broken or 'the cockpit ended without a word'}")
        if host.alive:
            complain("  The engine flies on; positions keep their stops. Ctrl+C shuts it down gracefully.")
    if leave in {Leave.GONE, Leave.BROKEN} and host.alive and not ending.code:
        ending.fly_on()
    if host.alive and leave is not Leave.ENDED:
        exits = ExitPolicy.FLATTEN if leave is Leave.FLATTEN else None
        if leave is not Leave.GONE:
            complain("radtui: shutting down; a second signal forces it")
        host.settle(who=ending.who or f"key:{_user()}", exits=exits)
    host.wait(5.0)
    if leave is not Leave.GONE:
        _tell_result(host)


def _tell_result(host: EngineHost) -> None:
    """Say on the shell what the engine left behind."""
    snapshot = host.handle.snapshot()
    if not host.begun or host.error is not None:
        return
    for position in snapshot.positions:
        side = "long" if position.lots > 0 else "short"
        stop = f"stop {position.stop} on the exchange" if position.stop_resting else "NO CONFIRMED STOP"
        complain(f"radtui: still open: {position.symbol} {side} {abs(position.lots)} lots, {stop}")
    for line in remains(snapshot.receipt):
        complain(f"radtui: {line}")
    complain(f"radtui: {snapshot.status.state}, {len(snapshot.positions)} positions open")


@dataclass
class _Ending:
    """What signals do: SIGINT and SIGTERM leave and shut down, a second one by force; SIGHUP only takes the cockpit.

    Attributes:
        code: the exit code so far. who: the signal that asked for the end.
    """

    host: EngineHost
    app: CockpitApp
    code: int = 0
    who: str = ""
    forced: bool = False
    _loop: asyncio.AbstractEventLoop | None = None
    _before: dict[signal.Signals, Any] = field(default_factory=dict)

    def __enter__(self) -> None:
        self._before = {number: signal.signal(number, self._caught) for number in _CAUGHT}

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    async def show(self) -> Leave:
        """Run the cockpit and return how it was left."""
        from radtui.tui.screens.leave import Leave

        self._loop = asyncio.get_running_loop()
        try:
            return await self.app.run_async(mouse=False) or Leave.BROKEN
        finally:
            self._loop = None

    def close_cockpit(self) -> None:
        """Take the cockpit away because there is no engine to look at: what is wrong is said on the shell."""
        from radtui.tui.screens.leave import Leave

        self._exit(self.app.exit, Leave.ENDED)

    def fly_on(self) -> None:
        """Wait until the engine has ended or a signal asks for it."""
        while not self.code and not self.host.wait(0.5):
            continue

    def _caught(self, number: int, _frame: FrameType | None) -> None:
        from radtui.tui.screens.leave import Leave

        if number == signal.SIGHUP:
            self._exit(self.app.terminal_gone)
        elif self.code:
            self.forced = True
            self.host.force()
        else:
            self.code = 128 + number
            self.who = f"signal:{signal.Signals(number).name}"
            self._exit(self.app.exit, Leave.SHUTDOWN)

    def _exit(self, leave: Callable[..., object], *how: object) -> None:
        if self._loop is not None:
            self._loop.call_soon_threadsafe(leave, *how)


def _log(settings: Settings, there: Places) -> Callable[[], None]:
    from radtui.cli.logs import configure

    try:
        return configure(settings.log.level, there.log)
    except OSError as error:
        raise Failure(
            f"the log {there.log} cannot be written: {error.strerror}",
            means="Nothing was started.",
            todo="choose another with log.file, or make its folder writable",
        ) from None


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # no name for this user id, as in many containers
        return str(os.getuid())
