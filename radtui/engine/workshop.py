"""Where one backtest at a time is flown: in a process of its own, with a thread here that listens to it.

Nothing of it runs on an engine's loop. Whatever becomes of that process is told as its last word; where this one dies,
its end of the line closes, and the other ends with it.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from threading import Lock, Thread
from typing import IO, Final

import msgspec

from radtui.backtest.job import AnySaid, Flown, Job, Unflown, decode_said, encode_job
from radtui.resilience.redaction import named, redact

COMMAND: Final = (sys.executable, "-m", "radtui.backtest.worker")
_ENVIRONMENT: Final = ("PATH", "HOME", "LANG", "TZ", "PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "LD_LIBRARY_PATH")
"""What it needs of the environment: keys and tokens are not in it."""
_LONGEST: Final = 1 << 20
"""Bytes of a line at most."""
_LAST_WORDS: Final = 160


class Unflyable(Exception):
    """What was asked for cannot be flown; the message says why, and what can."""


class Workshop:
    """Has room for one backtest.

    Args:
        command: what reads a job and says how it goes, as `radtui.backtest.worker` does.
    """

    def __init__(self, command: Sequence[str] = COMMAND) -> None:
        self._command = tuple(command)
        self._lock = Lock()
        self._now: Errand | None = None

    def begin(self, prepare: Callable[[], Job], hear: Callable[[AnySaid], object]) -> Errand | None:
        """Fly what `prepare` returns and return at once; None where there is no room.

        Args:
            prepare: called on a thread; may raise `Unflyable`.
            hear: called there too, with each word; nothing comes after the last one.
        """
        with self._lock:
            if self._now is not None:
                return None
            self._now = errand = Errand(self._command, prepare, hear, self._leave)
        errand.start()
        return errand

    def _leave(self) -> None:
        with self._lock:
            self._now = None


class Errand:
    """One backtest under way."""

    def __init__(
        self,
        command: Sequence[str],
        prepare: Callable[[], Job],
        hear: Callable[[AnySaid], object],
        leave: Callable[[], None],
    ) -> None:
        self._command, self._prepare, self._hear, self._leave = command, prepare, hear, leave
        self._lock = Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._unwanted = False

    def start(self) -> None:
        """Begin, on a thread that nobody waits for at the end."""
        Thread(target=self._main, name="backtest", daemon=True).start()

    def kill(self) -> None:
        """End it, now or before it begins; its last word comes all the same."""
        with self._lock:
            self._unwanted = True
            if self._process is not None:
                self._process.kill()

    def _main(self) -> None:
        try:
            last = self._flown(self._prepare())
        except Unflyable as unflyable:
            last = Unflown(why=str(unflyable))
        except Exception as error:  # supervision point: the backtest fails, and nothing else
            last = Unflown(why=named(error))
        self._leave()  # before its last word is heard: who hears it may begin the next
        self._hear(last)

    def _flown(self, job: Job) -> Flown | Unflown:
        process = self._spawned()
        if process is None or process.stdin is None or process.stdout is None:
            return Unflown(why="it was cancelled before it began")
        with process:
            told = _tell(process.stdin, job)
            last, noise = self._listen(process.stdout)
            with suppress(BrokenPipeError):  # it died before it had read what it was told
                process.stdin.close()
            code = process.wait()
        return last or Unflown(why=_ending(code, noise if told else b""))

    def _spawned(self) -> subprocess.Popen[bytes] | None:
        with self._lock:
            if self._unwanted:
                return None
            self._process = subprocess.Popen(
                self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                env={name: os.environ[name] for name in _ENVIRONMENT if name in os.environ},
                start_new_session=True,
            )  # fmt: skip
            return self._process

    def _listen(self, line: IO[bytes]) -> tuple[Flown | Unflown | None, bytes]:
        """Return its last word, if it said one, and the last of what it printed beside."""
        noise = b""
        while text := line.readline(_LONGEST):
            try:
                said = decode_said(text)
            except msgspec.MsgspecError:  # printed by a strategy, or what it died of
                noise = text.strip() or noise
                continue
            if isinstance(said, Flown | Unflown):
                return said, noise
            self._hear(said)
        return None, noise


def _tell(line: IO[bytes], job: Job) -> bool:
    """Return whether it could be told of its job; it may have died already."""
    try:
        line.write(encode_job(job) + b"\n")
        line.flush()
    except BrokenPipeError:
        return False
    return True


def _ending(code: int, noise: bytes) -> str:
    """Return in words how a process ended that said no last word."""
    how = f"was killed by {_signal(-code)}" if code < 0 else f"ended with code {code}"
    words = redact(noise.decode(errors="replace")[-_LAST_WORDS:])
    hint = ": the system may have been short of memory, choose a shorter time" if code == -signal.SIGKILL else ""
    return f"its process {how}{hint or (f': {words}' if words else '')}"


def _signal(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
