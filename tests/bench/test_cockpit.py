"""What the cockpit costs: bytes to the terminal, first frame, key to paint, processor, memory (DESIGN "Speed").

Bytes do not depend on the machine and are held to their budget in every run. The rest is measured with
``--benchmark-only`` on a quiet machine, printed beside its budget, and asserted with a margin for a busy one.
"""

from __future__ import annotations

import json
import os
import random
import select
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from flights import Flight
from programs import DEADLINE, RADTUI, environment
from pytest_benchmark.fixture import BenchmarkFixture
from terminal import Terminal

HERE = Path(__file__).parent
COCKPIT = (sys.executable, str(HERE / "moving_cockpit.py"))
STOCK = (sys.executable, str(HERE / "stock_dashboard.py"))
BUSY = ("--speed", "600", "--seed", "3")
KILO = 1000.0
STARTS, KEYS = 5, 120


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured figure beside its budget; `most` is what a busy machine may show."""

    what: str
    value: float
    unit: str
    budget: float
    most: float

    def __str__(self) -> str:
        return f"  {self.what:<46}{self.value:>10,.1f} {self.unit:<6} budget {self.budget:,.0f}"


@pytest.fixture
def figures(capsys: pytest.CaptureFixture[str]) -> Iterator[list[Figure]]:
    """Collect figures; print them with their budgets, then hold them to their limits."""
    found: list[Figure] = []
    yield found
    with capsys.disabled():
        print("", *found, sep="\n")
    assert [str(figure) for figure in found if figure.value > figure.most] == []


def cpu(pid: int) -> float:
    """Return the processor seconds that a process has used."""
    user, system = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def megabytes(pid: int) -> float:
    """Return the most memory that a process has had."""
    [line] = [line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("VmHWM")]
    return int(line.split()[1]) / 1024


def painted(home: Path, program: Sequence[str], shown: bytes, seconds: float) -> tuple[float, float]:
    """Run a program on a terminal; return bytes a second and per cent of a core, from its second second on."""
    terminal = Terminal(program, environment(home))
    try:
        terminal.until(lambda: shown in terminal.seen, "the first frame")
        terminal.take(1.5)
        before = cpu(terminal.process.pid)
        count = len(terminal.take(seconds))
        return count / seconds, 100 * (cpu(terminal.process.pid) - before) / seconds
    finally:
        terminal.close()


@pytest.mark.benchmark(group="cockpit")
def test_bytes_to_the_terminal(benchmark: BenchmarkFixture, tmp_path: Path, figures: list[Figure]) -> None:
    """Ten positions that all move four times a second, on 120×40."""
    benchmark.pedantic(  # type: ignore[no-untyped-call]  # the plugin is not typed
        lambda: figures.extend(byte_figures(tmp_path, 2.0 if benchmark.disabled else 10.0)), rounds=1
    )


def byte_figures(tmp_path: Path, seconds: float) -> list[Figure]:
    rich, processor = painted(tmp_path, [*COCKPIT, "radtui-dark", "moving"], b"leave", seconds)
    plain, _ = painted(tmp_path, [*COCKPIT, "ansi-dark", "moving"], b"leave", seconds)
    quiet, _ = painted(tmp_path, [*COCKPIT, "radtui-dark", "still"], b"leave", seconds)
    stock, stock_processor = painted(tmp_path, STOCK, b"palette", seconds)
    assert rich * 5 < stock
    return [
        Figure("bytes/s, radtui-dark, truecolor", rich / KILO, "kB/s", 12, 12),
        Figure("bytes/s, ansi-dark", plain / KILO, "kB/s", 4, 4),
        Figure("bytes/s, nothing changes", quiet / KILO, "kB/s", 0, 0),
        Figure("bytes/s, Textual's own widgets", stock / KILO, "kB/s", 105, 1000),
        Figure("processor, cockpit without engine", processor, "%", 3, 20),
        Figure("processor, Textual's own widgets", stock_processor, "%", 6, 100),
    ]


def start_of_frame(home: Path, number: int) -> float:
    """Return the milliseconds from the start of the process to the last word of the first frame."""
    began = time.perf_counter()
    terminal = Terminal.cockpit(home, *BUSY, state=home / f"start{number}")
    try:
        terminal.until(lambda: b"leave" in terminal.seen, "the first frame")
        return (time.perf_counter() - began) * 1000
    finally:
        terminal.close()


def key_to_paint(terminal: Terminal, keys: tuple[str, str], sign: str, count: int) -> list[float]:
    """Return the milliseconds from a key to the sign that it paints, at random moments, in order of size."""
    moments, waits = random.Random(3), []
    for number in range(count):
        terminal.take(moments.uniform(0.02, 0.12))
        began, answer = time.perf_counter(), b""
        terminal.type(keys[number % 2])
        while sign.encode() not in answer:
            assert select.select([terminal.master], [], [], DEADLINE)[0], "the key was not answered"
            answer += os.read(terminal.master, 65536)
        waits.append((time.perf_counter() - began) * 1000)
    return sorted(waits)


def wait_figures(what: str, waits: list[float]) -> list[Figure]:
    return [
        Figure(f"{what} to paint, engine busy, median", statistics.median(waits), "ms", 5, 250),
        Figure(f"{what} to paint, engine busy, p99", waits[int(len(waits) * 0.99)], "ms", 50, 1000),
    ]


@pytest.mark.benchmark(group="cockpit")
def test_start_keys_and_memory(benchmark: BenchmarkFixture, tmp_path: Path, figures: list[Figure]) -> None:
    keys = 18 if benchmark.disabled else KEYS  # a third of it is even, so that the last pane gone to is the second
    starts: list[float] = []
    benchmark.pedantic(  # type: ignore[no-untyped-call]  # the plugin is not typed
        lambda: starts.append(start_of_frame(tmp_path, len(starts))), rounds=STARTS, warmup_rounds=1
    )
    terminal = Terminal.cockpit(tmp_path, *BUSY)
    try:
        terminal.wait_for("q leave")
        terminal.type("s")
        running = terminal.wait_for("● RUNNING")
        terminal.facts.until(lambda facts: facts.count("cycles") >= 4, "the engine is busy")
        panes = key_to_paint(terminal, ("5", "2"), "┏", keys // 3)
        terminal.type("5")
        terminal.wait_for("┏━ 5 Heartbeats")
        rows = key_to_paint(terminal, ("j", "k"), "▸", keys)
        cockpit_memory = megabytes(terminal.engine.pid)
    finally:
        terminal.close()
    flight = Flight(tmp_path, *BUSY, state=tmp_path / "headless")
    try:
        flight.facts.until(lambda facts: facts.count("cycles") >= 4, "the engine is busy")
        headless_memory = megabytes(flight.process.pid)
    finally:
        flight.close()
    figures += [
        Figure("first full frame, median", statistics.median(starts[1:] or starts), "ms", 600, 3000),
        Figure("s to RUNNING on the screen", running * 1000, "ms", 1000, 5000),
        *wait_figures("row key", rows),
        *wait_figures("pane key", panes),
        Figure("memory, cockpit", cockpit_memory, "MB", 140, 160),
        Figure("memory, headless", headless_memory, "MB", 110, 130),
    ]


_ARRIVED = (
    "import atexit, json, pathlib, sys; from radtui.cli import main; "
    "atexit.register(lambda: pathlib.Path('modules.json').write_text(json.dumps(sorted(sys.modules)))); main()"
)


def test_a_headless_engine_loads_neither_the_cockpit_nor_what_it_does_not_use(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-c", _ARRIVED, *RADTUI[3:], "run", "--headless", "--for", "0.2", "--state", "state"],
        env=environment(tmp_path), cwd=tmp_path, capture_output=True, check=True, timeout=DEADLINE,
    )  # fmt: skip
    loaded = {name.partition(".")[0] for name in json.loads((tmp_path / "modules.json").read_text())}
    assert loaded & {"textual", "alembic", "polars", "pandas", "httpx", "prometheus_client"} == set()
    assert "radtui" in loaded
