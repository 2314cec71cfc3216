"""What is asked of the engine, what the shell gets and what a person is told, by the way the cockpit was left."""

from __future__ import annotations

import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from radtui.cli import leaving
from radtui.cli.leaving import Leaving
from radtui.cli.tether import Tether
from radtui.core.config import CoreConfig
from radtui.core.instruction import ExitPolicy
from radtui.engine.host import EngineHost
from radtui.tui.screens.leave import Leave


class Host(EngineHost):
    """An engine that was never built; it ends when it is asked to, or by itself at the third look."""

    def __init__(self) -> None:
        super().__init__(CoreConfig(bot="alpha", boot=1), lambda: pytest.fail("it is not to be built"))
        self.asked: list[tuple[str, ExitPolicy | None]] = []
        self.looks = 0
        self.living = True

    @property
    def alive(self) -> bool:
        return self.living

    def wait(self, seconds: float | None = None) -> bool:
        del seconds
        self.looks += 1
        self.living = self.living and self.looks < 3
        return not self.living

    def settle(self, *, who: str, exits: ExitPolicy | None = None, why: str = "") -> bool:
        del why
        self.asked.append((who, exits))
        self.living = False
        return True


class Line(Tether):
    """Notes with what code the shell was let go, and signals what it is told to."""

    def __init__(self, number: signal.Signals | None = None) -> None:
        super().__init__()
        self.codes: list[int] = []
        self._number = number

    def release(self, code: int) -> None:
        self.codes.append(code)
        if self._number is not None:
            self._act(self._number)


class App:
    """A cockpit that is left at once."""

    broken = "the cockpit failed (ZeroDivisionError: oh)"

    def __init__(self, leave: Leave | None) -> None:
        self._leave = leave

    async def run_async(self, *, mouse: bool) -> Leave | None:
        del mouse
        return self._leave

    def exit(self, leave: Leave) -> None:
        self._leave = leave

    def terminal_gone(self) -> None:
        self._leave = Leave.GONE


Left = Callable[..., tuple[Host, Line, int]]


@pytest.fixture
def left(monkeypatch: pytest.MonkeyPatch) -> Left:
    monkeypatch.setattr(leaving, "user", lambda: "alice")

    def leave(how: Leave | None, number: signal.Signals | None = None, *, found: bool = True) -> tuple[Host, Line, int]:
        host, line, app = Host(), Line(number), App(how)
        monkeypatch.setattr(leaving, "_answers_at", lambda _: found)
        made: Any = app
        return host, line, Leaving(host, made, line, Path("none.sock")).fly()

    return leave


@pytest.mark.parametrize(
    ("how", "exits"), [(Leave.SHUTDOWN, None), (Leave.FLATTEN, ExitPolicy.FLATTEN)], ids=["shutdown", "flatten"]
)
def test_a_person_has_the_engine_shut_down(left: Left, how: Leave, exits: ExitPolicy | None) -> None:
    host, line, code = left(how)
    assert (host.asked, line.codes, code) == ([("key:alice", exits)], [], 0)


@pytest.mark.parametrize(("how", "code"), [(Leave.FLY_ON, 0), (Leave.GONE, 129), (Leave.BROKEN, 1), (None, 1)])
def test_every_other_way_lets_the_shell_go_and_asks_nothing(left: Left, how: Leave | None, code: int) -> None:
    host, line, _ = left(how)
    assert (host.asked, line.codes) == ([], [code])


def test_the_engine_that_was_shut_down_already_is_asked_nothing(left: Left) -> None:
    host, line, code = left(Leave.ENDED)
    assert (host.asked, line.codes, code) == ([], [], 0)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_daemon_is_shut_down_by_a_signal(left: Left, number: signal.Signals) -> None:
    host, line, code = left(Leave.FLY_ON, number)
    assert (host.asked, line.codes, code) == ([(f"signal:{number.name}", None)], [0], 128 + number)


def test_a_daemon_does_not_mind_a_hang_up(left: Left) -> None:
    host, _, code = left(Leave.FLY_ON, signal.SIGHUP)
    assert (host.asked, code) == ([], 0)


def test_who_flies_on_is_told_how_to_come_back(left: Left, capsys: pytest.CaptureFixture[str]) -> None:
    left(Leave.FLY_ON)
    said = capsys.readouterr().err
    assert "flies on (pid " in said
    assert "radtui attach " in said
    left(Leave.FLY_ON, found=False)
    assert "kill -TERM " in capsys.readouterr().err


def test_a_fault_of_the_cockpit_is_said_and_nobody_is_told_on_a_line_that_is_gone(
    left: Left, capsys: pytest.CaptureFixture[str]
) -> None:
    left(Leave.BROKEN)
    assert "radtui: the cockpit failed (ZeroDivisionError: oh)" in capsys.readouterr().err
    left(Leave.GONE)
    assert capsys.readouterr().err == ""
