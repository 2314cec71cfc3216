"""``radtui attach``: the cockpit on engines of other processes, here or on other machines (rows L2, A4).

It owns nothing of them: however it ends, they fly on.
"""

from __future__ import annotations

import asyncio
import getpass
import logging
import os
import re
import signal
import socket
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

from cyclopts import Parameter

from radtui.cli.behind import bots_behind
from radtui.cli.engines import NOTHING_DONE
from radtui.cli.failures import Exit, Failure
from radtui.cli.flags import Flags
from radtui.cli.opening import opened
from radtui.cli.parting import exit_code, remains
from radtui.cli.streams import complain
from radtui.cli.targets import Aim, aimed, token_for
from radtui.engine.dialing import BadTarget
from radtui.engine.remote import LineState, RemoteHandle
from radtui.resilience.clock import SystemClock
from radtui.settings.folders import private_folder
from radtui.settings.places import places
from radtui.settings.tree import Settings
from radtui.tui.terminal import Terminal, read_terminal, refuse, textual_environment, theme_for

if TYPE_CHECKING:
    from radtui.tui.app import CockpitApp
    from radtui.tui.screens.leave import Leave
    from radtui.tui.station import Station

_ALONE, _AMONG = 4.0, 0.5
"""Seconds that the first frame waits for the first picture of a single engine, and of several."""
_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)
_log = logging.getLogger("radtui.attach")


def attach(
    *engines: Annotated[str, Parameter(help="Name of a bot, process id, or URL of an API; none: all that run here.")],
    token_file: Annotated[Path | None, Parameter(help="File (0600) with a token, or lines of URL and token.")] = None,
    theme: Annotated[str | None, Parameter(help="Theme of the cockpit.")] = None,
    config: Annotated[Path | None, Parameter(help="TOML file of settings, in place of your own config.toml.")] = None,
) -> int:
    """Open the cockpit on running engines; `q` leaves them as they are. Exit 3 where there is none.

    A URL, for example https://server:8001, means all bots behind it. It needs a token: RADTUI_API__TOKEN in the
    environment, or a file.
    """
    settings = _settings(Flags(theme=theme, config=config))
    terminal = read_terminal(color=settings.ui.color)
    if why := refuse(terminal):
        raise Failure(why, means=NOTHING_DONE, code=Exit.USAGE)
    aims = aimed(engines, lambda url: bots_behind(url, token_for(url, settings.api, token_file)))
    os.environ.update(textual_environment(terminal))
    remotes = [_remote(aim, settings, token_file) for aim in aims]
    with ExitStack() as last:
        for remote in remotes:
            remote.open()
            last.callback(remote.close)
        last.callback(_logging(settings, aims))  # while they connect
        app = _app(list(zip(aims, remotes, strict=True)), settings, terminal)
        _reach(remotes, aims)
        leave, caught = asyncio.run(_show(app))
        _log.info("the cockpit has gone: %s", leave)
        return _parted(app, leave, caught)


def _settings(flags: Flags) -> Settings:
    """Return the settings; faulty ones keep nobody from their bots: the defaults do."""
    try:
        return opened(flags).settings
    except Failure as failure:
        if flags.config is not None:
            raise
        complain(f"{failure.text()}\n  The cockpit opens all the same, with the default theme and keys.")
        return Settings()


def _logging(settings: Settings, aims: Sequence[Aim]) -> Callable[[], None]:
    """Begin the log of cockpits that are attached, and return what ends it; without one the bots are seen all the same.

    Nothing but the cockpit may reach the terminal.
    """
    from radtui.cli.logs import configure

    there = places(settings)
    try:
        private_folder(there.state)
        end = configure(settings.log.level, there.attach_log)
    except OSError:
        logging.getLogger().addHandler(logging.NullHandler())
        return lambda: None
    _log.info("attached to %s by process %d", ", ".join(aim.label for aim in aims), os.getpid())
    return end


def _remote(aim: Aim, settings: Settings, token_file: Path | None) -> RemoteHandle:
    token = token_for(aim.target, settings.api, token_file) if isinstance(aim.target, str) else None
    if token and aim.open_to_readers:
        complain(f"radtui: the token goes to {aim.host} unencrypted; https or an SSH tunnel would hide it")
    try:
        return RemoteHandle(aim.target, token=token, name=_seat(aim), label=aim.label)
    except BadTarget as bad:
        raise Failure(f"{aim.label} is no engine's address: {bad}", means=NOTHING_DONE, code=Exit.USAGE) from None


