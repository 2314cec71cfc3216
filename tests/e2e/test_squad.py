"""Several bots in one process, on a simulated KuCoin in another: found, told and killed as on a server."""

from __future__ import annotations

import json
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flights import Flight, Fly
from journals import Facts
from programs import DEADLINE, EAGER
from simulators import Simulator
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

    code, paused = told(tmp_path, "pause", "--bot", "beta")
    assert (code, paused["success"]) == (0, True)
    for name, state in (("alpha", "running"), ("beta", "paused")):
        code, status = told(tmp_path, "status", "--bot", name)
        assert code == 0
        assert f'"{state}"' in json.dumps(status)

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


def test_a_bot_whose_process_died_is_closed_without_touching_the_others(
    fly: Fly, server: Simulator, tmp_path: Path
) -> None:
    flight, facts = start(fly, server)
    hold(facts)
    flight.signal(signal.SIGKILL)
    flight.ended()
    where = ("--state", str(flight.state), *at(server))
    nobody = radtui(tmp_path, "emergency-stop", "--yes", "--json", *where, **keys(server))
    assert nobody.returncode == 2, nobody.stderr
    assert "--bot alpha or --bot beta" in nobody.stderr
    stopped = radtui(tmp_path, "emergency-stop", "--yes", "--json", "--bot", "beta", *where, **keys(server))
    assert stopped.returncode == 0, stopped.stderr
    left = {each["symbol"] for each in server.data("GET", "/api/v1/positions") if each["currentQty"]}
    assert left == {"XBTUSDTM"} == set(resting(server))
