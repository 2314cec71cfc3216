"""The whole way: the engine, the real client, a socket, and the simulated exchange, each in a process of its own."""

from __future__ import annotations

import json
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from flights import Flight, Fly
from journals import Facts
from programs import DEADLINE, EAGER, RADTUI, environment
from simulators import Simulator
from terminal import Open

from radtui.cli.failures import Failure
from radtui.cli.flags import Flags
from radtui.cli.opening import opened
from radtui.cli.preflight import pass_preflight

SERVED = ("--symbols", "XBTUSDTM,ETHUSDTM", "--seed", "7", "--speed", "60")
"""A one-minute candle closes every second."""
REHEARSAL = "radtui-rehearsal.db"
BOT = {
    "RADTUI_BOT__TIMEFRAME": "1m",
    "RADTUI_ENGINE__WARMUP": "20",
    "RADTUI_BOT__SYMBOLS": "XBTUSDTM,ETHUSDTM",
}


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    """One server for the tests that trade nothing."""
    with Simulator(tmp_path_factory.mktemp("sim"), *SERVED) as server:
        yield server


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Simulator]:
    """A server whose account nobody else trades."""
    with Simulator(tmp_path, *SERVED) as server:
        yield server


def at(server: Simulator) -> tuple[str, ...]:
    """Return the flags of a rehearsal there."""
    return ("--exchange", "kucoin", "--kucoin-url", server.ready["url"])


def keys(server: Simulator, **others: str) -> dict[str, str]:
    """Return the environment of a rehearsal there; parts of the key can be others."""
    return {
        "KUCOIN_API_KEY": server.ready["key"],
        "KUCOIN_API_SECRET": server.ready["secret"],
        "KUCOIN_API_PASSPHRASE": server.ready["passphrase"],
        **BOT,
        **others,
    }


def rehearse(fly: Fly, server: Simulator, *arguments: str, **variables: str) -> tuple[Flight, Facts]:
    """Start a headless rehearsal that buys at once; return it with its journal."""
    flight = fly(*at(server), "--strategy", EAGER, *arguments, **keys(server, **variables))
    return flight, Facts(flight.state, flight.process, REHEARSAL)


