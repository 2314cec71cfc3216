"""Opening: private files, one revision, and a refusal for people where something is wrong; never a traceback."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import radtui
from radtui.core.facts import CycleEnded, Envelope
from radtui.resilience.clock import SystemClock
from radtui.store.faults import JournalBroken
from radtui.store.lease import Lease
from radtui.store.opening import engine_of, open_journal, path_of, transaction
from radtui.store.port import Known
from radtui.store.reading import history
from radtui.store.schema import CYCLES
from radtui.store.writer import SqlJournal

ROWS = 40
ROOT = str(Path(radtui.__file__).parents[1])


def opened(file: Path) -> Known:
    """Open a journal as a process does that dies at once."""
    clock = SystemClock()
    return open_journal(engine_of(file), file, at=1, lease=Lease("the journal", clock))


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_files_and_folders_are_the_users_alone(file: Path, journal: SqlJournal, written: Callable[..., None]) -> None:
    journal.forget_paper()
    written(journal)
    assert mode_of(file.parent) == 0o700
    names = {path.name: mode_of(path) for path in file.parent.iterdir()}
    assert set(names.values()) == {0o600}
    assert {file.name, f"{file.name}-wal", f"{file.name}.lock"} <= set(names)


def test_an_open_file_becomes_private_and_its_folder_is_left_alone(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    file = tmp_path / "journal.db"
    file.touch(0o644)
    opened(file)
    assert (mode_of(file), mode_of(tmp_path)) == (0o600, 0o755)


def test_a_run_that_was_not_ended_is_known_as_a_crash(file: Path) -> None:
    assert opened(file).clean
    assert not opened(file).clean


def test_every_transaction_is_durable(file: Path) -> None:
    opened(file)
    with engine_of(file).connect() as connection:
        pragmas = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 5000}


@pytest.mark.parametrize("where", ["/a/b.db", "sqlite:////a/b.db", "sqlite+pysqlite:////a/b.db", Path("/a/b.db")])
def test_a_path_and_a_url_name_the_same_file(where: str | Path) -> None:
    assert path_of(where) == Path("/a/b.db")


@pytest.mark.parametrize("where", ["postgresql://bob:hunter2@host/db", "sqlite://", "sqlite:///:memory:", "://hunter2"])
def test_what_is_no_file_is_refused_without_its_password(where: str) -> None:
    with pytest.raises(JournalBroken, match="give a file name") as refusal:
        path_of(where)
    assert "hunter2" not in str(refusal.value)


def test_a_newer_journal_is_refused_and_left_as_it_is(file: Path) -> None:
    opened(file)
    change(file, "UPDATE alembic_version SET version_num = '9999'")
    before = file.read_bytes()
    with pytest.raises(JournalBroken, match=r"newer radtui \(schema 9999"):
        opened(file)
    assert file.read_bytes() == before


def test_somebody_elses_database_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "music.db"
    change(file, "CREATE TABLE songs (name TEXT)")
    with pytest.raises(JournalBroken, match="not a journal of radtui"):
        opened(file)
    with sqlite3.connect(file) as connection:
        tables = connection.execute("SELECT name FROM sqlite_master").fetchall()
    connection.close()
    assert tables == [("songs",)]


def test_an_sqlite_that_is_too_old_is_named(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 26, 0))
    with pytest.raises(JournalBroken, match=r"needs 3\.33\.0 or newer.*another Python"):
        opened(file)


def change(file: Path, statement: str, pragma: str = "PRAGMA encoding") -> None:
    connection = sqlite3.connect(file)
    connection.execute(pragma)
    with connection:
        connection.execute(statement)
    connection.close()


def test_a_file_that_is_no_database_is_refused_with_what_to_do(tmp_path: Path) -> None:
    file = tmp_path / "journal.db"
    file.write_bytes(b"not a database at all, " * 100)
    with pytest.raises(JournalBroken, match="is not a database") as refusal:
        opened(file)
    assert re.search(r"untouched.*aside.*journal\.db\.corrupt-\d{8}.*start again", str(refusal.value))


def test_a_folder_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "state").touch()
    for reach in (opened, SqlJournal):
        with pytest.raises(JournalBroken, match=r"cannot be used: (Not a directory|File exists).*stops.*untouched"):
            reach(tmp_path / "state" / "journal.db")


def test_a_folder_that_may_not_be_written_is_refused() -> None:
    """Nobody may make a folder in /proc, whoever they are: also root is refused."""
    with pytest.raises(JournalBroken, match=r"cannot be used: (Permission denied|No such file)"):
        SqlJournal(Path("/proc/radtui/journal.db"))


def test_another_program_that_holds_the_file_is_named_as_the_reason(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("radtui.store.opening._PRAGMAS", ("journal_mode=WAL", "busy_timeout=10"))
    opened(file)
    holder = sqlite3.connect(file, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(JournalBroken, match="another program holds it"):
        opened(file)
    holder.close()


def test_neither_creating_nor_opening_a_journal_imports_alembic(file: Path) -> None:
    script = "import sys; from radtui.store.writer import SqlJournal; "
    script += "[SqlJournal(sys.argv[1]).close(clean=True) for _ in ('created', 'opened again')]; "
    script += "print('alembic' in sys.modules)"
    run = subprocess.run(
        [sys.executable, "-c", script, file],
        env={**os.environ, "PYTHONPATH": ROOT},
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout == "False\n"


@pytest.fixture(scope="module")
def crashed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as a crash left it: every row still in the log."""
    folder = tmp_path_factory.mktemp("crashed")
    fill(folder, lambda file: [shutil.copy(path, folder) for path in file.parent.glob("journal.db*")])
    assert (folder / "journal.db-wal").stat().st_size > 50_000
    return folder


