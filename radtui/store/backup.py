"""A backup of the journal, taken while it is written, and known to be whole before it gets its name (row O5)."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from radtui.store.contents import Contents, check_whole, contents_of, snapshot_of
from radtui.store.faults import BackupRefused, reason
from radtui.store.schema import LEASE

SIDECARS: Final = ("-wal", "-shm", "-journal")
"""What SQLite keeps beside a database."""


def back_up(journal: Path, target: Path, *, replace: bool = False) -> Contents:
    """Copy `journal` to `target` and return what is in it. An engine may go on writing meanwhile.

    The copy is one private file without a lease. It does not say that the last run ended cleanly, for it is never what
    was last.

    Args:
        replace: overwrite a `target` that is there.

    Raises:
        BackupRefused: it cannot be done, or the journal is not whole; a file that was there is as it was.
    """
    try:
        _check_name(journal, target, replace=replace)
    except OSError as error:
        raise BackupRefused(f"{target} cannot be a file's name: {reason(error)}.") from error
    with draft(target) as copy:
        contents = copy_whole(journal, copy)
        copy.replace(target)
        sync_folder(target.parent)
    return contents


def _check_name(journal: Path, target: Path, *, replace: bool) -> None:
    if not target.parent.is_dir():
        raise BackupRefused(f"There is no folder {target.parent}.")
    if target.resolve() in {path.resolve() for path in (journal, *sidecars(journal))}:
        raise BackupRefused(f"{target} belongs to the journal itself: a backup needs a file of its own.")
    if target.is_dir():
        raise BackupRefused(f"{target} is a folder: give the name of a file.")
    if target.exists() and not target.is_file():  # as root even /dev/null could be replaced
        raise BackupRefused(f"{target} is no file, but a device or the like: give the name of a file.")
    if target.exists() and not replace:
        raise BackupRefused(f"{target} is there already; give another name, or --force to replace it.")


def copy_whole(journal: Path, copy: Path) -> Contents:
    """Write one snapshot of `journal` into the new file `copy`, durably, and compare the two.

    Raises:
        BackupRefused: the one cannot be read, or the other not be written; `copy` may be there then.
    """
    with snapshot_of(journal) as source:
        check_whole(source, journal)
        contents = contents_of(source, journal)
        try:
            os.close(os.open(copy, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
            _write(source, copy, leased=_leased(source))
        except (OSError, sqlite3.Error) as error:
            raise BackupRefused(f"Nothing can be written to {copy.parent}: {reason(error)}.") from error
    with snapshot_of(copy) as written:
        check_whole(written, copy)
        if (found := contents_of(written, copy)) != contents:
            raise BackupRefused(f"The copy of {journal} holds {found}, not {contents}: the disk cannot be trusted.")
    return contents


@contextmanager
def draft(target: Path) -> Iterator[Path]:
    """Give the name of a file beside `target`; what is there under that name in the end is removed.

    The name is short: one as long as a system allows, and a part more, would be too long.
    """
    path = target.with_name(f".radtui-{os.getpid()}.part")
    try:
        yield path
    finally:
        for each in (path, *sidecars(path)):
            each.unlink(missing_ok=True)


def sidecars(file: Path) -> tuple[Path, ...]:
    """Return where SQLite keeps what belongs to `file`."""
    return tuple(file.with_name(f"{file.name}{suffix}") for suffix in SIDECARS)


def sync_folder(folder: Path) -> None:
    """Make the names in `folder` durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _leased(source: sqlite3.Connection) -> bool:
    return bool(source.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (LEASE.name,)).fetchone())


def _write(source: sqlite3.Connection, copy: Path, *, leased: bool) -> None:
    with closing(sqlite3.connect(copy)) as connection:
        # One step: it reads one snapshot, and whoever writes beside it waits for nothing.
        source.backup(connection)
        connection.execute("PRAGMA journal_mode = DELETE")  # one file, that can be carried away alone
        connection.execute("PRAGMA synchronous = FULL")
        with connection:
            if leased:
                connection.execute(f"DELETE FROM {LEASE.name}")  # noqa: S608 - our own words
            connection.execute("UPDATE meta SET clean = 0")
    descriptor = os.open(copy, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
