"""One-shot commands to engines of other processes: the same as from a key, with exit codes a script can use."""

from __future__ import annotations

import getpass
import json
import os
import pty
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flights import Flight, Fly
from programs import DEADLINE, EAGER, QUICK, RADTUI, environment
from simulators import Simulator
from terminal import Open

from tests.warm import Warm

Ask = Callable[..., subprocess.CompletedProcess[str]]
SERVED = ("--symbols", "XBTUSDTM,ETHUSDTM", "--seed", "7", "--speed", "60")
BOT = {"RADTUI_BOT__TIMEFRAME": "1m", "RADTUI_ENGINE__WARMUP": "20", "RADTUI_BOT__SYMBOLS": "XBTUSDTM,ETHUSDTM"}


@pytest.fixture
def ask(tmp_path: Path, warm: Warm) -> Ask:
    """Run a command to its end."""

    def run(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        return warm.run(*arguments, env=environment(tmp_path, **variables), cwd=tmp_path, timeout=2 * DEADLINE)

    return run


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Simulator]:
    with Simulator(tmp_path, *SERVED) as simulator:
        yield simulator


def until(ask: Ask, wanted: Callable[[dict[str, Any]], object], *more: str) -> dict[str, Any]:
    """Ask for the status of the only engine until it is as wanted."""
    last, give_up = "", time.monotonic() + DEADLINE
    while time.monotonic() < give_up:
        done = ask("status", "--json", *more)
        last = done.stdout + done.stderr
        if done.returncode == 0 and wanted(engine := json.loads(done.stdout)["engines"][0]):
            return dict(engine)
        time.sleep(0.1)
    raise AssertionError(f"not within {DEADLINE} s: {last}")


def rehearsal(server: Simulator) -> tuple[tuple[str, ...], dict[str, str]]:
    """Return flags and environment of a rehearsal there."""
    ready = server.ready
    keys = {"KUCOIN_API_KEY": "key", "KUCOIN_API_SECRET": "secret", "KUCOIN_API_PASSPHRASE": "passphrase"}
    variables = {**{name: ready[part] for name, part in keys.items()}, **BOT}
    return ("--exchange", "kucoin", "--kucoin-url", ready["url"]), variables


def rehearse(fly: Fly, ask: Ask, server: Simulator) -> Flight:
    """Fly there until positions are open, each with its stop."""
    flags, variables = rehearsal(server)
    flight = fly(*flags, "--strategy", EAGER, **variables)
    until(ask, lambda seen: seen["positions"] == 2 and not seen["unprotected"])
    return flight


def flat(server: Simulator) -> bool:
    """Whether the exchange itself shows nothing."""
    held = server.data("GET", "/api/v1/positions")
    working = server.data("GET", "/api/v1/orders?status=active")["items"]
    return not held and not working and not server.data("GET", "/api/v1/stopOrders")["items"]


def test_a_bot_is_led_by_commands(fly: Fly, ask: Ask) -> None:
    flight = fly(*QUICK)
    until(ask, lambda seen: seen["state"] == "running" and seen["pid"] == flight.process.pid)
    again = ask("start")
    assert (again.returncode, "Bot is already running" in again.stderr) == (1, True)
    assert ask("pause", "--why", "lunch").returncode == 0
    assert until(ask, lambda seen: seen["state"] == "paused")["who"] == f"cli:{getpass.getuser()}"
    refused = ask("pause", "--json")
    assert refused.returncode == 1
    assert json.loads(refused.stdout)["receipt"]["refused"] is True
    assert ask("resume").returncode == 0
    assert ask("reset-metrics").stdout == "Performance metrics reset successfully\n"
    assert ask("stop").returncode == 0
    assert ask("stop").returncode == 1
    done = ask("shutdown", "--keep", "--json")
    assert (done.returncode, json.loads(done.stdout)["message"]) == (0, "Graceful shutdown completed")
    assert flight.ended() == 0
    assert ask("status").returncode == 3


def test_what_an_engine_shows_is_printed(fly: Fly, ask: Ask) -> None:
    fly(*QUICK)
    until(ask, lambda seen: seen["positions"] == 2 and not seen["unprotected"])
    assert {each["own"] for each in json.loads(ask("positions", "--json").stdout)["positions"]} == {True}
    assert "entry" in ask("orders", "--all").stdout
    assert "confidence" in ask("why", "ethusdtm").stdout
    assert "drawdown" in ask("breakers").stdout
    for kind, word in (("health", "cycles"), ("reconcile", "last recovery"), ("profile", "event loop")):
        assert word in ask("report", kind).stdout.lower()
    unknown = ask("why", "NIX")
    assert (unknown.returncode, "it was about" in unknown.stderr) == (1, True)


def test_an_engine_that_is_not_there_is_exit_3_with_what_to_do(ask: Ask) -> None:
    for command in ("status", "start", "positions", "orders", "stop", "shutdown", "report"):
        done = ask(command, "--json")
        assert done.returncode == 3
        assert "radtui run --headless" in json.loads(done.stdout)["error"]["todo"]
    done = ask("emergency-stop", "--yes")
    assert (done.returncode, "it has no journal at" in done.stderr) == (3, True)


@pytest.mark.long
def test_of_several_engines_one_must_be_named(fly: Fly, ask: Ask, tmp_path: Path) -> None:
    fly(*QUICK, "--bot", "alpha", state=tmp_path / "a")
    fly(*QUICK, "--bot", "beta", state=tmp_path / "b")
    until(ask, lambda seen: seen["state"] == "running", "--bot", "alpha")
    until(ask, lambda seen: seen["state"] == "running", "--bot", "beta")
    done = ask("stop")
    assert done.returncode == 2
    assert "alpha" in done.stderr
    assert "beta" in done.stderr
    assert ask("stop", "--bot", "beta").returncode == 0
    assert until(ask, lambda _: True, "--bot", "alpha")["state"] == "running"
    assert ask("stop", "--bot", "gamma").returncode == 3


