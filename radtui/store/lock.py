"""One engine per account (row L12): a lock that dies with its process, and a note that names who holds it."""

from __future__ import annotations

import os
import sys
import time
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import msgspec
from filelock import FileLock, Timeout

_STARTED_FIELD: Final = 19
"""Of ``/proc/PID/stat``, counted from after the command's closing parenthesis (proc(5), field 22)."""


class AccountHeld(Exception):
    """Another process holds the lock. The message names it and says how to end it.

    Attributes:
        holder: who that is; None where it has not said so yet.
    """

    def __init__(self, message: str, holder: Holder | None) -> None:
        super().__init__(message)
        self.holder = holder


class Holder(msgspec.Struct, frozen=True, kw_only=True):
    """Who holds a lock.

    Attributes:
        since: wall clock, nanoseconds UTC.
        how: the command line that started it, without values (they could be secrets).
        birth: tells two processes of one pid apart; empty where the system does not say.
    """

    pid: int
    since: int
    how: str
    birth: str = ""

    @property
    def alive(self) -> bool:
        """Whether that very process still runs."""
        return _birth(self.pid) == self.birth if self.birth else _runs(self.pid)


class AccountLock:
    """The right to be the only engine of an account, or the only writer of a file.

    Args:
        path: the lock file, for example ``<state>/locks/<name>.lock``; the holder's note stands beside it.
        what: what it guards, for people: ``the account alpha``.
    """

    def __init__(self, path: Path, what: str) -> None:
        self._what = what
        self._note = path.with_name(f"{path.name}.json")
        self._path = path
        self._lock = FileLock(path, timeout=0, mode=0o600, thread_local=False, fallback_to_soft=False)

    def acquire(self) -> None:
        """Take the lock for as long as this process lives.

        Raises:
            AccountHeld: another process has it.
            OSError: the folder cannot be written.
        """
        private_folder(self._path.parent)
        try:
            self._lock.acquire()
        except Timeout:
            raise self._held() from None
        _HELD.add(self)
        _write_private(self._note, msgspec.json.encode(_myself()))

    def release(self) -> None:
        """Give the lock back; nothing happens where it is not held."""
        if self._lock.is_locked:
            with suppress(OSError):  # a note that stays names a process that does not hold the lock, and so nobody
                self._note.unlink(missing_ok=True)
            self._lock.release()
            _HELD.discard(self)

    def holder(self) -> Holder | None:
        """Return who noted to hold it and is alive, or None."""
        try:
            holder = msgspec.json.decode(self._note.read_bytes(), type=Holder)
        except (OSError, msgspec.MsgspecError):
            return None
        return holder if holder.alive else None

    def _held(self) -> AccountHeld:
        holder = self.holder()
        return AccountHeld(
            f"{_named(holder)} already holds {self._what}. Two engines would double its orders and fight over its "
            "stops, so this one does not start; positions and stops are untouched. "
            f"To take over, end the first one: {_how_to_end(holder)}",
            holder,
        )


_HELD: Final[set[AccountLock]] = set()
"""A lock lives as long as its process, also where nobody remembers the object: filelock frees what is collected."""


def private_folder(folder: Path) -> None:
    """Make `folder`, and those above it that are missing, readable by this user only; leave existing ones alone."""
    if not folder.exists():
        private_folder(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)


def _named(holder: Holder | None) -> str:
    if holder is None:
        return "Another radtui, which is just starting or ending,"
    since = datetime.fromtimestamp(holder.since // 1_000_000_000, UTC)
    return f"Another radtui (pid {holder.pid}, started {since:%Y-%m-%d %H:%M:%S} UTC as `{holder.how}`)"


def _how_to_end(holder: Holder | None) -> str:
    if holder is None:
        return "try again in a few seconds."
    return f"`kill -TERM {holder.pid}` ends it gracefully; its stops stay on the exchange."


def _myself() -> Holder:
    return Holder(pid=os.getpid(), since=time.time_ns(), how=_how_started(sys.argv), birth=_birth(os.getpid()))


def _how_started(argv: list[str]) -> str:
    words = [word.partition("=")[0] for word in argv[1:] if word.startswith("-")]
    command = [word for word in argv[1:2] if not word.startswith("-")]
    return " ".join([Path(argv[0]).name or "python", *command, *words])


def _birth(pid: int) -> str:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return ""
    return stat.rpartition(")")[2].split()[_STARTED_FIELD]


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _write_private(path: Path, content: bytes) -> None:
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    with suppress(FileNotFoundError):
        draft.unlink()
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    draft.replace(path)
