"""A restore changes everything or nothing, and loses nothing of either."""

from __future__ import annotations

import asyncio
import errno
import os
import shutil
import sqlite3
import stat
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

import radtui
from radtui.core.facts import CycleEnded, Envelope
from radtui.core.market import SECOND
from radtui.store.backup import back_up
from radtui.store.faults import BackupRefused
from radtui.store.lock import AccountHeld
from radtui.store.port import BotState
from radtui.store.restore import restore
from radtui.store.writer import SqlJournal

AT = 1_767_225_600 * SECOND
ASIDE = "journal.db.before-20260101T000000Z"


def cycle(sequence: int) -> Envelope:
    fact = CycleEnded(number=sequence, ok=True, seconds=0.5)
    return Envelope(sequence=sequence, bot="alpha", at=sequence * 10, who="core", fact=fact)


def fly(file: Path, first: int, last: int) -> None:
    """Write cycles into a journal and end cleanly."""
    journal = SqlJournal(file)
    journal.keep([cycle(sequence) for sequence in range(first, last + 1)])
    journal.close(clean=True)


def sequences(file: Path) -> list[int]:
    with closing(sqlite3.connect(file)) as connection:
        return [number for (number,) in connection.execute("SELECT sequence FROM cycles ORDER BY sequence")]


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


@pytest.fixture
def backup(file: Path, tmp_path: Path) -> Path:
    """A backup at the 10th cycle of a journal that went on to the 30th."""
    fly(file, 1, 10)
    back_up(file, tmp_path / "backup.db")
    fly(file, 11, 30)
    return tmp_path / "backup.db"


def test_the_journal_is_the_backup_and_the_one_of_before_is_kept(file: Path, backup: Path) -> None:
    kept = backup.read_bytes()
    changed = restore(backup, file, AT)
    assert changed.before is not None
    assert (changed.now.sequence, changed.before.sequence, changed.aside) == (10, 30, file.with_name(ASIDE))
    assert names(file.parent) == {"journal.db", "journal.db.lock", ASIDE}
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert (sequences(file), sequences(file.with_name(ASIDE))) == ([*range(1, 11)], [*range(1, 31)])
    assert backup.read_bytes() == kept
    journal = SqlJournal(file)
    assert (journal.known().sequence, journal.known().clean) == (10, False)
    journal.close(clean=True)


def test_another_bots_journal_is_refused(file: Path, backup: Path) -> None:
    with pytest.raises(BackupRefused, match="is the journal of alpha, not of beta"):
        restore(backup, file, AT, "beta")
    assert (sequences(file), names(file.parent)) == ([*range(1, 31)], {"journal.db", "journal.db.lock"})
    assert restore(backup, file, AT, "alpha").now.bot == "alpha"


@pytest.mark.parametrize("other", ["paper paper", "kucoin paper"])
def test_the_journal_of_another_account_is_refused(file: Path, backup: Path, other: str) -> None:
    journal = SqlJournal(file)
    journal.keep_state(BotState(desired="running", who="a", since=1, memory=b"", account="kucoin live"))
    journal.close(clean=True)
    live = backup.with_name("live.db")
    assert back_up(file, live).account == "kucoin live"
    with pytest.raises(BackupRefused, match=r"KuCoin account with real money, not of a .*give the settings"):
        restore(live, file, AT, "alpha", other)
    assert names(file.parent) == {"journal.db", "journal.db.lock"}
    assert restore(live, file, AT, "alpha", "kucoin live").now.account == "kucoin live"


def test_a_paper_journal_shows_that_it_is_one_also_where_nobody_said_so(file: Path, backup: Path) -> None:
    journal = SqlJournal(file)
    journal.keep_state(BotState(desired="running", who="a", since=1, memory=b""))
    journal.keep_paper("seed:1:XBTUSDTM", b"", ())
    journal.close(clean=True)
    paper = backup.with_name("paper.db")
    assert back_up(file, paper).account == "paper paper"
    with pytest.raises(BackupRefused, match="of a paper account, not of a rehearsal"):
        restore(paper, file, AT, "alpha", "kucoin paper")


