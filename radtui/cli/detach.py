"""The cockpit on a terminal is two processes, so that the engine can outlive its terminal and give the shell back.

The first one, which the shell waits for, forks before anything is loaded and then only waits: it hands signals on, ends
as the engine ends, or at once when the engine says that it flies on alone. The second one is the engine with its
cockpit; `radtui.cli.tether` is its end of the line between them.
"""

from __future__ import annotations

import os
import select
import signal
import socket
import sys
import termios
import time
from contextlib import suppress
from typing import Any, Final

from radtui.cli import tether
from radtui.cli.tether import HANDED_ON

_LAST_LOOK: Final = 5.0
"""Seconds that the cockpit has for giving the terminal back after a hang-up, before the shell is let go."""
_TRIES: Final = 20


def part() -> None:
    """Go on as the second process; the first one ends in here. Without a terminal nothing is done."""
    if not (_is_terminal(0) and _is_terminal(2)):
        return
    _wait_for_the_foreground()
    before = termios.tcgetattr(0)
    ours, theirs = socket.socketpair()
    sys.stdout.flush()
    signal.pthread_sigmask(signal.SIG_BLOCK, HANDED_ON)  # until both know what to do about them
    engine = os.fork()
    if engine:
        theirs.close()
        os._exit(_Shell(engine, ours, before).wait())
    ours.close()
    signal.signal(signal.SIGTSTP, signal.SIG_IGN)  # to stop this process is to stop the engine in it
    tether.hold(theirs)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, HANDED_ON)


def _is_terminal(descriptor: int) -> bool:
    try:
        return os.isatty(descriptor)
    except OSError:
        return False


def _wait_for_the_foreground() -> None:
    """Stop, as a job does that reads from the terminal in the background, until the shell brings it forward.

    Where no shell looks after jobs the system lets nobody stop; then the cockpit leaves by itself.
    """
    for _ in range(_TRIES):
        with suppress(OSError):  # not the terminal of our session: nobody moves us to and fro on it
            if os.tcgetpgrp(0) != os.getpgrp():
                os.kill(os.getpid(), signal.SIGTTIN)
                continue
        return


class _Shell:
    """The process that the shell waits for.

    Args:
        engine: the other process. line: to it. before: the terminal's settings as they were found.
    """

    def __init__(self, engine: int, line: socket.socket, before: list[Any]) -> None:
        self._engine = engine
        self._line = line
        self._before = before
        self._told, waker = socket.socketpair()
        self._told.setblocking(False)
        waker.setblocking(False)
        self._waker = waker  # held, for the signals are written to its descriptor
        for number in (signal.SIGTSTP, signal.SIGTTOU):
            signal.signal(number, signal.SIG_IGN)
        for number in HANDED_ON:
            signal.signal(number, _noted)
        signal.set_wakeup_fd(waker.fileno(), warn_on_full_buffer=False)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, HANDED_ON)

    def wait(self) -> int:
        """Wait until the engine ends or lets the shell go, and return the exit code."""
        last = None
        while last is None or (left := last - time.monotonic()) > 0:
            ready, _, _ = select.select([self._line, self._told], [], [], None if last is None else left)
            if self._told in ready and self._hand_on() and last is None and os.getpid() != 1:
                last = time.monotonic() + _LAST_LOOK
            if self._line in ready:
                said = self._said()
                if not said:
                    return self._as_it_ended()
                if os.getpid() != 1:  # the first process of a container takes all others with it
                    return said[0]
        return 128 + signal.SIGHUP

    def _hand_on(self) -> bool:
        """Hand the signals on that came; return whether the terminal hung up."""
        numbers = [number for number in self._told.recv(64) if number in HANDED_ON]
        with suppress(OSError):  # it has just ended
            self._line.sendall(bytes(numbers))
        return signal.SIGHUP in numbers

    def _said(self) -> bytes:
        try:
            return self._line.recv(1)
        except ConnectionError:  # it ended with signals unread
            return b""

    def _as_it_ended(self) -> int:
        _, status = os.waitpid(self._engine, 0)
        code = os.waitstatus_to_exitcode(status)
        if code >= 0:
            return code
        if -code not in HANDED_ON:
            self._tell_its_death(signal.Signals(-code).name)
        return 128 - code

    def _tell_its_death(self, name: str) -> None:
        """Give the terminal back for the process that had no time to, and say what has happened."""
        from radtui.cli.streams import complain
        from radtui.tui.terminal import RESTORE

        with suppress(termios.error, OSError):
            if termios.tcgetattr(0) != self._before:
                os.write(2, RESTORE.encode())
                termios.tcsetattr(0, termios.TCSANOW, self._before)
        complain(f"radtui: the engine's process was ended by {name}")
        complain("  Positions keep their stops on the exchange; the journal has everything up to here.")
        complain("  What to do: start radtui again: it first looks at what is open")


def _noted(*_: object) -> None:
    """Do nothing here: the number has gone to the wake-up descriptor."""
