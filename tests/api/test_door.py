"""The door opens beside an engine, answers until it is closed, and harms nothing where it cannot."""

from __future__ import annotations

import socket
import threading
from pathlib import Path

import msgspec
import pytest

from radtui.api import connections
from radtui.api.door import Door
from radtui.api.socket import Peer, SocketTaken, connect
from radtui.core.instruction import Ask
from tests.api.callers import Caller, Scripted
from tests.engine.flights import Idle
from tests.engine.hosts import hosted, soon


def test_who_connects_before_it_answers_waits_instead_of_being_refused(tmp_path: Path) -> None:
    handle = Scripted()
    ready = handle.seen
    handle.seen = msgspec.structs.replace(ready, status=msgspec.structs.replace(ready.status, recovered=False))
    door = Door(handle, tmp_path / "a.sock")
    door.open()
    line = connect(tmp_path / "a.sock", 5.0)
    line.sendall(b"GET /api/status HTTP/1.0\r\n\r\n")
    handle.seen = ready
    assert line.recv(12) == b"HTTP/1.1 200"
    line.close()
    door.close()


def test_what_was_asked_before_the_end_is_answered(scripted: Scripted, tmp_path: Path) -> None:
    door = Door(scripted, tmp_path / "a.sock")
    door.open()
    answers: list[object] = []
    asking = threading.Thread(
        target=lambda: answers.append(Caller(tmp_path / "a.sock").post("/api/bot/shutdown?wait=9"))
    )
    asking.start()
    soon(lambda: scripted.heard)
    scripted.done(ask=Ask.SHUTDOWN, message="Graceful shutdown completed")
    door.close()
    asking.join(5)
    assert answers[0].body["message"] == "Graceful shutdown completed"  # type: ignore[attr-defined]
    assert not (tmp_path / "a.sock").exists()


def test_one_that_never_answered_is_closed_at_once(tmp_path: Path) -> None:
    handle = Scripted()
    handle.seen = msgspec.structs.replace(
        handle.seen, status=msgspec.structs.replace(handle.seen.status, recovered=False)
    )
    door = Door(handle, tmp_path / "a.sock")
    door.open()
    door.close()
    assert not (tmp_path / "a.sock").exists()


def test_a_second_door_is_refused_and_the_first_one_stays(caller: Caller, scripted: Scripted) -> None:
    with pytest.raises(SocketTaken):
        Door(scripted, caller.path).open()
    assert caller.get("/api/status").status == 200


def test_another_users_process_is_hung_up_on(caller: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    assert caller.get("/api/status").status == 200
    monkeypatch.setattr(connections, "peer_of", lambda _line: Peer(1, 4_000_000))
    with connect(caller.path, 5.0) as line:
        assert _hung_up(line)


def _hung_up(line: socket.socket) -> bool:
    try:
        return line.recv(100) == b""
    except ConnectionResetError:
        return True


def test_one_that_cannot_serve_takes_its_socket_away_and_says_so_to_people(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> object:
        raise ImportError("half an installation")

    monkeypatch.setattr("radtui.api.app.applications", broken)
    host = hosted(Idle)
    host.start()
    soon(lambda: host.handle.snapshot().status.recovered)
    door = Door(host.handle, tmp_path / "a.sock")
    door.open()
    soon(lambda: not (tmp_path / "a.sock").exists())
    soon(lambda: any("no command finds this engine" in each.message for each in host.handle.snapshot().errors))
    door.close()
    host.settle(who="test")
