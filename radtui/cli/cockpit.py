"""``radtui``: the cockpit with its engine. This process owns the engine; the cockpit only looks at it and asks.

The first frame is painted before the engine's libraries are loaded. Whatever ends the cockpit, the engine is settled by
`radtui.cli.leaving`: shut down where a person or a signal asked for it, else left to fly on.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from contextlib import ExitStack
from typing import TYPE_CHECKING

from radtui.cli.account import control_socket, hold, journal_file
from radtui.cli.door import answering
from radtui.cli.failures import Exit, Failure
from radtui.cli.flags import Flags
from radtui.cli.garbage import resume
from radtui.cli.opening import opened, ready_to_fly
from radtui.cli.rereading import Rereading
from radtui.cli.streams import complain
from radtui.cli.tether import held
from radtui.engine.host import EngineHost
from radtui.resilience.clock import SystemClock
from radtui.settings.places import Places
from radtui.settings.tree import Settings
from radtui.tui.terminal import Terminal, read_terminal, refuse, textual_environment, theme_for

if TYPE_CHECKING:
    from radtui.engine.engine import Engine
    from radtui.tui.app import CockpitApp


def cockpit(*, flags: Flags) -> int:
    """Open the cockpit, and settle the engine when it closes."""
    again = Rereading(flags=flags, loaded=opened(flags))
    settings = again.loaded.settings
    terminal = read_terminal(color=settings.ui.color)
    if why := refuse(terminal):
        raise Failure(why, code=Exit.USAGE)
    there = ready_to_fly(flags, settings, headless=False)
    with hold(settings, there), ExitStack() as last:
        if settings.bot.exchange != "paper":
            _look_first(settings)
        logging.getLogger().addHandler(logging.NullHandler())  # until there is a log, nothing may reach the terminal
        return _fly(again, there, terminal, last)


def _fly(again: Rereading, there: Places, terminal: Terminal, last: ExitStack) -> int:
    settings = again.loaded.settings
    config = settings.engine_config(boot=SystemClock().now(), autostart=False, virtual=False)

    def engine() -> Engine:
        last.callback(_log(settings, there))
        flown = _engine(settings, there, fresh=again.flags.fresh)
        again.hand_over(flown, again.sources())
        return flown

    host = EngineHost(config.core, engine)
    os.environ.update(textual_environment(terminal))
    from radtui.cli.leaving import Leaving  # it loads textual, which reads the environment then

    app = _app(host, settings, there, terminal, lambda: leaving.close_cockpit())  # noqa: PLW0108  # made a line below
    leaving = Leaving(host, app, held(), control_socket(settings, there))
    with answering(settings, there, host.handle, lambda why: complain(f"radtui: {why}")):
        code = leaving.fly()
    if isinstance(host.error, Failure):
        raise host.error
    if host.error is not None and not leaving.forced:
        raise Failure(
            f"the engine ended: {type(host.error).__name__}: {host.error}",
            means="Positions keep their stops on the exchange; the journal has everything up to here.",
            todo="start radtui again: it first looks at what is open",
        ) from host.error
    return code


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
    from radtui.cli.leaving import user
    from radtui.tui.app import CockpitApp
    from radtui.tui.driver import CockpitDriver
    from radtui.tui.themes import load

    chosen = "" if settings.ui.theme == "auto" else settings.ui.theme
    return CockpitApp(
        host.handle,
        theme=theme_for(terminal, chosen),
        themes=load(there.themes),
        clock=SystemClock().now,
        user=user(),
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
