"""Emergency stops while the exchange is bad, late, gone, or another: flat with a receipt, or the truth."""

from __future__ import annotations

import json
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final

import pytest
from badline import BadLine
from flights import Flight, Fly
from journals import Facts
from kills import REHEARSAL, keys
from programs import EAGER, environment
from records import Record
from simulators import Simulator
from terminal import Open

from tests.warm import Warm

SERVED: Final = ("--symbols", "XBTUSDTM,ETHUSDTM", "--seed", "7", "--speed", "60")
BOT: Final = {
    "RADTUI_BOT__TIMEFRAME": "1m",
    "RADTUI_ENGINE__WARMUP": "20",
    "RADTUI_BOT__SYMBOLS": "XBTUSDTM,ETHUSDTM",
}
FLAT_WITHIN: Final = 30.0
"""Seconds from the exchange's return to the receipt."""
GONE: Final = 6.0
"""Seconds that the exchange is gone; a minute gives the same, and takes it."""
PATIENCE: Final = str(GONE + FLAT_WITHIN)

LANDS_WITHIN: Final = 15.0
"""Seconds in which a command that gives up has started and ended its own engine, on a machine that is busy."""
ANSWERS_WITHIN: Final = 2.0
"""Seconds until a key shows on the screen; a tenth of that where the machine does nothing else."""
ESC: Final = "\x1b"
ALL_PANES: Final = "^p palette  q leave"

Ask = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def ask(tmp_path: Path, warm: Warm) -> Ask:
    """Run a command to its end."""

    def run(*arguments: str, home: Path = tmp_path, **variables: str) -> subprocess.CompletedProcess[str]:
        return warm.run(*arguments, env=environment(home, **variables), cwd=home, timeout=GONE + 60)

    return run


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Simulator]:
    with Simulator(tmp_path, *SERVED) as simulator:
        yield simulator


@pytest.fixture
def line(server: Simulator) -> Iterator[BadLine]:
    with BadLine(server.ready["url"]).open() as line:
        yield line


def flying(fly: Fly, server: Simulator, url: str, *flags: str, **variables: str) -> Flight:
    """Fly there until two positions are open, each with its stop."""
    at = ("--exchange", "kucoin", "--kucoin-url", url, "--strategy", EAGER)
    flight = fly(*at, *flags, **{**BOT, **keys(server), **variables})
    protected(flight, 2)
    return flight


def protected(flight: Flight, count: int, journal: str = REHEARSAL) -> Facts:
    """Wait until so many positions are open, each with its stop."""
    facts = Facts(flight.state, flight.process, journal)
    facts.until(lambda found: len(found.holdings()) == count, f"{count} positions")
    facts.until(lambda found: found.count("orders", "purpose = 'stop' AND state = 'working'") == count, "their stops")
    return facts


@contextmanager
def gone(server: Simulator, seconds: float) -> Iterator[Callable[[], float]]:
    """Stop the server for so long; yield what tells how long it has been back."""
    back: list[float] = []

    def comes_back() -> None:
        server.process.send_signal(signal.SIGCONT)
        back.append(time.monotonic())

    server.process.send_signal(signal.SIGSTOP)
    timer = threading.Timer(seconds, comes_back)
    timer.start()
    try:
        yield lambda: time.monotonic() - back[0]
    finally:
        timer.join()


def is_flat(server: Simulator) -> bool:
    record = Record.of(server)
    return not record.positions and not record.resting


