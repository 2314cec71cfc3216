"""Who holds a lock: named so that a person finds it, and called gone only where that is certain."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from radtui.store import holder
from radtui.store.holder import Holder, myself, utc

NOBODY = 2**22 + 5
"""Above any pid that Linux gives."""
ELSEWHERE = Holder(pid=1, since=0, how="radtui run --headless", birth="7", host="beta", machine="another")


def test_this_process_names_itself_with_host_and_start() -> None:
    me = myself()
    assert me.named == f"pid {os.getpid()}, started {utc(me.since)} on {platform.node()} as `{me.how}`"
    assert me.alive
    assert me.gone, "what an earlier life of this very process noted holds nothing any more"


@pytest.mark.parametrize(
    ("noted", "alive"),
    [
        (Holder(pid=os.getpid(), since=1, how="no birth noted"), True),
        (Holder(pid=os.getpid(), since=1, how="a pid that was given again", birth="1"), False),
        (Holder(pid=NOBODY, since=1, how="ended"), False),
        (Holder(pid=NOBODY, since=1, how="ended", birth="1"), False),
        (Holder(pid=1, since=1, how="the system's first"), True),
    ],
    ids=lambda value: value.how if isinstance(value, Holder) else "",
)
def test_a_process_is_alive_only_where_it_is_the_very_same(noted: Holder, alive: bool) -> None:
    assert noted.alive is alive


def test_a_process_of_another_user_is_alive(monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(_pid: int, _signal: int) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "kill", forbidden)
    assert Holder(pid=NOBODY, since=1, how="another user's").alive


def test_of_another_machine_nothing_is_known() -> None:
    assert not ELSEWHERE.here
    assert not ELSEWHERE.alive
    assert not ELSEWHERE.gone
    assert ELSEWHERE.named == "pid 1, started 1970-01-01 00:00:00 UTC on beta as `radtui run --headless`"
    assert ELSEWHERE.how_to_end == "`kill -TERM 1` on beta ends it gracefully; its stops stay on the exchange."


def test_a_note_of_before_the_machine_was_noted_is_of_this_one() -> None:
    old = msgspec.json.decode(b'{"pid": 1, "since": 5, "how": "radtui"}', type=Holder)
    assert old.here
    assert old.named == "pid 1, started 1970-01-01 00:00:00 UTC as `radtui`"


def test_a_system_that_tells_nothing_of_processes_is_told_by_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(holder, "_BOOT", tmp_path / "not there")
    holder._machine.cache_clear()
    assert myself().machine == platform.node()
    assert myself().here
    holder._machine.cache_clear()


def test_one_that_only_waits_for_its_parent_to_take_note_of_its_end_is_gone() -> None:
    process = subprocess.Popen([sys.executable, "-c", "import signal; signal.pause()"])
    holder = msgspec.structs.replace(myself(), pid=process.pid, birth="")
    assert holder.alive
    process.kill()
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    assert Path(f"/proc/{process.pid}/stat").exists()
    assert not holder.alive
    process.wait()
