"""EMA 10/50, always in the market, on the same bars: by radtui, and by backtesting.py. Run as a process of its own."""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from random import Random
from time import process_time
from typing import Any, Final

import numpy as np

MINUTE: Final = 60
START: Final = 1_641_168_000


def write(path: Path, count: int, seed: int = 1, step: float = 0.0008) -> None:
    """Write a seeded walk: open, high, low and close of each minute, in tenths."""
    chance, price = Random(seed), 400_000.0
    bars = np.empty((count, 4), dtype=np.int64)
    for minute in range(count):
        path_ = [price, *(price := price * (1 + chance.gauss(0, step / 3**0.5)) for _ in range(3))]
        bars[minute] = [round(each) for each in (path_[0], max(path_), min(path_), path_[-1])]
    np.save(path, bars)


def ours(path: Path, kind: str) -> dict[str, Any]:
    """Fly it; `kind` names the class."""
    from radtui.backtest.run import run
    from radtui.venue.history import RecordedMarket, Recording
    from tests.backtest import crossing
    from tests.backtest.worlds import XBT

    def rows() -> Iterator[Any]:
        for minute, figures in enumerate(np.load(path, mmap_mode="r")):
            prices = [Decimal(int(each)) / 10 for each in figures]
            yield ((START + minute * MINUTE) * 1_000_000_000, *prices, Decimal(1))

    market = RecordedMarket(Recording("walk", "0" * 12, rows()), (XBT,), 500)
    began = process_time()
    result = run(crossing.terms(), market, getattr(crossing, kind))
    return told(process_time() - began, result.steps, result.sums.total_trades)


def theirs(path: Path) -> dict[str, Any]:
    """Run the same idea in backtesting.py."""
    import pandas as pd
    import talib
    from backtesting import Backtest, Strategy
    from backtesting.lib import crossover

    class Crossing(Strategy):  # type: ignore[misc]  # the library is not typed
        def init(self) -> None:
            self.fast = self.I(talib.EMA, self.data.Close, 10)
            self.slow = self.I(talib.EMA, self.data.Close, 50)

        def next(self) -> None:
            if crossover(self.fast, self.slow):
                self.buy(size=1)
            elif crossover(self.slow, self.fast):
                self.sell(size=1)

    bars = np.load(path) / 10
    index = pd.date_range("2022-01-03", periods=len(bars), freq="min")
    data = pd.DataFrame(bars, columns=["Open", "High", "Low", "Close"], index=index).assign(Volume=1.0)
    test = Backtest(data, Crossing, cash=1e9, commission=0.0006, exclusive_orders=True, finalize_trades=True)
    began = process_time()
    stats = test.run()
    return told(process_time() - began, len(bars), int(stats["# Trades"]))


def told(seconds: float, bars: int, trades: int) -> dict[str, Any]:
    """Return what a run cost."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"bars_a_second": bars / seconds, "seconds": seconds, "trades": trades, "megabytes": peak}


if __name__ == "__main__":
    who, file = sys.argv[1], Path(sys.argv[2])
    print(json.dumps(theirs(file) if who == "backtesting" else ours(file, who)))
