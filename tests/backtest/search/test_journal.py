"""A study's file outlives whoever is killed while writing to it."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radtui.backtest.search.journal import DyingLock, mend
from radtui.backtest.search.storage import create

HOLDS = """
import sys, time
from pathlib import Path
from radtui.backtest.search.journal import DyingLock
DyingLock(Path(sys.argv[1])).acquire()
print("held", flush=True)
time.sleep(60)
"""


@given(st.binary(max_size=200), st.booleans())
def test_what_is_whole_stays_and_what_is_torn_goes(
    tmp_path_factory: pytest.TempPathFactory, told: bytes, long: bool
) -> None:
    file = tmp_path_factory.mktemp("torn") / "x"
    content = told + b"x" * 150_000 * long
    file.write_bytes(content)
    mend(file)
    assert file.read_bytes() == content[: content.rfind(b"\n") + 1]


def test_a_study_with_a_torn_line_goes_on(tmp_path: Path) -> None:
    file = tmp_path / "study.journal"
    create(str(file), "x").enqueue_trial({})
    with file.open("ab") as opened:
        opened.write(b'{"op_code": 4, "worker')
    create(str(file), "x").enqueue_trial({})
    assert len(create(str(file), "x").get_trials()) == 2


def test_the_lock_of_who_is_killed_is_free_at_once(tmp_path: Path) -> None:
    file = tmp_path / "study.journal"
    file.touch()
    with subprocess.Popen([sys.executable, "-c", HOLDS, str(file)], stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        holder.kill()
        began = time.monotonic()
        lock = DyingLock(file)
        assert lock.acquire()
        assert time.monotonic() - began < 5
        lock.release()
