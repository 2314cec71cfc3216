"""Slow ones and many from one place lose their place; whoever waits for an answer keeps theirs."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest

from radtui.api import connections, places
from tests.api.callers import Scripted
from tests.api.outside import HOST, LEADS, LOOKS, TcpCaller, opened

_SHOWN = {"Authorization": f"Bearer {LEADS}"}
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


def test_strangers_keep_nobody_out_who_has_a_token(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "SLOWEST", 60.0)
    with ExitStack() as held:
        lines = [held.enter_context(TcpCaller(port).line()) for _ in range(places.MOST_OF_ONE)]
        for line in lines:
            line.sendall(b"GET /api/status HTTP/1.1\r\nX: ")
        kept = held.enter_context(closing(HTTPConnection(HOST, port, timeout=5)))
        assert asked(kept) == 200
        assert hung_up(lines[0])
        lines += [held.enter_context(TcpCaller(port).line()) for _ in range(3 * places.MOST_OF_ONE)]
        assert all(hung_up(line) for line in lines[1 : -places.MOST_OF_ONE])
        assert asked(kept) == 200
        assert TcpCaller(port).post("/api/bot/emergency-stop?wait=0").status == 202


def test_a_token_that_is_used_too_much_keeps_out_no_other(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "MOST_OF_ONE", 3)
    with ExitStack() as held:
        idle = [held.enter_context(closing(HTTPConnection(HOST, port, timeout=5))) for _ in range(4)]
        assert [asked(line) for line in idle] == [200] * 4
        assert hung_up(idle[0].sock)
        for line in idle[1:]:
            line.request("POST", "/api/bot/stop?wait=5", headers=_SHOWN)
        full = TcpCaller(port).get("/api/status")
        assert (full.status, full.body["message"]) == (
            429, "too many requests with this token are being answered: nothing was done",
        )  # fmt: skip
        assert TcpCaller(port, LOOKS).get("/api/status").status == 200


def asked(line: HTTPConnection) -> int:
    line.request("GET", "/api/bot-status", headers=_SHOWN)
    answer = line.getresponse()
    answer.read()
    return answer.status


def hung_up(line: socket.socket) -> bool:
    try:
        return line.recv(100) == b""
    except ConnectionResetError:
        return True


def test_an_answer_does_not_wait_for_the_word_that_its_head_has_arrived(
    port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_once: list[int] = []
    made = connections.FromOutside.connection_made

    def watched(self: connections.FromOutside, transport: Any) -> None:
        made(self, transport)
        line = transport.get_extra_info("socket")
        at_once.append(line.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))

    monkeypatch.setattr(connections.FromOutside, "connection_made", watched)
    TcpCaller(port).get("/api/status")
    assert at_once == [1]
