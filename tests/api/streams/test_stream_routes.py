"""The streams on real sockets: who gets in, what is answered to nonsense, and what becomes of who never reads."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect, unix_connect

from radtui.api import serving
from radtui.api.door import Door
from radtui.api.streams import room
from radtui.core.instruction import Ask
from radtui.engine.remote import LineState, RemoteHandle
from radtui.engine.wire import LARGEST_SAID
from tests.api.callers import Caller, Scripted
from tests.api.outside import LEADS, LOOKS, opened
from tests.engine.hosts import soon

PATHS = ("/ws/engine", "/ws/market", "/ws/user")


def line(path: Path, stream: str = "/ws/engine") -> ClientConnection:
    return unix_connect(str(path), uri=f"ws://localhost{stream}", compression=None)


def greeting(path: Path) -> dict[str, Any]:
    with line(path) as there:
        said: dict[str, Any] = json.loads(there.recv(5))
        return said


def ending(there: ClientConnection) -> tuple[int, str]:
    """Read to the end, and return the code and the reason."""
    with pytest.raises(ConnectionClosed) as closed:
        _read_on(there)
    assert closed.value.rcvd is not None
    return closed.value.rcvd.code, closed.value.rcvd.reason


@pytest.mark.parametrize(
    ("said", "code", "words"),
    [
        (b"\x00", 1003, "text frames only"),
        ("nonsense", 1008, "not a frame of this stream: "),
        ('{"type":"Explode"}', 1008, "not a frame of this stream: Invalid value 'Explode'"),
        ("x" * (LARGEST_SAID + 1), 1009, ""),
    ],
)
@pytest.mark.parametrize("stream", PATHS)
def test_what_cannot_be_taken_ends_the_line_with_the_reason(
    caller: Caller, stream: str, said: str | bytes, code: int, words: str
) -> None:
    with line(caller.path, stream) as there:
        there.send(said)
        found = ending(there)
    assert found[0] == code
    assert found[1].startswith(words)


def test_on_tcp_nobody_hears_anything_without_a_token(
    scripted: Scripted, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    door = opened(scripted, tmp_path / "a.sock")
    try:
        for token in (None, "wrong"):
            headers = {"Authorization": f"Bearer {token}"} if token else {}
            for stream in PATHS:
                url = f"ws://127.0.0.1:{door.port}{stream}"
                with pytest.raises(InvalidStatus) as refused, connect(url, additional_headers=headers):
                    pass
                assert refused.value.response.status_code == 401
        with pytest.raises(InvalidStatus), connect(f"ws://127.0.0.1:{door.port}/ws/engine?token={LEADS}"):
            pass
        far = RemoteHandle(f"http://127.0.0.1:{door.port}", token="wrong")
        far.open()
        soon(lambda: far.line.state is LineState.REFUSED)
        assert far.line.why == "the token is missing or not accepted there"
        far.close()
    finally:
        door.close()
    errors = [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert not errors, "that somebody was kept out is no error of ours"


def test_on_tcp_a_token_leads_or_looks(scripted: Scripted, tmp_path: Path) -> None:
    door = opened(scripted, tmp_path / "a.sock")
    handles = [RemoteHandle(f"http://127.0.0.1:{door.port}", token=token) for token in (LEADS, LOOKS)]
    try:
        for each in handles:
            each.open()
            assert each.wait(5)
        leads, looks = handles
        assert (leads.controls, looks.controls) == (True, False)
        refused = looks.send(Ask.STOP, who="x")
        soon(lambda: looks.receipt(refused.id))
        assert not scripted.heard
        leads.send(Ask.STOP, who="x")
        soon(lambda: scripted.heard)
        assert [each.who for each in scripted.heard] == ["api:alice"]
        soon(lambda: looks.helm().holder == "api:alice" and not looks.helm().yours)
    finally:
        for each in handles:
            each.close()
        door.close()


def test_the_market_and_the_account_of_a_flying_engine(engine: Caller) -> None:
    soon(lambda: engine.get("/api/status").body["symbols"])
    with line(engine.path, "/ws/market") as market, line(engine.path, "/ws/user") as user:
        there = json.loads(market.recv(5))
        symbol = there["symbols"][0]
        market.send(json.dumps({"type": "Subscribe", "symbols": [symbol]}))
        whole, *more = [json.loads(market.recv(5)) for _ in range(3)]
        assert (whole["type"], whole["symbol"]) == ("Market", symbol)
        assert {each["type"] for each in more} <= {"Tick", "Closed"}
        user.send(json.dumps({"type": "Subscribe", "topics": ["positions", "receipts"]}))
        assert json.loads(user.recv(5))["type"] == "Positions"
        assert json.loads(user.recv(5))["type"] == "Receipts"
        engine.post("/api/bot/start")
        assert json.loads(user.recv(5))["receipts"][0]["message"] == "Bot started"


def test_there_is_room_for_so_many_and_the_next_is_told_so(caller: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "MOST", 3)
    with contextlib.ExitStack() as lines:
        for _ in range(2):
            lines.enter_context(line(caller.path)).recv(5)
        with line(caller.path) as third:
            third.recv(5)
            with line(caller.path) as one_more:
                assert ending(one_more) == (1013, "3 lines are open already: close one, or try again later")
        soon(lambda: _admitted(caller.path))


@pytest.fixture
def hasty(scripted: Scripted, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Give a door that looks soon whether the other end still lives."""
    monkeypatch.setitem(serving._SETTINGS, "ws_ping_interval", 0.2)
    monkeypatch.setitem(serving._SETTINGS, "ws_ping_timeout", 0.3)
    door = Door(scripted, tmp_path / "run" / "hasty.sock")
    door.open()
    yield tmp_path / "run" / "hasty.sock"
    door.close()