def test_a_journal_that_says_no_account_is_taken_for_the_one_asked_for(file: Path, backup: Path) -> None:
    assert restore(backup, file, AT, "alpha", "kucoin live").now.account == ""


def test_a_name_that_no_file_can_have_is_refused(file: Path, backup: Path) -> None:
    with pytest.raises(BackupRefused, match="cannot be read: File name too long"):
        restore(backup.with_name("x" * 300), file, AT)


def test_what_was_set_aside_can_be_put_back(file: Path, backup: Path) -> None:
    restore(backup, file, AT)
    changed = restore(file.with_name(ASIDE), file, AT)
    assert changed.now.sequence == 30
    assert changed.aside == file.with_name(f"{ASIDE}-1")
    assert sequences(file) == [*range(1, 31)]


def test_where_there_was_no_journal_there_is_one_now(tmp_path: Path, backup: Path) -> None:
    file = tmp_path / "new" / "state" / "journal.db"
    changed = restore(backup, file, AT)
    assert (changed.before, changed.aside, changed.now.sequence) == (None, None, 10)
    assert sequences(file) == [*range(1, 11)]


def test_a_crashed_journal_is_set_aside_with_all_that_was_durable(file: Path, backup: Path, tmp_path: Path) -> None:
    journal = SqlJournal(file)
    journal.keep([cycle(31)])
    asyncio.run(durable(journal))
    for suffix in ("", "-wal"):
        shutil.copy(f"{file}{suffix}", tmp_path / f"crashed.db{suffix}")
    journal.close(clean=True)
    crashed = tmp_path / "crashed.db"
    changed = restore(backup, crashed, AT)
    assert changed.before is not None
    assert changed.before.sequence == 31
    assert changed.aside is not None
    assert sequences(changed.aside)[-1] == 31
    assert not crashed.with_name("crashed.db-wal").exists()
    assert sequences(crashed) == [*range(1, 11)]


async def durable(journal: SqlJournal) -> None:
    await journal.durable()


@pytest.mark.parametrize("rest", [b"", b"not a database at all" * 400], ids=["empty", "rot"])
def test_a_journal_that_cannot_be_read_is_set_aside_whole(file: Path, backup: Path, rest: bytes) -> None:
    file.write_bytes(rest)
    file.with_name("journal.db-wal").write_bytes(b"its log")
    changed = restore(backup, file, AT)
    assert changed.before is None
    assert file.with_name(ASIDE).read_bytes() == rest
    if rest:
        assert file.with_name(f"{ASIDE}-wal").read_bytes() == b"its log"
    assert sequences(file) == [*range(1, 11)]


def test_a_log_without_its_journal_does_not_spoil_the_new_one(file: Path, backup: Path) -> None:
    file.unlink()
    file.with_name("journal.db-wal").write_bytes(b"of a journal that is gone")
    assert restore(backup, file, AT).aside is None
    assert sequences(file) == [*range(1, 11)]


def test_a_journal_of_a_newer_radtui_is_only_set_aside(file: Path, backup: Path) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    assert restore(backup, file, AT).before is None
    assert sequences(file.with_name(ASIDE)) == [*range(1, 31)]


def test_an_open_journal_is_not_exchanged(file: Path, backup: Path) -> None:
    journal = SqlJournal(file)
    with pytest.raises(AccountHeld, match=f"pid {os.getpid()}"):
        restore(backup, file, AT)
    journal.close(clean=True)
    assert sequences(file) == [*range(1, 31)]


def test_a_journal_that_another_machine_writes_is_not_exchanged(file: Path, backup: Path) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
        values = (1, "theirs", 7, 0, "radtui run", "7", "beta", "another", time.time_ns())
        connection.execute("INSERT INTO lease VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", values)
    with pytest.raises(AccountHeld, match="on beta"):
        restore(backup, file, time.time_ns())
    assert sequences(file) == [*range(1, 31)]


