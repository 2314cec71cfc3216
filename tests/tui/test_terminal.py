from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace

import pytest

from radtui.tui.terminal import DRIVER, Color, Terminal, notice, read_terminal, refuse, textual_environment, theme_for

XTERM = {"TERM": "xterm-256color", "COLORTERM": "truecolor"}
GOOD = Terminal(tty=True, term="xterm-256color", color=Color.TRUECOLOR, columns=120, lines=40)


@pytest.fixture
def tty() -> Iterator[int]:
    master, slave = os.openpty()
    yield slave
    os.close(slave)
    os.close(master)


@pytest.mark.parametrize(
    ("environ", "color"),
    [
        (XTERM, Color.TRUECOLOR),
        ({"TERM": "xterm", "COLORTERM": "24bit"}, Color.TRUECOLOR),
        ({"TERM": "xterm-direct"}, Color.TRUECOLOR),
        ({"TERM": "xterm-256color"}, Color.INDEXED),
        ({"TERM": "tmux-256color"}, Color.INDEXED),
        ({"TERM": "xterm-kitty"}, Color.INDEXED),
        ({"TERM": "linux"}, Color.ANSI),
        ({"TERM": "screen"}, Color.ANSI),
        (XTERM | {"NO_COLOR": "1"}, Color.NONE),
        (XTERM | {"NO_COLOR": ""}, Color.TRUECOLOR),
    ],
)
def test_colours_are_what_the_environment_says(environ: dict[str, str], color: Color) -> None:
    assert read_terminal(environ).color is color


@pytest.mark.parametrize("color", Color)
def test_a_persons_choice_of_colours_overrules_what_was_found(color: Color) -> None:
    assert read_terminal(XTERM, color=color).color is color


def test_a_terminal_is_one_only_where_keys_and_paint_both_go(tty: int) -> None:
    reader, writer = os.pipe()
    assert read_terminal(XTERM, stdin=tty, stderr=tty).tty
    assert not read_terminal(XTERM, stdin=reader, stderr=tty).tty
    assert not read_terminal(XTERM, stdin=tty, stderr=writer).tty
    os.close(reader)
    os.close(writer)


def test_ssh_and_a_bright_background_are_seen() -> None:
    assert read_terminal(XTERM | {"SSH_CONNECTION": "a b"}).remote
    assert read_terminal(XTERM | {"COLORFGBG": "0;15"}).light
    assert not read_terminal(XTERM | {"COLORFGBG": "15;0"}).light
    assert not read_terminal(XTERM).remote


def test_without_a_terminal_the_refusal_says_what_to_do_instead() -> None:
    assert "radtui run --headless" in refuse(replace(GOOD, tty=False))


@pytest.mark.parametrize("term", ["dumb", "", "unknown"])
def test_a_dumb_terminal_is_refused_by_name(term: str) -> None:
    assert f"TERM={term}" in refuse(replace(GOOD, term=term))


def test_a_small_terminal_is_not_refused_but_told() -> None:
    small = replace(GOOD, columns=39)
    assert refuse(small) == refuse(GOOD) == ""
    assert "39×40" in notice(small)
    assert notice(replace(GOOD, columns=40, lines=10)) == ""
    assert notice(replace(GOOD, lines=9)) != ""


@pytest.mark.parametrize(
    ("change", "chosen", "theme"),
    [
        ({}, "", "radtui-dark"),
        ({"light": True}, "", "radtui-light"),
        ({"remote": True}, "", "ansi-dark"),
        ({"remote": True}, "high-contrast", "high-contrast"),
        ({"color": Color.ANSI, "light": True}, "", "ansi-light"),
        ({"color": Color.NONE}, "high-contrast", "ansi-dark"),
    ],
)
def test_the_first_theme_suits_the_terminal_and_the_person(change: dict[str, object], chosen: str, theme: str) -> None:
    assert theme_for(replace(GOOD, **change), chosen) == theme  # type: ignore[arg-type]


@pytest.mark.parametrize(("color", "system"), zip(Color, ["truecolor", "256", "standard", "standard"], strict=True))
def test_textual_is_told_the_colours_and_not_to_animate(color: Color, system: str) -> None:
    told = textual_environment(replace(GOOD, color=color))
    assert told["TEXTUAL_COLOR_SYSTEM"] == system
    assert told["TEXTUAL_ANIMATIONS"] == "none"
    assert ("NO_COLOR" in told) is (color is Color.NONE)


def test_without_colours_textual_strips_them_and_makes_no_greys() -> None:
    code = "from textual.app import App; print([type(each).__name__ for each in App()._filters])"
    told = os.environ | textual_environment(replace(GOOD, color=Color.NONE))
    run = subprocess.run([sys.executable, "-c", code], check=True, env=told, capture_output=True, text=True)
    assert "NoColor" in run.stdout


def test_looking_at_the_terminal_does_not_import_textual() -> None:
    code = "import sys, radtui.tui.terminal, radtui.tui.themes; sys.exit('textual' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_whoever_serves_browsers_stands_in_for_a_terminal() -> None:
    served = read_terminal({DRIVER: "any", "COLUMNS": "132", "ROWS": "43"}, stdin=-1, stderr=-1)
    assert (served.served, served.columns, served.lines, served.color) == (True, 132, 43, Color.TRUECOLOR)
    assert refuse(served) == ""
    odd = read_terminal({DRIVER: "any", "COLUMNS": "-3", "ROWS": ""})
    assert (odd.columns, odd.lines) == (80, 24)
