"""``radtui backup`` and ``radtui restore``, as people call them: what is said, what is refused, what is left behind."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from radtui.core.facts import CycleEnded, Envelope
from radtui.store.lock import AccountLock
from radtui.store.port import BotState
from radtui.store.writer import SqlJournal
from tests.cli.conftest import Run


def fly(journal: Path, first: int, last: int) -> None:
    """Write cycles into a journal and end cleanly."""
    keeper = SqlJournal(journal)
    facts = [CycleEnded(number=number, ok=True, seconds=0.5) for number in range(first, last + 1)]
    keeper.keep([Envelope(sequence=f.number, bot="alpha", at=f.number * 10**9, who="core", fact=f) for f in facts])
    keeper.close(clean=True)


def cycles(file: Path) -> int:
    with closing(sqlite3.connect(file)) as connection:
        return int(connection.execute("SELECT count(*) FROM cycles").fetchone()[0])


@pytest.fixture
def journal(own_folders: Path) -> Path:
    """The journal of the paper bot ``alpha``, which flew 10 cycles."""
    file = own_folders / "there" / "alpha.db"
    fly(file, 1, 10)
    return file


ALPHA = ("--state", "there", "--bot", "alpha")


def test_a_backup_and_a_restore_say_what_they_did(run: Run, journal: Path, own_folders: Path) -> None:
    done = run("backup", "kept.db", *ALPHA)
    assert (done.returncode, done.stderr) == (0, "")
    assert f"backed up {journal}" in done.stdout
    assert "to kept.db: 10 rows up to sequence 10, the latest of 1970-01-01 00:00:10 UTC" in done.stdout
    assert "read back and whole" in done.stdout
    fly(journal, 11, 30)
    done = run("restore", "kept.db", *ALPHA)
    assert (done.returncode, done.stderr) == (0, "")
    assert "it was at 30 rows up to sequence 30" in done.stdout
    assert "next start first asks the exchange what is open" in done.stdout
    [aside] = journal.parent.glob("alpha.db.before-*")
    assert str(aside) in done.stdout
    assert (cycles(journal), cycles(aside), cycles(own_folders / "kept.db")) == (10, 30, 10)


def test_json_is_one_document_each(run: Run, journal: Path) -> None:
    told = json.loads(run("backup", "kept.db", "--json", *ALPHA).stdout)
    assert (told["ok"], told["journal"], told["file"]) == (True, str(journal), "kept.db")
    assert (told["sequence"], told["rows"]["cycles"], told["revision"]) == (10, 10, "0003")
    told = json.loads(run("restore", "kept.db", "--json", *ALPHA).stdout)
    assert (told["ok"], told["now"]["sequence"], told["before"]["sequence"]) == (True, 10, 10)
    assert Path(told["aside"]).exists()


def test_a_file_that_is_there_is_only_replaced_with_force(run: Run, journal: Path) -> None:
    assert run("backup", "kept.db", *ALPHA).returncode == 0
    again = run("backup", "kept.db", *ALPHA)
    assert (again.returncode, again.stdout) == (1, "")
    assert "radtui: no backup was made" in again.stderr
    assert "--force to replace it" in again.stderr
    assert run("backup", "kept.db", "--force", *ALPHA).returncode == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("backup", "kept.db", "--bot", "beta", "--state", "there"), "There is no file"),
        (("backup", "there/alpha.db", "--force", *ALPHA), "belongs to the journal itself"),
        (("backup", "none/kept.db", *ALPHA), "There is no folder none"),
        (("restore", "none.db", *ALPHA), "There is no file none.db"),
        (("restore", "there/alpha.db", *ALPHA), "is the journal itself"),
        (("restore", "notes.txt", *ALPHA), "is not a database"),
    ],
    ids=lambda value: " ".join(value[:2]) if isinstance(value, tuple) else "",
)
def test_what_cannot_be_done_is_refused_in_words(
    run: Run, journal: Path, own_folders: Path, words: tuple[str, ...], said: str
) -> None:
    (own_folders / "notes.txt").write_text("buy low, sell high. " * 500)
    done = run(*words)
    assert (done.returncode, done.stdout) == (1, "")
    assert said in done.stderr
    assert "The journal is as it was" in done.stderr
    assert "Traceback" not in done.stderr
    assert cycles(journal) == 10


def test_a_refusal_is_a_document_too(run: Run, journal: Path) -> None:
    done = run("restore", "none.db", "--json", *ALPHA)
    assert done.returncode == 1
    assert "There is no file" in json.loads(done.stdout)["error"]["means"]


@pytest.mark.parametrize(
    ("kept", "asked", "said"),
    [
        (
            "paper paper",
            ("--exchange", "kucoin", "--kucoin-url", "http://localhost:1"),
            "of a paper account, not of a re",
        ),
        ("paper paper", ("--exchange", "kucoin"), "of a paper account, not of a KuCoin account with real money"),
        ("kucoin paper", (), "of a rehearsal on a simulated KuCoin, not of a paper account"),
        ("kucoin live", (), "real money, not of a paper account"),
        (
            "kucoin live",
            ("--exchange", "kucoin", "--kucoin-url", "http://localhost:1"),
            "real money, not of a rehearsal",
        ),
    ],
)
def test_a_backup_of_another_account_is_refused(
    run: Run, own_folders: Path, kept: str, asked: tuple[str, ...], said: str
) -> None:
    keeper = SqlJournal(own_folders / "kept.db")
    keeper.keep_state(BotState(desired="running", who="a", since=1, memory=b"", account=kept))
    keeper.close(clean=True)
    done = run("restore", "kept.db", *ALPHA, *asked)
    assert (done.returncode, done.stdout) == (1, "")
    assert said in done.stderr
    assert "give the settings that its engine had" in done.stderr
    assert not list((own_folders / "there").glob("*.db"))


def test_what_flies_is_backed_up_and_not_restored(run: Run, journal: Path) -> None:
    lock = AccountLock(journal.parent / "locks" / "paper-alpha.lock", "the paper account of alpha")
    lock.acquire()
    keeper = SqlJournal(journal)
    assert run("backup", "kept.db", *ALPHA).returncode == 0
    refused = run("restore", "kept.db", *ALPHA)
    lock.release()
    assert refused.returncode == 1
    assert "this bot is already flying" in refused.stderr
    refused = run("restore", "kept.db", *ALPHA)
    keeper.close(clean=True)
    assert refused.returncode == 1
    assert "radtui: this journal is in use" in refused.stderr
    assert "already holds the journal" in refused.stderr
    assert cycles(journal) == 10


@pytest.mark.parametrize("words", [("backup",), ("restore",), ("backup", "a", "b")])
def test_one_file_is_wanted(run: Run, words: tuple[str, ...]) -> None:
    done = run(*words)
    assert (done.returncode, done.stdout) == (2, "")
    assert f"radtui {words[0]} --help" in done.stderr
