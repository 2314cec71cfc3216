"""The log of the journal is moved between commits, and stays bounded where there is no between."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Connection

from radtui.core.facts import CycleEnded, Envelope
from radtui.store.ahead import PAGES_AT_MOST, WriteAhead
from radtui.store.opening import engine_of
from radtui.store.schema import TABLE_OF
from radtui.store.writer import SqlJournal

COMMITS = 100


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "journal.db"


@pytest.fixture
def connection(file: Path) -> Iterator[Connection]:
    with engine_of(file).connect() as opened:
        with opened.begin():
            opened.exec_driver_sql("CREATE TABLE seen (number INTEGER)")
        yield opened


@pytest.fixture
def commit(connection: Connection) -> Callable[[WriteAhead, int], None]:
    def write(ahead: WriteAhead, times: int) -> None:
        for _ in range(times):
            with connection.begin():
                connection.exec_driver_sql("INSERT INTO seen VALUES (1)")
            ahead.grown()

    return write


def in_the_file_alone(file: Path, copy: Path, table: str = "seen") -> int:
    """Return how many rows of a table the file holds without its log."""
    copy.write_bytes(file.read_bytes())
    with closing(sqlite3.connect(copy)) as opened:
        known = opened.execute("SELECT count(*) FROM sqlite_master WHERE name = ?", (table,)).fetchone()[0]
        found = opened.execute(f"SELECT count(*) FROM {table}").fetchone()[0] if known else 0  # noqa: S608  # our own name
    return int(found)


def test_it_is_moved_once_that_is_worth_it_and_not_before(
    file: Path, tmp_path: Path, connection: Connection, commit: Callable[[WriteAhead, int], None]
) -> None:
    ahead = WriteAhead()
    commit(ahead, COMMITS - 1)
    ahead.move(connection)
    assert in_the_file_alone(file, tmp_path / "before.db") == 0
    commit(ahead, 1)
    ahead.move(connection)
    assert in_the_file_alone(file, tmp_path / "after.db") == COMMITS
    commit(ahead, 1)
    ahead.move(connection)
    assert in_the_file_alone(file, tmp_path / "counted anew.db") == COMMITS


def test_a_log_that_cannot_be_moved_harms_no_commit(
    file: Path, connection: Connection, commit: Callable[[WriteAhead, int], None]
) -> None:
    ahead = WriteAhead()
    commit(ahead, COMMITS)
    with connection.begin():  # a checkpoint inside a transaction is refused, as one on a broken disk is
        ahead.move(connection)
    commit(ahead, 1)
    assert connection.exec_driver_sql("SELECT count(*) FROM seen").scalar() == COMMITS + 1


def test_where_nothing_is_ever_idle_sqlite_bounds_it(connection: Connection) -> None:
    assert connection.exec_driver_sql("PRAGMA wal_autocheckpoint").scalar() == PAGES_AT_MOST
    assert PAGES_AT_MOST * 4096 < 20_000_000


def size_of(file: Path) -> int:
    return file.stat().st_size


async def test_the_journal_moves_its_log_while_nobody_waits(file: Path, tmp_path: Path) -> None:
    journal = SqlJournal(file)
    small = size_of(file)

    async def commit(number: int) -> None:
        fact = CycleEnded(number=number, ok=True, seconds=0.5)
        journal.keep([Envelope(sequence=number, bot="alpha", at=number, who="core", fact=fact)])
        await journal.durable()

    for number in range(1, COMMITS + 2):
        await commit(number)
    async with asyncio.timeout(20):
        while size_of(file) == small:  # noqa: ASYNC110 - it is done by the writer's thread, and announced nowhere
            await asyncio.sleep(0.01)
    await commit(COMMITS + 2)  # which comes after all of it
    assert in_the_file_alone(file, tmp_path / "copy.db", TABLE_OF[CycleEnded].name) >= COMMITS
    journal.close(clean=True)
