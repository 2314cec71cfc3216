"""The cockpit inside tmux, in three sizes at once, and what it sends to terminals of fewer colours or none."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from programs import DEADLINE, QUICK, RADTUI, environment
from terminal import Open

SIZES = ((80, 24), (120, 40), (200, 60))
PANES = ("1 Status", "2 Positions", "3 P/L", "4 API success", "5 Heartbeats", "6 Errors", "7 Orders and fills")
TABS = ("1 Status", "[2 Positions]", "3 P/L", "4 API", "5 Heartbeats", "6 Errors", "7 Orders")
COLOUR = re.compile(rb"\x1b\[[\d;:]*(?<![\d:])(?:3[0-8]|4[0-8]|9[0-7]|10[0-7])[\d;:]*m")

TRUE_COLOUR = b"8;2;"


class Tmux:
    """A tmux server of our own, with no configuration but ours."""

    def __init__(self, home: Path) -> None:
        self._command = ["tmux", "-S", str(home / "tmux.sock"), "-f", "/dev/null"]
        self._home = home

    def ask(self, *arguments: str) -> str:
        """Give tmux a command and return what it prints."""
        done = subprocess.run(
            [*self._command, *arguments], env=environment(self._home), capture_output=True, text=True, check=True
        )
        return done.stdout

    def open(self, name: str, columns: int, lines: int, command: list[str]) -> None:
        """Run `command` in a session of this size, then wait for enter."""
        line = f"{shlex.join(command)}; echo exit code $?; read -r _"
        self.ask("new-session", "-d", "-s", name, "-x", str(columns), "-y", str(lines), line)

    def screen(self, name: str) -> str:
        return self.ask("capture-pane", "-p", "-t", name)

    def wait_for(self, name: str, *texts: str) -> str:
        """Return the screen once it shows all of `texts`."""
        deadline = time.monotonic() + DEADLINE
        while not all(text in (screen := self.screen(name)) for text in texts):
            if time.monotonic() > deadline:
                pytest.fail(f"tmux {name} does not show {texts}:\n{screen}")
            time.sleep(0.05)
        return screen

    def start(self, name: str) -> None:
        """Press ``s`` until the bot runs: a machine too busy to answer refuses the key and says so."""
        deadline = time.monotonic() + DEADLINE
        self.ask("send-keys", "-t", name, "s")
        while "● RUNNING" not in (screen := self.screen(name)):
            if time.monotonic() > deadline:
                pytest.fail(f"tmux {name} does not run:\n{screen}")
            if "nothing was asked" in screen:
                self.ask("send-keys", "-t", name, "s")
            time.sleep(0.05)


@pytest.fixture
def tmux(tmp_path: Path) -> Iterator[Tmux]:
    if shutil.which("tmux") is None:
        pytest.skip("tmux is not installed")
    server = Tmux(tmp_path)
    server.ask("new-session", "-d", "-s", "keep", "cat")
    yield server
    server.ask("kill-server")


def test_the_cockpit_in_tmux_at_three_sizes(tmux: Tmux, tmp_path: Path) -> None:
    for columns, lines in SIZES:
        tmux.open(str(columns), columns, lines, [*RADTUI, *QUICK, "--state", str(tmp_path / f"state{columns}")])
    for columns, lines in SIZES:
        parts = TABS if columns < 110 else PANES
        screen = tmux.wait_for(str(columns), "PAPER ×1200", "STOPPED", "q leave", *parts).rstrip("\n")
        assert len(screen.splitlines()) == lines
        assert max(map(len, screen.splitlines())) <= columns
        tmux.start(str(columns))
    for columns, _ in SIZES:
        tmux.wait_for(str(columns), "● RUNNING", "▲", "USDT")
        tmux.ask("send-keys", "-t", str(columns), "q")
        tmux.wait_for(str(columns), "─ Leave")
        tmux.ask("send-keys", "-t", str(columns), "y")
    for columns, _ in SIZES:
        screen = tmux.wait_for(str(columns), "radtui: stopped, ", "exit code 0")
        assert "╭" not in screen


@pytest.mark.long
def test_the_terminals_colours_are_respected(cockpit: Open, tmp_path: Path) -> None:
    rich = cockpit(*QUICK, state=tmp_path / "rich")
    poor = cockpit(*QUICK, state=tmp_path / "poor", TERM="xterm", COLORTERM="")
    plain = cockpit(*QUICK, state=tmp_path / "plain", NO_COLOR="1")
    for terminal in (rich, poor, plain):
        terminal.wait_for("○ STOPPED", "6 of 6")
    assert TRUE_COLOUR in rich.seen
    assert TRUE_COLOUR not in poor.seen
    assert COLOUR.search(bytes(poor.seen))
    assert not COLOUR.search(bytes(plain.seen))
    for terminal in (rich, poor, plain):
        terminal.type("q")
    assert [terminal.ended() for terminal in (rich, poor, plain)] == [0, 0, 0]
