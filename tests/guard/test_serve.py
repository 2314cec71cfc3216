"""One guardian in a thread, with a real socket and an account of the test's."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from radtui.core.guarding import Ack, Deed, Did, Dismissed, Landed, Phase, Word
from radtui.guard.account import Shown
from radtui.guard.journal import Memory, MemoryFile, Record
from radtui.guard.post import reachable
from radtui.guard.serve import HELD, Guardian, guard
from tests.guard.makers import BOT, Account, beat, config, cover, holding, order

LEFT = Shown(orders=(order(),), holdings=(holding(),))


class Watchman:
    """A guardian at work."""

    def __init__(self, home: Path, account: Account, **other: Any) -> None:
        self.config = config(home, **other)
        self.account = account
        self.code: int | None = None
        self.guardian = Guardian(self.config, account)
        self._thread = threading.Thread(target=self._run)
        self._thread.start()
        self._line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._line.settimeout(5)
        with reachable(Path(self.config.socket)) as name:
            self._line.connect(name)

    def _run(self) -> None:
        self.code = self.guardian.run()

    def tell(self, word: Word) -> Ack:
        """Say a word and return the answer."""
        self._line.sendall(msgspec.json.encode(word) + b"\n")
        return msgspec.json.decode(self._line.recv(65_536), type=Ack)

    def did(self) -> list[Did]:
        return [deed.did for deed in self.deeds()]

    def deeds(self) -> list[Deed]:
        return list(Record(Path(self.config.record)).deeds())

    def until(self, did: Did) -> None:
        deadline = time.monotonic() + 10
        while did not in self.did():
            assert time.monotonic() < deadline, self.did()
            time.sleep(0.01)

    def ended(self) -> int | None:
        self._thread.join(10)
        return self.code

    def close(self) -> None:
        self._line.close()
        self.guardian.end(signal.SIGTERM)
        self._thread.join(10)


Start = Callable[..., Watchman]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    found: list[Watchman] = []

    def begin(account: Account, **other: Any) -> Watchman:
        found.append(Watchman(tmp_path, account, **other))
        return found[-1]

    yield begin
    for each in found:
        each.close()


def test_it_acts_after_the_silence_writes_it_down_and_is_armed_by_the_next_beat(start: Start) -> None:
    watchman = start(Account(LEFT))
    ack = watchman.tell(beat(cover()))
    assert (ack.number, ack.phase, ack.terms, ack.hired) == (1, Phase.WATCHING, "abc", False)
    watchman.until(Did.DONE)
    assert watchman.did() == [Did.SILENCE, Did.CANCELLED, Did.PROTECTED, Did.DONE]
    assert watchman.tell(beat(cover(), boot=2)).phase is Phase.WATCHING
    assert watchman.did()[-1] is Did.RETURNED
    time.sleep(0.2)
    deadline = time.monotonic() + 10
    while watchman.did().count(Did.DONE) < 2:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    assert watchman.account.calls.count("read") > 2


def test_who_lands_is_let_alone_and_lets_a_hired_one_go(start: Start) -> None:
    watchman = start(Account(LEFT), hired=True)
    watchman.tell(beat(cover()))
    assert watchman.tell(Landed(bot=BOT, boot=1)).phase is Phase.LANDED
    assert watchman.ended() == 0
    assert watchman.account.calls == []
    assert not Path(watchman.config.socket).exists()
    assert MemoryFile(Path(watchman.config.memory)).load().phase is Phase.LANDED


def test_one_that_is_hired_after_a_landing_guards_the_next_flight(start: Start) -> None:
    first = start(Account(LEFT), hired=True)
    first.tell(beat(cover()))
    first.tell(Landed(bot=BOT, boot=1))
    assert first.ended() == 0
    second = start(Account(LEFT), hired=True)
    assert second.tell(beat(cover(), boot=2)).phase is Phase.WATCHING
    second.until(Did.DONE)
    assert second.tell(Landed(bot=BOT, boot=2)).phase is Phase.LANDED
    assert second.ended() == 0


def test_one_of_a_person_waits_for_the_next_flight(start: Start) -> None:
    watchman = start(Account(LEFT))
    watchman.tell(beat())
    watchman.tell(Landed(bot=BOT, boot=1))
    assert watchman.tell(beat(boot=2)).phase is Phase.WATCHING


def test_it_goes_where_another_is_to_follow(start: Start) -> None:
    watchman = start(Account(LEFT), hired=True)
    watchman.tell(beat())
    watchman.tell(Dismissed(bot=BOT))
    assert watchman.ended() == 128 + signal.SIGTERM
    assert MemoryFile(Path(watchman.config.memory)).load().phase is Phase.WATCHING, "the next one watches on"


def test_an_engine_that_comes_back_is_left_the_rest(start: Start) -> None:
    away = threading.Event()
    watchman = start(Account(LEFT, lambda: "ok" if away.is_set() else "away"))
    watchman.tell(beat(cover()))
    watchman.until(Did.AWAY)
    watchman.tell(beat(cover(), boot=2))
    watchman.until(Did.STOOD_DOWN)
    assert watchman.account.cancelled == []


def test_one_that_was_interrupted_begins_again(start: Start, tmp_path: Path) -> None:
    told = config(tmp_path)
    MemoryFile(Path(told.memory)).keep(Memory(phase=Phase.ACTING, beat=beat(cover())))
    watchman = start(Account(LEFT))
    watchman.until(Did.DONE)
    assert watchman.account.cancelled == ["t-b-1"]


def test_a_disk_that_takes_nothing_keeps_nothing_from_being_done(start: Start, tmp_path: Path) -> None:
    watchman = start(Account(LEFT), record=str(tmp_path / "gone" / "r.jsonl"), memory=str(tmp_path / "gone" / "m.json"))
    watchman.tell(beat(cover()))
    deadline = time.monotonic() + 10
    while not watchman.account.accepted:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    assert watchman.account.cancelled == ["t-b-1"]


def test_one_that_nobody_can_call_any_more_leaves_unless_its_engine_is_dead(start: Start, tmp_path: Path) -> None:
    idle = start(Account(LEFT))
    Path(idle.config.socket).unlink()
    idle._line.close()
    assert idle.ended() == 0

    alive = start(Account(LEFT), silence=60)
    alive.tell(beat(cover(), pid=os.getpid()))
    Path(alive.config.socket).unlink()
    alive._line.close()
    assert alive.ended() == 0
    assert alive.account.calls == []

    dead = start(Account(LEFT))
    with subprocess.Popen(["true"]) as gone:
        pass
    dead.tell(beat(cover(), pid=gone.pid))
    Path(dead.config.socket).unlink()
    dead._line.close()
    dead.until(Did.DONE)
    assert dead.ended() == 0


def test_one_guardian_an_account(tmp_path: Path) -> None:
    told = msgspec.json.encode(config(tmp_path, silence=60))
    words = [sys.executable, "-m", "radtui.guard"]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stderr=subprocess.PIPE) as first:
        assert first.stdin is not None
        assert first.stderr is not None
        first.stdin.write(told)
        first.stdin.close()
        assert json.loads(first.stderr.readline())["event"] == "on guard"
        second = subprocess.run(words, input=told, capture_output=True, check=False, timeout=30)
        assert second.returncode == HELD
        assert json.loads(second.stderr)["event"] == "another guardian guards this account"
        first.send_signal(signal.SIGHUP)
        first.terminate()
        assert first.wait(30) == 128 + signal.SIGTERM
        assert b"the-secret" not in first.stderr.read()


def test_a_second_one_in_this_process_is_refused_too(tmp_path: Path) -> None:
    import fcntl

    told = config(tmp_path)
    descriptor = os.open(told.lock, os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    try:
        assert guard(told) == HELD
    finally:
        os.close(descriptor)


def test_it_loads_nothing_of_the_engine(tmp_path: Path) -> None:
    program = "import radtui.guard.serve, sys; print(' '.join(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    heavy = {"asyncio", "pydantic", "httpx", "sqlalchemy", "structlog", "textual", "numpy", "cyclopts", "platformdirs"}
    assert not heavy & set(loaded)
    ours = {name for name in loaded if name.startswith("radtui.") and not name.startswith("radtui.guard")}
    assert ours <= {"radtui.core", "radtui.core.guarding", "radtui.core.ids", "radtui.core.money"}
