"""What this machine can do: a disk that keeps, a lock that is free, a terminal that shows."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from radtui.cli import machine
from radtui.cli.account import hold
from radtui.exchange.check import Check, Verdict
from radtui.settings.layers import Entry, Layer
from radtui.settings.places import Places, places
from radtui.settings.tree import Settings
from radtui.tui.terminal import Color, Terminal


def at(folder: Path) -> tuple[Settings, Places]:
    settings = Settings.of([Layer.of([Entry("paths.state", str(folder), "test")])])
    return settings, places(settings)


def test_a_disk_says_how_long_it_takes_and_nothing_is_left_on_it(tmp_path: Path) -> None:
    found = machine.disk(at(tmp_path / "not" / "there")[1])
    assert "a durable write takes" in found.said
    assert str(tmp_path) in found.said
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("took", "verdict"), [(0.001, Verdict.OK), (0.1, Verdict.WARN), (0.4, Verdict.FAIL)])
def test_a_slow_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, took: float, verdict: Verdict) -> None:
    monkeypatch.setattr(machine, "_write", lambda _: took)
    assert machine.disk(at(tmp_path)[1]).verdict is verdict


def test_a_disk_that_cannot_be_written(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def full(_descriptor: int, _block: bytes) -> int:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(os, "write", full)
    found = machine.disk(at(tmp_path)[1])
    assert found.verdict is Verdict.FAIL
    assert "No space left" in found.said
    assert "--state" in found.remedy


def test_a_lock_that_is_held_names_the_process(tmp_path: Path) -> None:
    assert machine.lock(*at(tmp_path)).verdict is Verdict.OK
    with hold(*at(tmp_path)):
        found = machine.lock(*at(tmp_path))
    assert found.verdict is Verdict.WARN
    assert str(os.getpid()) in found.said


def seen(encoding: str = "utf-8", program: str = "", **more: object) -> Check:
    usual: dict[str, object] = {
        "tty": True, "term": "xterm-256color", "color": Color.INDEXED, "columns": 120, "lines": 40,
    }  # fmt: skip
    return machine.terminal(Terminal(**{**usual, **more}), {"TERM_PROGRAM": program}, encoding)  # type: ignore[arg-type]


def test_a_terminal_says_what_it_can() -> None:
    assert seen().said == "120×40, 256 colours, utf-8, whole frames not known"
    assert seen(program="WezTerm").said.endswith("whole frames")
    assert seen(term="xterm-kitty", color=Color.TRUECOLOR).said == "120×40, 16 million colours, utf-8, whole frames"
    assert seen().verdict is Verdict.OK


@pytest.mark.parametrize(
    ("found", "said", "remedy"),
    [
        (seen(tty=False), "none on stdin", "run --headless"),
        (seen(term="dumb"), "TERM is dumb", "Set TERM"),
        (seen(columns=30), "30×40", "40×10"),
        (seen(encoding="ANSI_X3.4-1968"), "ANSI_X3.4-1968", "UTF-8"),
    ],
    ids=["none", "dumb", "small", "ascii"],
)
def test_a_terminal_that_lacks_something_says_what_helps(found: Check, said: str, remedy: str) -> None:
    assert found.verdict is Verdict.WARN
    assert said in found.said
    assert remedy in found.remedy
