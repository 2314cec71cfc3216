"""Plans for the tests: a small file of candles, and a strategy that takes next to no time."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from radtui.backtest.search.legs import Measure
from radtui.backtest.search.plan import Job, Plan, Sampler
from radtui.backtest.search.segments import cut
from radtui.backtest.search.space import space
from radtui.backtest.source import Source
from radtui.core.market import MINUTE, SECOND
from tests.backtest.worlds import START, XBT, terms, walk

WARMUP = 500
BARS = 120


def csv(folder: Path, count: int = WARMUP + BARS, seed: int = 4) -> Path:
    """Write minutes of a random walk."""
    file = folder / "bars.csv"
    lines = [
        f"{datetime.fromtimestamp(row[0] // SECOND, UTC):%Y-%m-%d %H:%M:%S},{','.join(map(str, row[1:]))}"
        for row in walk(count, seed)
    ]
    file.write_text("\n".join(["timestamp,open,high,low,close,volume", *lines]) + "\n")
    return file


def plan(folder: Path, sampler: Sampler = Sampler.RANDOM, **changed: Any) -> Plan:
    """Return a search of a crossover's two lengths through two hours, in three segments."""
    since = START + WARMUP * MINUTE
    flown = terms()
    config = msgspec.structs.replace(flown.config, strategy="ema_cross", symbols=(XBT,))
    told: dict[str, Any] = {
        "strategy": "ema_cross",
        "code": "test",
        "terms": msgspec.structs.replace(flown, config=config, warmup=50),
        "source": Source(file=str(csv(folder)), symbol=XBT),
        "candles": "walk",
        "segments": cut(since, since + BARS * MINUTE, MINUTE, 2),
        "knobs": space("fast=2:9,slow=6:12:2"),
        "sampler": sampler,
        "measure": Measure.PROFIT,
        "seed": 1,
    }
    return Plan(**{**told, **changed})


def job(folder: Path, sampler: Sampler = Sampler.RANDOM, **changed: Any) -> Job:
    """Return it with a study of its own in a file."""
    return Job(plan=plan(folder, sampler, **changed), storage=str(folder / "study.journal"))
