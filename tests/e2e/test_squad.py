"""Several bots in one process, on a simulated KuCoin in another: found, told and killed as on a server."""

from __future__ import annotations

import json
import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flights import Flight, Fly
from guardians import Guardians
from journals import Facts
from programs import DEADLINE, EAGER, RADTUI, environment
from simulators import Simulator
from terminal import Terminal
from test_guard import active, buy_low, drop_stop
from test_kucoin_flight import at, radtui, resting

BOTS = {
    "RADTUI_BOT__TIMEFRAME": "1m",
    "RADTUI_ENGINE__WARMUP": "20",
    "RADTUI_BOTS__ALPHA__SYMBOLS": "XBTUSDTM",
    "RADTUI_BOTS__ALPHA__BUDGET": "0.5",
    "RADTUI_BOTS__BETA__SYMBOLS": "ETHUSDTM",
    "RADTUI_BOTS__BETA__BUDGET": "0.4",
    "RADTUI_ACCOUNT__EXPOSURE": "5",
}
NAMES = ("alpha", "beta")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Simulator]:
    with Simulator(tmp_path, "--symbols", "XBTUSDTM,ETHUSDTM", "--seed", "7", "--speed", "60") as served:
        yield served


@pytest.fixture
def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        port: int = found.getsockname()[1]
        return port


def keys(server: Simulator) -> dict[str, str]:
    return {
        "KUCOIN_API_KEY": server.ready["key"],
        "KUCOIN_API_SECRET": server.ready["secret"],
        "KUCOIN_API_PASSPHRASE": server.ready["passphrase"],
        **BOTS,
    }


def start(fly: Fly, server: Simulator, *arguments: str) -> tuple[Flight, dict[str, Facts]]:
    flight = fly(*at(server), "--strategy", EAGER, *arguments, **keys(server))
    return flight, {name: Facts(flight.state, flight.process, f"{name}-rehearsal.db") for name in NAMES}


def hold(facts: dict[str, Facts]) -> None:
    for each in facts.values():
        each.until(lambda found: len(found.holdings()) == 1, "a position")
        each.until(lambda found: found.count("orders", "purpose = 'stop' AND state = 'working'") == 1, "a stop")


def told(home: Path, *arguments: str) -> tuple[int, dict[str, Any]]:
    answer = radtui(home, *arguments, "--json")
    return answer.returncode, json.loads(answer.stdout)


def until_found(home: Path, name: str) -> None:
    """Wait until a bot answers on its socket."""
    deadline = time.monotonic() + DEADLINE
    while radtui(home, "status", "--bot", name).returncode:
        assert time.monotonic() < deadline, f"{name} is not found"


def test_two_bots_share_an_account_are_told_one_by_one_and_survive_a_kill(
    fly: Fly, server: Simulator, tmp_path: Path
) -> None:
    flight, facts = start(fly, server)
    hold(facts)
    held = {each["symbol"]: each["currentQty"] for each in server.data("GET", "/api/v1/positions")}
    assert set(held) == {"XBTUSDTM", "ETHUSDTM"}

    code, _ = told(tmp_path, "shutdown", "--bot", "alpha")
    assert code == 0
    code, started = told(tmp_path, "start", "--bot", "alpha")
    assert (code, started["success"]) == (0, True), "another engine, in the same process"
    code, paused = told(tmp_path, "pause", "--bot", "beta")
    assert (code, paused["success"]) == (0, True)
    _, status = told(tmp_path, "status")
    assert [(each["bot"], each["state"]) for each in status["engines"]] == [("alpha", "running"), ("beta", "paused")]

    flight.signal(signal.SIGKILL)
    flight.ended()
    assert set(resting(server)) == set(held), "the stops stay at the exchange"

    again, _ = start(fly, server)
    until_found(tmp_path, "alpha")
    code, stopped = told(tmp_path, "emergency-stop", "--yes", "--bot", "alpha")
    assert (code, stopped["success"]) == (0, True)
    left = {each["symbol"] for each in server.data("GET", "/api/v1/positions") if each["currentQty"]}
    assert left == {"ETHUSDTM"}
    assert set(resting(server)) == {"ETHUSDTM"}
    again.signal(signal.SIGTERM)
    assert again.ended() == 143
    reports = again.report()["bots"]
    assert [each["symbol"] for each in reports["beta"]["positions"]] == ["ETHUSDTM"]
    assert all(each["stop_resting"] for each in reports["beta"]["positions"])
    assert all(report["money"]["identity_difference"] == "0" for report in reports.values())
    assert {line["bot"] for line in again.log() if line["event"] == "receipt"} == {"alpha", "beta"}


