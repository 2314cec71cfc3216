"""Every key of the cockpit, pressed in the real program on a real terminal, and what the screen says to it."""

from __future__ import annotations

import re
import signal
from collections.abc import Iterator

import pytest
from programs import QUICK
from terminal import MOUSE, Terminal

from radtui.tui.keys import KEYS

ESC, F1, BACK_TAB, CTRL_C, CTRL_P = "\x1b", "\x1bOP", "\x1b[Z", "\x03", "\x10"
ALL_PANES = "^p palette  q leave"
"""Stands in the last line as long as no sheet covers the panes."""
CLIPBOARD = re.compile(rb"\x1b\]52;c;[A-Za-z0-9+/=]+")

Steps = list[tuple[str, str]]

STORIES: dict[str, Steps] = {
    "start": [("s", "start does nothing while running; possible now: p pause")],
    "pause resume": [("p", "◐ PAUSED"), ("r", "● RUNNING")],
    "shutdown": [("g", "─ Graceful shutdown"), (ESC, "no shutdown: nothing was changed")],
    "reset": [
        ("m", "─ Reset metrics"),
        (ESC, "no reset: nothing was changed"),
        ("m", "Touches no position"),
        ("y", "Performance metrics reset successfully"),
    ],
    "emergency": [
        ("!", "─ EMERGENCY STOP"),
        ("stop\r", "nothing was done: the word is STOP"),
        (ESC, "no emergency stop: nothing was changed"),
        ("!stop\r", "nothing was done: the word is STOP"),  # in one burst, as over a line that stood still
        (ESC, "no emergency stop: nothing was changed"),
    ],
    "why": [("2", "┏━ 2 Positions"), ("w", "─ Why: "), (ESC, ALL_PANES)],
    "open": [("2", "┏━ 2 Positions"), ("\r", "leverage"), (ESC, ALL_PANES)],
    "filter": [
        ("2", "┏━ 2 Positions"),
        ("/", "show only rows with this text"),
        ("XBT\r", "rows contain “XBT”; esc shows all"),
        (ESC, "all rows are shown"),
    ],
    "copy": [("2", "┏━ 2 Positions"), ("y", "copied to your clipboard")],
    "pane.status pane.positions pane.money pane.api": [
        ("1", "┏━ 1 Status"),
        ("2", "┏━ 2 Positions"),
        ("3", "┏━ 3 P/L"),
        ("4", "┏━ 4 API success"),
    ],
    "pane.heartbeats pane.errors pane.orders": [
        ("5", "┏━ 5 Heartbeats"),
        ("6", "┏━ 6 Errors"),
        ("7", "┏━ 7 Orders and fills"),
    ],
    "next previous": [("2", "┏━ 2 Positions"), ("\t", "┏━ 3 P/L"), (BACK_TAB, "┏━ 2 Positions")],
    "zoom back": [("5", "┏━ 5 Heartbeats"), ("z", "[5 Heartbeats]"), (ESC, "╭─ 1 Status")],
    "help": [("?", "─ Help"), (ESC, ALL_PANES), (F1, "─ Help"), (ESC, ALL_PANES)],
    "palette": [(CTRL_P, "─ Palette"), (ESC, ALL_PANES)],
    "control": [("c", "you hold control")],
    "fleet bot.next bot.previous": [
        ("0", "there is one bot in this cockpit"),
        ("m", "─ Reset metrics"),
        (ESC, "no reset: nothing was changed"),
        ("n", "there is one bot in this cockpit"),
        ("g", "─ Graceful shutdown"),
        (ESC, "no shutdown: nothing was changed"),
        ("N", "there is one bot in this cockpit"),
    ],
    "leave": [("q", "─ Leave"), (ESC, ALL_PANES), (CTRL_C, "─ Leave"), (ESC, ALL_PANES)],
}


@pytest.fixture(scope="module")
def trading(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Terminal]:
    """A cockpit whose bot was started with its key and holds a position; every test leaves it so."""
    terminal = Terminal.cockpit(tmp_path_factory.mktemp("keys"), *QUICK)
    terminal.wait_for("○ STOPPED", "flat; no entries while stopped: s starts", ALL_PANES)
    terminal.type("p")
    terminal.wait_for("pause does nothing while stopped; possible now: s start")
    terminal.type("s")
    terminal.wait_for("● RUNNING", "Bot started", within=5.0)
    terminal.wait_for("▲ long")
    yield terminal
    terminal.close()


@pytest.fixture(autouse=True)
def all_panes(trading: Terminal) -> None:
    """Begin each test where every pane is shown, wherever the one before has failed."""
    if (trading.columns, trading.lines) != (120, 40):
        trading.resize(120, 40)
    if ALL_PANES not in trading.screen():
        trading.type(ESC)
        trading.wait_for(ALL_PANES)


@pytest.mark.parametrize("ids", STORIES)
def test_a_key_does_what_it_says(trading: Terminal, ids: str) -> None:
    for keys, shown in STORIES[ids]:
        trading.type(keys)
        trading.wait_for(shown)
    assert trading.process.poll() is None


def test_no_key_was_forgotten() -> None:
    assert {name for ids in STORIES for name in ids.split()} == {key.id for key in KEYS}


def test_the_bot_runs_within_a_second_of_its_key(trading: Terminal) -> None:
    [(asked, running)] = trading.facts.rows(
        "SELECT (SELECT min(at) FROM instructions WHERE ask = 'start'), "
        "(SELECT min(at) FROM transitions WHERE target = 'running')"
    )
    assert 0 < running - asked < 1_000_000_000


def test_a_copied_row_reaches_the_clipboard_of_the_terminal(trading: Terminal) -> None:
    trading.type("2y")
    trading.until(lambda: CLIPBOARD.search(bytes(trading.seen)), "OSC 52")


def test_an_emergency_stop_leaves_nothing_open_and_the_bot_can_start_again(trading: Terminal) -> None:
    trading.type("!")
    trading.wait_for("─ EMERGENCY STOP", "type STOP and press enter")
    trading.type("STOP\r")
    trading.wait_for("─ Receipt", "flat")
    assert trading.facts.holdings() == {}
    assert trading.facts.count("orders", "state IN ('intent', 'sent', 'unknown', 'accepted', 'working')") == 0
    trading.type(ESC)
    trading.wait_for("○ STOPPED", ALL_PANES)
    trading.type("s")
    trading.wait_for("● RUNNING", "▲ long")


def test_every_size_shows_what_fits_and_keys_work_in_all_of_them(trading: Terminal) -> None:
    trading.resize(80, 24)
    trading.wait_for("RUNNING", "q leave")
    trading.type("3")
    trading.wait_for("[3 P/L]")
    trading.resize(10, 5)
    trading.wait_for("enlarge")
    trading.type("2")
    trading.resize(120, 40)
    trading.wait_for("┏━ 2 Positions", ALL_PANES)


def test_signals_of_job_control_change_nothing(trading: Terminal) -> None:
    for number in (signal.SIGTSTP, signal.SIGCONT, signal.SIGWINCH):
        trading.signal(number)
    trading.facts.moves_on()
    trading.type("?")
    trading.wait_for("─ Help")
    trading.type(ESC)
    trading.wait_for(ALL_PANES)


def test_the_mouse_stays_the_terminals_own(trading: Terminal) -> None:
    assert not trading.modes & MOUSE
