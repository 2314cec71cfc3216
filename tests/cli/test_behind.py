"""What a URL leads to: the bots that are listed there, and nowhere else; itself where nobody tells."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Iterator
from threading import Thread

import pytest

from radtui.cli import behind
from radtui.cli.behind import bots_behind, server_of

TOKEN = "marker-secret-of-attach-0003"
Serve = Callable[[bytes], str]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Answer one request with these bytes; what was asked is kept in `heard`."""
    listeners: list[socket.socket] = []
    threads: list[Thread] = []

    def start(says: bytes) -> str:
        listeners.append(socket.create_server(("127.0.0.1", 0)))
        threads.append(Thread(target=_answer, args=(listeners[-1], says), daemon=True))
        threads[-1].start()
        return f"http://127.0.0.1:{listeners[-1].getsockname()[1]}"

    yield start
    for thread in threads:
        thread.join(5)
    for listener in listeners:
        listener.close()


heard: list[bytes] = []


def _answer(listener: socket.socket, says: bytes) -> None:
    line, _ = listener.accept()
    with line:
        heard.append(line.recv(65536))
        line.sendall(says)


def listing(*paths: str) -> bytes:
    body = json.dumps({"bots": [{"name": "x", "path": path, "more": 1} for path in paths], "more": 2}).encode()
    return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)


def test_several_bots_are_each_a_url(serve: Serve) -> None:
    url = serve(listing("/bots/alpha", "/bots/beta"))
    assert bots_behind(url, TOKEN) == (f"{url}/bots/alpha", f"{url}/bots/beta")
    assert b"GET /api/bots " in heard[-1]
    assert f"Authorization: Bearer {TOKEN}".encode() in heard[-1]


@pytest.mark.parametrize(
    "says",
    [
        listing("/bots/alpha"),
        listing(),
        listing(".evil.example/bots/alpha", "@evil.example/bots/beta"),
        listing("/bots/alpha/../../x", "/bots/a b", "/bots/"),
        b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 2\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n<html>",
        b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{",
        b"HTTP/1.1 302 Found\r\nLocation: http://evil.example/\r\nContent-Length: 0\r\n\r\n",
        b"SSH-2.0-OpenSSH\r\n",
        b"",
    ],
)
def test_where_one_or_nobody_is_told_the_url_is_gone_to_as_it_is(serve: Serve, says: bytes) -> None:
    url = serve(says)
    assert bots_behind(url, TOKEN) == (url,)


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:1", "http://[::1", "http://host:99999", "ftp://", "https://127.0.0.1:1"]
)
def test_nobody_there_and_what_is_no_address_is_left_to_who_goes_there(url: str) -> None:
    assert bots_behind(url, None) == (url,)


def test_one_that_never_answers_is_not_waited_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(behind, "WITHIN", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as mute:
        url = f"http://127.0.0.1:{mute.getsockname()[1]}"
        assert bots_behind(url, None) == (url,)


def test_a_url_that_names_a_bot_is_not_asked_about() -> None:
    url = "http://127.0.0.1:1/radtui/bots/alpha"
    assert bots_behind(url, TOKEN) == (url,)
    assert server_of(url) == "http://127.0.0.1:1/radtui"
