"""Who holds a lock or a lease (row L12): named for people, and known to be gone only where that is certain."""

from __future__ import annotations

import os
import platform
import sys
import time
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Final

import msgspec

_STARTED_FIELD: Final = 19
"""Of ``/proc/PID/stat``, counted from after the command's closing parenthesis (proc(5), field 22)."""
_DEAD: Final = frozenset("ZX")
"""States of a process that only waits for its parent to take note of its end: it holds and does nothing any more."""
_BOOT: Final = Path("/proc/sys/kernel/random/boot_id")
_NAMESPACE: Final = Path("/proc/self/ns/pid")


class Holder(msgspec.Struct, frozen=True, kw_only=True):
    """A process that holds something.

    Attributes:
        since: wall clock, nanoseconds UTC.
        how: the command line that started it, without values (they could be secrets).
        birth: tells two processes of one pid apart; empty where the system does not say.
        host: the machine's name, for people.
        machine: tells machines, their boots, and containers apart: a pid means something only within one.
    """

    pid: int
    since: int
    how: str
    birth: str = ""
    host: str = ""
    machine: str = ""

    @property
    def here(self) -> bool:
        """Whether its pid can be looked up from here."""
        return self.machine in {"", _machine()}

    @property
    def alive(self) -> bool:
        """Whether that very process is seen to run."""
        return self.here and (_birth(self.pid) == self.birth if self.birth else _runs(self.pid))

    @property
    def gone(self) -> bool:
        """Whether it certainly holds nothing any more: it has ended, or it is an earlier life of this process."""
        return self.here and (not self.alive or self.pid == os.getpid())

    @property
    def named(self) -> str:
        """The process, for people: ``pid 7, started 2026-01-01 00:00:00 UTC on alpha as `radtui run --headless` ``."""
        host = f" on {self.host}" if self.host else ""
        return f"pid {self.pid}, started {utc(self.since)}{host} as `{self.how}`"

    @property
    def how_to_end(self) -> str:
        """What ends it, for people."""
        place = "" if self.here else f" on {self.host}"
        return f"`kill -TERM {self.pid}`{place} ends it gracefully; its stops stay on the exchange."


def myself() -> Holder:
    """Return this process."""
    return Holder(
        pid=os.getpid(),
        since=time.time_ns(),
        how=_how_started(sys.argv),
        birth=_birth(os.getpid()),
        host=platform.node(),
        machine=_machine(),
    )


def utc(at: int) -> str:
    """Return nanoseconds UTC as people read them."""
    return f"{datetime.fromtimestamp(at // 1_000_000_000, UTC):%Y-%m-%d %H:%M:%S} UTC"


def _how_started(argv: list[str]) -> str:
    words = [word.partition("=")[0] for word in argv[1:] if word.startswith("-")]
    command = [word for word in argv[1:2] if not word.startswith("-")]
    return " ".join([Path(argv[0]).name or "python", *command, *words])


@cache
def _machine() -> str:
    try:
        return f"{_BOOT.read_text(encoding='ascii').strip()} {_NAMESPACE.readlink()}"
    except OSError:
        return platform.node()


def _birth(pid: int) -> str:
    fields = _stat(pid)
    return fields[_STARTED_FIELD] if fields and fields[0] not in _DEAD else ""


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    fields = _stat(pid)
    return not fields or fields[0] not in _DEAD


def _stat(pid: int) -> list[str]:
    """Return what the system says of a process, from its state on; nothing where it does not."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return []
    return stat.rpartition(")")[2].split()
