"""The journal on disk: what it said is durable is there, whatever ends the process, the disk or the loop."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from decimal import Decimal
from itertools import count
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import Engine, event

import radtui
from radtui.core.account import AccountReport
from radtui.core.facts import CycleEnded, Envelope, EquityRead, Executed
from radtui.core.market import MINUTE, Candle
from radtui.core.order import Fill, Side
from radtui.store.lock import AccountHeld
from radtui.store.opening import engine_of, transaction
from radtui.store.port import BotState, Journal, JournalFailed
from radtui.store.reading import history
from radtui.store.schema import CYCLES
from radtui.store.writer import SqlJournal

STATE = BotState(desired="running", who="key:alice", since=1, memory=b"\x00core")
ACCOUNT = AccountReport(currency="USDT", equity=Decimal(1), wallet=Decimal(1), available=Decimal(1))
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(radtui.__file__).parents[1])}


def cycle(sequence: int, error: str = "") -> Envelope:
    fact = CycleEnded(number=sequence, ok=not error, seconds=0.5, error=error)
    return Envelope(sequence=sequence, bot="alpha", at=sequence, who="core", fact=fact)


def equity(sequence: int) -> Envelope:
    return Envelope(sequence=sequence, bot="alpha", at=sequence, who="core", fact=EquityRead(1, ACCOUNT))


def sequences(file: Path) -> list[int]:
    with transaction(engine_of(file), file) as connection:
        return [envelope.sequence for envelope in history(connection, CYCLES)]


@pytest.fixture
def small_disk() -> Iterator[Callable[[int], None]]:
    """Return a function that sets how many pages a journal may have; 0 is no limit."""
    pages = [0]

    def limit(connection: object, _record: object) -> None:
        connection.execute(f"PRAGMA max_page_count = {pages[0] or 2**30}")  # type: ignore[attr-defined]

    event.listen(Engine, "connect", limit)
    yield lambda number: pages.__setitem__(0, number)
    event.remove(Engine, "connect", limit)


def opened_full(file: Path, small_disk: Callable[[int], None]) -> SqlJournal:
    """Return a journal whose file may not grow: SQLite takes a limit below the present size for that size."""
    SqlJournal(file).close(clean=True)
    small_disk(1)
    return SqlJournal(file, queue_limit=100)


def test_it_is_a_journal(journal: SqlJournal) -> None:
    port: Journal = journal
    assert port.healthy == ""


async def test_what_is_durable_is_on_disk_while_the_run_goes_on(file: Path, journal: SqlJournal) -> None:
    for sequence in range(1, 6):
        journal.keep([cycle(sequence)])
        await journal.durable()
        assert sequences(file) == list(range(1, sequence + 1))


async def test_nothing_queued_is_durable_at_once(journal: SqlJournal) -> None:
    assert journal.durable().done()


def noting(sequence: int, done: list[int]) -> Callable[[asyncio.Future[None]], None]:
    return lambda _: done.append(sequence)


async def test_writes_become_durable_in_their_order(file: Path, journal: SqlJournal) -> None:
    done: list[int] = []
    for sequence in range(1, 301):
        journal.keep([cycle(sequence)])
        journal.durable().add_done_callback(noting(sequence, done))
        if sequence % 50 == 0:
            await asyncio.sleep(0)
    await journal.durable()
    await asyncio.sleep(0)
    assert done == list(range(1, 301))


async def test_state_and_paper_survive_and_a_clean_end_is_known(file: Path) -> None:
    candle = Candle("XBTUSDTM", 0, MINUTE, *[Decimal("0.1")] * 5)
    first = SqlJournal(file)
    assert first.known().clean
    first.keep([cycle(7)])
    first.keep_state(STATE)
    first.keep_paper("seed:7", b"\x00venue", [candle])
    first.close(clean=True)
    second = SqlJournal(file)
    paper = second.paper()
    assert (second.known().sequence, second.known().clean, second.known().state) == (7, True, STATE)
    assert paper is not None
    assert (paper.source, paper.state, paper.candles) == ("seed:7", b"\x00venue", (candle,))
    second.forget_paper()
    second.close(clean=False)
    third = SqlJournal(file)
    assert (third.known().clean, third.paper()) == (False, None)
    third.close(clean=True)


async def test_after_the_end_nothing_is_promised_and_a_second_end_changes_nothing(file: Path) -> None:
    journal = SqlJournal(file)
    journal.close(clean=False)
    journal.close(clean=True)
    journal.keep([cycle(1)])
    with pytest.raises(JournalFailed, match="closed"):
        await journal.durable()
    reopened = SqlJournal(file)
    assert (reopened.known().clean, reopened.known().sequence) == (False, 0)
    reopened.close(clean=True)


async def test_a_full_disk_stops_promises_in_words_and_heals_by_itself(
    file: Path, small_disk: Callable[[int], None]
) -> None:
    journal = opened_full(file, small_disk)
    journal.keep([cycle(2, "x" * 500_000)])
    with pytest.raises(JournalFailed, match="the disk is full"):
        await journal.durable()
    assert journal.healthy.startswith("The journal cannot be written: the disk is full. No new entries; stops stay")
    assert f"Free space in {file.parent}, then writing goes on by itself" in journal.healthy
    journal.keep([cycle(3)])
    with pytest.raises(JournalFailed, match="disk is full"):
        await journal.durable()
    small_disk(0)
    await until(lambda: not journal.healthy)
    await journal.durable()
    assert sequences(file) == [2, 3]
    journal.close(clean=True)


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110 - the writer heals in its own thread and announces nothing
            await asyncio.sleep(0.02)


async def test_while_the_disk_is_full_only_what_can_be_missed_is_dropped_and_told(
    file: Path, small_disk: Callable[[int], None]
) -> None:
    journal = opened_full(file, small_disk)
    journal.keep([cycle(1, "x" * 500_000)])
    await until(lambda: bool(journal.healthy))
    journal.keep([equity(sequence) for sequence in range(2, 202)])
    journal.keep([cycle(sequence) for sequence in range(202, 302)])
    assert journal.dropped == 101
    assert "101 equity and evaluation rows were dropped to keep orders and fills" in journal.healthy
    small_disk(0)
    await until(lambda: not journal.healthy)
    await journal.durable()
    assert sequences(file) == [1, *range(202, 302)]
    journal.close(clean=True)


async def test_an_end_on_a_full_disk_is_bounded_and_no_clean_one(file: Path, small_disk: Callable[[int], None]) -> None:
    journal = opened_full(file, small_disk)
    journal.keep([cycle(1, "x" * 500_000)])
    promise = journal.durable()
    journal.close(clean=True)
    with pytest.raises(JournalFailed):
        await promise
    small_disk(0)
    reopened = SqlJournal(file)
    assert (reopened.known().clean, reopened.known().sequence) == (False, 0)
    reopened.close(clean=True)


async def test_nothing_becomes_durable_after_what_an_end_had_to_lose(
    file: Path, small_disk: Callable[[int], None]
) -> None:
    journal = opened_full(file, small_disk)
    journal.keep([cycle(1, "x" * 500_000)])
    await until(lambda: bool(journal.healthy))
    journal.keep([cycle(2)])
    journal.close(clean=True)
    small_disk(0)
    assert sequences(file) == []


async def test_an_end_waits_no_longer_than_it_was_told(file: Path) -> None:
    journal = SqlJournal(file, close_within=0.1)
    holder = sqlite3.connect(file, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    journal.keep([cycle(1)])
    journal.close(clean=True)
    with pytest.raises(AccountHeld):  # the writer still waits for the disk
        SqlJournal(file)
    holder.close()
    await until(lambda: sequences(file) == [1])


def test_a_loop_that_is_gone_harms_nothing(file: Path, journal: SqlJournal, written: Callable[..., None]) -> None:
    async def leave() -> None:
        for sequence in range(1, 50):
            journal.keep([cycle(sequence)])
            journal.durable()

    asyncio.run(leave())
    written(journal)
    assert (sequences(file), journal.healthy) == (list(range(1, 50)), "")


def test_many_threads_and_loops_may_write_at_once(file: Path, journal: SqlJournal) -> None:
    numbers, lock = count(1), threading.Lock()
    said_durable: list[int] = []

    async def run() -> None:
        for _ in range(40):
            with lock:
                sequence = next(numbers)
            journal.keep([cycle(sequence)])
            await journal.durable()
            said_durable.append(sequence)

    threads = [threading.Thread(target=lambda: asyncio.run(run())) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(said_durable) == sequences(file) == list(range(1, 161))


async def test_the_writer_shows_that_it_lives(journal: SqlJournal) -> None:
    first = journal.beat
    journal.keep([cycle(1)])
    await journal.durable()
    assert journal.beat > first


async def test_a_journal_that_is_out_of_reach_for_a_while_is_said_also_while_nothing_is_written_and_heals(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("radtui.store.opening._PRAGMAS", ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=10"))
    journal = SqlJournal(file)
    holder = sqlite3.connect(file, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    await until(lambda: "another program holds it" in journal.healthy)
    aside = file.with_name("elsewhere.db")
    os.rename(file, aside)  # noqa: PTH104 - pathlib is not for coroutines, says another rule
    os.mkdir(file)  # noqa: PTH102
    await until(lambda: "it cannot be opened" in journal.healthy)
    journal.keep([cycle(1)])
    with pytest.raises(JournalFailed):
        await journal.durable()
    holder.close()
    os.rmdir(file)  # noqa: PTH106
    os.rename(aside, file)  # noqa: PTH104
    await until(lambda: not journal.healthy)
    await journal.durable()
    assert sequences(file) == [1]
    journal.close(clean=True)


def test_a_second_process_is_refused_and_told_who_has_it(file: Path, journal: SqlJournal) -> None:
    script = "import sys; from radtui.store.writer import SqlJournal; SqlJournal(sys.argv[1])"
    run = subprocess.run(
        [sys.executable, "-c", script, file], env=ENVIRONMENT, capture_output=True, text=True, check=False
    )
    assert run.returncode == 1
    assert f"(pid {os.getpid()}," in run.stderr
    with pytest.raises(AccountHeld, match="already holds the journal"):
        SqlJournal(file)


WRITE_FOR_EVER = """
import asyncio, sys
from radtui.core.facts import CycleEnded, Envelope
from radtui.store.writer import SqlJournal

