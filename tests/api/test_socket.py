"""The control socket is its owner's alone, replaces what the dead left, and respects the living."""

from __future__ import annotations

import os
import socket
import stat
from pathlib import Path

import pytest

from radtui.api.socket import Peer, SocketTaken, answers, connect, forget, listen, peer_of
from radtui.engine.socket_name import LONGEST


def test_only_its_owner_may_use_it(tmp_path: Path) -> None:
    path = tmp_path / "run" / "a.sock"
    before = os.umask(0)
    try:
        listener = listen(path)
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    forget(path, listener)
    assert not path.exists()


def test_what_a_dead_process_left_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "a.sock"
    listen(path).close()
    assert path.exists()
    assert not answers(path)
    listener = listen(path)
    assert answers(path)
    listener.close()


def test_a_live_one_is_respected(tmp_path: Path) -> None:
    path = tmp_path / "a.sock"
    first = listen(path)
    with pytest.raises(SocketTaken, match="another process listens"):
        listen(path)
    assert answers(path)
    first.close()


def test_a_path_of_any_length_will_do(tmp_path: Path) -> None:
    path = tmp_path / ("long" * 30) / ("name" * 10 + ".sock")
    assert len(os.fsencode(path)) > LONGEST
    listener = listen(path)
    line = connect(path, 1.0)
    assert peer_of(line) == (os.getpid(), os.geteuid())
    line.close()
    forget(path, listener)
    assert not path.exists()


def test_a_name_that_is_another_engines_by_now_stays(tmp_path: Path) -> None:
    path = tmp_path / "a.sock"
    first = listen(path)
    path.unlink()
    second = listen(path)
    forget(path, first)
    assert answers(path)
    second.close()


def test_a_folder_that_cannot_be_is_said(tmp_path: Path) -> None:
    (tmp_path / "run").write_text("not a folder")
    with pytest.raises(OSError, match="run"):
        listen(tmp_path / "run" / "a.sock")


def test_a_full_backlog_counts_as_somebody(tmp_path: Path) -> None:
    path = tmp_path / "a.sock"
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(path))
    listener.listen(0)
    waiting = connect(path, 1.0)
    assert answers(path)
    waiting.close()
    listener.close()


def test_the_owner_and_root_are_admitted_and_nobody_else() -> None:
    assert Peer(1, os.geteuid()).admitted
    assert Peer(1, 0).admitted
    assert not Peer(1, os.geteuid() + 1).admitted
    assert Peer(1, 4_000_000).user == "4000000"
    assert Peer(1, 0).user == "root"


def test_where_the_system_does_not_name_the_peer_the_mode_has_let_in_the_owner(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    listener = listen(tmp_path / "a.sock")
    line = connect(tmp_path / "a.sock", 1.0)
    monkeypatch.delattr(socket, "SO_PEERCRED")
    assert peer_of(line).admitted
    line.close()
    listener.close()
