"""Marker secrets from every place that may hold one, and every byte that a flight leaves or says is searched for them.

The flight is a rehearsal: credentials, a guardian, tokens on TCP, channels of the alerts, a strategy that tells what it
knows, somebody who tries what is refused, a cockpit that looks.
"""

from __future__ import annotations

import asyncio
import json
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Final

import pytest
from flights import Fly
from guardians import Guardians
from journals import Facts
from programs import DEADLINE, EAGER, RADTUI, environment
from simulators import Simulator
from websockets.sync.client import connect

from radtui.engine.remote import RemoteHandle
from radtui.resilience.clock import SystemClock
from radtui.tui.app import CockpitApp
from radtui.tui.themes import load

TOKEN, READING, SHOWN = "Mk1control0123456789abcdefXY", "Mk2read0123456789abcdefXYZ", "Mk3attach0123456789abcdefXY"
CHANNEL, PASSWORD, TYPED, WRONG = "Mk4channel5Pd3uC", "Mk5password8Kf2", "Mk6typed4Vn7qL", "Mk7wrong0123456789abcdefXYZ"
MINE: Final = (TOKEN, READING, SHOWN, CHANNEL, PASSWORD, TYPED, WRONG)
SERVED: Final = ("--symbols", "XBTUSDTM,ETHUSDTM", "--seed", "7", "--speed", "60")
TELLTALE: Final = '''
from radtui.strategies.base import View
import importlib.util
spec = importlib.util.spec_from_file_location("eager", {eager!r})
eager = importlib.util.module_from_spec(spec)
spec.loader.exec_module(eager)

class Telltale(eager.Eager):
    """Trades, and fails now and then with all that it knows."""
    seen = 0

    def on_candle(self, candle, view: View):
        self.seen += 1
        if self.seen == 3:
            raise ValueError("https://u:{password}@x {secret} Bearer {token} {{'passphrase': '{passphrase}'}} {key}")
        return super().on_candle(candle, view)
'''

_TRY_CHANNELS: Final = ("POST", "/api/alerts/test", {})
_SETTINGS: Final = """
[bot]
symbols = ["XBTUSDTM", "ETHUSDTM"]
timeframe = "1m"
[engine]
warmup = 20
[guard]
start = "on"
[log]
level = "debug"
[api]
tcp = true
port = {port}
tokens_file = "{tokens}"
[alerts.channels]
night = "json://127.0.0.1:9/{channel}"
desk = "json://user:{password}@127.0.0.1:9/desk"
"""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Simulator]:
    with Simulator(tmp_path, *SERVED) as found:
        yield found


@pytest.fixture
def guardians(tmp_path: Path) -> Iterator[Guardians]:
    found = Guardians(tmp_path / "state")
    yield found
    found.close()


def test_no_byte_of_a_flight_holds_one(fly: Fly, server: Simulator, guardians: Guardians, tmp_path: Path) -> None:
    port, given = _free_port(), server.ready
    markers = [*MINE, *(given[part] for part in ("key", "secret", "passphrase"))]
    written = _write(tmp_path, given, port)
    told = {"CREDENTIALS_DIRECTORY": str(tmp_path / "credentials")}
    flight = fly(
        "--exchange", "kucoin", "--kucoin-url", given["url"], "--config", "mine.toml",
        "--strategy", f"{tmp_path / 'telltale.py'}:Telltale", **told,
    )  # fmt: skip
    guardians.of(flight)
    facts = Facts(flight.state, flight.process, "radtui-rehearsal.db")
    facts.until(lambda found: found.count("orders", "purpose = 'stop' AND state = 'working'") >= 2, "two stops")
    guardians.until(lambda found: found.alive(), "a guardian")
    seen = [*_asked_over_tcp(port), *_processes([flight.process.pid, *guardians.alive()])]
    asked = subprocess.run(
        [*RADTUI, "config", "show", "--config", "mine.toml"], env=environment(tmp_path, **told), cwd=tmp_path,
        stdin=subprocess.DEVNULL, capture_output=True, timeout=DEADLINE, check=False,
    )  # fmt: skip
    seen += [asked.stdout, asked.stderr]
    assert max(text.count("••••".encode()) for text in seen) >= 5, "they were read, and are masked"
    (control,) = (path for path in tmp_path.rglob("*.sock") if path.parent.name == "run")
    seen += asyncio.run(_pictures(control))
    deadline = time.monotonic() + DEADLINE
    while "strategy" not in flight.said or "ValueError" not in flight.said:
        assert time.monotonic() < deadline, "the strategy's fault is in the log"
        time.sleep(0.1)
    flight.signal(signal.SIGTERM)
    assert flight.ended() == 143
    left = [path for path in tmp_path.rglob("*") if path.is_file() and path not in written and path.suffix != ".pyc"]
    assert {".db", ".err", ".log", ".radrec"} <= {path.suffix for path in left}
    texts = {str(path): path.read_bytes() for path in left} | {f"answer {n}": text for n, text in enumerate(seen)}
    found = [(where, marker[:4]) for where, text in texts.items() for marker in markers if marker.encode() in text]
    assert not found, {where: _around(texts[where], markers) for where, _ in found}


