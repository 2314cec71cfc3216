"""Under a service manager: it hears the whole flight in order, and nothing from an engine that is stuck or deaf."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flights import Flight, Fly
from programs import DEADLINE, MARKET, QUICK, RADTUI, environment

READY, WATCHDOG, STOPPING = "READY=1", "WATCHDOG=1", "STOPPING=1"


class Manager:
    """Listens as a service manager does, and keeps every word."""

    def __init__(self, folder: Path) -> None:
        self.address = str(folder / "notify")
        self.words: list[str] = []
        self._line = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._line.bind(self.address)

    def hears(self, flight: Flight, true: Callable[[list[str]], bool], what: str) -> list[str]:
        """Listen until `true` of all words; return them."""
        until = time.monotonic() + DEADLINE
        self._line.settimeout(0.1)
        while not true(self.words):
            if time.monotonic() > until:
                pytest.fail(f"not heard: {what}; heard {self.words[-5:]}; {flight.said[-500:]}")
            self._listen()
        return self.words

    def drain(self) -> None:
        """Forget what was said so far."""
        self._line.setblocking(False)
        while self._listen():
            continue
        self.words.clear()

    def during(self, seconds: float) -> list[str]:
        """Return what is said in the next `seconds`."""
        self.drain()
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            self._line.settimeout(left)
            self._listen()
        return self.words

    def close(self) -> None:
        """Listen no more."""
        self._line.close()

    def _listen(self) -> bool:
        try:
            self.words += self._line.recv(4096).decode().splitlines()
        except (TimeoutError, BlockingIOError):
            return False
        return True


@pytest.fixture
def manager(tmp_path: Path) -> Iterator[Manager]:
    found = Manager(tmp_path)
    yield found
    found.close()


def test_a_flight_is_told_from_ready_to_its_end(fly: Fly, manager: Manager) -> None:
    flight = fly(*QUICK, NOTIFY_SOCKET=manager.address, WATCHDOG_USEC="1000000")
    flight.facts.until(lambda facts: len(facts.holdings()) >= 1, "a position")
    manager.hears(flight, lambda words: words.count(WATCHDOG) >= 3, "it lives")
    manager.hears(flight, lambda words: any("2 positions, 2 stops" in word for word in words), "its stops")
    flight.signal(signal.SIGTERM)
    words = manager.hears(flight, lambda words: STOPPING in words, "its end")
    assert flight.ended() == 143
    assert words.count(READY) == 1
    assert words.index(READY) < words.index(WATCHDOG) < words.index(STOPPING)
    assert any("running; equity" in word and "USDT" in word for word in words if word.startswith("STATUS="))
    assert WATCHDOG not in words[: words.index(READY)]


def test_an_engine_that_is_stuck_feeds_no_watchdog(fly: Fly, manager: Manager) -> None:
    flight = fly(*QUICK, NOTIFY_SOCKET=manager.address, WATCHDOG_USEC="400000")
    manager.hears(flight, lambda words: WATCHDOG in words, "it lives")
    flight.signal(signal.SIGSTOP)
    time.sleep(0.2)  # what it had said before it stood still
    assert manager.during(1.0) == []
    flight.signal(signal.SIGCONT)
    manager.drain()
    manager.hears(flight, lambda words: WATCHDOG in words, "it lives again")


def test_an_engine_whose_market_is_silent_feeds_none_although_its_loop_turns(fly: Fly, manager: Manager) -> None:
    deaf = {"RADTUI_PAPER__FAULTS": "silence=1", "RADTUI_PROTECTION__STALE_AFTER": "1"}
    flight = fly(*MARKET, "--speed", "60", NOTIFY_SOCKET=manager.address, WATCHDOG_USEC="400000", **deaf)
    manager.hears(flight, lambda words: any("not heard: market feed" in word for word in words), "that it is deaf")
    words = manager.during(1.0)
    assert WATCHDOG not in words
    assert sum(word.startswith("STATUS=") for word in words) >= 5


def asked(home: Path, *command: str) -> tuple[int, str]:
    done = subprocess.run(
        [*RADTUI, *command], env=environment(home), cwd=home, stdin=subprocess.DEVNULL, capture_output=True, text=True,
        timeout=DEADLINE, check=False,
    )  # fmt: skip
    return done.returncode, done.stdout


@pytest.mark.parametrize(
    ("mode", "journal", "answers", "recorded", "blocked"),
    [
        ("full", True, True, True, ""),
        ("api", True, True, True, "this engine runs without trading"),
        ("feeds", False, True, False, "this engine only watches: no order leaves it"),
        ("minimal", True, False, False, ""),
    ],
)
def test_each_mode_has_what_it_says_and_nothing_else(
    fly: Fly, manager: Manager, tmp_path: Path, mode: str, journal: bool, answers: bool, recorded: bool, blocked: str
) -> None:
    flight = fly(*QUICK, "--mode", mode, NOTIFY_SOCKET=manager.address, WATCHDOG_USEC="400000")
    status = blocked or "2 positions, 2 stops"
    manager.hears(flight, lambda words: any(status in word for word in words), status)
    code, said = asked(tmp_path, "status", "--json")
    (engine,) = json.loads(said)["engines" if answers else "mute"]
    assert (code, engine["bot" if answers else "name"]) == (0, "radtui")
    manager.during(1.0)  # some candles, of which the strategy wants to trade each
    flight.signal(signal.SIGTERM)
    assert flight.ended() == 143
    assert (flight.state / "radtui.db").exists() is journal
    assert any(flight.state.glob("recordings/*/*")) is recorded
    assert (flight.report()["trades"]["fills"] > 0) is not bool(blocked)


def test_a_mode_said_twice_differently_starts_nothing(fly: Fly) -> None:
    flight = fly(*QUICK, "--mode", "api", "--mode", "feeds")
    assert flight.ended() == 2
    assert "api and feeds at once" in flight.said
