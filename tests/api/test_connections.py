"""Slow ones and many from one place lose their place; whoever waits for an answer keeps theirs."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack
from http.client import HTTPConnection
from pathlib import Path

import pytest

from radtui.api import connections
from tests.api.callers import Caller, Scripted
from tests.api.outside import HOST, LEADS, TcpCaller, opened
from tests.engine.hosts import soon

HEAD = f"POST /api/bot/stop?wait=1 HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {LEADS}\r\n".encode()


@pytest.fixture
def port(scripted: Scripted, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    monkeypatch.setattr(connections, "SLOWEST", 0.3)
    monkeypatch.setattr(connections, "_LOOK", 0.05)
    door = opened(scripted, tmp_path / "a.sock")
    assert door.port is not None
    yield door.port
    door.close()


@pytest.mark.parametrize(
    "begun",
    [b"", b"G", HEAD, HEAD + b"Content-Type: application/json\r\nContent-Length: 9\r\n\r\n{"],
    ids=["nothing", "a letter", "half a head", "half a body"],
)
def test_who_sends_no_more_is_hung_up_on(port: int, begun: bytes) -> None:
    with TcpCaller(port).line() as line:
        line.sendall(begun)
        assert hung_up(line)


def test_who_drips_a_byte_now_and_then_is_hung_up_on_too(port: int) -> None:
    with TcpCaller(port).line() as line:
        line.settimeout(0.05)
        for byte in HEAD * 20:
            try:
                line.sendall(bytes([byte]))
                assert line.recv(1) == b""
            except TimeoutError:
                continue
            except OSError:
                pass
            return
    pytest.fail("it was listened to all the time")


def test_who_waits_for_an_answer_is_not(port: int) -> None:
    with TcpCaller(port).line() as line:
        line.sendall(HEAD + b"\r\n")
        assert line.recv(12) == b"HTTP/1.1 202"


def test_who_asks_again_and_again_on_one_line_is_not(port: int) -> None:
    line = HTTPConnection(HOST, port, timeout=5)
    until = time.monotonic() + 0.8
    while time.monotonic() < until:
        line.request("GET", "/api/bot-status", headers={"Authorization": f"Bearer {LEADS}"})
        answer = line.getresponse()
        assert (answer.status, len(answer.read()) > 0) == (200, True)
    line.close()


def test_one_address_has_its_share_of_places_and_the_control_socket_is_free(
    port: int, scripted: Scripted, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "SLOWEST", 60.0)
    with ExitStack() as held:
        lines = [held.enter_context(TcpCaller(port).line()) for _ in range(connections.MOST_OF_ONE + 1)]
        assert hung_up(lines[-1])
        assert Caller(tmp_path / "a.sock").get("/api/status").status == 200
        for line in lines:
            line.close()
        soon(lambda: TcpCaller(port).get("/api/status").status == 200)


def hung_up(line: socket.socket) -> bool:
    try:
        return line.recv(100) == b""
    except ConnectionResetError:
        return True