def test_who_never_reads_is_cut_off_and_nobody_else_notices(
    scripted: Scripted, hasty: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "MOST", 2)
    far = RemoteHandle(hasty)
    far.open()
    assert far.wait(5)
    with socket.socket(socket.AF_UNIX) as stuck:
        stuck.connect(str(hasty))
        stuck.sendall(
            b"GET /ws/engine HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n"
        )
        until, worst = time.monotonic() + 1.5, 0.0
        while time.monotonic() < until:
            scripted.seen = msgspec.structs.replace(scripted.seen, notices=(os.urandom(20_000).hex(),))
            time.sleep(0.02)
            worst = max(worst, far.age or 0.0)
        assert _admitted(hasty), "its place is free, although it never took what waits for it"
        taken = 0
        stuck.settimeout(2)
        while data := _rest(stuck):
            taken += len(data)
    assert taken < 600_000, "what waited for it was bounded"
    assert worst < 1.0
    assert far.line.state is LineState.LIVE
    far.close()


def test_who_only_pings_and_never_reads_is_cut_off(caller: Caller) -> None:
    with socket.socket(socket.AF_UNIX) as stuck:
        stuck.connect(str(caller.path))
        stuck.settimeout(5)
        stuck.sendall(
            b"GET /ws/engine HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n"
        )
        ping = b"\x89\xfd" + bytes(4) + bytes(125)
        with pytest.raises(ConnectionError):
            _send_on(stuck, ping * 100)
    assert greeting(caller.path)["type"] == "Hello"


def _read_on(there: ClientConnection) -> None:
    while True:
        there.recv(5)


def _send_on(stuck: socket.socket, said: bytes) -> None:
    for _ in range(400):
        stuck.sendall(said)


def _rest(stuck: socket.socket) -> bytes:
    try:
        return stuck.recv(65536)
    except ConnectionError:
        return b""


def _admitted(path: Path) -> bool:
    with line(path) as there:
        try:
            return bool(json.loads(there.recv(5))["type"] == "Hello")
        except ConnectionClosed:
            return False
