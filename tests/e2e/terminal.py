"""A program at the far end of a real pseudo-terminal: keys in, a screen to read, and the modes it leaves behind."""

from __future__ import annotations

import fcntl
import os
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, Self
from uuid import uuid4

import pyte
import pytest
from journals import Facts
from orphans import Orphan, children, with_variable
from programs import DEADLINE, RADTUI, environment

_TAKE_THE_TERMINAL: Final = (
    "import fcntl, os, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); os.execvp(sys.argv[1], sys.argv[1:])"
)
"""Run in between: the terminal becomes the controlling one, so that closing it is a hang-up."""
_MARK: Final = "STARTED_BY_TEST"
"""A variable by which all processes of one terminal are found again, and only those."""
_UNKNOWN_TO_PYTE: Final = re.compile(rb"\x1b\[[<>=][\d;]*[a-zA-Z]")
_UNFINISHED: Final = re.compile(rb"\x1b(\[[\d;<>=?]*)?\Z")
_MODE: Final = re.compile(rb"\x1b\[\?([\d;]+)([hl])")
ALTERNATE_SCREEN, CURSOR, MOUSE = 1049, 25, frozenset({1000, 1002, 1003, 1006, 1015, 1016})


class Terminal:
    """A pseudo-terminal with a program on it.

    Attributes:
        seen: every byte it has painted. before: the terminal's settings before the program began.
    """

    def __init__(
        self, command: Sequence[str], variables: dict[str, str], *, columns: int = 120, lines: int = 40
    ) -> None:
        self.columns, self.lines = columns, lines
        self.master, slave = os.openpty()
        self.slave: int | None = slave
        self._resize()
        self.before = termios.tcgetattr(slave)
        self.seen = bytearray()
        self._pending = b""
        self._screen = pyte.Screen(columns, lines)
        self._stream = pyte.ByteStream(self._screen)
        self._mark = uuid4().hex
        self._engine: Orphan | None = None
        self.process = subprocess.Popen(
            [sys.executable, "-ISc", _TAKE_THE_TERMINAL, *command],
            stdin=slave, stdout=slave, stderr=slave, start_new_session=True, cwd=variables["HOME"],
            env={**variables, _MARK: self._mark},
        )  # fmt: skip

    @classmethod
    def cockpit(
        cls,
        home: Path,
        *arguments: str,
        program: Sequence[str] = RADTUI,
        state: Path | None = None,
        columns: int = 120,
        lines: int = 40,
        **variables: str,
    ) -> Self:
        """Start the cockpit; its state folder is ``home/state`` unless another is given."""
        folder = state or home / "state"
        made = cls(
            [*program, "--state", str(folder), *arguments],
            environment(home, **variables),
            columns=columns,
            lines=lines,
        )
        made.facts = Facts(folder, made)
        made.log = folder / "radtui.log"
        return made

    facts: Facts
    log: Path

    @property
    def engine(self) -> Orphan:
        """The process of the engine: what the shell waits for is another one, which it may outlive."""
        if self._engine is None:
            self.until(lambda: children(self.process.pid), "the engine's process is there")
            self._engine = Orphan(children(self.process.pid)[0])
        return self._engine

    def poll(self) -> int | None:
        """Return the exit code of the engine where it is known, else of what was started; None while one lives."""
        return self.process.poll() if self._engine is None else self._engine.poll()

    # Reading

    def read(self, within: float = 0.02) -> bool:
        """Take what was painted; return whether there was anything `within` so many seconds."""
        if not select.select([self.master], [], [], within)[0]:
            return False
        try:
            data = os.read(self.master, 65536)
        except OSError:  # the last one has closed the other end
            return False
        self.seen += data
        self._feed(data)
        return bool(data)

    def screen(self) -> str:
        """Return what the screen shows now."""
        while self.read(0.0):
            pass
        return "\n".join(self._screen.display)

    def take(self, seconds: float) -> bytes:
        """Return what is painted in so many seconds; the screen does not show it."""
        taken, until = bytearray(), time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            if select.select([self.master], [], [], left)[0]:
                taken += os.read(self.master, 65536)
        return bytes(taken)

    def settle(self, quiet: float = 0.15) -> None:
        """Read until nothing was painted for `quiet` seconds."""
        while self.read(quiet):
            pass

    def until(self, true: Callable[[], Any], what: str, *, within: float = DEADLINE) -> float:
        """Read until `true` holds; return how many seconds that took."""
        began = time.monotonic()
        while not true():
            self.read()
            if (time.monotonic() - began > within or self._over()) and not true():
                pytest.fail(f"not within {within:g} s: {what}; exit code {self.process.poll()}\n{self.screen()}")
        return time.monotonic() - began

    def wait_for(self, *texts: str, within: float = DEADLINE) -> float:
        """Read until the screen shows all of `texts`; return how many seconds that took."""
        return self.until(lambda: all(text in self.screen() for text in texts), f"{texts}", within=within)

    def wait_gone(self, text: str, within: float = DEADLINE) -> None:
        """Read until the screen shows `text` no more."""
        self.until(lambda: text not in self.screen(), f"still shown: {text}", within=within)

    def ended(self) -> int:
        """Read until the program has ended, and return its exit code."""
        self.until(self._over, "the program ends")
        return int(self.process.returncode)

    # Doing

    def type(self, keys: str | bytes) -> None:
        """Press keys."""
        os.write(self.master, keys.encode() if isinstance(keys, str) else keys)

    def signal(self, number: signal.Signals) -> None:
        """Send the program a signal."""
        self.process.send_signal(number)

    def resize(self, columns: int, lines: int) -> None:
        """Give the terminal another size; the kernel tells the program."""
        self.columns, self.lines = columns, lines
        self._screen.resize(lines, columns)
        self._resize()

    def hang_up(self) -> None:
        """Close the terminal, as a window or a connection is closed."""
        if self.slave is not None:
            os.close(self.slave)
            self.slave = None
        os.close(self.master)
        self.master = -1

    def close(self) -> None:
        """End everything, whatever it does."""
        for pid in with_variable(_MARK, self._mark):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait()
        for descriptor in (self.master, self.slave):
            if descriptor is not None and descriptor >= 0:
                os.close(descriptor)

    # What is left behind

    @property
    def modes(self) -> set[int]:
        """The private modes that are switched on by now; the cursor's is on from the start."""
        on = {CURSOR}
        for numbers, switch in _MODE.findall(bytes(self.seen)):
            change = {int(number) for number in numbers.split(b";")}
            on = on | change if switch == b"h" else on - change
        return on

    def is_as_before(self) -> bool:
        """Whether modes and line settings are those of the time before the program."""
        assert self.slave is not None
        now = termios.tcgetattr(self.slave)
        # 7: line wrap is on in every terminal from the start, so that switching it on changes nothing
        return self.modes - {7} == {CURSOR} and now[:4] == self.before[:4]

    def shell_lines(self) -> str:
        """Return what was written after the alternate screen was left: what the person reads on the shell."""
        return bytes(self.seen).rpartition(b"\x1b[?1049l")[2].decode(errors="replace")

    def _over(self) -> bool:
        """Whether the program has ended and all it painted is read."""
        return self.process.poll() is not None and not self.read(0.1)

    def _feed(self, data: bytes) -> None:
        data = self._pending + data
        unfinished = _UNFINISHED.search(data)
        self._pending = unfinished.group() if unfinished else b""
        self._stream.feed(without_what_pyte_lacks(data[: len(data) - len(self._pending)]))

    def _resize(self) -> None:
        size = struct.pack("HHHH", self.lines, self.columns, 0, 0)
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, size)


def without_what_pyte_lacks(data: bytes) -> bytes:
    """Return what was painted, without sequences that the terminal of these tests takes for text."""
    return _UNKNOWN_TO_PYTE.sub(b"", data)


Open = Callable[..., Terminal]


def flying(terminal: Terminal) -> Terminal:
    """Start the bot and wait until it holds something."""
    terminal.wait_for("○ STOPPED", "q leave")
    assert ALTERNATE_SCREEN in terminal.modes
    assert terminal.engine.poll() is None
    terminal.type("s")
    terminal.wait_for("● RUNNING", "▲ long")
    return terminal


def shut_down(terminal: Terminal, who: str) -> None:
    """The journal says who ended the engine, and that it ended well."""
    receipts = terminal.facts.rows("SELECT asked_by, success FROM receipts WHERE ask = 'shutdown'")
    assert [(asked_by, bool(success)) for asked_by, success in receipts] == [(who, True)]
    assert terminal.facts.states()[-1] == "stopped"
    assert terminal.facts.rows("SELECT clean FROM meta") == [(1,)]