def _write(home: Path, given: dict[str, str], port: int) -> set[Path]:
    """Write each secret where a person would."""
    (home / "credentials").mkdir()
    telltale = TELLTALE.format(eager=EAGER.partition(":")[0], password=PASSWORD, token=TOKEN, **given)
    texts = {
        home / "credentials" / "radtui.env": f"RADTUI_KUCOIN__SECRET={given['secret']}\nRADTUI_API__TOKEN={SHOWN}\n",
        home / ".env": f"KUCOIN_API_KEY={given['key']}\nKUCOIN_API_PASSPHRASE={given['passphrase']}\n",
        home / "tokens": f"me:control:{TOKEN}\ngrafana:read:{READING}\n",
        home / "telltale.py": telltale,
        home / "mine.toml": _SETTINGS.format(port=port, tokens=home / "tokens", channel=CHANNEL, password=PASSWORD),
    }
    for path, text in texts.items():
        path.write_text(text)
        path.chmod(0o600)
    return set(texts)


def _asked_over_tcp(port: int) -> Iterator[bytes]:
    """Ask for everything that can be asked, try what is refused, and return every answer with its headers."""
    _, _, schema = _ask(port, "GET", "/openapi.json")
    yield schema
    for path, methods in json.loads(schema)["paths"].items():
        if "get" in methods:
            yield from _ask(port, "GET", path.replace("{symbol}", "XBTUSDTM").replace("{order_id}", TYPED))[1:]
    refused = {"values": {"log.level": TYPED, "kucoin.secret": TYPED, TYPED: "1"}, "dry_run": True}
    for method, path, body in [
        ("PATCH", "/api/config", refused), ("PATCH", "/api/config", {"values": {"cycle.interval": TYPED}}),
        ("POST", "/api/config/validate", refused), ("POST", "/api/orders", {"symbol": TYPED}), _TRY_CHANNELS,
        ("GET", f"/api/status?token={TOKEN}", None), ("POST", "/api/bot/pause", {"token": TYPED}),
    ]:  # fmt: skip
        yield from _ask(port, method, path, body)[1:]
    for token in (WRONG, READING):
        yield from _ask(port, "POST", "/api/bot/stop", token=token)[1:]
    for stream, said in [
        ("engine", TYPED),
        ("user", '{"type":"Subscribe","topics":["orders","positions","receipts"]}'),
    ]:
        bearer = {"Authorization": f"Bearer {READING}"}
        with connect(f"ws://127.0.0.1:{port}/ws/{stream}", additional_headers=bearer, proxy=None) as line:
            line.send(said)
            yield from (line.recv(DEADLINE, decode=False) for _ in range(2))


def _ask(port: int, method: str, path: str, body: object = None, token: str = TOKEN) -> tuple[int, bytes, bytes]:
    line = HTTPConnection("127.0.0.1", port, timeout=DEADLINE)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    line.request(method, path, None if body is None else json.dumps(body), headers)
    answer = line.getresponse()
    told = answer.status, str(answer.headers).encode(), answer.read()
    line.close()
    return told


def _processes(numbers: list[int]) -> Iterator[bytes]:
    """Return what anybody may see of processes, and what their environment holds."""
    for number in numbers:
        yield from (Path(f"/proc/{number}/{part}").read_bytes() for part in ("cmdline", "environ", "comm"))


async def _pictures(control: Path) -> list[bytes]:
    """Return what an attached cockpit shows of settings, alerts and errors."""
    remote = RemoteHandle(control)
    remote.open()
    assert remote.wait(DEADLINE)
    app = CockpitApp(remote, theme="radtui-dark", themes=load(), clock=SystemClock().now, user="lena")
    pictures = []
    async with app.run_test(size=(120, 40)) as pilot:
        for keys in ([], ["6"], ["ctrl+p", *"configuration", "enter"], ["escape", "ctrl+p", *"alerts", "enter"]):
            await pilot.press(*keys)
            pictures.append(app.export_screenshot(simplify=True).encode())
    remote.close()
    return pictures


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
    return port


def _around(text: bytes, markers: list[str]) -> list[bytes]:
    places = [(text.find(marker.encode()), marker) for marker in markers]
    return [text[max(0, at - 60) : at + len(marker) + 20] for at, marker in places if at >= 0]
