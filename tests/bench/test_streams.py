"""What watching costs: the line of one cockpit, and what twenty readers and a stuck one do to a flying engine (row A2).

The engine is a real process: five contracts at ×60 whose positions are turned round all the time. A cockpit's line must
fit into 1 Mbit/s with room to spare; its readers must not be felt.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from flights import Flight
from websockets.asyncio.client import unix_connect

from radtui.core.health_view import ProcessView
from radtui.engine.remote import RemoteHandle
from tests.engine.hosts import soon
from tests.engine.proxies import proxied

Fly = Callable[..., Path]
Rounds = Callable[[Callable[[], object], int], None]

STRATEGIES: Final = Path(__file__).parents[1] / "e2e"
SYMBOLS: Final = "XBTUSDTM,ETHUSDTM,SOLUSDTM,XRPUSDTM,ADAUSDTM"
SETTINGS: Final = {
    "RADTUI_BOT__TIMEFRAME": "1m",
    "RADTUI_RISK__MAX_POSITIONS": "5",
    "RADTUI_RISK__POSITION_SHARE": "0.05",
}
LINE: Final = 12_000
"""Bytes a second at most, of the 125,000 that 1 Mbit/s carries."""
READERS: Final = 20
LAG: Final = 20.0
"""Milliseconds of the engine's loop at the 99th percentile."""
GROWTH: Final = 6.0
"""Megabytes that the process may grow by from the time when all of them are there."""
FORGETS: Final = 65.0
"""Seconds after which the loop's lag has forgotten the start."""
SECONDS: Final = 60.0


@pytest.fixture
def fly(tmp_path: Path) -> Iterator[Fly]:
    """Start engines, and give the control socket of each."""
    flying: list[Flight] = []

    def start(strategy: str, name: str = "bot") -> Path:
        home = tmp_path / name
        home.mkdir()
        flying.append(Flight(home, "--strategy", str(STRATEGIES / strategy), "--symbols", SYMBOLS, **SETTINGS))
        soon(lambda: flying[-1].process.poll() is not None or [*home.rglob("*.sock")], within=20)
        (path,) = home.rglob("*.sock")
        return path

    yield start
    for flight in flying:
        flight.close()


@pytest.mark.long
def test_a_cockpits_line_fits_into_a_megabit_with_room_to_spare(fly: Fly, rounds: Rounds) -> None:
    path = fly("eager.py:Eager")
    with proxied(path) as line:
        far = RemoteHandle(line.path)
        far.open()
        try:
            assert far.wait(10), far.line
            soon(lambda: len(far.snapshot().positions) == 5, within=30)
            rounds(lambda: _measure_line(line.down, far), 1)
        finally:
            far.close()


def _measure_line(down: Any, far: RemoteHandle) -> None:
    began, before, ages = time.monotonic(), down.bytes, []
    while time.monotonic() - began < 20:
        time.sleep(0.05)
        ages.append(far.age or 0.0)
    rate, middle = (down.bytes - before) / (time.monotonic() - began), sorted(ages)[len(ages) // 2]
    print(f"\n{rate:.0f} bytes/s; age of the picture: median {middle:.3f} s, worst {max(ages):.3f} s")
    assert rate <= LINE
    assert middle < 0.5


@pytest.mark.long
@pytest.mark.timeout(300)
def test_readers_are_not_felt_not_even_stuck_ones(fly: Fly, rounds: Rounds) -> None:
    watched, alone = fly("restless.py:Restless", "watched"), fly("restless.py:Restless", "alone")
    far, other = RemoteHandle(watched), RemoteHandle(alone)
    try:
        for each in (far, other):
            each.open()
            assert each.wait(10), each.line
        rounds(lambda: asyncio.run(_crowd(watched, far, other)), 1)
    finally:
        far.close()
        other.close()


async def _crowd(path: Path, far: RemoteHandle, other: RemoteHandle) -> None:
    over = asyncio.Event()
    readers = [asyncio.create_task(_read(path, over)) for _ in range(READERS)]
    await asyncio.sleep(FORGETS)
    before = far.snapshot().process.rss or 0.0
    with contextlib.ExitStack() as stuck:
        for _ in range(3):
            stuck.enter_context(_stuck(path))
            await asyncio.sleep(SECONDS / 3)
    over.set()
    heard = await asyncio.gather(*readers)
    _judge(before, far.snapshot().process, other.snapshot().process, heard)


def _judge(before: float, watched: ProcessView, alone: ProcessView, heard: list[int]) -> None:
    rss, lag, quiet = watched.rss or 0.0, watched.lag_p99 or 0.0, alone.lag_p99 or 0.0
    print(
        f"\n{len(heard)} readers, {min(heard)} to {max(heard)} frames each; memory {before:.1f} → {rss:.1f} MB; "
        f"lag p99 {lag:.1f} ms, of an engine that nobody else watches {quiet:.1f} ms"
    )
    assert min(heard) > SECONDS
    assert rss - before < GROWTH
    assert lag < max(LAG, quiet + LAG)


async def _read(path: Path, over: asyncio.Event) -> int:
    count = 0
    async with unix_connect(str(path), uri="ws://localhost/ws/engine", max_size=None) as line:
        while not over.is_set():
            await line.recv()
            count += 1
    return count


def _stuck(path: Path) -> socket.socket:
    raw = socket.socket(socket.AF_UNIX)
    raw.connect(str(path))
    raw.sendall(
        b"GET /ws/engine HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n"
    )
    return raw
