"""Strangers on this machine, and all that a network may send at once: refused, logged, and the engine never notices."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import pytest
from structlog.testing import capture_logs

from radtui.api import access, connections
from radtui.api.door import Door
from radtui.api.grumbling import Grumbling
from radtui.core.instruction import Ask
from radtui.engine.host import EngineHost
from tests.api.callers import Scripted
from tests.api.outside import LEADS, LOOKS, TcpCaller, opened
from tests.engine.flights import Bot, Turner
from tests.engine.hosts import hosted, soon

_NOBODY: Final = 65_534
_STRANGER: Final = f"""
import os, socket, sys
os.setgroups([]); os.setgid({_NOBODY}); os.setuid({_NOBODY})
line = socket.socket(socket.AF_UNIX)
line.settimeout(5)
try:
    line.connect(sys.argv[1])
    line.sendall(b"POST /api/bot/emergency-stop HTTP/1.1\\r\\nHost: localhost\\r\\n\\r\\n")
    print("heard", line.recv(100))
except OSError as error:
    print(type(error).__name__)
"""
_MOST_MORE: Final = 48
"""MB that the process may grow by while it is under attack; the attackers live in it, too."""


@pytest.fixture(autouse=True)
def fresh_grumbling(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forget how much other tests have made the API grumble: its log is measured."""
    grumble = Grumbling().say
    for module in (access, connections):
        monkeypatch.setattr(module, "grumble", grumble)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_another_user_of_this_machine_is_kept_out_by_the_folder_the_socket_and_the_kernel(scripted: Scripted) -> None:
    with TemporaryDirectory() as home:
        path = Path(home) / "run" / "a.sock"
        door = Door(scripted, path)
        door.open()
        try:
            said = [_stranger(path)]
            for opened_up, mode in [(Path(home), 0o711), (path.parent, 0o711), (path, 0o666)]:
                opened_up.chmod(mode)
                with capture_logs() as lines:
                    said.append(_stranger(path))
        finally:
            door.close()
    assert said[:3] == ["PermissionError"] * 3
    assert said[3] in {"ConnectionResetError", "BrokenPipeError", "heard b''"}
    assert ("another user's process", _NOBODY) in [(line.get("note"), line.get("uid")) for line in lines]
    assert not scripted.heard


def _stranger(path: Path) -> str:
    asked = subprocess.run(
        [sys.executable, "-I", "-S", "-c", _STRANGER, str(path)], capture_output=True, text=True, timeout=30, check=True
    )
    return asked.stdout.strip()


@pytest.fixture
def flown() -> Iterator[EngineHost]:
    quick = {"pulse": 0.02, "position_interval": 0.05}
    host = hosted(Turner, bot=Bot(Turner, autostart=False, speed=1200, chunk=0.02, engine=quick))
    host.start()
    soon(lambda: host.handle.snapshot().status.recovered)
    host.handle.send(Ask.START, who="test")
    yield host
    host.settle(who="test")


def test_all_of_it_at_once_is_refused_and_logged_and_the_engines_cycles_go_on(
    flown: EngineHost, tmp_path: Path
) -> None:
    soon(lambda: flown.handle.snapshot().status.cycles > 2)
    door = opened(flown.handle, tmp_path / "a.sock")
    port = door.port or 0
    operator = TcpCaller(port)
    assert operator.get("/api/status").status == 200
    before, resident = flown.handle.snapshot().status, _resident()
    over, worst, peak = threading.Event(), 0.0, resident
    try:
        with capture_logs() as lines, ThreadPoolExecutor(len(_ATTACKS)) as pool:
            attacks = [pool.submit(attack, port, over) for attack in _ATTACKS]
            until = time.monotonic() + 1.0
            while time.monotonic() < until:
                begun = time.monotonic()
                assert operator.get("/api/bot-status").status == 200
                worst, peak = max(worst, time.monotonic() - begun), max(peak, _resident())
            over.set()
            assert all(attack.result(20) for attack in attacks)
        after = flown.handle.snapshot().status
        assert operator.post("/api/bot/pause").status == 200
    finally:
        over.set()
        door.close()
    assert after.cycles - before.cycles >= 5
    assert (after.cycles_failed, after.state) == (before.cycles_failed, before.state)
    assert peak - resident < _MOST_MORE
    assert worst < 3.0
    notes = {str(line.get("note")) for line in lines if line["event"] == "refused"}
    assert {"no token", "a wrong token"} & notes
    assert any(note.startswith("more than ") for note in notes)
    assert not {line["log_level"] for line in lines} & {"error", "critical"}
    assert LEADS not in str(lines)
    assert LOOKS not in str(lines)


def _guesses(port: int, over: threading.Event) -> bool:
    """Wrong tokens, one after the other."""
    seen = set()
    with suppress(OSError):
        while not over.wait(0.005):
            seen.add(TcpCaller(port, "nonsense" * 4).post("/api/bot/stop").status)
    return seen <= {401, 429}


def _looks_and_leads(port: int, over: threading.Event) -> bool:
    """A token that may look wants to lead."""
    seen = set()
    while not over.wait(0.02):
        seen.add(TcpCaller(port, LOOKS).post("/api/bot/emergency-stop").status)
    return seen == {403}


def _slowloris(port: int, over: threading.Event) -> bool:
    """Hundreds of lines that never end their request, and are opened anew."""
    with ExitStack() as held:
        for _ in range(400):
            line = held.enter_context(TcpCaller(port).line())
            with suppress(OSError):
                line.sendall(b"GET /api/status HTTP/1.1\r\nHost: localhost\r\nX: ")
            if over.wait(0.002):
                break
    return True


def _flood(head: str, piece: bytes) -> Callable[[int, threading.Event], bool]:
    """A hundred megabytes, or as much of them as is taken."""

    def attack(port: int, over: threading.Event) -> bool:
        begun = f"POST /api/bot/stop HTTP/1.1\r\nHost: localhost\r\n{head}".encode()
        while not over.is_set():
            with TcpCaller(port).line() as line, suppress(OSError):
                line.settimeout(0.2)
                line.sendall(begun)
                for _ in range(100_000_000 // len(piece)):
                    line.sendall(piece)
                    if over.is_set():
                        break
            over.wait(0.01)
        return True

    return attack


_ATTACKS: Final = (
    _guesses,
    _looks_and_leads,
    _slowloris,
    _flood("", b"".join(b"X-%d: y\r\n" % each for each in range(5000))),
    _flood("Content-Type: application/json\r\nContent-Length: 100000000\r\n\r\n", bytes(65_536)),
    _flood(
        f"Authorization: Bearer {LOOKS}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"10000\r\n" + b"x" * 65_536 + b"\r\n",
    ),
)


def _resident() -> int:
    """Return the megabytes that this process holds."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") >> 20