SILENCE = 2


@pytest.fixture
def guardians(tmp_path: Path) -> Iterator[Guardians]:
    found = Guardians(tmp_path / "state")
    yield found
    found.close()


def covered(guardians: Guardians) -> set[str]:
    """Return the contracts that the guardians know to be held."""
    beats = [json.loads(path.read_text())["beat"] or {"covers": []} for path in guardians._folder.glob("*.json")]
    return {cover["symbol"] for beat in beats for cover in beat["covers"] if cover.get("lots")}


@pytest.mark.long
def test_a_killed_squads_guardians_each_look_after_their_own_and_one_word_closes_the_rest(
    fly: Fly, server: Simulator, guardians: Guardians, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    guarded = {"RADTUI_GUARD__START": "on", "RADTUI_GUARD__SILENCE": str(SILENCE)}
    flight = fly(*at(server), "--strategy", EAGER, **keys(server), **guarded)
    guardians.of(flight)
    hold({name: Facts(flight.state, flight.process, f"{name}-rehearsal.db") for name in NAMES})
    guardians.until(lambda found: covered(found) == {"XBTUSDTM", "ETHUSDTM"}, "both are told of a position")
    flight.signal(signal.SIGKILL)
    flight.ended()
    for late in ("alpha-late-1", "beta-late-1", "somebody-1"):  # as if sent with the last breath
        buy_low(server, late)
    drop_stop(server, "ETHUSDTM")
    guardians.until(lambda found: len(found.did("done")) == 2, "both have acted")
    assert active(server) == {"somebody-1"}
    assert set(resting(server)) == {"XBTUSDTM", "ETHUSDTM"}
    did = {(deed["bot"], deed["did"], deed.get("symbol", "")) for deed in guardians.record()}
    assert ("beta", "protected", "ETHUSDTM") in did
    assert {("alpha", "cancelled", "XBTUSDTM"), ("beta", "cancelled", "XBTUSDTM")} <= did

    where = ("--state", str(flight.state), *at(server))
    nobody = radtui(tmp_path, "emergency-stop", "--yes", "--json", *where, **keys(server))
    assert nobody.returncode == 2, nobody.stderr
    assert "--bot alpha or --bot beta" in nobody.stderr
    stopped = radtui(tmp_path, "emergency-stop", "--yes", "--json", "--all", *where, **keys(server))
    assert stopped.returncode == 0, stopped.stderr
    assert [(each["bot"], each["success"]) for each in json.loads(stopped.stdout)["bots"]] == [
        ("alpha", True), ("beta", True),
    ]  # fmt: skip
    assert not [each for each in server.data("GET", "/api/v1/positions") if each["currentQty"]]
    assert resting(server) == {}
    assert active(server) == {"somebody-1"}


def test_a_url_with_a_token_opens_all_bots_behind_it(fly: Fly, tmp_path: Path, free_port: int) -> None:
    token = "0123456789abcdef0123456789abcdef"
    url = f"http://127.0.0.1:{free_port}"
    listening = {
        "RADTUI_API__TCP": "true",
        "RADTUI_API__PORT": str(free_port),
        "RADTUI_API__TOKENS": f"me:control:{token}",
    }
    flight = fly("--speed", "600", "--log-level", "warning", **BOTS, **listening)
    for name in NAMES:
        until_found(tmp_path, name)
    terminal = Terminal([*RADTUI, "attach", url], environment(tmp_path, RADTUI_API__TOKEN=token))
    try:
        terminal.wait_for("FLEET  2 bots · 2 running", "alpha", "beta")
        terminal.type("\r")
        terminal.wait_for("⇄ alpha@127.0.0.1 live", "[alpha@127.0.0.1]")
        terminal.type("p")
        terminal.wait_for("Bot paused")
        terminal.type("q")
        assert terminal.ended() == 0
    finally:
        terminal.close()
    _, status = told(tmp_path, "status")
    assert [each["state"] for each in status["engines"]] == ["paused", "running"]
    flight.signal(signal.SIGTERM)
    assert flight.ended() == 143
    assert all("bot" in line for line in flight.log() if line["logger"] in {"radtui.engine", "radtui.alerts"})
