"""Ending an engine that hangs: killed and seen to be gone, or left alone with the reason."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from radtui.api.door import Door
from radtui.api.socket import answers
from radtui.cli.engines import RunningEngine
from radtui.cli.failures import Exit, Failure
from radtui.cli.hung import end_hung
from tests.api.callers import Caller, Scripted
from tests.engine.hosts import soon


@pytest.fixture
def victim() -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen([sys.executable, "-c", "import signal; signal.pause()"])
    yield process
    process.kill()
    process.wait()


@pytest.fixture
def handle(tmp_path: Path) -> Iterator[Scripted]:
    found = Scripted()
    door = Door(found, tmp_path / "a.sock")
    door.open()
    Caller(tmp_path / "a.sock").get("/api/status")  # it has loaded what it needs
    yield found
    door.close()


def show(handle: Scripted, *, hangs: int, pid: int) -> None:
    process = msgspec.structs.replace(handle.seen.process, pid=pid)
    handle.seen = msgspec.structs.replace(handle.seen, hangs=hangs, process=process)


def test_one_that_hangs_is_killed_and_gone(victim: subprocess.Popen[bytes], handle: Scripted, tmp_path: Path) -> None:
    show(handle, hangs=12, pid=victim.pid)
    engine = RunningEngine(tmp_path / "a.sock", victim.pid, None)
    end_hung(engine)
    assert not engine.alive, "also before its parent has taken note"
    assert victim.wait(5) == -9
    end_hung(engine)  # there is nothing left to do


LISTENS = (
    "import socket, sys, signal; s = socket.socket(socket.AF_UNIX); s.bind(sys.argv[1]); s.listen(); signal.pause()"
)


def test_one_whose_door_hangs_too_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("radtui.cli.engines.LOOK_WITHIN", 0.1)
    path = tmp_path / "a.sock"
    silent = subprocess.Popen([sys.executable, "-c", LISTENS, str(path)])
    soon(lambda: answers(path))
    end_hung(RunningEngine(path, silent.pid, None))
    assert silent.wait(5) == -9


def test_a_process_that_does_not_listen_there_any_more_is_another_one(
    victim: subprocess.Popen[bytes], tmp_path: Path
) -> None:
    with pytest.raises(Failure, match="closed its control socket"):
        end_hung(RunningEngine(tmp_path / "nobody.sock", victim.pid, None))
    assert victim.poll() is None


@pytest.mark.parametrize(
    ("hangs", "shift", "why"),
    [(0, 0, "it turns again"), (12, 1, "it lives in a container")],
    ids=["turns", "elsewhere"],
)
def test_one_that_turns_again_or_is_another_process_is_left_alone(
    victim: subprocess.Popen[bytes], handle: Scripted, tmp_path: Path, hangs: int, shift: int, why: str
) -> None:
    show(handle, hangs=hangs, pid=victim.pid + shift)
    with pytest.raises(Failure, match=why) as failed:
        end_hung(RunningEngine(tmp_path / "a.sock", victim.pid, None))
    assert failed.value.code == Exit.NOT_SAFE
    assert "This command closed nothing" in failed.value.means
    assert victim.poll() is None


def test_the_first_process_of_a_container_is_not_even_tried(tmp_path: Path) -> None:
    with pytest.raises(Failure, match="first process of its container"):
        end_hung(RunningEngine(tmp_path / "a.sock", 1, None))
