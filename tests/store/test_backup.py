"""A backup is one whole private file of one moment, made beside a writer that notices nothing."""

from __future__ import annotations

import asyncio
import errno
import os
import shutil
import sqlite3
import stat
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from radtui.core.facts import CycleEnded, Envelope, OrderChanged
from radtui.store import backup as module
from radtui.store.backup import back_up
from radtui.store.batch import json_of
from radtui.store.contents import Contents, contents_of, snapshot_of
from radtui.store.faults import BackupRefused
from radtui.store.schema import HEAD
from radtui.store.writer import SqlJournal


def cycle(sequence: int) -> Envelope:
    fact = CycleEnded(number=sequence, ok=True, seconds=0.5, error="x" * 300)
    return Envelope(sequence=sequence, bot="alpha", at=sequence * 10, who="core", fact=fact)


def contents(file: Path) -> Contents:
    with snapshot_of(file) as connection:
        return contents_of(connection, file)


def sequences(file: Path) -> list[int]:
    with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)) as connection:
        return [number for (number,) in connection.execute("SELECT sequence FROM cycles ORDER BY sequence")]


def change(file: Path, statement: str) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute(statement)


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "kept" / "alpha backup?#1.db"


@pytest.fixture(autouse=True)
def _folder(target: Path) -> None:
    target.parent.mkdir()


@pytest.fixture
def flown(file: Path) -> Iterator[Path]:
    """A journal with 40 cycles that is still open: all of them in the log."""
    journal = SqlJournal(file)
    journal.keep([cycle(sequence) for sequence in range(1, 41)])
    asyncio.run(durable(journal))
    yield file
    journal.close(clean=True)


async def durable(journal: SqlJournal) -> None:
    await journal.durable()


def test_it_holds_all_that_was_durable_and_stands_alone(flown: Path, target: Path) -> None:
    kept = back_up(flown, target)
    assert (kept.revision, kept.sequence, kept.newest, kept.rows["cycles"]) == (HEAD, 40, 400, 40)
    assert sequences(target) == list(range(1, 41))
    assert [path.name for path in target.parent.iterdir()] == [target.name]
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    with closing(sqlite3.connect(target)) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("delete",)
        assert connection.execute("SELECT count(*) FROM lease").fetchone() == (0,)
        assert connection.execute("SELECT clean FROM meta").fetchone() == (0,)


def test_every_kind_of_row_is_in_it(file: Path, target: Path, full_facts: list[Any], journal: SqlJournal) -> None:
    journal.keep([Envelope(sequence=n, bot="b", at=n, who="w", fact=fact) for n, fact in enumerate(full_facts, 1)])
    asyncio.run(durable(journal))
    kept = back_up(file, target)
    assert kept == contents(file)
    assert sum(kept.rows.values()) == kept.newest == len(full_facts)


def test_an_ended_journal_and_an_empty_one_are_backed_up_too(file: Path, target: Path) -> None:
    SqlJournal(file).close(clean=True)
    assert (back_up(file, target).sequence, contents(target).newest) == (0, 0)
    assert {path.name for path in file.parent.iterdir()} == {"journal.db", "journal.db.lock"}


async def test_a_writer_goes_on_and_the_backup_is_of_one_moment(file: Path, target: Path) -> None:
    journal = SqlJournal(file)
    done = 0
    writing = True

    async def write() -> None:
        nonlocal done
        while writing:
            journal.keep([cycle(done + 1)])
            await journal.durable()
            done += 1

    task = asyncio.create_task(write())
    for _ in range(8):
        before = done
        kept = await asyncio.to_thread(back_up, file, target, replace=True)
        assert before <= kept.sequence <= done + 1
        assert sequences(target) == list(range(1, kept.sequence + 1))
    writing = False
    await task
    assert journal.healthy == ""
    journal.close(clean=True)
    assert sequences(file) == list(range(1, done + 1))


def test_what_is_there_is_only_replaced_when_asked(flown: Path, target: Path) -> None:
    target.write_text("my only other backup")
    with pytest.raises(BackupRefused, match="is there already; give another name, or --force"):
        back_up(flown, target)
    assert target.read_text() == "my only other backup"
    back_up(flown, target, replace=True)
    assert sequences(target) == list(range(1, 41))


@pytest.mark.parametrize("suffix", ["", "-wal", "-shm"])
def test_the_journal_itself_is_never_written_over(flown: Path, target: Path, suffix: str) -> None:
    itself = flown.with_name(f"{flown.name}{suffix}")
    target.symlink_to(itself)
    for name in (itself, target):
        with pytest.raises(BackupRefused, match="belongs to the journal itself"):
            back_up(flown, name, replace=True)
    assert sequences(flown) == list(range(1, 41))


def test_what_is_no_file_is_never_replaced(flown: Path, target: Path) -> None:
    os.mkfifo(target)
    with pytest.raises(BackupRefused, match="is no file, but a device"):
        back_up(flown, target, replace=True)
    assert target.is_fifo()


def test_a_name_may_be_as_long_as_the_system_has_it(flown: Path, target: Path) -> None:
    longest = target.parent / ("x" * 255)
    back_up(flown, longest)
    assert sequences(longest) == list(range(1, 41))


def test_folders_and_what_is_not_there_are_refused(flown: Path, target: Path, tmp_path: Path) -> None:
    with pytest.raises(BackupRefused, match="There is no folder"):
        back_up(flown, tmp_path / "none" / "x.db")
    with pytest.raises(BackupRefused, match="is a folder: give the name of a file"):
        back_up(flown, target.parent, replace=True)
    with pytest.raises(BackupRefused, match="There is no file"):
        back_up(tmp_path / "none.db", target)
    with pytest.raises(BackupRefused, match="cannot be a file's name"):
        back_up(flown, target.parent / ("x" * 300))
    assert list(target.parent.iterdir()) == []


