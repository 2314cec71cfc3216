"""The lock of a study's file: it goes with the process that holds it, and what a torn write left is cut off under it.

optuna's own locks stay behind when their holder is killed, and all others then wait for half a minute; and of a line
that was only half written, the next one would make the whole file unreadable.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from filelock import FileLock
from optuna.storages.journal import JournalFileOpenLock

_POLL: Final = 0.005
_BLOCK: Final = 65_536


class DyingLock(JournalFileOpenLock):
    """Locks a journal file between processes, by the operating system.

    Args:
        file: the journal.
    """

    def __init__(self, file: Path) -> None:
        super().__init__(str(file))
        self._file = file
        self._held = FileLock(f"{file}.lock", poll_interval=_POLL)

    def acquire(self) -> bool:
        """Wait for the lock, and have the file end with a whole line."""
        self._held.acquire()
        mend(self._file)
        return True

    def release(self) -> None:
        """Let the next one write."""
        self._held.release()


def mend(file: Path) -> None:
    """Cut off what stands after the last whole line of a file."""
    with file.open("r+b") as opened:
        end = whole = opened.seek(0, 2)
        while whole:
            begin = max(0, whole - _BLOCK)
            opened.seek(begin)
            found = opened.read(whole - begin).rfind(b"\n")
            whole = begin + found + 1
            if found >= 0:
                break
        if whole < end:
            opened.truncate(whole)
