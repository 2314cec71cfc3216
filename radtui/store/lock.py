"""One engine per account (row L12): a lock that dies with its process, and a note that names who holds it."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import Final

import msgspec
from filelock import FileLock, Timeout

from radtui.store.holder import Holder, myself

_holder: Final = msgspec.json.Decoder(Holder).decode


class AccountHeld(Exception):
    """Another process holds the lock. The message names it and says how to end it.

    Attributes:
        holder: who that is; None where it has not said so yet.
    """

    def __init__(self, message: str, holder: Holder | None) -> None:
        super().__init__(message)
        self.holder = holder


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
        try:
            _write_private(self._note, msgspec.json.encode(myself()))
        except BaseException:
            self.release()
            raise

    def release(self) -> None:
        """Give the lock back; nothing happens where it is not held."""
        if self._lock.is_locked:
            with suppress(OSError):  # a note that stays names a process that does not hold the lock, and so nobody
                self._note.unlink(missing_ok=True)
            self._lock.release()
            _HELD.discard(self)

    def holder(self) -> Holder | None:
        """Return who noted to hold it and is seen to be alive, or None."""
        holder = self._noted()
        return holder if holder and holder.alive else None

    def _noted(self) -> Holder | None:
        try:
            return _holder(self._note.read_bytes())
        except (OSError, msgspec.MsgspecError):
            return None

    def _held(self) -> AccountHeld:
        # Somebody does hold it: on a folder that machines share that may be a process that cannot be seen from here.
        noted = self._noted()
        holder = noted if noted and (noted.alive or not noted.here) else None
        who = f"({holder.named})" if holder else "which is just starting or ending,"
        return held(who, self._what, holder.how_to_end if holder else "try again in a few seconds.", holder)


def held(who: str, what: str, todo: str, holder: Holder | None) -> AccountHeld:
    """Return the refusal of a second engine."""
    return AccountHeld(
        f"Another radtui {who} already holds {what}. Two engines would double its orders and fight over its "
        "stops, so this one does not start; positions and stops are untouched. "
        f"To take over, end the first one: {todo}",
        holder,
    )


_HELD: Final[set[AccountLock]] = set()
"""A lock lives as long as its process, also where nobody remembers the object: filelock frees what is collected."""


def private_folder(folder: Path) -> None:
    """Make `folder`, and those above it that are missing, readable by this user only; leave existing ones alone."""
    if not folder.exists():
        private_folder(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)


def _write_private(path: Path, content: bytes) -> None:
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    with suppress(FileNotFoundError):
        draft.unlink()
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    draft.replace(path)