def _seat(aim: Aim) -> str:
    """Return what tells this cockpit from the others of one user: the terminal, or the machine it sits at."""
    if aim.host:
        said = f"{_user()}@{socket.gethostname()}"
    else:
        said = os.ttyname(0).removeprefix("/dev/").replace("/", "-") if os.isatty(0) else str(os.getpid())
    return re.sub(r"[^A-Za-z0-9_.@-]", "-", said)[:40]


def _app(engines: Sequence[tuple[Aim, RemoteHandle]], settings: Settings, terminal: Terminal) -> CockpitApp:
    from radtui.tui.app import CockpitApp
    from radtui.tui.doors import FarDoor
    from radtui.tui.driver import driver_for
    from radtui.tui.themes import load

    chosen = "" if settings.ui.theme == "auto" else settings.ui.theme
    clock = SystemClock().now
    return CockpitApp(
        [FarDoor(remote, beside=aim.beside, host=aim.host, clock=clock) for aim, remote in engines],
        theme=theme_for(terminal, chosen),
        themes=load(places(settings).themes),
        clock=clock,
        user=_user(),
        driver_class=driver_for(terminal),
        keymap=settings.ui.keymap,
    )


def _reach(remotes: Sequence[RemoteHandle], aims: Sequence[Aim]) -> None:
    """Wait a moment for the first pictures, so that the first frame shows them.

    Raises:
        Failure: the one engine is not there (exit code 3), or does not let us in (1).
    """
    until = time.monotonic() + (_ALONE if len(remotes) == 1 else _AMONG)
    while time.monotonic() < until and not all(_decided(each) for each in remotes):
        time.sleep(0.005)
    if len(remotes) == 1 and remotes[0].age is None:
        _turned_away(remotes[0], aims[0])


def _decided(remote: RemoteHandle) -> bool:
    return remote.age is not None or remote.line.state in {LineState.LOST, LineState.REFUSED}


def _turned_away(remote: RemoteHandle, aim: Aim) -> None:
    line = remote.line
    if line.state is LineState.REFUSED:
        raise Failure(
            f"{aim.label} does not let this cockpit in: {line.why}",
            means=NOTHING_DONE,
            todo="give its token by RADTUI_API__TOKEN or --token-file; `radtui attach` on its own machine needs none",
        )
    if line.state is LineState.LOST:
        raise Failure(
            f"no engine at {aim.label}: {line.why}",
            means=NOTHING_DONE,
            todo="look there with `radtui status`; api.tcp must be on for a URL, and the way to it open",
            code=Exit.NO_ENGINE,
        )


async def _show(app: CockpitApp) -> tuple[Leave, int]:
    """Run the cockpit; return how it was left, and the exit code of the signal that ended it, else 0."""
    from radtui.tui.screens.leave import Leave

    loop, caught = asyncio.get_running_loop(), [0]

    def end(number: signal.Signals) -> None:
        caught[0] = 128 + number
        app.exit(Leave.LEFT)

    for number in _SIGNALS:
        loop.add_signal_handler(number, end, number)
    loop.add_signal_handler(signal.SIGHUP, app.terminal_gone)
    return await app.run_async(mouse=False) or Leave.BROKEN, caught[0]


def _parted(app: CockpitApp, leave: Leave, caught: int) -> int:
    """Say on the shell how the engines were left, and return the exit code."""
    from radtui.tui.screens.leave import Leave

    if leave is Leave.GONE:
        return Exit.DONE
    if leave is Leave.BROKEN:
        complain(f"radtui: {app.broken or 'the cockpit ended without a word'}")
    for station in app.stations:
        for line in _left(station, ended=leave is Leave.ENDED):
            complain(f"radtui: {line}")
    if leave is Leave.BROKEN:
        return Exit.REFUSED
    receipt = app.stations[0].view.snapshot.receipt if leave is Leave.ENDED else None
    return exit_code(receipt, caught, forced=False)


def _left(station: Station, *, ended: bool) -> list[str]:
    view = station.look()
    bot, status = view.bot, view.snapshot.status
    lines = [f"{words} was asked of {bot} and is not answered: `radtui status` shows it" for words in station.asks.open]
    if ended:
        return [*lines, *remains(view.snapshot.receipt), f"{bot} was shut down"]
    if view.silent:
        return [*lines, f"{bot} is left as it is; it was not heard at the end"]
    held = len(view.snapshot.positions)
    flies = f"{bot} flies on: {status.state}, {held} position{'' if held == 1 else 's'}"
    return [*lines, f"{flies}; `radtui attach` comes back"]


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # no name for this user id, as in many containers
        return str(os.getuid())
