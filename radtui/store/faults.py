"""What can be wrong with a journal file, in words: what it means for the money and what to do."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Final

_UNTOUCHED: Final = "Orders, positions and stops on the exchange are untouched; nothing was started."
_DAMAGED: Final = "it is damaged"
_PLAIN: Final = {
    "SQLITE_FULL": "the disk is full",
    "SQLITE_READONLY": "it may only be read",
    "SQLITE_CANTOPEN": "it cannot be opened",
    "SQLITE_BUSY": "another program holds it",
    "SQLITE_CORRUPT": _DAMAGED,
    "SQLITE_NOTADB": "it is not a database",
    "SQLITE_IOERR": "the disk does not answer properly",
}
_CURE: Final = {
    "SQLITE_FULL": "Free space in {folder}",
    "SQLITE_READONLY": "Make {path} and its folder writable for this user",
    "SQLITE_CANTOPEN": "Make {folder} writable for this user",
    "SQLITE_BUSY": "End the other program that has {path} open",
    "SQLITE_CORRUPT": "Shut down, move {path} aside and start again",
    "SQLITE_IOERR": "Check the disk under {folder} (see the kernel's log)",
}
_DAMAGE: Final = frozenset({"SQLITE_CORRUPT", "SQLITE_NOTADB", "SQLITE_ERROR", ""})


class JournalBroken(Exception):
    """The journal cannot be opened. The message says why, what it means for the money and what to do."""


class BackupRefused(Exception):
    """A backup cannot be taken or restored. The message says why."""


def damaged(path: Path, why: str) -> JournalBroken:
    """Return the refusal of a file that is no whole journal."""
    aside = f"{path.name}.corrupt-{datetime.now(UTC):%Y%m%d}"
    return JournalBroken(
        f"The journal {path} is damaged: {why}. {_UNTOUCHED} "
        f"Restore a backup, or move {path.name} (with {path.name}-wal and {path.name}-shm, where there) aside, "
        f"for example to {aside}, and start again: the exchange is then asked what is open."
    )


def foreign(path: Path) -> JournalBroken:
    """Return the refusal of a database that somebody else made."""
    return JournalBroken(
        f"{path} is a database, but not a journal of radtui; nothing in it was changed. {_UNTOUCHED} "
        "Choose another file."
    )


def newer(path: Path, revision: str, head: str) -> JournalBroken:
    """Return the refusal of a journal that a newer radtui wrote."""
    return JournalBroken(
        f"The journal {path} was written by a newer radtui (schema {revision}, this one knows {head}). {_UNTOUCHED} "
        "Start the newer radtui, or choose another journal file."
    )


def outdated(version: str, needed: str) -> JournalBroken:
    """Return the refusal of a Python whose SQLite is too old."""
    return JournalBroken(
        f"This Python brings SQLite {version}, and the journal needs {needed} or newer. {_UNTOUCHED} "
        "Start radtui with another Python."
    )


def unsupported(url: str) -> JournalBroken:
    """Return the refusal of an address that is no file; `url` is its scheme, for an address can hold a password."""
    return JournalBroken(f"A journal cannot be kept at {url}: give a file name or sqlite:///FILE. {_UNTOUCHED}")


def unusable(path: Path, error: Exception) -> JournalBroken:
    """Return the refusal that `error` calls for, raised while the file was opened or read."""
    why, cure = reason(error), _CURE.get(_code(error), "")
    if not isinstance(error, OSError) and _code(error) in _DAMAGE:
        return damaged(path, "some of its pages are broken" if why == _DAMAGED else why)
    advice = (cure or "Make {folder} a folder that this user may write").format(path=path, folder=path.parent)
    return JournalBroken(
        f"The journal {path} cannot be used: {why}. {_UNTOUCHED} {advice}, or choose another place for it."
    )


def unwritable(path: Path, error: Exception) -> str:
    """Return why a running journal cannot be written, and what to do, for `Journal.healthy`."""
    cure = _CURE.get(_code(error), "See what is wrong with {path}").format(path=path, folder=path.parent)
    return cannot_write(reason(error), cure)


def taken_over(holder: str) -> str:
    """Return what `Journal.healthy` says from the moment on at which another engine was seen to own the journal."""
    return (
        f"Another engine took this journal over ({holder}). No new entries here, and nothing more is kept; stops stay "
        "on the exchange. Shut this engine down: two of them would fight over one account."
    )


def cannot_write(why: str, cure: str) -> str:
    """Return what `Journal.healthy` says while nothing can be written."""
    return (
        f"The journal cannot be written: {why}. No new entries; stops stay on the exchange. "
        f"{cure}, then writing goes on by itself and nothing queued is lost."
    )


def reason(error: Exception) -> str:
    """Return what is behind `error`, in a few words."""
    if isinstance(error, OSError):
        return error.strerror or str(error)
    origin = getattr(error, "orig", None) or error
    return _PLAIN.get(_code(error)) or (str(origin).splitlines() or [type(origin).__name__])[0].rstrip(".")


def _code(error: Exception) -> str:
    """Return SQLite's primary code, for example ``SQLITE_FULL``; empty where the error is not the database's."""
    name = str(getattr(getattr(error, "orig", error), "sqlite_errorname", None) or "")
    return next((known for known in _PLAIN if name.startswith(known)), name)
