"""One request over a real socket: what has not left is told apart from what was not answered."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from radtui.guard import line as lines
from radtui.guard.line import Answer, Line, Unanswered, Unsent


@contextmanager
def serving(reply: bytes) -> Iterator[tuple[str, list[bytes]]]:
    """Answer one request with these bytes and hang up."""
    asked: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as door:

        def serve() -> None:
            caller, _ = door.accept()
            with caller:
                caller.settimeout(5)
                asked.append(caller.recv(65_536))
                caller.sendall(reply)

        thread = threading.Thread(target=serve)
        thread.start()
        yield f"http://127.0.0.1:{door.getsockname()[1]}", asked
        thread.join()


def test_a_whole_answer_is_returned_whatever_its_status() -> None:
    with serving(b"HTTP/1.1 503 Away\r\nContent-Length: 2\r\n\r\nno") as (url, asked):
        assert Line(url).ask("POST", "/api/v1/orders?a=b", {"X": "y"}, b"body") == Answer(503, b"no")
    assert asked[0].startswith(b"POST /api/v1/orders?a=b HTTP/1.1\r\n")
    assert b"X: y\r\n" in asked[0]


def test_where_nobody_listens_nothing_has_left() -> None:
    with socket.create_server(("127.0.0.1", 0)) as door:
        port = door.getsockname()[1]
    with pytest.raises(Unsent):
        Line(f"http://127.0.0.1:{port}").ask("GET", "/", {})
    with pytest.raises(Unsent):
        Line("http://no-such-name.invalid").ask("GET", "/", {})


@pytest.mark.parametrize("reply", [b"", b"nonsense\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhalf"])
def test_half_an_answer_is_none(reply: bytes) -> None:
    with serving(reply) as (url, _), pytest.raises(Unanswered):
        Line(url).ask("GET", "/", {})


def test_an_answer_without_end_is_not_read_to_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "LARGEST", 10)
    with serving(b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n" + b"x" * 50) as (url, _), pytest.raises(Unanswered):
        Line(url).ask("GET", "/", {})


def test_silence_is_not_waited_for_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "PATIENCE", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as door, pytest.raises(Unanswered):
        Line(f"http://127.0.0.1:{door.getsockname()[1]}").ask("GET", "/", {})


def test_a_plain_server_is_not_taken_for_a_secure_one() -> None:
    with serving(b"HTTP/1.1 200 OK\r\n\r\n") as (url, _), pytest.raises(Unsent):
        Line(url.replace("http:", "https:")).ask("GET", "/", {})
