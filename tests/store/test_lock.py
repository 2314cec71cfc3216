"""One holder a lock, named while it lives, and nobody named once it is gone."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

import radtui
from radtui.store.holder import Holder
from radtui.store.lock import AccountHeld, AccountLock

HOLD = """
import sys
from pathlib import Path
from radtui.store.lock import AccountLock
AccountLock(Path(sys.argv[1]), "the account alpha").acquire()
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "locks" / "alpha.lock"


@pytest.fixture
def other(path: Path) -> Iterator[subprocess.Popen[str]]:
    """A process that holds the lock."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, path, "--token=hunter2", "--key", "hunter2"],
        env={**os.environ, "PYTHONPATH": str(Path(radtui.__file__).parents[1])},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.communicate()


def lock_at(path: Path) -> AccountLock:
    return AccountLock(path, "the account alpha")


def test_a_second_process_is_refused_told_who_and_how_to_end_it(path: Path, other: subprocess.Popen[str]) -> None:
    with pytest.raises(AccountHeld) as refusal:
        lock_at(path).acquire()
    text = str(refusal.value)
    assert f"(pid {other.pid}, started 20" in text
    assert "already holds the account alpha" in text
    assert f"`kill -TERM {other.pid}` ends it gracefully" in text
    assert refusal.value.holder is not None
    assert refusal.value.holder.pid == other.pid


def test_no_value_of_the_command_line_is_ever_shown(path: Path, other: subprocess.Popen[str]) -> None:
    holder = lock_at(path).holder()
    assert holder is not None
    assert "--token --key" in holder.how
    assert all(b"hunter2" not in file.read_bytes() for file in path.parent.iterdir())


def test_a_killed_holder_leaves_the_lock_free_and_its_note_names_nobody(
    path: Path, other: subprocess.Popen[str]
) -> None:
    other.kill()
    other.wait()
    lock = lock_at(path)
    assert lock.holder() is None
    lock.acquire()
    holder = lock.holder()
    assert holder is not None
    assert holder.pid == os.getpid()
    lock.release()


@pytest.mark.parametrize(
    "note", [b"", b"{", b"[1]", msgspec.json.encode(Holder(pid=2**22 + 5, since=1, how="old", birth="7"))], ids=repr
)
def test_a_lock_whose_note_says_nothing_true_is_refused_without_a_name(
    path: Path, other: subprocess.Popen[str], note: bytes
) -> None:
    path.with_name("alpha.lock.json").write_bytes(note)
    with pytest.raises(AccountHeld, match=r"just starting or ending, already holds .* try again") as refusal:
        lock_at(path).acquire()
    assert refusal.value.holder is None


def test_a_released_lock_can_be_taken_again_and_leaves_no_note(path: Path) -> None:
    lock = lock_at(path)
    lock.release()
    for _ in range(2):
        lock.acquire()
        with pytest.raises(AccountHeld):
            lock_at(path).acquire()
        lock.release()
    assert [file.name for file in path.parent.iterdir()] == ["alpha.lock"]


def test_files_and_folders_are_the_users_alone(path: Path) -> None:
    lock = lock_at(path)
    lock.acquire()
    modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}
    assert modes == {"alpha.lock": 0o600, "alpha.lock.json": 0o600}
    assert stat.S_IMODE(path.parent.stat().st_mode) == stat.S_IMODE(path.parent.parent.stat().st_mode) == 0o700
    lock.release()


def test_a_lock_that_cannot_be_noted_is_not_kept(path: Path) -> None:
    path.parent.mkdir(parents=True)
    note = path.with_name("alpha.lock.json")
    note.mkdir()
    with pytest.raises(OSError, match="directory"):
        lock_at(path).acquire()
    note.rmdir()
    lock = lock_at(path)
    lock.acquire()
    lock.release()


def test_a_holder_on_another_machine_is_named_while_the_lock_is_held(path: Path, other: subprocess.Popen[str]) -> None:
    holder = Holder(pid=7, since=1, how="radtui run", birth="1", host="beta", machine="another")
    path.with_name("alpha.lock.json").write_bytes(msgspec.json.encode(holder))
    with pytest.raises(AccountHeld, match=r"\(pid 7, started .* on beta as .*`kill -TERM 7` on beta ends it"):
        lock_at(path).acquire()
    assert lock_at(path).holder() is None, "whether it lives cannot be seen from here"
