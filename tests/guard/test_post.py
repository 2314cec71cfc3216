"""The socket: this user's alone, deaf to nonsense, and not held up by anybody."""

from __future__ import annotations

import socket
import stat
import threading
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from radtui.core.guarding import LONGEST_LINE, Ack, Beat, Landed, Phase
from radtui.guard.post import Post, reachable
from tests.guard.makers import BOT, beat


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "g.sock"


@pytest.fixture
def post(path: Path) -> Iterator[Post]:
    found = Post(path)
    yield found
    found.close()


def call(path: Path) -> socket.socket:
    line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    with reachable(path) as name:
        line.connect(name)
    line.settimeout(5)
    return line


def line_of(word: msgspec.Struct) -> bytes:
    return msgspec.json.encode(word) + b"\n"


def test_what_is_said_is_heard_and_answered(post: Post, path: Path) -> None:
    with call(path) as line:
        line.sendall(line_of(beat()) + line_of(Landed(bot=BOT, boot=1)))
        heard = post.hear(5)
        assert [type(word) for _, word in heard] == [Beat, Landed]
        ack = Ack(number=1, pid=2, phase=Phase.WATCHING, terms="t", hired=True)
        heard[0][0].answer(ack)
        assert msgspec.json.decode(line.recv(1000), type=Ack) == ack


def test_it_is_for_this_user_alone(post: Post, path: Path) -> None:
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_word_may_come_in_pieces(post: Post, path: Path) -> None:
    with call(path) as line:
        whole = line_of(beat())
        line.sendall(whole[:20])
        assert post.hear(0.05) == []
        line.sendall(whole[20:])
        assert [word for _, word in post.hear(5)] == [beat()]


@pytest.mark.parametrize("nonsense", [b"GET / HTTP/1.1\n", b'{"type":"beat"}\n', b"\xff\n", b"x" * (LONGEST_LINE + 1)])
def test_who_talks_nonsense_is_hung_up_on_and_the_others_are_heard(post: Post, path: Path, nonsense: bytes) -> None:
    with call(path) as odd, call(path) as line:
        sending = threading.Thread(target=_send, args=(odd, nonsense))
        sending.start()
        assert post.hear(0.2) == []
        sending.join()
        odd.settimeout(1)
        assert _hung_up(odd)
        line.sendall(line_of(beat()))
        assert len(post.hear(5)) == 1


def _send(line: socket.socket, text: bytes) -> None:
    try:
        line.sendall(text)
    except OSError:
        return  # hung up on in the middle: that is the point


def _hung_up(line: socket.socket) -> bool:
    try:
        return line.recv(10) == b""
    except ConnectionResetError:
        return True


def test_who_hangs_up_is_forgotten(post: Post, path: Path) -> None:
    call(path).close()
    assert post.hear(0.05) == []
    with call(path) as line:
        line.sendall(line_of(beat()))
        [(caller, _)] = post.hear(5)
    caller.answer(Ack(number=1, pid=2, phase=Phase.WATCHING, terms="", hired=False))
    assert post.hear(0.05) == []


def test_who_reads_no_answers_holds_nobody_up(post: Post, path: Path) -> None:
    with call(path) as line:
        line.sendall(line_of(beat()))
        [(caller, _)] = post.hear(5)
        for number in range(20_000):
            caller.answer(Ack(number=number, pid=2, phase=Phase.WATCHING, terms="x" * 50, hired=True))


def test_a_socket_that_a_dead_process_left_is_taken_over(path: Path) -> None:
    left = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    left.bind(str(path))
    left.close()
    post = Post(path)
    call(path).close()
    post.close()
    assert not path.exists()


def test_a_path_may_be_longer_than_a_socket_can_be_named(tmp_path: Path) -> None:
    deep = tmp_path / ("d" * 80) / ("e" * 80)
    deep.mkdir(parents=True)
    post = Post(deep / "g.sock")
    with call(deep / "g.sock") as line:
        line.sendall(line_of(beat()))
        assert len(post.hear(5)) == 1
    post.close()