def test_a_full_disk_is_said_and_leaves_what_was_there(
    flown: Path, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    back_up(flown, target)
    before = target.read_bytes()
    connect = sqlite3.connect

    def small(where: Any, **how: Any) -> sqlite3.Connection:
        connection: sqlite3.Connection = connect(where, **how)
        if "uri" not in how:  # the copy is written, all else is read
            connection.execute("PRAGMA max_page_count = 3")
        return connection

    monkeypatch.setattr(sqlite3, "connect", small)
    with pytest.raises(BackupRefused, match=f"Nothing can be written to {target.parent}: the disk is full"):
        back_up(flown, target, replace=True)
    assert target.read_bytes() == before
    assert [path.name for path in target.parent.iterdir()] == [target.name]


def test_a_disk_that_does_not_sync_is_not_believed(flown: Path, target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_descriptor: int) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(os, "fsync", broken)
    with pytest.raises(BackupRefused, match="Input/output error"):
        back_up(flown, target)
    assert list(target.parent.iterdir()) == []


def test_a_copy_that_lost_a_row_is_not_believed(flown: Path, target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = module._write

    def lossy(source: sqlite3.Connection, copy: Path, *, leased: bool) -> None:
        whole(source, copy, leased=leased)
        change(copy, "DELETE FROM cycles WHERE sequence = 7")

    monkeypatch.setattr(module, "_write", lossy)
    with pytest.raises(BackupRefused, match="the disk cannot be trusted"):
        back_up(flown, target)
    assert list(target.parent.iterdir()) == []


def test_a_damaged_journal_gives_no_backup(flown: Path, target: Path, tmp_path: Path) -> None:
    whole = tmp_path / "whole.db"
    back_up(flown, whole)
    content = whole.read_bytes()
    page = content.rindex(b'"CycleEnded"') // 4096 * 4096
    whole.write_bytes(content[:page] + b"\xff" * 8 + content[page + 8 :])
    with pytest.raises(BackupRefused, match=r"is damaged|cannot be read"):
        back_up(whole, target)
    assert list(target.parent.iterdir()) == []


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda file: change(file, "UPDATE alembic_version SET version_num = '9999'"), "by a newer radtui"),
        (lambda file: change(file, "DROP TABLE alembic_version"), "is not a journal of radtui"),
        (lambda file: change(file, "DROP TABLE meta"), "is not a journal of radtui"),
        (lambda file: file.write_bytes(b"music, not trades" * 500), "is not a database"),
        (lambda file: file.write_bytes(b""), "is not a journal of radtui"),
        (lambda file: os.truncate(file, file.stat().st_size - 100), "is damaged"),
        (lambda file: os.truncate(file, 4096 * 5), "is damaged"),
    ],
    ids=["newer", "foreign", "no meta", "no database", "empty", "cut", "half"],
)
def test_what_is_no_whole_journal_is_refused_in_words(
    flown: Path, target: Path, tmp_path: Path, spoil: Callable[[Path], object], said: str
) -> None:
    broken = tmp_path / "broken.db"
    back_up(flown, broken)
    spoil(broken)
    with pytest.raises(BackupRefused, match=said):
        back_up(broken, target)


def test_an_index_that_lost_a_row_is_damage(flown: Path, target: Path, tmp_path: Path, full_facts: list[Any]) -> None:
    broken = tmp_path / "broken.db"
    back_up(flown, broken)
    [body] = [json_of(envelope(fact)) for fact in full_facts if isinstance(fact, OrderChanged)]
    with closing(sqlite3.connect(broken, isolation_level=None)) as connection:
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute("CREATE TABLE aside AS SELECT * FROM sqlite_master WHERE name = 'ix_orders_state'")
        connection.execute("DELETE FROM sqlite_master WHERE name = 'ix_orders_state'")
    with closing(sqlite3.connect(broken, isolation_level=None)) as connection:
        connection.execute("INSERT INTO orders (sequence, body) VALUES (41, ?)", (body,))
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute("INSERT INTO sqlite_master SELECT * FROM aside")
    with pytest.raises(BackupRefused, match=r"is damaged: .* missing from index ix_orders_state"):
        back_up(broken, target)


def envelope(fact: Any) -> Envelope:
    return Envelope(sequence=41, bot="b", at=1, who="w", fact=fact)


def test_a_crashed_journal_is_backed_up_with_what_is_in_its_log(flown: Path, target: Path, tmp_path: Path) -> None:
    for suffix in ("", "-wal"):
        shutil.copy(f"{flown}{suffix}", tmp_path / f"crashed.db{suffix}")
    assert back_up(tmp_path / "crashed.db", target).sequence == 40


def test_an_engine_is_not_needed_to_read_one(flown: Path, target: Path) -> None:
    """A backup on a medium that may only be read is counted without writing anything beside it."""
    back_up(flown, target)
    target.chmod(0o400)
    target.parent.chmod(0o500)
    assert contents(target).sequence == 40
    assert [path.name for path in target.parent.iterdir()] == [target.name]
    target.parent.chmod(0o700)


def test_a_file_whose_name_cannot_be_asked_for_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(BackupRefused, match="cannot be read"), snapshot_of(tmp_path / ("x" * 300)):
        pass
