"""What the flight recorder costs: an event on the engine's loop, core's whole state, and the disk."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from time import perf_counter_ns
from typing import Final

import pytest

from radtui.core.config import CoreConfig
from radtui.core.core import Core
from radtui.core.events import Event, PriceMoved
from radtui.engine.tap import Tap
from radtui.store.checkpoint import take
from radtui.store.masking import OPEN
from radtui.store.recorder import SEGMENT, Segments, ThreadRecorder
from radtui.store.shelf import FolderShelf, MemoryShelf
from radtui.store.spool import Spool
from tests.core.makers import NOW, XBT
from tests.store.recordings import story

Rounds = Callable[[Callable[[], object], int], None]
TURN: Final = 30.0
"""Nanoseconds of a turn of the bare loop where the budgets were set."""
BUDGET: Final = 2_000 / TURN
LIMIT: Final = 1.5 * BUDGET
"""A loop and a writer on two busy cores disturb each other; alone it is a third of the budget."""
PRICES: Final = 2_000
STATE_BUDGET: Final = 5_000_000 / TURN
"""A state is taken once in a segment, that is once in an hour or in half a million prices."""
CONFIG: Final = CoreConfig(bot="t", boot=NOW)


def prices() -> list[Event]:
    return [PriceMoved(NOW + n, XBT.symbol, Decimal(60_000 + n % 7), NOW + n) for n in range(PRICES)]


def nanoseconds(events: list[Event], take_one: Callable[[Event], object]) -> int:
    began = perf_counter_ns()
    for event in events:
        take_one(event)
    return perf_counter_ns() - began


def turn(events: list[Event]) -> float:
    stored: dict[int, Event] = {}
    began = perf_counter_ns()
    for event in events:
        stored[0] = event
    return (perf_counter_ns() - began) / len(events)


def test_a_price_on_record_costs_at_most_two_microseconds(
    rounds: Rounds, capsys: pytest.CaptureFixture[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    shelf = FolderShelf(tmp_path_factory.mktemp("recorded"), NOW, bound=200_000_000, days=7)
    recorder = ThreadRecorder(shelf, OPEN)
    taped, bare_core = Tap(Core(CONFIG), recorder, lambda *_: None), Core(CONFIG)
    told = prices()
    costs: list[tuple[float, float, float]] = []
    rounds(
        lambda: costs.append(
            (nanoseconds(told, taped.handle) / PRICES, nanoseconds(told, bare_core.handle) / PRICES, turn(told))
        ),
        60,
    )
    taped.close()
    with_it, without, bare = (min(column) for column in zip(*costs, strict=True))
    added = with_it - without
    with capsys.disabled():
        print(f"\nrecorder: a price costs {added / 1000:.2f} µs more = {added / bare:.0f} turns, budget {BUDGET:.0f}")
    assert added / bare <= LIMIT


def test_cores_whole_state_is_taken_in_milliseconds(rounds: Rounds, capsys: pytest.CaptureFixture[str]) -> None:
    core, told = Core(CONFIG), prices()
    for event in story(2_000):
        core.handle(event)
    costs: list[tuple[float, float]] = []
    rounds(lambda: costs.append((nanoseconds(told[:1], lambda _: take(core)), turn(told))), 30)
    cost, bare = (min(column) for column in zip(*costs, strict=True))
    with capsys.disabled():
        print(f"\nrecorder: core's state {cost / 1e6:.2f} ms, {len(take(core)):,} bytes")
    assert cost / bare <= STATE_BUDGET


def test_a_price_takes_few_bytes_on_the_disk(capsys: pytest.CaptureFixture[str]) -> None:
    spool, shelf, count = Spool(CONFIG, lambda: b""), MemoryShelf(), 20_000
    segments = Segments(shelf, OPEN, SEGMENT)
    for number in range(count):
        at = NOW + number * 23_456_789 + number % 13 * 1_234_567
        spool.note(PriceMoved(at, XBT.symbol, Decimal(600_000 + number * 7 % 19) / 10, at - number % 7 * 999_983), [])
        if number % 20 == 0:
            segments.write(spool)
    segments.write(spool)
    size = sum(map(len, shelf.segments)) / count
    with capsys.disabled():
        print(f"\nrecorder: {size:.1f} bytes a price, written twice a second at forty prices a second")
    assert size < 40