def radtui(home: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(
        [*RADTUI, *arguments], stdin=subprocess.DEVNULL, capture_output=True, text=True,
        env=environment(home, **variables), cwd=home, timeout=DEADLINE, check=False,
    )  # fmt: skip


def resting(server: Simulator) -> dict[str, int]:
    """Return the lots of each stop that rests at the exchange."""
    return {each["symbol"]: each["size"] or 0 for each in server.data("GET", "/api/v1/stopOrders")["items"]}


def test_a_rehearsal_trades_protects_ends_with_a_receipt_and_is_taken_up_again(fly: Fly, own: Simulator) -> None:
    flight, facts = rehearse(fly, own)
    facts.until(lambda found: len(found.holdings()) == 2, "two positions")
    facts.until(lambda found: found.count("orders", "purpose = 'stop' AND state = 'working'") == 2, "two stops")
    flight.signal(signal.SIGTERM)
    assert flight.ended() == 143
    report = flight.report()
    assert (report["mode"], report["status"]) == ("paper", "stopped")
    assert all(each["stop_resting"] for each in report["positions"])
    assert report["money"]["identity_difference"] == "0"
    [(success,)] = facts.rows("SELECT success FROM receipts WHERE ask = 'shutdown'")
    assert success
    held = {each["symbol"]: each["currentQty"] for each in own.data("GET", "/api/v1/positions")}
    assert held == {each["symbol"]: each["lots"] for each in report["positions"]}
    assert set(resting(own)) == set(held), "the stops stay at the exchange"

    again, _ = rehearse(fly, own, "--for", "4")
    assert again.ended() == 0
    assert {each["symbol"]: each["lots"] for each in again.report()["positions"]} == held
    assert all(each["own"] and each["stop_resting"] for each in again.report()["positions"])
    assert again.report()["money"]["identity_difference"] == "0"


@pytest.mark.parametrize(("skew", "enters"), [(1500, True), (8000, False)])
def test_a_wrong_clock_is_corrected_and_said_and_a_very_wrong_one_enters_nothing(
    fly: Fly, tmp_path: Path, skew: int, enters: bool
) -> None:
    with Simulator(tmp_path, *SERVED, "--fault", f"skew={skew}") as server:
        flight, facts = rehearse(fly, server)
        facts.until(lambda found: found.count("cycles", "ok") > 5, "cycles")
        if enters:
            facts.until(lambda found: len(found.holdings()) == 2, "two positions")
        flight.signal(signal.SIGTERM)
        assert flight.ended() == 143
        assert bool(facts.holdings()) is enters
        said = [line.get("note", "") + line.get("message", "") for line in flight.log()]
        assert any("behind the exchange" in line for line in said) is not enters, "2 s are nothing to speak of"
        assert not any(line.get("kind") == "clock skew" and enters for line in flight.log())


class Case(NamedTuple):
    """What is served, what is set, what is said, and what to do."""

    served: tuple[str, ...]
    variables: dict[str, str]
    said: str
    remedy: str


REFUSED: dict[str, Case] = {
    "wrong secret": Case((), {"KUCOIN_API_SECRET": "another-secret"}, "secret is not this key's", "Put it right"),
    "revoked key": Case((), {"KUCOIN_API_KEY": "revoked-key"}, "does not know this API key", "Put it right"),
    "unknown symbol": Case((), {"RADTUI_BOT__SYMBOLS": "BTCUSDT"}, "lists no contract 'BTCUSDT'", "XBTUSDTM"),
    "margin mode": Case((), {"RADTUI_KUCOIN__MARGIN_MODE": "cross"}, "cross is wanted", "Switch"),
    "other address": Case(("--addresses", "10.1.2.3"), {}, "not on the API key's list", "Add the address"),
    "no trading": Case(("--permissions", "General"), {}, "lacks Futures", "Grant Futures"),
    "withdrawal": Case(("--permissions", "General,Futures,Withdrawal"), {}, "may withdraw money", "Take Withdrawal"),
    "maintenance": Case(("--fault", "maintenance=2"), {}, "maintenance", "Start again when it is over"),
}


@contextmanager
def serving(kept: Simulator, home: Path, *arguments: str) -> Iterator[Simulator]:
    """Give the kept server, or one of its own where other arguments are wanted."""
    if not arguments:
        yield kept
        return
    with Simulator(home, *SERVED, *arguments) as server:
        yield server


def test_what_forbids_a_flight_is_said_and_nothing_is_started(shared: Simulator, tmp_path: Path) -> None:
    case, state, server = REFUSED["wrong secret"], tmp_path / "state", shared
    words = ("run", "--headless", "--state", str(state), *at(server))
    found = radtui(tmp_path, *words, **keys(server, **case.variables))
    assert (found.returncode, found.stdout) == (1, "")
    assert "radtui: not ready to fly" in found.stderr
    assert case.said in found.stderr
    assert case.remedy in found.stderr
    assert "Nothing was started" in found.stderr
    assert "Traceback" not in found.stderr
    assert not list(state.glob("*.db"))
    assert not any(server.ready[part] in found.stderr for part in ("key", "secret", "passphrase"))


@pytest.mark.parametrize("name", REFUSED)
def test_each_reason_has_its_remedy(
    shared: Simulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    case = REFUSED[name]
    with serving(shared, tmp_path, *case.served) as server:
        for key, value in {**environment(tmp_path), **keys(server, **case.variables)}.items():
            monkeypatch.setenv(key, value)
        settings = opened(Flags(exchange="kucoin", kucoin_url=server.ready["url"])).settings
        with pytest.raises(Failure, match="not ready to fly") as failure:
            pass_preflight(settings, lambda _: None)
    assert failure.value.code == 1
    assert case.said in failure.value.means
    assert case.remedy in failure.value.means


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--mode", "live"), "--i-know-this-is-real-money"),
        (("--virtual", "--for", "1"), "--virtual flies on paper only"),
    ],
    ids=["no word", "virtual"],
)
def test_what_is_asked_wrongly_is_refused_before_anything_is_sent(
    shared: Simulator, tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    found = radtui(tmp_path, "run", "--headless", *at(shared), *arguments, **keys(shared))
    assert found.returncode == 2
    assert said in found.stderr


def test_real_money_flies_headless_once_the_flag_is_typed(fly: Fly, own: Simulator) -> None:
    flight = fly(*at(own), "--mode", "live", "--i-know-this-is-real-money", "--for", "1", **keys(own))
    assert flight.ended() == 0
    assert flight.report()["mode"] == "live"
    assert (flight.state / "radtui-kucoin.db").exists()


def test_one_engine_a_key_whatever_the_bot_is_called(fly: Fly, own: Simulator, tmp_path: Path) -> None:
    flight, facts = rehearse(fly, own)
    facts.until(lambda found: "running" in found.states(), "the first flies")
    second = radtui(
        tmp_path, "run", "--headless", "--state", str(flight.state), *at(own), **keys(own, RADTUI_BOT__NAME="beta")
    )
    assert second.returncode == 1
    assert f"pid {flight.process.pid}" in second.stderr


def test_doctor_looks_at_all_of_it(shared: Simulator, tmp_path: Path) -> None:
    done = radtui(tmp_path, "doctor", "--live", "--json", *at(shared), **keys(shared))
    document: dict[str, Any] = json.loads(done.stdout)
    found = {check["name"]: check for check in document["checks"]}
    assert (done.returncode, document["ok"]) == (0, True)
    assert {
        "settings", "disk", "lock", "terminal", "clock", "exchange", "symbols", "feed", "permissions", "money",
        "position mode", "margin mode", "size", "rate budget",
    } <= set(found)  # fmt: skip
    assert "round trip" in found["feed"]["said"]
    assert all(check["remedy"] for check in found.values() if check["verdict"] != "ok")


def test_the_cockpit_rehearses_and_shows_the_line(cockpit: Open, own: Simulator) -> None:
    terminal = cockpit(*at(own), **keys(own))
    terminal.wait_for("PAPER · rehearsal", "feeds 4/4", "breakers all closed", "budget")
    terminal.signal(signal.SIGTERM)
    assert terminal.ended() == 143
    assert terminal.is_as_before()


def test_the_cockpit_wants_the_bots_name_typed_before_real_money(cockpit: Open, own: Simulator) -> None:
    refused = cockpit(*at(own), "--mode", "live", **keys(own))
    refused.wait_for("REAL MONEY at 127.0.0.1", "Type the bot's name")
    refused.type("yes\r")
    assert refused.ended() == 1
    assert "not confirmed" in refused.screen()
    assert not list(refused.log.parent.glob("*.db"))

    flown = cockpit(*at(own), "--mode", "live", **keys(own))
    flown.wait_for("Type the bot's name")
    flown.type("radtui\r")
    flown.wait_for(" LIVE ", "feeds 4/4")
    flown.signal(signal.SIGTERM)
    assert flown.ended() == 143


def test_the_cockpit_says_on_the_terminal_why_it_does_not_fly(cockpit: Open, shared: Simulator) -> None:
    terminal = cockpit(*at(shared), **keys(shared, KUCOIN_API_SECRET="another-secret"))
    assert terminal.ended() == 1
    assert "not ready to fly: API key" in terminal.screen()
    assert "What to do" in terminal.screen()
    assert terminal.is_as_before()
