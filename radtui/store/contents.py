"""What a journal file holds, counted: a copy is whole where it holds the same (row O5)."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

import msgspec

from radtui.store.faults import BackupRefused, reason
from radtui.store.schema import BOT_STATE, HEAD, LEASE, META, PAPER_STATE, REVISION, TABLE_OF

_PASSING: Final = {LEASE.name, META.name, REVISION.name}
"""Tables that are not what the journal is kept for."""
PAPER: Final = "paper paper"
"""The simulated account, which lives in its journal: that shows also where no engine said so."""
_TABLES: Final = "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"


class Contents(msgspec.Struct, frozen=True, kw_only=True):
    """What a journal holds.

    Attributes:
        revision: of its schema.
        sequence: the highest ever kept.
        newest: when the latest fact was, nanoseconds UTC; 0 where there is none.
        bot: whose fact that is; empty where there is none.
        account: where it trades, see `radtui.store.port.BotState`; empty where no engine said so.
        rows: how many each table has.
    """

    revision: str
    sequence: int
    newest: int
    bot: str
    account: str
    rows: dict[str, int]


@contextmanager
def snapshot_of(file: Path) -> Iterator[sqlite3.Connection]:
    """Read the journal `file` as it is now, also while an engine writes it; nothing in it is changed.

    Raises:
        BackupRefused: it is not there, or cannot be read.
    """
    try:
        there = file.is_file()
    except OSError as error:
        raise BackupRefused(f"{file} cannot be read: {reason(error)}.") from error
    if not there:
        raise BackupRefused(f"There is no file {file}.")
    # Without a log beside it there is nothing to recover, and it may lie where nothing can be written.
    how = "mode=ro&immutable=1" if _alone(file) else "mode=ro"
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?{how}", uri=True)) as connection:
            connection.isolation_level = None
            connection.execute("BEGIN")
            connection.execute(_TABLES).fetchone()  # only the first reading fixes the moment
            yield connection
    except sqlite3.Error as error:
        raise BackupRefused(f"{file} cannot be read: {reason(error)}.") from error


def contents_of(connection: sqlite3.Connection, file: Path) -> Contents:
    """Return what the journal `file` holds.

    Raises:
        BackupRefused: it is no journal, or a newer radtui's.
    """
    tables = [name for (name,) in connection.execute(_TABLES)]
    if REVISION.name not in tables or META.name not in tables:
        raise BackupRefused(f"{file} is not a journal of radtui.")
    [(revision,)] = connection.execute(f"SELECT version_num FROM {REVISION.name}")  # noqa: S608 - our own words
    if revision != HEAD and not _known(revision):
        raise BackupRefused(
            f"{file} was written by a newer radtui (schema {revision}, this one knows {HEAD}): use that one."
        )
    [(sequence,)] = connection.execute("SELECT sequence FROM meta")
    kept = [name for name in tables if name not in _PASSING]
    facts = [_newest(connection, table.name) for table in TABLE_OF.values() if table.name in kept]
    newest, bot = max(facts, default=(0, ""))
    return Contents(
        revision=revision,
        sequence=sequence,
        newest=newest,
        bot=bot,
        account=_account(connection),
        rows={name: _one(connection, f"SELECT count(*) FROM {name}") for name in kept},  # noqa: S608
    )


def check_whole(connection: sqlite3.Connection, file: Path) -> None:
    """Look at every page of `file`.

    Raises:
        BackupRefused: it is damaged.
    """
    [(page,)] = connection.execute("PRAGMA page_size")
    if _alone(file) and file.stat().st_size % page:  # SQLite fills a part of a page up with zeros
        raise BackupRefused(f"{file} is damaged: its end is missing.")
    [(found,), *_] = connection.execute("PRAGMA integrity_check")
    if found != "ok":
        raise BackupRefused(f"{file} is damaged: {found.splitlines()[-1]}.")


def _alone(file: Path) -> bool:
    return not file.with_name(f"{file.name}-wal").exists()


def _known(revision: str) -> bool:
    from radtui.store.migrations import knows

    return knows(revision)


def _newest(connection: sqlite3.Connection, table: str) -> tuple[int, str]:
    row = connection.execute(f"SELECT at, bot FROM {table} ORDER BY sequence DESC LIMIT 1").fetchone()  # noqa: S608
    return (int(row[0]), str(row[1])) if row else (0, "")


def _account(connection: sqlite3.Connection) -> str:
    said = connection.execute(f"SELECT json_extract(body, '$.account') FROM {BOT_STATE.name}").fetchone()  # noqa: S608
    if said and said[0]:
        return str(said[0])
    return PAPER if _one(connection, f"SELECT count(*) FROM {PAPER_STATE.name}") else ""  # noqa: S608


def _one(connection: sqlite3.Connection, statement: str) -> int:
    row = connection.execute(statement).fetchone()
    return int(row[0]) if row else 0
