"""Which command lines make two processes, and what the one that the shell waits for does (the rest: tests/e2e)."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from typing import Final

import pytest

from radtui.cli import _opens_the_cockpit
from radtui.cli.detach import part

PROGRAM: Final = """
import os, signal, sys, time
from radtui.cli import tether
from radtui.cli.detach import part
first = os.getpid()
part()
assert os.getpid() != first
print("parted", flush=True)
"""


def run(
    then: str, act: Callable[[subprocess.Popen[str]], None] = lambda _: None, before: Sequence[str] = ()
) -> tuple[int, str]:
    """Part on a terminal, do `then` in the second process; return the first one's exit code, and what was painted."""
    master, slave = os.openpty()
    try:
        process = subprocess.Popen(
            [*before, sys.executable, "-c", PROGRAM + then],
            stdin=slave,
            stdout=subprocess.PIPE,
            stderr=slave,
            text=True,
        )
        assert process.stdout is not None
        assert process.stdout.readline() == "parted\n"
        act(process)
        process.communicate(timeout=30)
        os.set_blocking(master, False)
        try:
            painted = os.read(master, 65536).decode()
        except BlockingIOError:
            painted = ""
        return process.returncode, painted
    finally:
        os.close(master)
        os.close(slave)


@pytest.mark.parametrize("arguments", [[], ["--seed", "3"], ["--theme=x"]])
def test_flags_alone_open_the_cockpit(arguments: list[str]) -> None:
    assert _opens_the_cockpit(arguments)


@pytest.mark.parametrize("arguments", [["--version"], ["--help"], ["-h"], ["--seed", "3", "--help"], ["status"], ["x"]])
def test_everything_else_is_one_process(arguments: list[str]) -> None:
    assert not _opens_the_cockpit(arguments)


def test_without_a_terminal_there_is_nothing_to_part_from(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "isatty", lambda _: False)
    monkeypatch.setattr(os, "fork", lambda: pytest.fail("it forked"))
    part()


@pytest.mark.parametrize("code", [0, 2, 4, 143])
def test_the_exit_code_is_handed_on(code: int) -> None:
    assert run(f"sys.exit({code})") == (code, "")


def test_a_violent_death_is_told_with_what_it_means() -> None:
    code, painted = run("os.kill(os.getpid(), signal.SIGKILL)")
    assert code == 137
    assert "radtui: the engine's process was ended by SIGKILL" in painted
    assert "What to do: start radtui again" in painted


def test_a_signal_to_the_one_reaches_the_other() -> None:
    waits = """
with tether.held().heard_by(lambda number: os._exit(40 + number)):
    print("waits", flush=True)
    while True:
        signal.pause()
"""

    def end(process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        assert process.stdout.readline() == "waits\n"
        process.terminate()

    assert run(waits, end) == (40 + signal.SIGTERM, "")


def test_the_shell_is_let_go_while_the_engine_flies_on() -> None:
    assert run("tether.held().release(5); time.sleep(2)")[0] == 5


def test_the_first_process_of_a_container_stays_for_the_others_end_with_it() -> None:
    if subprocess.run(["unshare", "--pid", "--fork", "true"], check=False, capture_output=True).returncode:
        pytest.skip("this user may make no process namespace")
    flies = "tether.held().release(5); time.sleep(0.5); os._exit(6)"
    assert run(flies, before=("unshare", "--pid", "--fork"))[0] == 6
