"""The engine's end of the line to the process that the shell waits for.

A signal may reach this process, the other one, or both: ctrl+c, ``kill %1`` and a service manager's stop go to all of a
group. Whoever hears it from both hears it once, for a second one is a word of its own: it forces.
"""

from __future__ import annotations

import os
import signal
import socket
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Final

Act = Callable[[signal.Signals], None]
"""What is done about a signal; on the main thread, between any two instructions of it."""

HANDED_ON: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_TOGETHER: Final = 3.0
"""Seconds within which a signal to both processes has arrived on both ways, also on a busy machine."""


class Pairs:
    """Which signals are new, and which are the same as one that came on the other way."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._alone: dict[tuple[bool, int], deque[float]] = defaultdict(deque)

    def is_new(self, number: int, *, handed_on: bool) -> bool:
        """Return whether this arrival is news; each makes one on the other way old."""
        now, others = self._now(), self._alone[not handed_on, number]
        while others and now - others[0] > _TOGETHER:
            others.popleft()
        if others:
            others.popleft()
            return False
        self._alone[handed_on, number].append(now)
        return True


class Tether:
    """Who hears the signals of this process, and whether anybody waits for its end.

    Args:
        line: to the process that the shell waits for; None where there is none.
    """

    def __init__(self, line: socket.socket | None = None) -> None:
        self._line = line
        self._act: Act = by_default
        self._pairs = Pairs()
        self._handed_on: deque[int] = deque()
        self._released = False

    def hold(self) -> None:
        """Begin to hear; on the main thread."""
        for number in HANDED_ON:
            signal.signal(number, self._heard)
        if self._line is not None:
            threading.Thread(target=self._listen, args=(self._line,), name="tether", daemon=True).start()

    @contextmanager
    def heard_by(self, act: Act) -> Iterator[None]:
        """Have `act` done about each signal meanwhile."""
        before, self._act = self._act, act
        try:
            yield
        finally:
            self._act = before

    def release(self, code: int) -> None:
        """Let the shell go on, with this exit code for what it waited for; this process goes on as a daemon.

        It has no terminal then, a session of its own, and what it writes for people goes nowhere. The working folder
        stays: settings may name files relative to it, and may be read again.
        """
        from radtui.cli.streams import let_go

        self._released = True
        let_go()
        os.umask(0o077)
        with suppress(PermissionError):  # the leader of a group, where nobody forked: its session is its own affair
            os.setsid()
        if self._line is not None:
            with suppress(OSError):
                self._line.send(bytes([code]))

    def _listen(self, line: socket.socket) -> None:
        while told := _next(line):
            self._hand_on(told[0])
        if not self._released:  # the one who was waited for is dead, and the terminal is the shell's again
            self._hand_on(signal.SIGHUP)

    def _hand_on(self, number: int) -> None:
        self._handed_on.append(number)
        main = threading.main_thread().ident
        if main is not None:
            signal.pthread_kill(main, number)

    def _heard(self, number: int, _frame: object) -> None:
        handed_on = number in self._handed_on
        if handed_on:
            self._handed_on.remove(number)
        if self._pairs.is_new(number, handed_on=handed_on):
            self._act(signal.Signals(number))


def by_default(number: signal.Signals) -> None:
    """Do what is done about a signal while nothing flies yet."""
    if number is signal.SIGINT:
        raise KeyboardInterrupt
    signal.signal(number, signal.SIG_DFL)
    os.kill(os.getpid(), number)


def hold(line: socket.socket) -> None:
    """Hold the line to the process that the shell waits for; once, right after the fork."""
    _held.append(Tether(line))
    _held[0].hold()


def held() -> Tether:
    """Return this process's tether; one to nobody where it was not forked."""
    if not _held:
        _held.append(Tether())
        _held[0].hold()
    return _held[0]


_held: Final[list[Tether]] = []


def _next(line: socket.socket) -> bytes:
    try:
        return line.recv(1)
    except OSError:
        return b""
