"""The journal's own note of its writer: it refuses a second one, outlives nobody, and never lets two write."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection

import radtui
from radtui.core.facts import CycleEnded, Envelope
from radtui.core.market import SECOND
from radtui.store.lease import EXPIRES_AFTER, RENEWED_EVERY, Lease, LeaseLost
from radtui.store.lock import AccountHeld
from radtui.store.memory import MemoryJournal
from radtui.store.opening import create, engine_of, transaction
from radtui.store.port import Journal, JournalFailed
from radtui.store.reading import history
from radtui.store.schema import CYCLES
from radtui.store.writer import SqlJournal

HOLD = """
import sys
from radtui.store.writer import SqlJournal
SqlJournal(sys.argv[1])
print("held", flush=True)
sys.stdin.read()
"""
ELSEWHERE = {"pid": 1, "host": "beta", "machine": "another", "birth": "7", "how": "radtui run", "since": 0}


def cycle(sequence: int) -> Envelope:
    fact = CycleEnded(number=sequence, ok=True, seconds=0.5)
    return Envelope(sequence=sequence, bot="alpha", at=sequence, who="core", fact=fact)


def rows(file: Path) -> list[dict[str, Any]]:
    with closing(sqlite3.connect(file)) as connection:
        connection.row_factory = sqlite3.Row
        return [dict(row) for row in connection.execute("SELECT * FROM lease")]


def note(file: Path, *, lease: str = "another", **values: Any) -> None:
    """Write a lease into the journal, in the place of what is there."""
    row = {"id": 1, "lease": lease, **ELSEWHERE, "renewed_at": time.time_ns(), **values}
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("DELETE FROM lease")
        connection.execute(f"INSERT INTO lease ({','.join(row)}) VALUES ({','.join('?' * len(row))})", [*row.values()])  # noqa: S608


@pytest.fixture
def ended(file: Path) -> Path:
    """A journal that nobody writes."""
    SqlJournal(file).close(clean=True)
    return file


@pytest.fixture
def other(ended: Path) -> Iterator[subprocess.Popen[str]]:
    """A process that writes the journal."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, ended],
        env={**os.environ, "PYTHONPATH": str(Path(radtui.__file__).parents[1])},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.communicate()


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110 - the writer finds out in its own thread and announces nothing
            await asyncio.sleep(0.02)


@pytest.mark.parametrize("clean", [True, False])
def test_an_open_journal_is_leased_and_an_ended_one_is_not(file: Path, clean: bool) -> None:
    journal = SqlJournal(file)
    [lease] = rows(file)
    assert (lease["pid"], lease["renewed_at"] > 0) == (os.getpid(), True)
    journal.close(clean=clean)
    assert rows(file) == []


def test_where_the_lock_was_got_past_the_lease_refuses_and_names_who_writes(
    ended: Path, other: subprocess.Popen[str]
) -> None:
    ended.with_name(f"{ended.name}.lock").unlink()
    with pytest.raises(AccountHeld) as refusal:
        SqlJournal(ended)
    text = str(refusal.value)
    assert f"(pid {other.pid}, started 20" in text
    assert "last seen 20" in text
    assert f"already holds the journal {ended}" in text
    assert text.endswith(f"`kill -TERM {other.pid}` ends it gracefully; its stops stay on the exchange.")


def test_a_refused_second_one_leaves_the_lock_free(ended: Path) -> None:
    note(ended)
    for _ in range(2):
        with pytest.raises(AccountHeld, match="beta"):
            SqlJournal(ended)
    assert rows(ended)[0]["lease"] == "another"


def test_a_writer_that_was_killed_is_followed_at_once(ended: Path, other: subprocess.Popen[str]) -> None:
    other.kill()
    other.wait()
    assert rows(ended)[0]["pid"] == other.pid
    journal = SqlJournal(ended)
    assert journal.known().taken_from == ""
    journal.close(clean=True)


def test_of_a_writer_on_another_machine_it_is_said_where_it_is_and_how_long_to_wait(ended: Path) -> None:
    note(ended)
    with pytest.raises(AccountHeld, match=r"on beta as `radtui run`, last seen .*`kill -TERM 1` on beta ends it") as no:
        SqlJournal(ended)
    assert str(no.value).endswith("Where it is gone for good, start again in 15 s.")


def test_a_writer_that_was_not_seen_for_long_is_followed_and_named(ended: Path) -> None:
    note(ended, renewed_at=time.time_ns() - EXPIRES_AFTER - SECOND)
    journal = SqlJournal(ended)
    assert journal.known().taken_from.startswith("pid 1, started 1970-01-01 00:00:00 UTC on beta as `radtui run`, last")
    journal.close(clean=True)


