"""Cockpits on engines of other processes: what they show, ask and leave, on good lines and bad ones."""

from __future__ import annotations

import re
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flights import Flight, Fly
from programs import QUICK, RADTUI, environment
from terminal import Terminal

from tests.engine.proxies import Proxy, proxied

Attach = Callable[..., Terminal]
HUNDRED_MS, MEGABIT = 0.05, 125_000
"""Of a line: seconds one way, and bytes a second."""


@pytest.fixture
def attach(tmp_path: Path) -> Iterator[Attach]:
    """Attach cockpits on terminals of their own; what is still open at the end is killed."""
    opened: list[Terminal] = []

    def start(*arguments: str, **options: Any) -> Terminal:
        opened.append(Terminal([*RADTUI, "attach", *arguments], environment(tmp_path), **options))
        return opened[-1]

    yield start
    for terminal in opened:
        terminal.close()


def flown(fly: Fly, *arguments: str, state: Path | None = None) -> Flight:
    """Start an engine, and wait until it trades."""
    flight = fly(*QUICK, *arguments, state=state)
    if not arguments:
        flight.facts.until(lambda facts: facts.count("cycles") >= 4, "it trades")
    return flight


def socket_of(home: Path) -> Path:
    """Return the control socket of the one engine that runs."""
    [path] = home.rglob("*.sock")
    return path


def test_it_shows_asks_and_leaves_the_engine_alone(fly: Fly, attach: Attach) -> None:
    flight = flown(fly)
    terminal = attach()
    terminal.wait_for("⇄ radtui live", "you hold control", "● RUNNING", "▲ long")
    terminal.type("p")
    terminal.wait_for("Bot paused", "paused since")
    assert flight.facts.states()[-1] == "paused"
    terminal.type("r")
    terminal.wait_for("● RUNNING")
    terminal.type("q")
    assert terminal.ended() == 0
    assert terminal.is_as_before()
    assert re.search(r"radtui: radtui flies on: running, \d positions?; `radtui attach` comes", terminal.shell_lines())
    flight.facts.moves_on()


@pytest.mark.parametrize(
    "how", [signal.SIGKILL, *(pytest.param(each, marks=pytest.mark.long) for each in (signal.SIGHUP, signal.SIGTERM))]
)
def test_however_it_ends_the_engine_flies_on_and_the_next_one_is_sane(
    fly: Fly, attach: Attach, how: signal.Signals
) -> None:
    flight = flown(fly)
    first = attach()
    first.wait_for("⇄ radtui live", "you hold control")
    first.signal(how)
    code = first.ended()
    assert code == {signal.SIGKILL: -9, signal.SIGHUP: 0, signal.SIGTERM: 143}[how]
    flight.facts.moves_on()
    second = attach(str(flight.process.pid))
    second.wait_for("⇄ radtui live", "you hold control")  # and nobody holds it any more
    second.type("q")
    assert second.ended() == 0
    assert second.is_as_before()
    assert flight.facts.states()[-1] == "running"


def test_of_two_cockpits_one_holds_control_until_the_other_takes_it(fly: Fly, attach: Attach) -> None:
    flight = flown(fly)
    first = attach()
    first.wait_for("you hold control")
    second = attach(columns=80, lines=24)
    second.wait_for("holds control since", "c takes over")
    second.type("p")
    second.wait_for("holds control: nothing was asked")
    second.type("c")
    second.wait_for("─ Take control", "y take control")
    second.type("y")
    second.wait_for("you hold control now")
    first.wait_for("has taken control: you watch", "c takes over")
    second.type("p")
    second.wait_for("Bot paused")
    first.wait_for("◐ PAUSED")
    first.type("!")
    first.wait_for("─ EMERGENCY STOP of radtui")
    first.type("STOP\r")
    first.wait_for("─ Receipt", "✓ done")
    second.wait_for("─ Receipt", "✓ done")
    flight.facts.until(lambda facts: not facts.holdings(), "it is flat")


def test_several_engines_are_a_table_and_each_a_key_away(fly: Fly, attach: Attach, tmp_path: Path) -> None:
    flown(fly)
    other = flown(fly, "--bot", "beta", state=tmp_path / "beta")
    other.facts.until(lambda _: len(list(tmp_path.rglob("*.sock"))) == 2, "both answer")
    terminal = attach()
    terminal.until(lambda: terminal.screen().count("● RUNNING") == 2, "both trade")
    terminal.wait_for("FLEET  2 bots · 2 running", "beta", "radtui")
    terminal.type("\r")
    terminal.wait_for("⇄ beta live", "[beta")
    terminal.type("n")
    terminal.wait_for("⇄ radtui live", "[radtui")
    terminal.type("0")
    terminal.wait_for("FLEET")
    other.process.kill()
    terminal.wait_for("1 not heard", "? LINE LOST", "beta: off the line for")
    terminal.type("q")
    assert terminal.ended() == 0
    assert "radtui: beta is left as it is; it was not heard at the end" in terminal.shell_lines()
    assert "radtui: radtui flies on" in terminal.shell_lines()


def bad_line(proxy: Proxy) -> None:
    proxy.delay, proxy.down.rate = HUNDRED_MS, MEGABIT


def test_a_line_of_100_ms_and_1_mbit_is_usable_and_one_that_breaks_is_said(
    fly: Fly, attach: Attach, tmp_path: Path
) -> None:
    flight = flown(fly)
    with proxied(socket_of(tmp_path)) as proxy:
        bad_line(proxy)
        terminal = attach(str(proxy.path))
        first = terminal.wait_for("⇄ radtui live", "▲ long")
        assert first < 8
        before = proxy.down.bytes
        until = time.monotonic() + 4.0
        terminal.until(lambda: time.monotonic() > until, "four seconds are looked at")
        print(f"{(proxy.down.bytes - before) / 4000:.1f} kB/s to the cockpit")
        assert (proxy.down.bytes - before) / 4.0 < MEGABIT / 4
        terminal.type("5")
        key = terminal.wait_for("┏━ 5 Heartbeats")
        terminal.type("p")
        paused = terminal.wait_for("Bot paused")
        print(f"first picture {first:.1f} s, pane key {key * 1000:.0f} ms, pause to its receipt {paused:.2f} s")
        assert key < 1.0
        assert paused < 3.0
        terminal.type("r")
        terminal.wait_for("● RUNNING")
        assert "shown is" not in terminal.screen()
        proxy.shut = True
        proxy.cut()
        terminal.wait_for("✗ radtui line lost", "? LINE LOST", "off the line for", "as of")
        terminal.type("p")
        terminal.wait_for("line lost: nothing was asked")
        flight.facts.moves_on()
        proxy.shut = False
        terminal.wait_for("is back", "⇄ radtui live", "● RUNNING")
        terminal.type("q")
        assert terminal.ended() == 0