@pytest.fixture(scope="module")
def ended(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as a clean end left it: every row in the database."""
    folder = tmp_path_factory.mktemp("ended")
    fill(folder / "run", lambda file: None)
    return folder / "run"


def fill(folder: Path, before_close: Callable[[Path], object]) -> None:
    file = folder / "run" / "journal.db" if folder.name.startswith("crashed") else folder / "journal.db"
    journal = SqlJournal(file)
    for number in range(1, ROWS + 1):
        fact = CycleEnded(number=number, ok=True, seconds=1.0, error="x" * 500)
        journal.keep([Envelope(sequence=number, bot="b", at=1, who="w", fact=fact)])
        wait(journal)
    before_close(file)
    journal.close(clean=True)


def wait(journal: SqlJournal) -> None:
    async def durable() -> None:
        await journal.durable()

    asyncio.run(durable())


def prefix_of(folder: Path) -> list[int] | None:
    """Open the journal in `folder` and return the sequences it holds; None where it is refused."""
    file = folder / "journal.db"
    try:
        known = opened(file)
        with transaction(engine_of(file), file) as connection:
            sequences = [envelope.sequence for envelope in history(connection, CYCLES)]
    except JournalBroken:
        return None
    assert known.sequence == len(sequences)
    return sequences


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(share=st.floats(0, 1))
def test_a_torn_log_opens_to_what_was_before_the_tear(crashed: Path, tmp_path: Path, share: float) -> None:
    torn = Path(shutil.copytree(crashed, tmp_path / "torn", dirs_exist_ok=True, ignore=only_database))
    log = torn / "journal.db-wal"
    os.truncate(log, int(share * log.stat().st_size))
    sequences = prefix_of(torn)
    shutil.rmtree(torn)
    assert sequences is None or sequences == list(range(1, len(sequences) + 1))
    assert share < 1 or sequences == list(range(1, ROWS + 1))


def only_database(_folder: str, names: list[str]) -> set[str]:
    return {name for name in names if name not in {"journal.db", "journal.db-wal"}}


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(share=st.floats(0, 1))
def test_a_torn_database_is_whole_or_refused(ended: Path, tmp_path: Path, share: float) -> None:
    torn = Path(shutil.copytree(ended, tmp_path / "torn", dirs_exist_ok=True))
    file = torn / "journal.db"
    size = int(share * file.stat().st_size)
    os.truncate(file, size)
    sequences = prefix_of(torn)
    shutil.rmtree(torn)
    assert sequences is None or size == 0 or sequences == list(range(1, ROWS + 1))


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(share=st.floats(0, 0.99), rot=st.binary(min_size=1, max_size=400))
def test_rot_is_refused_in_words_or_harmless(ended: Path, tmp_path: Path, share: float, rot: bytes) -> None:
    rotten = Path(shutil.copytree(ended, tmp_path / "rotten", dirs_exist_ok=True))
    file = rotten / "journal.db"
    with file.open("r+b") as stream:
        stream.seek(int(share * file.stat().st_size))
        stream.write(rot)
    refused_or_read(file)
    shutil.rmtree(rotten)


def refused_or_read(file: Path) -> None:
    try:
        assert opened(file).sequence >= 0
    except JournalBroken as refusal:
        assert "untouched" in str(refusal)  # noqa: PT017 - both ways are right, a third is not


def test_an_index_that_would_hide_an_open_order_is_refused(tmp_path: Path, full_facts: list[Any]) -> None:
    file = tmp_path / "journal.db"
    SqlJournal(file).close(clean=True)
    change(file, "CREATE TABLE aside AS SELECT * FROM sqlite_master WHERE name = 'ix_orders_state'")
    change(file, "DELETE FROM sqlite_master WHERE name = 'ix_orders_state'", "PRAGMA writable_schema = ON")
    journal = SqlJournal(file)
    journal.keep([Envelope(sequence=n, bot="b", at=1, who="w", fact=fact) for n, fact in enumerate(full_facts, 1)])
    journal.close(clean=True)
    change(file, "INSERT INTO sqlite_master SELECT * FROM aside", "PRAGMA writable_schema = ON")
    with pytest.raises(JournalBroken, match="missing from index ix_orders_state"):
        opened(file)


@pytest.mark.parametrize("size", [1, 99, 100, 511, 512, 4095])
def test_a_database_of_which_only_the_beginning_is_left_is_refused(ended: Path, tmp_path: Path, size: int) -> None:
    file = Path(shutil.copytree(ended, tmp_path / "cut")) / "journal.db"
    os.truncate(file, size)
    with pytest.raises(JournalBroken, match="is damaged"):
        opened(file)


def test_a_database_without_its_last_bytes_is_refused(ended: Path, tmp_path: Path) -> None:
    file = Path(shutil.copytree(ended, tmp_path / "cut")) / "journal.db"
    os.truncate(file, file.stat().st_size - 100)
    with pytest.raises(JournalBroken, match="damaged: its end is missing"):
        opened(file)


def test_a_broken_page_of_orders_is_refused(tmp_path: Path, full_facts: list[Any]) -> None:
    file = tmp_path / "journal.db"
    journal = SqlJournal(file)
    journal.keep([Envelope(sequence=n, bot="b", at=1, who="w", fact=fact) for n, fact in enumerate(full_facts, 1)])
    journal.close(clean=True)
    content = file.read_bytes()
    page = content.rindex(b'"OrderChanged"') // 4096 * 4096
    file.write_bytes(content[:page] + b"\xff" * 8 + content[page + 8 :])
    with pytest.raises(JournalBroken, match="is damaged"):
        opened(file)