journal = SqlJournal(sys.argv[1])
last = [journal.known().sequence]

async def write():
    while True:
        last[0] += 1
        number = last[0]
        fact = CycleEnded(number=number, ok=True, seconds=1.0)
        journal.keep([Envelope(sequence=number, bot="b", at=1, who="w", fact=fact)])
        await journal.durable()
        print(number, flush=True)

async def main():
    await asyncio.gather(*(write() for _ in range(10)))

asyncio.run(main())
"""


def killed(file: Path, lines: int, pause: float) -> set[int]:
    """Let a process write, kill it some time after so many promises, and return all that it was promised."""
    process = subprocess.Popen(
        [sys.executable, "-c", WRITE_FOR_EVER, file], env=ENVIRONMENT, stdout=subprocess.PIPE, text=True
    )
    with process:
        assert process.stdout is not None
        said = [process.stdout.readline() for _ in range(lines)]
        time.sleep(pause)  # at any moment of a commit, not only just after one
        process.send_signal(signal.SIGKILL)
        rest = process.stdout.readlines()  # not communicate(): it knows nothing of what readline() took in already
    return {int(line) for line in (*said, *rest) if line.endswith("\n")}


def test_all_that_was_durable_outlives_every_kill(file: Path) -> None:
    random, promised = Random(7), set[int]()
    for _ in range(8):
        promised |= killed(file, random.randrange(1, 400), random.uniform(0, 0.003))
        kept = sequences(file)
        assert promised <= set(kept)
        assert kept == list(range(1, len(kept) + 1))
    journal = SqlJournal(file)
    assert (journal.known().sequence, journal.known().clean) == (kept[-1], False)
    assert journal.known().taken_from == ""
    journal.close(clean=True)


async def test_a_log_that_is_cut_anywhere_keeps_all_that_was_promised_before(file: Path, tmp_path: Path) -> None:
    """What a power failure may take is what was written after the last promise: everything before was synced."""
    journal, log = SqlJournal(file), file.with_name(f"{file.name}-wal")
    promised: list[tuple[int, int]] = []
    for sequence in range(1, 13):
        journal.keep([cycle(sequence, "x" * 700 * (sequence % 3))])
        await journal.durable()
        promised.append((sequence, log.stat().st_size))
    cuts = sorted({cut for _, size in promised for cut in (size - 4096, size - 1, size, size + 1)})
    for cut in (each for each in cuts if promised[0][1] <= each <= promised[-1][1]):
        copy = tmp_path / f"cut-{cut}.db"
        shutil.copy(file, copy)
        shutil.copy(log, f"{copy}-wal")
        os.truncate(f"{copy}-wal", cut)
        kept = sequences(copy)
        assert kept == list(range(1, len(kept) + 1))
        assert len(kept) == max(sequence for sequence, size in promised if size <= cut)
    journal.close(clean=True)


def executed(sequence: int, trade_id: str, price: int, at: int) -> Envelope:
    fill = Fill(
        trade_id=trade_id,
        order_id="1",
        client_id=f"alpha-{at}-1",
        symbol="XBTUSDTM",
        side=Side.BUY,
        lots=1,
        price=Decimal(price),
        fee=Decimal(1),
        maker=False,
        at=at,
    )
    return Envelope(sequence=sequence, bot="alpha", at=sequence, who="core", fact=Executed(fill))


def test_both_accounts_fills_are_known_after_a_new_account_began(file: Path) -> None:
    for price in (60_000, 70_000):
        journal = SqlJournal(file)
        journal.keep([executed(price, "1", price, price)])
        journal.forget_paper()
        journal.close(clean=True)
    journal = SqlJournal(file)
    assert [each.fill.price for each in journal.known().fills] == [60_000, 70_000]
    journal.close(clean=True)
