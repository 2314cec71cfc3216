"""Durable commits a second: ours with 50 in flight, against plain SQLite with one row a commit (DESIGN "Speed")."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from itertools import count
from pathlib import Path

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from radtui.core.facts import Envelope, OrderChanged
from radtui.core.order import OrderRequest, OrderType, Side
from radtui.core.orders import Order, OrderState, Purpose
from radtui.store.batch import json_of
from radtui.store.writer import SqlJournal

IN_FLIGHT = 50
ROUNDS = 40
PLAIN_ROWS = 200


def intent(sequence: int) -> Envelope:
    request = OrderRequest(
        client_id=f"alpha-{sequence}", symbol="XBTUSDTM", side=Side.BUY, type=OrderType.LIMIT, lots=10, leverage=3
    )
    order = Order(request=request, purpose=Purpose.ENTRY, state=OrderState.INTENT, why="ema cross", intended_at=1)
    return Envelope(sequence=sequence, bot="alpha", at=sequence, who="core", fact=OrderChanged(order))


def plain_rate(file: Path) -> float:
    """Return commits a second of one row each, written by the driver alone."""
    connection = sqlite3.connect(file)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("CREATE TABLE orders (sequence INTEGER PRIMARY KEY, body TEXT NOT NULL)")
    rows = [(sequence, json_of(intent(sequence))) for sequence in range(PLAIN_ROWS)]
    began = time.perf_counter()
    for row in rows:
        with connection:
            connection.execute("INSERT INTO orders VALUES (?, ?)", row)
    rate = PLAIN_ROWS / (time.perf_counter() - began)
    connection.close()
    return rate


async def commit_many(journal: SqlJournal, numbers: count[int]) -> None:
    async def one() -> None:
        for _ in range(ROUNDS):
            journal.keep([intent(next(numbers))])
            await journal.durable()

    await asyncio.gather(*(one() for _ in range(IN_FLIGHT)))


@pytest.mark.benchmark(group="journal")
def test_durable_commits_with_50_in_flight(
    benchmark: BenchmarkFixture, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    journal, numbers, took = SqlJournal(tmp_path / "journal.db"), count(1), []

    def run() -> None:
        began = time.perf_counter()
        asyncio.run(commit_many(journal, numbers))
        took.append(time.perf_counter() - began)

    benchmark.pedantic(run, rounds=5, warmup_rounds=1)  # type: ignore[no-untyped-call]  # the plugin is not typed
    plain, ours = plain_rate(tmp_path / "plain.db"), IN_FLIGHT * ROUNDS / min(took)
    journal.close(clean=True)
    benchmark.extra_info.update(plain_per_second=round(plain), ours_per_second=round(ours))
    with capsys.disabled():
        print(f"\njournal: {ours:,.0f} durable commits/s, plain SQLite {plain:,.0f}/s, ratio {ours / plain:.1f}")
    assert ours > plain
