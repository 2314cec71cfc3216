"""Whatever becomes of the terminal, the engine flies on as a daemon, commands find it, and it ends when asked to."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import termios
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pytest
from programs import DEADLINE, MARKET, QUICK, RADTUI, environment
from terminal import Open, Terminal, flying, shut_down

BROKEN = (sys.executable, str(Path(__file__).with_name("broken_cockpit.py")))


def cpu(pid: int) -> float:
    """Return the processor seconds that a process has used."""
    user, system = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def standing(pid: int) -> tuple[int, int]:
    """Return the session of a process and the number of its terminal, 0 where it has none."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(fields[3]), int(fields[4])


def ask(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Give a command, as another shell of the same person would."""
    return subprocess.run(
        [*RADTUI, *arguments], env=environment(home), capture_output=True, text=True, timeout=DEADLINE, check=False
    )


def flies_on(terminal: Terminal, home: Path) -> None:
    """The engine is the same process, a daemon of no terminal, goes on at an engine's cost, and commands find it."""
    engine = terminal.engine.pid
    terminal.facts.moves_on()
    before = cpu(engine), terminal.facts.count("cycles"), terminal.log.stat().st_size
    terminal.facts.moves_on()
    assert cpu(engine) - before[0] < 1.0
    assert terminal.log.stat().st_size > before[2]
    assert standing(engine) == (engine, 0)
    folder = Path(f"/proc/{engine}/fd")
    assert {str(each.readlink()) for each in folder.iterdir() if each.name in {"0", "1", "2"}} == {os.devnull}
    assert not [each for each in folder.iterdir() if "/dev/pts" in str(each.readlink())]
    note = terminal.log.parent / "locks" / "paper-radtui.lock.json"
    assert msgspec.json.decode(note.read_bytes())["pid"] == engine
    [seen] = json.loads(ask(home, "status", "--json").stdout)["engines"]
    assert (seen["pid"], seen["state"]) == (engine, "running")


def ends_on_sigterm(terminal: Terminal) -> None:
    """A signal ends it gracefully."""
    os.kill(terminal.engine.pid, signal.SIGTERM)
    assert terminal.engine.wait(DEADLINE) == 143
    shut_down(terminal, "signal:SIGTERM")


def left_flying(terminal: Terminal) -> Terminal:
    """Leave a cockpit so that its engine flies on."""
    terminal.type("q")
    terminal.wait_for("─ Leave", "o fly on")
    terminal.type("o")
    assert terminal.ended() == 0
    return terminal


def test_q_gives_the_shell_back_while_the_engine_flies_on(cockpit: Open, tmp_path: Path) -> None:
    terminal = left_flying(flying(cockpit(*QUICK)))
    assert terminal.is_as_before()
    said = terminal.shell_lines()
    assert f"radtui: radtui flies on (pid {terminal.engine.pid}): running, " in said
    assert "To come back: radtui attach radtui" in said
    flies_on(terminal, tmp_path)
    ended = ask(tmp_path, "shutdown", "--bot", "radtui")
    assert (ended.returncode, ended.stderr) == (0, "")
    assert terminal.engine.wait(DEADLINE) == 0
    assert terminal.shell_lines() == said


@pytest.mark.long
def test_a_second_signal_forces_a_daemon_that_waits_for_an_exchange(cockpit: Open) -> None:
    slow = {"RADTUI_PAPER__FAULTS": "latency=500", "RADTUI_BOT__TIMEFRAME": "1m"}
    terminal = cockpit(*MARKET, **slow)
    terminal.wait_for("○ STOPPED", "q leave")
    assert terminal.engine.poll() is None
    terminal.type("s")
    terminal.facts.until(lambda facts: facts.count("orders", "state = 'sent'"), "an order is on its way")
    left_flying(terminal)
    os.kill(terminal.engine.pid, signal.SIGTERM)
    terminal.facts.until(lambda facts: "stopping" in facts.states(), "it shuts down")
    os.kill(terminal.engine.pid, signal.SIGTERM)
    assert terminal.engine.wait(5) == 143
    assert terminal.facts.rows("SELECT clean FROM meta") == [(0,)]


def test_on_a_hang_up_the_engine_flies_on(cockpit: Open, tmp_path: Path) -> None:
    terminal = flying(cockpit(*QUICK))
    terminal.signal(signal.SIGHUP)
    assert terminal.ended() == 129
    assert terminal.is_as_before()
    flies_on(terminal, tmp_path)
    ends_on_sigterm(terminal)


def test_when_the_terminal_vanishes_the_engine_flies_on(cockpit: Open, tmp_path: Path) -> None:
    terminal = flying(cockpit(*QUICK))
    terminal.hang_up()
    assert terminal.process.wait(DEADLINE) == 129
    flies_on(terminal, tmp_path)
    ends_on_sigterm(terminal)


@pytest.mark.long
def test_when_the_one_the_shell_waits_for_is_killed_the_terminal_is_given_back(cockpit: Open, tmp_path: Path) -> None:
    terminal = flying(cockpit(*QUICK))
    terminal.signal(signal.SIGKILL)
    terminal.until(terminal.is_as_before, "the terminal is given back")
    flies_on(terminal, tmp_path)
    ends_on_sigterm(terminal)


def test_when_the_engine_is_killed_its_terminal_is_given_back(cockpit: Open) -> None:
    terminal = flying(cockpit(*QUICK))
    os.kill(terminal.engine.pid, signal.SIGKILL)
    assert terminal.ended() == 137
    assert terminal.is_as_before()
    assert "radtui: the engine's process was ended by SIGKILL" in terminal.shell_lines()
    assert "Positions keep their stops on the exchange" in terminal.shell_lines()


def test_a_fault_in_the_cockpit_leaves_the_engine_flying(cockpit: Open, tmp_path: Path) -> None:
    now = tmp_path / "break-now"
    terminal = flying(cockpit(*QUICK, program=BROKEN, BREAK_NOW=str(now)))
    now.touch()
    assert terminal.ended() == 1
    assert terminal.is_as_before()
    said = terminal.shell_lines()
    assert "ZeroDivisionError: a fault of the cockpit" in said
    assert "To come back: radtui attach radtui" in said
    assert "Traceback" not in bytes(terminal.seen).decode(errors="replace")
    flies_on(terminal, tmp_path)
    ends_on_sigterm(terminal)


@pytest.mark.parametrize("number", [signal.SIGINT, pytest.param(signal.SIGTERM, marks=pytest.mark.long)])
def test_a_signal_to_both_processes_is_one(cockpit: Open, number: signal.Signals) -> None:
    terminal = flying(cockpit(*QUICK))
    os.killpg(os.getpgid(terminal.engine.pid), number)
    assert terminal.ended() == 128 + number
    assert terminal.is_as_before()
    shut_down(terminal, f"signal:{number.name}")


@contextmanager
def attached(home: Path) -> Iterator[Terminal]:
    """A cockpit of another session on the engine that runs."""
    second = Terminal([*RADTUI, "attach"], environment(home))
    try:
        second.wait_for("● RUNNING", "▲ long", "q leave")
        yield second
    finally:
        second.close()


def test_another_session_attaches_and_its_violent_end_touches_nobody(cockpit: Open, tmp_path: Path) -> None:
    terminal = flying(cockpit(*QUICK))
    terminal.hang_up()
    assert terminal.process.wait(DEADLINE) == 129
    with attached(tmp_path) as second:
        terminal.facts.moves_on()
        second.signal(signal.SIGKILL)
        assert second.process.wait(DEADLINE) == -9
        flies_on(terminal, tmp_path)
    with attached(tmp_path) as third:
        third.hang_up()
        third.process.wait(DEADLINE)
        terminal.facts.moves_on()
    with attached(tmp_path) as fourth:
        fourth.type("q")
        assert fourth.ended() == 0
        assert fourth.is_as_before()
        assert "flies on: running" in fourth.shell_lines()
    flies_on(terminal, tmp_path)
    ends_on_sigterm(terminal)


@pytest.mark.long
def test_a_line_that_dies_in_silence_is_noticed_by_nobody_but_its_own_cockpit(cockpit: Open, tmp_path: Path) -> None:
    terminal = flying(cockpit(*QUICK))
    terminal.facts.moves_on(by=8)  # nobody reads what it paints, as on a frozen line
    terminal.hang_up()
    flies_on(terminal, tmp_path)
    ends_on_sigterm(terminal)


@pytest.mark.long
def test_started_in_the_background_it_waits_for_its_shell(tmp_path: Path) -> None:
    shell = Terminal(["bash", "--norc", "-i"], environment(tmp_path, PS1="$ ", BASH_SILENCE_DEPRECATION_WARNING="1"))
    try:
        shell.type(f"{' '.join(RADTUI)} --state {tmp_path}/state {' '.join(QUICK)} &\n")
        while b"Stopped" not in shell.seen:  # a shell tells of its jobs when it prompts
            shell.type("\n")
            shell.settle()
        assert "STOPPED" not in shell.screen()
        shell.type("fg\n")
        shell.wait_for("○ STOPPED", "q leave")
        shell.type("q")
        shell.until(lambda: "radtui: stopped" in shell.shell_lines(), "the cockpit ends")
        shell.type("echo the shell $((40 + 2)) is back, code $?\n")
        shell.until(lambda: "the shell 42 is back, code 0" in shell.shell_lines(), "the shell goes on")
    finally:
        shell.close()


@pytest.mark.long
def test_a_frozen_line_holds_up_neither_a_shutdown_nor_a_hang_up(cockpit: Open, tmp_path: Path) -> None:
    terminal, other = flying(cockpit(*QUICK)), flying(cockpit(*QUICK, state=tmp_path / "other"))
    for each in (terminal, other):
        assert each.slave is not None
        termios.tcflow(each.slave, termios.TCOOFF)
        each.facts.moves_on(by=4)
    terminal.signal(signal.SIGTERM)
    assert terminal.process.wait(DEADLINE) == 143
    shut_down(terminal, "signal:SIGTERM")
    other.signal(signal.SIGHUP)
    assert other.process.wait(DEADLINE) == 129
    other.facts.moves_on()
    ends_on_sigterm(other)