def receipt_of(done: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    assert done.returncode == 0, done.stdout + done.stderr
    receipt: dict[str, Any] = json.loads(done.stdout)["receipt"]
    assert receipt["success"]
    assert {each["symbol"] for each in receipt["closed"]} == {"XBTUSDTM", "ETHUSDTM"}
    assert not receipt["orders_left"] + receipt["positions_left"] + receipt["stops_left"] + receipt["unverified"]
    return receipt


def test_every_second_request_is_refused(fly: Fly, ask: Ask, server: Simulator, line: BadLine) -> None:
    flying(fly, server, line.url)
    line.refuses = 2
    began = time.monotonic()
    receipt_of(ask("emergency-stop", "--yes", "--json", "--timeout", PATIENCE))
    assert time.monotonic() - began < FLAT_WITHIN
    assert line.refused >= 3
    assert is_flat(server)


@pytest.mark.long
def test_every_answer_is_seconds_late(fly: Fly, ask: Ask, server: Simulator, line: BadLine) -> None:
    flying(fly, server, line.url)
    line.late = 1.5
    began = time.monotonic()
    receipt_of(ask("emergency-stop", "--yes", "--json", "--timeout", PATIENCE))
    assert time.monotonic() - began < FLAT_WITHIN
    assert is_flat(server)


@pytest.mark.long
def test_gone_and_back_the_command_that_waited_has_its_receipt(fly: Fly, ask: Ask, server: Simulator) -> None:
    flying(fly, server, server.ready["url"])
    with gone(server, GONE) as back:
        done = ask("emergency-stop", "--yes", "--json", "--timeout", PATIENCE)
        assert back() < FLAT_WITHIN
    receipt_of(done)
    assert is_flat(server)


def test_killed_while_the_exchange_is_gone_the_next_start_goes_on_with_the_stop(
    fly: Fly, ask: Ask, server: Simulator
) -> None:
    flight = flying(fly, server, server.ready["url"])
    with gone(server, GONE):
        assert ask("emergency-stop", "--yes", "--timeout", "1").returncode == 4
        flight.signal(signal.SIGKILL)
        flight.ended()
    at = ("--exchange", "kucoin", "--kucoin-url", server.ready["url"], "--strategy", EAGER)
    again = fly(*at, **BOT, **keys(server))
    facts = Facts(again.state, again.process, REHEARSAL)
    facts.until(lambda found: found.count("receipts", "ask = 'emergency-stop' AND success"), "the receipt")
    assert is_flat(server)
    assert facts.states()[-1] == "stopped", "it does not trade again by itself"


@pytest.mark.long
def test_sigterm_with_flatten_on_a_line_that_refuses_every_second_request(
    fly: Fly, server: Simulator, line: BadLine
) -> None:
    flight = flying(fly, server, line.url, RADTUI_SHUTDOWN__EXITS="flatten")
    line.refuses = 2
    began = time.monotonic()
    flight.signal(signal.SIGTERM)
    assert flight.ended() == 143
    assert time.monotonic() - began < FLAT_WITHIN
    assert not flight.report()["positions"]
    assert is_flat(server)


@pytest.mark.long
def test_sigterm_with_flatten_while_the_exchange_is_gone_ends_flat_after_its_return(
    fly: Fly, server: Simulator
) -> None:
    flight = flying(fly, server, server.ready["url"], RADTUI_SHUTDOWN__EXITS="flatten")
    with gone(server, GONE) as back:
        flight.signal(signal.SIGTERM)
        assert flight.process.wait(GONE + FLAT_WITHIN) == 143
        assert back() < FLAT_WITHIN
    assert not flight.report()["positions"]
    assert is_flat(server)


@pytest.mark.long
def test_an_exchange_that_never_returns_is_exit_4_and_another_in_its_place_is_not_taken_for_it(
    fly: Fly, ask: Ask, server: Simulator, tmp_path: Path
) -> None:
    flight = flying(fly, server, server.ready["url"])
    server.ends(signal.SIGKILL)
    done = ask("emergency-stop", "--yes", "--json", "--timeout", "2")
    assert done.returncode == 4
    assert all(symbol in json.dumps(json.loads(done.stdout)["remaining"]) for symbol in ("XBTUSDTM", "ETHUSDTM"))
    assert flight.process.poll() is None, "the engine goes on trying"

    port = server.ready["url"].rpartition(":")[2]
    with Simulator(tmp_path, *SERVED, "--port", port):
        facts = Facts(flight.state, flight.process, REHEARSAL)
        facts.until(lambda found: found.count("receipts", "ask = 'emergency-stop' AND success"), "the receipt")
        told = ask("report", "reconcile").stdout
    assert facts.holdings() == {}
    assert "lots, the exchange shows none" in told


def test_where_engine_and_exchange_are_both_dead_the_command_is_exit_4_and_names_what_its_journal_knows(
    fly: Fly, ask: Ask, server: Simulator
) -> None:
    flight = flying(fly, server, server.ready["url"])
    flight.signal(signal.SIGKILL)
    flight.ended()
    server.ends(signal.SIGKILL)
    at = ("--state", str(flight.state), "--exchange", "kucoin", "--kucoin-url", server.ready["url"])
    began = time.monotonic()
    done = ask("emergency-stop", "--yes", "--json", "--timeout", "2", *at, **BOT, **keys(server))
    took = time.monotonic() - began
    assert done.returncode == 4
    answer = json.loads(done.stdout)
    assert answer["success"] is None
    assert "nobody goes on trying" in answer["message"]
    remaining = json.dumps(answer["remaining"])
    assert all(f"position {symbol}" in remaining for symbol in ("XBTUSDTM", "ETHUSDTM")), remaining
    assert "give this command again, or start the bot" in done.stderr
    assert took < 2.0 + LANDS_WITHIN


def test_two_bots_on_one_key_leave_each_others_orders_and_positions_alone(
    fly: Fly, ask: Ask, server: Simulator, tmp_path: Path
) -> None:
    """From two machines that know nothing of each other; on one the second is refused."""
    (other := tmp_path / "other").mkdir()
    at = ("--exchange", "kucoin", "--kucoin-url", server.ready["url"], "--strategy", EAGER)
    alpha = fly(*at, "--bot", "alpha", **{**BOT, **keys(server), "RADTUI_BOT__SYMBOLS": "XBTUSDTM"})
    both: Any = {**BOT, **keys(server), "RADTUI_BOT__SYMBOLS": "ETHUSDTM"}
    with closing(Flight(other, *at, "--bot", "beta", **both)) as beta:
        protected(alpha, 1, "alpha-rehearsal.db")
        held = protected(beta, 1, "beta-rehearsal.db").holdings()
        done = ask("emergency-stop", "--yes", "--json")
        record = Record.of(server)
        assert [each["symbol"] for each in json.loads(done.stdout)["receipt"]["closed"]] == ["XBTUSDTM"]
        assert record.positions.keys() == held.keys() == {"ETHUSDTM"}
        assert not record.bare()
        assert not record.orphans()


@pytest.mark.long
def test_keys_answer_on_a_line_that_stalls_while_the_exchange_is_gone(
    cockpit: Open, server: Simulator, line: BadLine
) -> None:
    terminal = cockpit("--exchange", "kucoin", "--kucoin-url", line.url, "--strategy", EAGER, **BOT, **keys(server))
    terminal.wait_for("feeds 4/4", ALL_PANES)
    terminal.type("s")
    terminal.wait_for("▲ long")
    line.refuses = 2
    with gone(server, GONE):
        for key, text in (("?", "─ Help"), (ESC, ALL_PANES), ("2", "┏━ 2 Positions"), ("p", "◐ PAUSED")):
            terminal.type(key)
            assert terminal.wait_for(text) < ANSWERS_WITHIN, key
        time.sleep(2.0)  # nobody reads the terminal: the line stalls, and what is painted finds no room
        terminal.type("?")
        assert terminal.wait_for("─ Help") < ANSWERS_WITHIN
        terminal.type(ESC)
        terminal.wait_for(ALL_PANES)
        terminal.type("!")
        assert terminal.wait_for("─ EMERGENCY STOP") < ANSWERS_WITHIN
        terminal.type("STOP\r")
        line.refuses = 0
    assert terminal.wait_for("─ Receipt", "flat", within=FLAT_WITHIN) < FLAT_WITHIN
    assert is_flat(server)
