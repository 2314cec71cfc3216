"""What a cockpit at the far end of a line costs its operator: time to the first frame, and from a key to its paint.

The line is 100 ms away and carries 1 Mbit/s. Keys that only move about in the picture are answered on this side of it.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from flights import Flight
from programs import RADTUI, environment
from pytest_benchmark.fixture import BenchmarkFixture
from terminal import Terminal

from tests.bench.test_cockpit import BUSY, Figure, key_to_paint, wait_figures
from tests.engine.hosts import soon
from tests.engine.proxies import proxied

STARTS, KEYS = 3, 60
AWAY = 0.05
"""Seconds that each way takes."""
RATE = 125_000.0
"""Bytes a second."""


@pytest.fixture
def socket(tmp_path: Path) -> Iterator[Path]:
    """The control socket of a busy engine."""
    home = tmp_path / "engine"
    home.mkdir()
    flight = Flight(home, *BUSY)
    soon(lambda: flight.process.poll() is not None or [*home.rglob("*.sock")], within=20)
    (path,) = home.rglob("*.sock")
    yield path
    flight.close()


def first_frame(home: Path, path: Path) -> tuple[Terminal, float]:
    """Attach; return the terminal and the milliseconds until it shows the bot as it stands."""
    began = time.perf_counter()
    terminal = Terminal([*RADTUI, "attach", str(path)], environment(home))
    terminal.until(lambda: "● RUNNING".encode() in terminal.seen, "the far engine is shown")
    return terminal, (time.perf_counter() - began) * 1000


@pytest.mark.long
@pytest.mark.benchmark(group="cockpit")
def test_an_attached_cockpit(
    benchmark: BenchmarkFixture, tmp_path: Path, socket: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    figures: list[Figure] = []
    benchmark.pedantic(  # type: ignore[no-untyped-call]  # the plugin is not typed
        lambda: figures.extend(measured(tmp_path, socket)), rounds=1
    )
    with capsys.disabled():
        print("", *figures, sep="\n")
    assert [str(figure) for figure in figures if figure.value > figure.most] == []


def measured(home: Path, path: Path) -> list[Figure]:
    """Return the figures of a near line and of a far one."""
    near, keys = [], list[Figure]()
    for _ in range(STARTS):
        terminal, took = first_frame(home, path)
        near.append(took)
        terminal.close()
    with proxied(path) as line:
        line.delay, line.down.rate = AWAY, RATE
        terminal, far = first_frame(home, line.path)
        try:
            terminal.type("5")
            terminal.wait_for("┏━ 5 Heartbeats")
            keys = wait_figures("row key, attached,", key_to_paint(terminal, ("j", "k"), "▸", KEYS))
        finally:
            terminal.close()
    return [
        Figure("first frame, attached, median", statistics.median(near), "ms", 1000, 10_000),
        Figure("first frame, attached, 100 ms and 1 Mbit/s away", far, "ms", 1500, 10_000),
        *keys,
    ]