def test_clocks_that_disagree_are_told_apart_from_a_writer_that_is_gone(ended: Path) -> None:
    note(ended, renewed_at=time.time_ns() + 120 * SECOND)
    with pytest.raises(AccountHeld, match=r"clock is 1(19|20) s ahead of this machine's: set both right"):
        SqlJournal(ended)


async def test_an_engine_that_was_taken_over_writes_nothing_any_more_and_says_so(file: Path) -> None:
    journal = SqlJournal(file)
    journal.keep([cycle(1)])
    await journal.durable()
    note(file)
    journal.keep([cycle(2)])
    with pytest.raises(
        JournalFailed, match=r"Another engine took this journal over \(pid 1, .* on beta as `radtui run`"
    ):
        await journal.durable()
    assert "No new entries here" in journal.healthy
    assert "stops stay on the exchange. Shut this engine down" in journal.healthy
    with pytest.raises(JournalFailed, match="took this journal over"):
        await journal.durable()
    before = journal.beat
    await until(lambda: journal.beat > before)
    journal.keep([cycle(3)])
    journal.close(clean=True)
    assert [row["lease"] for row in rows(file)] == ["another"]
    with transaction(engine_of(file), file) as connection:
        assert [each.sequence for each in history(connection, CYCLES)] == [1]
        assert connection.exec_driver_sql("SELECT clean FROM meta").scalar() == 0


async def test_it_finds_out_also_while_nothing_is_to_be_written(file: Path, journal: SqlJournal) -> None:
    note(file)
    await until(lambda: "took this journal over" in journal.healthy)


async def test_once_taken_over_it_stays_so_also_when_the_other_one_has_ended(file: Path, journal: SqlJournal) -> None:
    note(file)
    await until(lambda: bool(journal.healthy))
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("DELETE FROM lease")
    await until(lambda: "(it has ended since)" in journal.healthy)


async def test_of_two_that_both_got_in_the_first_one_stops(ended: Path) -> None:
    first = SqlJournal(ended)
    note(ended, renewed_at=0, lease=rows(ended)[0]["lease"])
    ended.with_name(f"{ended.name}.lock").unlink()
    second = SqlJournal(ended)
    both: tuple[Journal, ...] = (first, second)
    for journal in both:
        journal.keep([cycle(1)])
    with pytest.raises(JournalFailed, match=f"pid {os.getpid()}"):
        await first.durable()
    await second.durable()
    assert second.healthy == ""
    first.close(clean=True)
    second.close(clean=True)


class Hand:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.at = 100 * SECOND

    def now(self) -> int:
        return self.at

    def monotonic(self) -> int:
        return self.at

    def wall(self) -> int:
        return self.at


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    with engine_of(tmp_path / "journal.db").connect() as connection:
        with connection.begin():
            create(connection)
        yield connection


def test_it_is_renewed_in_time_and_not_with_every_write(connection: Connection) -> None:
    clock = Hand()
    lease = Lease("the journal", clock)
    with connection.begin():
        assert lease.take(connection) == ""
    seen = []
    for seconds in (0, 1, 4, 5, 6, 11, 3):  # at last the clock is put back
        clock.at = 100 * SECOND + seconds * SECOND
        with connection.begin():
            lease.confirm(connection)
            seen.append(connection.exec_driver_sql("SELECT renewed_at FROM lease").scalar_one() // SECOND - 100)
    assert seen == [0, 0, 0, 5, 5, 11, 3]
    assert 2 * RENEWED_EVERY < EXPIRES_AFTER


def test_what_was_given_back_or_taken_cannot_be_given_back(connection: Connection) -> None:
    first, second = Lease("the journal", Hand()), Lease("the journal", Hand())
    with connection.begin():
        first.take(connection)
        assert second.take(connection) == "", "an earlier life of the same process"
        with pytest.raises(LeaseLost, match=f"taken over by pid {os.getpid()}"):
            first.release(connection)
        second.release(connection)
        with pytest.raises(LeaseLost, match="an engine that has ended since"):
            second.confirm(connection)


async def test_the_twin_in_memory_is_taken_over_in_the_same_way() -> None:
    first = MemoryJournal()
    first.keep([cycle(1)])
    await first.durable()
    second = first.rival()
    assert (second.known().sequence, second.known().clean) == (1, False)
    first.keep([cycle(2)])
    promise = first.durable()
    with pytest.raises(JournalFailed, match="Another engine took this journal over"):
        await promise
    assert "Shut this engine down" in first.healthy
    first.heal()
    first.keep([cycle(3)])
    second.keep([cycle(4)])
    await second.durable()
    assert [each.sequence for each in second.kept] == [1, 4]
    first.close(clean=True)
    assert not second.reopen().known().clean
