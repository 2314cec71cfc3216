"""The small client: engines that answer, hang, hang up, or answer nonsense; and which of them is meant."""

from __future__ import annotations

import contextlib
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec
import pytest

from radtui.api.door import Door
from radtui.api.socket import listen
from radtui.cli import engines
from radtui.cli.engines import Reply, RunningEngine, Silent, chosen, named, no_answer, no_engine, running
from radtui.cli.failures import Exit, Failure
from radtui.core.instruction import Ask
from radtui.settings.folders import control_folder
from tests.api.callers import Scripted

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
Serve = Callable[[str, bytes | None], Path]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Listen under a name and say the same to everybody; None says nothing at all."""
    listeners: list[socket.socket] = []

    def start(name: str, says: bytes | None) -> Path:
        path = control_folder() / f"{name}.sock"
        listeners.append(listen(path))
        threading.Thread(target=_speak, args=(listeners[-1], says), daemon=True).start()
        return path

    yield start
    for listener in listeners:
        with contextlib.suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()


def _speak(listener: socket.socket, says: bytes | None) -> None:
    kept = []  # an unanswered line stays open
    with contextlib.suppress(OSError):
        while True:
            line, _ = listener.accept()
            if says is None:
                kept.append(line)
                continue
            with line, contextlib.suppress(BrokenPipeError):  # who only looked whether somebody is there
                if says:
                    line.recv(65536)
                line.sendall(says)
    for line in kept:
        line.close()


@pytest.fixture
def scripted() -> Iterator[Scripted]:
    handle = Scripted()
    door = Door(handle, control_folder() / "scripted.abcdef.sock")
    door.open()
    yield handle
    door.close()


def test_none_is_none(own_folders: Path) -> None:
    assert running() == []
    with pytest.raises(Failure, match="no engine runs here") as failed:
        chosen(None)
    assert failed.value.code == Exit.NO_ENGINE


def test_what_is_another_users_is_said_to_be_unknown(own_folders: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket(socket.AF_UNIX) as theirs:
        control_folder().mkdir(parents=True)
        theirs.bind(str(path := control_folder() / "a.sock"))
        monkeypatch.setattr(os, "access", lambda each, _mode: each != path)
        assert "Whether one runs is not known: " in no_engine(None).means
        monkeypatch.setattr(os, "access", lambda each, _mode: each != control_folder())
        assert str(control_folder()) in no_engine(None).means
        monkeypatch.setattr(os, "access", lambda _each, _mode: True)
        assert no_engine(None).means == engines.NOTHING_DONE


def test_a_dead_engines_socket_is_passed_over(own_folders: Path) -> None:
    listen(control_folder() / "dead.sock").close()
    assert running() == []


def test_an_engine_is_found_by_its_bots_and_its_sockets_name(scripted: Scripted) -> None:
    (found,) = running()
    assert (found.bot, found.name, found.pid) == ("scripted", "scripted", os.getpid())
    assert chosen(None).path == chosen("scripted").path
    assert chosen(str(os.getpid())).path == found.path
    with pytest.raises(Failure, match="no engine of other"):
        chosen("other")


def test_of_two_with_one_name_the_process_tells_which(scripted: Scripted, monkeypatch: pytest.MonkeyPatch) -> None:
    (found,) = running()
    other = found._replace(path=Path("other"), pid=found.pid + 1)
    monkeypatch.setattr(engines, "running", lambda: [found, other])
    assert len(named("scripted")) == 2
    with pytest.raises(Failure, match="several engines run here") as failed:
        chosen("scripted")
    assert "--bot PID" in failed.value.todo
    assert chosen(str(other.pid)) == other


def test_one_that_answers_nonsense_is_listed_with_what_is_wrong(scripted: Scripted, serve: Serve) -> None:
    serve("odd-kucoin.123456", OK)
    serve("rude", b"")
    odd, rude, _ = running()
    assert (odd.bot, odd.seen) == ("odd-kucoin", None)
    assert "missing required field" in odd.silent
    assert "the line broke" in rude.silent
    with pytest.raises(Failure, match="several engines run here: odd-kucoin") as failed:
        chosen(None)
    assert failed.value.code == Exit.USAGE


def test_one_that_hangs_is_listed_and_its_pid_named(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "LOOK_WITHIN", 0.2)
    serve("stuck", None)
    (stuck,) = running()
    assert stuck.silent == "no answer within 0.2 s"
    with pytest.raises(Silent) as silent:
        stuck.get("/api/status")
    said = no_answer(stuck, silent.value)
    assert f"kill -9 {os.getpid()}" in said.todo


@pytest.mark.parametrize(("status", "code"), [(404, Exit.REFUSED), (422, Exit.USAGE), (500, Exit.REFUSED)])
def test_a_refusal_becomes_a_failure_in_its_words(status: int, code: Exit) -> None:
    told = b'{"error":"x","message":"no such thing","todo":"look elsewhere"}'
    with pytest.raises(Failure, match="no such thing") as failed:
        Reply(status, told).read(object)
    assert (failed.value.code, failed.value.todo) == (code, "look elsewhere")
    with pytest.raises(Failure, match=f"status {status}"):
        Reply(status, b"<html>").read(object)


def test_an_instruction_waits_for_its_receipt(scripted: Scripted) -> None:
    engine = chosen(None)
    pending = engine.tell(Ask.STOP, 0.05, {"why": "x"})
    assert (pending.success, scripted.heard[0].why) == (None, "x")
    scripted.done("i2", success=False, refused=True, message="cannot")
    refused = engine.tell(Ask.PAUSE, 5.0, {})
    assert (refused.success, refused.message) == (False, "cannot")


def test_it_may_wait_longer_than_one_request_and_is_told_once(
    scripted: Scripted, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engines, "LONGEST_WAIT", 0.1)
    threading.Timer(0.5, scripted.done).start()
    assert chosen(None).tell(Ask.STOP, 20.0, {}).success is True
    assert len(scripted.heard) == 1


def test_an_engine_that_dies_while_one_waits_is_silence(serve: Serve) -> None:
    path = serve("dying", b"")
    with pytest.raises(Silent, match="the line broke"):
        RunningEngine(path, 1, None).tell(Ask.STOP, 5.0, {})


def test_a_kind_of_answer_is_prepared_by_one_thread_while_others_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is what crashes msgspec now and then: two threads that meet a new type at once."""
    made, decoder = [], msgspec.json.Decoder

    def slowly(kind: type) -> object:
        made.append(kind)
        time.sleep(0.02)
        return decoder(kind)

    class Kind(msgspec.Struct):
        seen: int

    monkeypatch.setattr(msgspec.json, "Decoder", slowly)
    with ThreadPoolExecutor(4) as pool:
        found = pool.map(lambda number: Reply(200, b'{"seen":%d}' % number).read(Kind).seen, range(4))
    assert list(found) == [0, 1, 2, 3]
    assert made == [Kind]


@pytest.mark.parametrize(("status", "words"), [(503, b"<html>no</html>"), (200, b"{}"), (500, b"")])
def test_an_answer_that_is_none_is_silence(status: int, words: bytes) -> None:
    with pytest.raises(Silent, match=f"status {status}"):
        Reply(status, words).answer()


def test_a_request_that_is_refused_as_such_is_a_failure() -> None:
    with pytest.raises(Failure, match="no such thing"):
        Reply(400, b'{"error":"x","message":"no such thing","todo":""}').answer()