def test_a_program_that_reads_the_journal_is_waited_out_or_named(
    file: Path, backup: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect = sqlite3.connect
    monkeypatch.setattr("radtui.store.opening._PRAGMAS", ("journal_mode=WAL", "busy_timeout=10"))
    monkeypatch.setattr(sqlite3, "connect", lambda *a, **k: connect(*a, **{**k, "timeout": 0.05}))
    with closing(connect(file, isolation_level=None)) as reader:
        reader.execute("INSERT INTO paper_state VALUES (1, '{}')")
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM cycles").fetchone()
        with pytest.raises(BackupRefused, match=r"Another program has .* open: end it first"):
            restore(backup, file, AT)
        reader.execute("ROLLBACK")
        reader.execute("BEGIN IMMEDIATE")
        with pytest.raises(BackupRefused, match="Another program has"):
            restore(backup, file, AT)
    assert sequences(file) == [*range(1, 31)]
    assert not [name for name in names(file.parent) if ".part" in name or "before" in name]


def test_a_torn_backup_leaves_the_journal_as_it_is(file: Path, backup: Path) -> None:
    os.truncate(backup, backup.stat().st_size // 2)
    with pytest.raises(BackupRefused, match="damaged"):
        restore(backup, file, AT)
    with pytest.raises(BackupRefused, match="There is no file"):
        restore(backup.with_name("none.db"), file, AT)
    assert sequences(file) == [*range(1, 31)]
    assert names(file.parent) == {"journal.db", "journal.db.lock"}


def test_the_journal_is_no_backup_of_itself(file: Path, backup: Path) -> None:
    with pytest.raises(BackupRefused, match="is the journal itself"):
        restore(file, file, AT)


def test_a_folder_that_cannot_be_written_is_refused(backup: Path) -> None:
    with pytest.raises(BackupRefused, match=r"Nothing can be written to /proc/radtui"):
        restore(backup, Path("/proc/radtui/journal.db"), AT)


def test_where_nothing_can_be_set_aside_nothing_changes(
    file: Path, backup: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> None:
        raise OSError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr(os, "link", refused)
    with pytest.raises(BackupRefused, match=f"cannot be moved to {ASIDE}: Operation not permitted"):
        restore(backup, file, AT)
    assert sequences(file) == [*range(1, 31)]


def test_a_disk_that_fails_while_the_log_is_brought_in_changes_nothing(
    file: Path, backup: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect = sqlite3.connect

    def failing(where: Any, **how: Any) -> sqlite3.Connection:
        if where == file:
            raise sqlite3.OperationalError("disk I/O error")
        connection: sqlite3.Connection = connect(where, **how)
        return connection

    monkeypatch.setattr(sqlite3, "connect", failing)
    with pytest.raises(BackupRefused, match="cannot be brought into one file: disk I/O error"):
        restore(backup, file, AT)
    monkeypatch.undo()
    assert sequences(file) == [*range(1, 31)]


KILLED = """
import os, sys
from pathlib import Path
from radtui.store import restore as module

def end(*_):
    os.kill(os.getpid(), 9)

step, backup, file = sys.argv[1:]
where = {"copied": (module, "_settle"), "settled": (module, "_exchange"), "linked": (Path, "replace")}[step]
setattr(*where, end)
module.restore(Path(backup), Path(file), 0)
"""


@pytest.mark.parametrize("step", ["copied", "settled", "linked"])
def test_a_kill_in_the_middle_leaves_a_whole_journal(file: Path, backup: Path, step: str) -> None:
    environment = {**os.environ, "PYTHONPATH": str(Path(radtui.__file__).parents[1])}
    run = subprocess.run([sys.executable, "-c", KILLED, step, backup, file], env=environment, check=False)
    assert run.returncode == -9
    assert sequences(file) == [*range(1, 31)]
    assert restore(backup, file, AT).now.sequence == 10
    assert sequences(file) == [*range(1, 11)]
