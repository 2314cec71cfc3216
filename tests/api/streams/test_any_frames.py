"""Whatever comes over a WebSocket, in any order, cut or whole: the line goes on or ends with a reason, the door stays.

The frames are made by hand, below any library that would refuse to send them.
"""

from __future__ import annotations

import logging
import os
import socket
import struct
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

import msgspec
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from structlog.testing import capture_logs

from radtui.api.door import Door
from radtui.core.instruction import Ask
from radtui.engine import wire
from radtui.engine.wire import LARGEST_SAID
from tests.api.callers import Scripted
from tests.engine.hosts import soon

PATHS: Final = ("/ws/engine", "/ws/market", "/ws/user")
TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10
ENDS: Final = {1000, 1002, 1003, 1005, 1006, 1007, 1008, 1009, 1013}
"""Codes of RFC 6455 with which a line may end here: never 1011, which says that the fault is ours."""
_HELLO: Final = (
    b"GET %s HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)
_keys = st.text("ab \x00é", max_size=3) | st.just("k" * 129)
SAID: Final = st.one_of(
    st.builds(wire.Tell, key=st.sampled_from("abc"), ask=st.sampled_from(Ask), why=st.text(max_size=5)),
    st.builds(wire.Resume, after=st.integers(-1, 9), seat=st.sampled_from(["", "s", "t"])),
    st.builds(wire.TakeHelm, over=st.booleans()),
    st.builds(wire.Withdraw, key=st.sampled_from("abc"), ask=st.sampled_from(Ask)),
    st.builds(wire.Await, key=st.sampled_from("abc"), id=st.text(max_size=5), ask=st.sampled_from(Ask)),
)
ODD: Final = st.fixed_dictionaries(
    {"type": st.sampled_from(["Resume", "Tell", "Withdraw", "Await", "TakeHelm", "Subscribe", "Unsubscribe", "x"])},
    optional={
        "after": st.integers(-3, 2**70), "seat": _keys, "key": _keys, "id": _keys, "ask": st.sampled_from([*Ask, "x"]),
        "over": st.none() | st.booleans(), "symbols": st.lists(_keys | st.just("XBTUSDTM"), max_size=3),
        "topics": st.lists(st.sampled_from(["orders", "fills", "positions", "receipts", "x"]), max_size=3),
        "order": st.dictionaries(st.sampled_from(["symbol", "side", "lots", "coins"]), _keys | st.integers()),
    },
)  # fmt: skip


def frame(kind: int, payload: bytes, *, fin: bool = True, masked: bool = True, reserved: int = 0) -> bytes:
    """Return a frame of RFC 6455, section 5.2, right or wrong."""
    head = bytes([fin << 7 | reserved << 4 | kind])
    size = len(payload)
    length = bytes([masked << 7 | size]) if size < 126 else bytes([masked << 7 | 126]) + struct.pack("!H", size)
    return head + length + (bytes(4) if masked else b"") + payload  # a mask of zeros leaves it as it is


class Complaints(logging.Handler):
    """What the server's own log says of faults that nobody handled."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(record.getMessage())


class Lines(RuleBasedStateMachine):
    """Some lines at a time, each with somebody at its end who says anything."""

    path: Path
    complaints: Complaints

    def __init__(self) -> None:
        super().__init__()
        self.open: list[socket.socket] = []

    @precondition(lambda self: len(self.open) < 4)
    @rule(path=st.sampled_from(PATHS))
    def connect(self, path: str) -> None:
        line = _connected(self.path)
        line.sendall(_HELLO % path.encode())
        assert line.recv(12) == b"HTTP/1.1 101"
        self.open.append(line)

    @precondition(lambda self: self.open)
    @rule(which=st.integers(0, 3), said=st.lists(SAID, min_size=1, max_size=3))
    def say(self, which: int, said: list[wire.FromClient]) -> None:
        self._send(which, *(frame(TEXT, wire.encode(each)) for each in said))

    @precondition(lambda self: self.open)
    @rule(which=st.integers(0, 3), odd=ODD)
    def say_something_odd(self, which: int, odd: dict[str, object]) -> None:
        self._send(which, frame(TEXT, msgspec.json.encode(odd)))

    @precondition(lambda self: self.open)
    @rule(
        which=st.integers(0, 3),
        kind=st.sampled_from([0, TEXT, BINARY, 3, CLOSE, PING, PONG, 15]),
        payload=st.binary(max_size=130) | st.just(b"\xff\xfe") | st.just(b"x" * (LARGEST_SAID + 1)),
        shape=st.fixed_dictionaries({}, optional={
            "fin": st.booleans(), "masked": st.booleans(), "reserved": st.integers(0, 7),
        }),
        cut=st.none() | st.integers(1, 8),
    )  # fmt: skip
    def say_no_frame(self, which: int, kind: int, payload: bytes, shape: dict[str, int], cut: int | None) -> None:
        self._send(which, frame(kind, payload, **shape)[:cut])  # type: ignore[arg-type]

    @precondition(lambda self: self.open)
    @rule(which=st.integers(0, 3))
    def go_on_without_an_end(self, which: int) -> None:
        self._send(which, frame(TEXT, b"[" * 4000, fin=False), *[frame(0, b"[" * 4000, fin=False)] * 20)

    @precondition(lambda self: self.open)
    @rule(which=st.integers(0, 3))
    def vanish(self, which: int) -> None:
        self.open.pop(which % len(self.open)).close()

    @invariant()
    def nothing_of_ours_broke(self) -> None:
        assert not self.complaints.said

    def _send(self, which: int, *frames: bytes) -> None:
        line = self.open[which % len(self.open)]
        with suppress(OSError):  # it was hung up on
            for each in frames:
                line.sendall(each)

    def teardown(self) -> None:
        for line in self.open:
            assert set(_ends(line)) <= ENDS
        soon(lambda: _greets(self.path), within=3)
        self.nothing_of_ours_broke()


@pytest.fixture(scope="module", autouse=True)
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    Lines.path, Lines.complaints = tmp_path_factory.mktemp("run") / "a.sock", Complaints()
    server = logging.getLogger("uvicorn.error")
    server.addHandler(Lines.complaints)
    there = Door(Scripted(), Lines.path)
    with capture_logs() as lines:
        there.open()
        yield
        there.close()
    server.removeHandler(Lines.complaints)
    assert not [line for line in lines if line["log_level"] in {"error", "critical"}]


def _connected(path: Path) -> socket.socket:
    line = socket.socket(socket.AF_UNIX)
    line.settimeout(5)
    line.connect(os.fspath(path))
    return line


def _ends(line: socket.socket) -> Iterator[int]:
    """Say goodbye, read to the end, and return the code of the last frame where it is a close with one."""
    heard = b""
    with line:
        try:
            line.sendall(frame(CLOSE, b"\x03\xe8"))
            line.shutdown(socket.SHUT_WR)
            while data := line.recv(65_536):
                heard += data
        except OSError:
            return
    mark = heard.rfind(b"\x88")
    if mark >= 0 and len(heard) - mark == heard[mark + 1] + 2 >= 4:
        yield int.from_bytes(heard[mark + 2 : mark + 4], "big")


def _greets(path: Path) -> bool:
    with _connected(path) as line:
        line.sendall(_HELLO % b"/ws/engine")
        return line.recv(12) == b"HTTP/1.1 101"


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    "said",
    [b"", frame(TEXT, b"\xff\xfe"), frame(TEXT, b"no") + frame(TEXT, b"\xff"), frame(TEXT, b"no") + frame(3, b"")],
)
@pytest.mark.parametrize("stays", [True, False])
def test_two_ends_of_a_line_at_once_are_no_fault_of_ours(path: str, said: bytes, stays: bool) -> None:
    line = _connected(Lines.path)
    line.sendall(_HELLO % path.encode())
    assert line.recv(12) == b"HTTP/1.1 101"
    line.sendall(said)
    if stays:
        assert set(_ends(line)) <= ENDS
    line.close()
    assert _greets(Lines.path)
    assert not Lines.complaints.said


Lines.TestCase.settings = settings(
    max_examples=8, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
)
TestLines = Lines.TestCase
