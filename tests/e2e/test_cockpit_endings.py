"""However the cockpit ends, the engine beats on or is settled properly, and the terminal is as it was."""

from __future__ import annotations

import signal

import pytest
from journals import UNSETTLED
from programs import MARKET, QUICK
from terminal import Open, flying, shut_down

HELP = "Start trading. From error as well as from stopped."


def test_q_asks_shuts_down_and_leaves_the_terminal_as_it_was(cockpit: Open) -> None:
    terminal = flying(cockpit(*QUICK))
    terminal.type("q")
    terminal.wait_for("─ Leave", "y shut down and leave")
    terminal.type("y")
    assert terminal.ended() == 0
    assert terminal.is_as_before()
    held = terminal.facts.holdings()
    assert terminal.shell_lines().count("radtui: still open: ") == len(held)
    assert "on the exchange" in terminal.shell_lines()
    [(asked_by,)] = terminal.facts.rows("SELECT asked_by FROM receipts WHERE ask = 'shutdown'")
    assert asked_by.startswith("key:")
    shut_down(terminal, asked_by)


def test_g_shows_the_receipt_and_ends_when_it_was_read(cockpit: Open) -> None:
    terminal = flying(cockpit(*QUICK))
    terminal.type("g")
    terminal.wait_for("─ Graceful shutdown", "f shut down, close positions")
    terminal.type("f")
    terminal.wait_for("─ Receipt", "Graceful shutdown completed")
    assert terminal.process.poll() is None
    terminal.type("\x1b")
    assert terminal.ended() == 0
    assert terminal.is_as_before()
    assert terminal.facts.holdings() == {}
    assert "radtui: stopped, 0 positions open" in terminal.shell_lines()


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGTERM, 143), pytest.param(signal.SIGINT, 130, marks=pytest.mark.long)]
)
def test_a_signal_shuts_down_and_restores_the_terminal(cockpit: Open, number: signal.Signals, code: int) -> None:
    terminal = flying(cockpit(*QUICK))
    terminal.signal(number)
    assert terminal.ended() == code
    assert terminal.is_as_before()
    assert "radtui: stopped" in terminal.shell_lines()
    shut_down(terminal, f"signal:{number.name}")


def test_a_second_signal_ends_what_an_exchange_that_does_not_answer_holds_up(cockpit: Open) -> None:
    slow = {"RADTUI_PAPER__FAULTS": "latency=2000", "RADTUI_BOT__TIMEFRAME": "1m"}
    terminal = cockpit(*MARKET, **slow)
    terminal.wait_for("○ STOPPED", "q leave")
    terminal.type("s")
    terminal.facts.until(lambda facts: facts.count("orders", f"state IN {UNSETTLED}"), "an order is on its way")
    terminal.signal(signal.SIGTERM)
    terminal.until(lambda: "a second signal forces it" in terminal.shell_lines(), "it says that it waits")
    terminal.signal(signal.SIGTERM)
    assert terminal.ended() == 143
    assert terminal.is_as_before()
    assert terminal.facts.count("orders", f"state IN {UNSETTLED}") > 0
    assert terminal.facts.rows("SELECT clean FROM meta") == [(0,)]


@pytest.mark.long
def test_a_terminal_that_stalls_or_speaks_nonsense_disturbs_nobody(cockpit: Open) -> None:
    terminal = flying(cockpit(*QUICK))
    terminal.facts.moves_on(by=10)  # nobody reads meanwhile
    terminal.type(b"\xff\xfe\xe9\x1b[M \xe1!\x80")
    terminal.type("?")
    terminal.wait_for(HELP)
    terminal.type("\x1b")
    terminal.wait_for("● RUNNING", "4 API success", "7 Orders and fills")
    shown = [line for line in terminal.screen().splitlines() if line.strip()]
    assert all(len(line) == terminal.columns for line in shown)
    assert sum(line.startswith(("╭", "┏")) for line in shown) == sum(line.startswith(("╰", "┗")) for line in shown) == 4
    terminal.signal(signal.SIGTERM)
    assert terminal.ended() == 143
