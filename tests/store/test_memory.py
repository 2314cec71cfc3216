"""The inline twin: durable on the loop, broken and healed at will, and exactly the durable prefix after a crash."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Callable
from decimal import Decimal
from itertools import count
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import radtui
from radtui.core.facts import CycleEnded, Envelope, Executed
from radtui.core.order import Fill, Side
from radtui.store.memory import MemoryJournal
from radtui.store.port import BotState, Journal, JournalFailed

STATE = BotState(desired="running", who="key:alice", since=1, memory=b"core")


def cycle(sequence: int) -> Envelope:
    fact = CycleEnded(number=sequence, ok=True, seconds=0.5)
    return Envelope(sequence=sequence, bot="alpha", at=sequence, who="core", fact=fact)


def kept(journal: MemoryJournal) -> list[int]:
    return [envelope.sequence for envelope in journal.kept]


def test_it_is_a_journal() -> None:
    port: Journal = MemoryJournal()
    assert port.healthy == ""


async def test_what_is_queued_is_durable_one_iteration_later() -> None:
    journal = MemoryJournal()
    assert journal.durable().done()
    journal.keep([cycle(1)])
    promise = journal.durable()
    assert not promise.done()
    assert kept(journal) == []
    await promise
    assert kept(journal) == [1]


async def test_what_nobody_waits_for_becomes_durable_too() -> None:
    journal = MemoryJournal()
    journal.keep([cycle(1)])
    await asyncio.sleep(0)
    assert kept(journal) == [1]


async def test_a_latency_holds_back_what_it_covers() -> None:
    journal = MemoryJournal(latency=iter([0.02, 0.0]).__next__)
    early = asyncio.get_running_loop().time() + 0.02
    journal.keep([cycle(1)])
    await journal.durable()
    assert asyncio.get_running_loop().time() >= early - 1e-3
    journal.keep([cycle(2)])
    await asyncio.sleep(0)
    assert kept(journal) == [1, 2]


def noting(last: int, promised: list[int]) -> Callable[[asyncio.Future[None]], None]:
    return lambda future: None if future.exception() else promised.append(last)


steps = st.lists(st.sampled_from(["keep", "durable", "yield", "fail", "heal"]), max_size=30)


@settings(max_examples=60, deadline=None)
@given(steps)
def test_a_crash_keeps_a_prefix_that_holds_all_that_was_promised(choices: list[str]) -> None:
    promised: list[int] = []
    journal = MemoryJournal()

    async def live() -> None:
        numbers = count(1)
        last = 0
        for choice in choices:
            if choice == "keep":
                journal.keep([cycle(last := next(numbers))])
            elif choice == "durable":
                promise = journal.durable()
                promise.add_done_callback(noting(last, promised))
            elif choice == "yield":
                await asyncio.sleep(0)
            else:
                journal.fail("the disk is full") if choice == "fail" else journal.heal()
        journal.crash()

    asyncio.run(live())
    assert kept(journal) == list(range(1, len(kept(journal)) + 1))
    assert max(promised, default=0) <= len(kept(journal))
    assert journal.reopen().known().sequence == len(kept(journal))


async def test_a_failing_journal_says_so_breaks_promises_and_heals_without_loss() -> None:
    journal = MemoryJournal()
    journal.keep([cycle(1)])
    waiting = journal.durable()
    journal.fail("the disk is full")
    with pytest.raises(JournalFailed, match=r"cannot be written: the disk is full\. No new entries; stops stay"):
        await waiting
    journal.keep([cycle(2)])
    with pytest.raises(JournalFailed):
        await journal.durable()
    assert kept(journal) == []
    journal.heal()
    assert journal.healthy == ""
    await journal.durable()
    assert kept(journal) == [1, 2]


async def test_the_next_run_begins_with_what_was_durable_and_knows_of_the_crash() -> None:
    first = MemoryJournal()
    first.keep([cycle(1)])
    first.keep_state(STATE)
    first.keep_paper("seed:7", b"venue", [])
    await first.durable()
    first.keep([cycle(2)])
    second = first.reopen()
    assert (second.known().sequence, second.known().clean, second.known().state) == (1, False, STATE)
    paper = second.paper()
    assert paper is not None
    assert paper.source == "seed:7"
    first.keep([cycle(3)])
    second.forget_paper()
    second.close(clean=True)
    third = second.reopen()
    assert (third.known().sequence, third.known().clean, third.paper()) == (1, True, None)


async def test_a_crash_leaves_waiters_waiting_and_an_end_refuses_them() -> None:
    journal = MemoryJournal()
    journal.keep([cycle(1)])
    promise = journal.durable()
    journal.crash()
    await asyncio.sleep(0)
    assert not promise.done()
    ended = MemoryJournal()
    ended.close(clean=True)
    with pytest.raises(JournalFailed, match="closed"):
        await ended.durable()


def test_an_end_while_writing_fails_is_no_clean_one() -> None:
    journal = MemoryJournal()
    journal.keep([cycle(1)])
    journal.fail("the disk is full")
    journal.close(clean=True)
    reopened = journal.reopen()
    assert (reopened.known().clean, reopened.known().sequence) == (False, 0)


def test_a_commit_that_its_loop_did_not_live_to_see_is_made_in_the_next() -> None:
    journal = MemoryJournal(latency=iter([60.0, 0.0]).__next__)

    async def queue() -> None:
        journal.keep([cycle(1)])

    async def wait() -> None:
        await journal.durable()

    asyncio.run(queue())
    assert kept(journal) == []
    asyncio.run(wait())
    assert kept(journal) == [1]


def test_its_beat_is_its_clocks() -> None:
    class Stopped:
        def now(self) -> int:
            return 5

        def monotonic(self) -> int:
            return 77

        def wall(self) -> int:
            return 5

    assert MemoryJournal(clock=Stopped()).beat == 77


def test_virtual_time_does_not_pay_for_a_database() -> None:
    script = "import sys, radtui.store.memory; print({'sqlalchemy', 'sqlite3'} & set(sys.modules))"
    environment = {**os.environ, "PYTHONPATH": str(Path(radtui.__file__).parents[1])}
    run = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True)
    assert run.stdout == "set()\n"


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


def test_both_accounts_fills_are_known_after_a_new_account_began() -> None:
    journal = MemoryJournal()
    for price in (60_000, 70_000):
        journal.keep([executed(price, "1", price, price)])
        journal.forget_paper()
        journal.close(clean=True)
        journal = journal.reopen()
    assert [each.fill.price for each in journal.known().fills] == [60_000, 70_000]


async def test_who_left_before_it_was_durable_or_failed_is_not_told() -> None:
    journal = MemoryJournal()
    for broken in (False, True):
        journal.keep([cycle(1)])
        promise, other = journal.durable(), journal.durable()
        promise.cancel()
        if broken:
            journal.fail("the disk is full")
        await asyncio.wait([other])
        assert promise.cancelled()
        assert isinstance(other.exception(), JournalFailed) is broken


def test_a_second_end_changes_nothing() -> None:
    journal = MemoryJournal()
    journal.close(clean=False)
    journal.close(clean=True)
    assert not journal.reopen().known().clean
