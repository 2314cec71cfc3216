"""Opening a journal file: private, whole, and of the revision this code writes, or a refusal for people."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import msgspec
from sqlalchemy import Connection, Engine, NullPool, create_engine, event, insert, select
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from radtui.store import faults
from radtui.store.ahead import PAGES_AT_MOST
from radtui.store.lease import Lease
from radtui.store.lock import AccountLock, private_folder
from radtui.store.port import Known, PaperMemory
from radtui.store.reading import read_known, read_paper
from radtui.store.schema import BOT_STATE, HEAD, META, METADATA, ORDERS, REVISION
from radtui.store.writing import note

_SQLITE_NEEDED: Final = (3, 33, 0)
"""Computed columns came with 3.31, checking a single table with 3.33."""
_SMALLEST_PAGE: Final = 512
_PRAGMAS: Final = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "busy_timeout=5000",
    "foreign_keys=ON",
    f"wal_autocheckpoint={PAGES_AT_MOST}",
)


def path_of(where: str | Path) -> Path:
    """Return the file that a path or a URL (``sqlite:///FILE``) names.

    Raises:
        JournalBroken: it names no file.
    """
    if isinstance(where, Path) or "://" not in where:
        return Path(where)
    try:
        url = make_url(where)
    except ArgumentError:
        raise faults.unsupported("an address that is none") from None
    if url.get_backend_name() != "sqlite" or not url.database or url.database == ":memory:":
        raise faults.unsupported(url.drivername)
    return Path(url.database)


def named(path: Path) -> str:
    """Return the journal at `path`, for people."""
    return f"the journal {path}"


def lock_of(path: Path) -> AccountLock:
    """Return the lock of the journal at `path`, not yet taken."""
    return AccountLock(path.with_name(f"{path.name}.lock"), named(path))


def engine_of(path: Path) -> Engine:
    """Return an engine whose every connection is durable and whose transactions hold the write lock from the start."""
    engine = create_engine(URL.create("sqlite", database=str(path)), poolclass=NullPool)

    @event.listens_for(engine, "connect")
    def _prepare(connection: sqlite3.Connection, _record: object) -> None:
        # The driver would begin transactions by itself, and not for DDL: migrations would be torn by a crash.
        connection.isolation_level = None
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


@contextmanager
def told(path: Path) -> Iterator[None]:
    """Turn whatever opening or reading the file at `path` raises into a `JournalBroken` for people."""
    try:
        yield
    except (
        SQLAlchemyError,
        sqlite3.Error,
        msgspec.MsgspecError,
        OSError,
        ValueError,
        TypeError,
        ArithmeticError,
    ) as error:
        raise faults.unusable(path, error) from error


@contextmanager
def transaction(engine: Engine, path: Path) -> Iterator[Connection]:
    """Hold one transaction and tell what is wrong in words.

    Raises:
        JournalBroken: see its message.
    """
    with told(path), engine.begin() as connection:
        yield connection


def open_journal(engine: Engine, path: Path, at: int, lease: Lease) -> Known:
    """Create, check or migrate the journal, note that a run has begun at `at`, and return what it knew before.

    Raises:
        AccountHeld: another process writes it.
        JournalBroken: the file is damaged, foreign, from a newer radtui or out of reach, or SQLite is too old.
    """
    if sqlite3.sqlite_version_info < _SQLITE_NEEDED:
        raise faults.outdated(sqlite3.sqlite_version, ".".join(map(str, _SQLITE_NEEDED)))
    with told(path):
        _keep_private(path)
    if 0 < path.stat().st_size < _SMALLEST_PAGE:  # SQLite would take it for an empty file and begin anew
        raise faults.damaged(path, "only its first bytes are left")
    with transaction(engine, path) as connection:
        _bring_to_head(connection, path)
        taken_from = lease.take(connection)
        _check(connection, path)
        known = msgspec.structs.replace(read_known(connection), taken_from=taken_from)
        note(connection, clean=False, at=at)
    return known


def read_paper_at(engine: Engine, path: Path) -> PaperMemory | None:
    """Return the paper venue that is on disk.

    Raises:
        JournalBroken: it cannot be read.
    """
    with transaction(engine, path) as connection:
        return read_paper(connection)


def create(connection: Connection) -> None:
    """Lay out a new journal without alembic, which takes longer to import than all of this."""
    METADATA.create_all(connection)
    connection.execute(insert(REVISION).values(version_num=HEAD))
    note(connection, clean=True, at=0)


def _bring_to_head(connection: Connection, path: Path) -> None:
    tables = _tables(connection)
    if not tables:
        create(connection)
        return
    if REVISION.name not in tables:
        raise faults.foreign(path)
    revision = connection.scalar(select(REVISION.c.version_num))
    if revision != HEAD:
        _migrate(connection, path, revision)


def _migrate(connection: Connection, path: Path, revision: str | None) -> None:
    from radtui.store.migrations import knows, upgrade

    if not knows(revision):
        raise faults.newer(path, str(revision), HEAD)
    upgrade(connection)


def _tables(connection: Connection) -> set[Any]:
    return set(connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'").scalars())


def _check(connection: Connection, path: Path) -> None:
    """Check what a recovery stands on; all of a journal of months would take too long for a bot with positions."""
    for table in (ORDERS, BOT_STATE, META):
        found = connection.exec_driver_sql(f"PRAGMA integrity_check({table.name})").scalar()
        if found != "ok":
            raise faults.damaged(path, str(found).rstrip("."))
    # A crash may leave part of a page, which the log then mends; after a clean end there is no log to mend it.
    page = connection.exec_driver_sql("PRAGMA page_size").scalar_one()
    if path.stat().st_size % page and connection.scalar(select(META.c.clean)):
        raise faults.damaged(path, "its end is missing")


def _keep_private(path: Path) -> None:
    private_folder(path.parent)
    # SQLite would take the umask, and gives its -wal and -shm files the mode of this one.
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        os.fchmod(descriptor, 0o600)
    finally:
        os.close(descriptor)
