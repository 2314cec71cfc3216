"""What a second process brings a search: 200 trials are to be flown at least 1.6 times as fast by two."""

from __future__ import annotations

import os
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Final

import pytest
from msgspec.structs import replace

from radtui.backtest.search.crew import Crew, alone, several, work_off
from radtui.backtest.search.plan import Job
from radtui.backtest.search.segments import cut
from radtui.backtest.search.space import space
from radtui.backtest.source import Source
from radtui.core.market import MINUTE
from tests.backtest.search.studies import WARMUP, csv, plan
from tests.backtest.worlds import START, XBT

TRIALS: Final = 200
ROUNDS: Final = 5
BARS: Final = 3000
AT_LEAST: Final = 1.6


def seconds(job: Job, folder: Path, name: str, crew: Crew) -> float:
    """Return how long a search of its own takes."""
    began = perf_counter()
    work_off(replace(job, storage=str(folder / f"{name}.journal")), TRIALS, crew)
    return perf_counter() - began


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.skipif((os.cpu_count() or 1) < 2, reason="one processor does nothing twice as fast")
def test_two_processes_are_nearly_twice_as_fast_as_one(tmp_path: Path) -> None:
    since = START + WARMUP * MINUTE
    longer = replace(
        plan(tmp_path),
        source=Source(file=str(csv(tmp_path, WARMUP + BARS)), symbol=XBT),
        segments=cut(since, since + BARS * MINUTE, MINUTE, 4),
        knobs=space("fast=3:20,slow=25:90:5"),
    )
    job = Job(plan=longer, storage="")
    gains = [
        seconds(job, tmp_path, f"one{number}", alone) / seconds(job, tmp_path, f"two{number}", several(2))
        for number in range(ROUNDS)
    ]
    print(f"two processes: {', '.join(f'{gain:.2f}' for gain in gains)} times as fast, median {median(gains):.2f}")
    assert median(gains) >= AT_LEAST