@pytest.mark.parametrize(
    "arguments",
    [
        ("stop", "--timeout", "0"),
        ("stop", "--timeout", "nan"),
        ("shutdown", "--keep", "--flatten"),
        ("emergency-stop",),
        ("emergency-stop", "--yes", "--timeout", "-1"),
        ("why", "a/../b"),
        ("why", "XBTUSDTM", "--day", "tomorrow"),
        ("report", "nothing"),
        ("pause", "now"),
    ],
)
def test_what_cannot_be_meant_is_exit_2(ask: Ask, arguments: tuple[str, ...]) -> None:
    done = ask(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("radtui: ")


@pytest.mark.long
def test_the_cockpits_engine_hears_commands_too(cockpit: Open, ask: Ask) -> None:
    cockpit(*QUICK)
    until(ask, lambda seen: seen["state"] == "stopped" and seen["equity"])
    assert ask("start").stdout == "Bot started\n"
    until(ask, lambda seen: seen["positions"])
    assert ask("emergency-stop", "--yes").returncode == 0
    assert until(ask, lambda seen: seen["state"] == "stopped")["positions"] == 0


def test_an_emergency_stop_flattens_and_prints_what_the_exchange_shows(fly: Fly, ask: Ask, server: Simulator) -> None:
    rehearse(fly, ask, server)
    done = ask("emergency-stop", "--yes", "--json")
    assert done.returncode == 0, done.stderr
    receipt = json.loads(done.stdout)["receipt"]
    assert {each["symbol"] for each in receipt["closed"]} == {"XBTUSDTM", "ETHUSDTM"}
    assert not receipt["orders_left"] + receipt["positions_left"] + receipt["stops_left"]
    assert flat(server)


def test_a_dead_engines_positions_are_closed_by_the_command_itself(fly: Fly, ask: Ask, server: Simulator) -> None:
    flight = rehearse(fly, ask, server)
    flight.signal(signal.SIGKILL)
    flight.ended()
    flags, variables = rehearsal(server)
    told = ask("report", "reconcile", "--state", str(flight.state), *flags, **variables)
    assert (told.returncode, "from the journal" in told.stdout) == (0, True)
    done = ask("emergency-stop", "--yes", "--state", str(flight.state), *flags, **variables)
    assert done.returncode == 0, done.stderr
    assert "closed: XBTUSDTM" in done.stdout
    assert flat(server)


@pytest.mark.long
def test_a_dead_engines_positions_are_closed_even_where_its_journal_is_lost(
    fly: Fly, ask: Ask, server: Simulator
) -> None:
    flight = rehearse(fly, ask, server)
    flight.signal(signal.SIGKILL)
    flight.ended()
    (flight.state / "radtui-rehearsal.db").write_bytes(b"torn" * 5000)
    flags, variables = rehearsal(server)
    done = ask("emergency-stop", "--yes", "--state", str(flight.state), *flags, **variables)
    assert done.returncode == 0, done.stderr
    assert "flattening without it" in done.stderr
    assert flat(server)


def test_where_the_engine_dies_in_the_middle_the_command_goes_on(
    fly: Fly, ask: Ask, server: Simulator, tmp_path: Path
) -> None:
    flight = rehearse(fly, ask, server)
    flags, variables = rehearsal(server)
    server.process.send_signal(signal.SIGSTOP)
    with subprocess.Popen(
        [*RADTUI, "emergency-stop", "--yes", "--state", str(flight.state), *flags], stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment(tmp_path, **variables), cwd=tmp_path,
    ) as process:  # fmt: skip
        until(ask, lambda seen: seen["flatten"])
        flight.signal(signal.SIGKILL)
        flight.ended()
        server.process.send_signal(signal.SIGCONT)
        said = process.communicate(timeout=2 * DEADLINE)
    assert process.returncode == 0, said
    assert "fell silent" in said[1]
    assert flat(server)


def test_where_the_exchange_is_gone_the_command_gives_up_with_exit_4_and_the_truth(
    fly: Fly, ask: Ask, server: Simulator
) -> None:
    rehearse(fly, ask, server)
    server.process.send_signal(signal.SIGSTOP)
    try:
        done = ask("emergency-stop", "--yes", "--timeout", "2")
    finally:
        server.process.send_signal(signal.SIGCONT)
    assert done.returncode == 4
    assert "still there: " in done.stderr
    assert "XBTUSDTM" in done.stderr
    until(ask, lambda seen: seen["state"] == "stopped" and not seen["positions"] and not seen["orders"])
    assert flat(server)


def test_on_a_terminal_the_word_is_asked_for(fly: Fly, ask: Ask, tmp_path: Path) -> None:
    fly(*QUICK)
    until(ask, lambda seen: seen["positions"] == 2)
    for typed, code in (("stop\n", 1), ("\n", 1), ("STOP\n", 0)):
        said = typing(typed, tmp_path)
        assert said.returncode == code, said
        assert "closes XBTUSDTM: sell" in said.stderr
        assert ("flat, no orders, no stops" in said.stdout) is (code == 0)


def typing(text: str, home: Path) -> subprocess.CompletedProcess[str]:
    """Give the command a terminal to read from, and type on it."""
    ours, theirs = pty.openpty()
    os.write(ours, text.encode())
    try:
        return subprocess.run(
            [*RADTUI, "emergency-stop"], stdin=theirs, capture_output=True, text=True,
            env=environment(home), cwd=home, timeout=DEADLINE, check=False,
        )  # fmt: skip
    finally:
        os.close(theirs)
        os.close(ours)
