"""The guardian for real: the engine is killed, and its account is looked after by another process."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flights import Flight, Fly
from guardians import Guardians, resident
from journals import Facts
from programs import DEADLINE, EAGER, RADTUI, environment
from simulators import Simulator

SILENCE = 4
SERVED = ("--symbols", "XBTUSDTM,ETHUSDTM", "--seed", "7", "--speed", "60")
BOT = {
    "RADTUI_BOT__TIMEFRAME": "1m",
    "RADTUI_ENGINE__WARMUP": "20",
    "RADTUI_BOT__SYMBOLS": "XBTUSDTM,ETHUSDTM",
    "RADTUI_GUARD__START": "on",
    "RADTUI_GUARD__SILENCE": str(SILENCE),
}


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Simulator]:
    with Simulator(tmp_path, *SERVED) as found:
        yield found


@pytest.fixture
def guardians(tmp_path: Path) -> Iterator[Guardians]:
    found = Guardians(tmp_path / "state")
    yield found
    found.close()


def keys(server: Simulator, **others: str) -> dict[str, str]:
    parts = {f"KUCOIN_API_{name.upper()}": server.ready[name] for name in ("key", "secret", "passphrase")}
    return {**BOT, **parts, **others}


def at(server: Simulator) -> tuple[str, ...]:
    return ("--exchange", "kucoin", "--kucoin-url", server.ready["url"])


def guarded(fly: Fly, server: Simulator, guardians: Guardians, **others: str) -> Flight:
    """Fly until two positions are held, protected and known to the guardian."""
    flight = fly(*at(server), "--strategy", EAGER, **keys(server, **others))
    guardians.of(flight)
    facts = Facts(flight.state, flight.process, "radtui-rehearsal.db")
    facts.until(lambda found: found.count("orders", "purpose = 'stop' AND state = 'working'") >= 2, "two stops")
    guardians.until(lambda found: len(told(found)) == 2, "the guardian knows of two positions")
    return flight


def told(guardians: Guardians) -> list[dict[str, Any]]:
    """Return the positions that the guardian remembers to have been told of."""
    found: list[dict[str, Any]] = []
    for path in guardians._folder.glob("*.json"):
        found += (json.loads(path.read_text())["beat"] or {"covers": []})["covers"]
    return [cover for cover in found if cover.get("lots")]


def resting(server: Simulator) -> dict[str, str]:
    """Return trigger by symbol of the stops that rest."""
    return {each["symbol"]: each["stopPrice"] for each in server.data("GET", "/api/v1/stopOrders")["items"]}


def active(server: Simulator) -> set[str]:
    """Return the client ids of the orders in the book."""
    return {each["clientOid"] for each in server.data("GET", "/api/v1/orders?status=active")["items"]}


def buy_low(server: Simulator, client_id: str) -> None:
    """Rest an order to buy in the book."""
    [mark] = [each["markPrice"] for each in server.data("GET", "/api/v1/positions") if each["symbol"] == "XBTUSDTM"]
    order = {
        "clientOid": client_id, "symbol": "XBTUSDTM", "side": "buy", "type": "limit", "leverage": 3, "size": 1,
        "price": str(round(mark * 0.96)), "marginMode": "ISOLATED",
    }  # fmt: skip
    server.data("POST", "/api/v1/orders", order)


def drop_stop(server: Simulator, symbol: str) -> None:
    """Take the stop of a position away."""
    for each in server.data("GET", "/api/v1/stopOrders")["items"]:
        if each["symbol"] == symbol:
            server.ask("DELETE", f"/api/v1/orders/{each['id']}")


def test_a_killed_engines_entries_go_its_stops_stay_or_come_and_the_next_one_is_told(
    fly: Fly, server: Simulator, guardians: Guardians
) -> None:
    flight = guarded(fly, server, guardians)
    planned = {cover["symbol"]: cover["stop"] for cover in told(guardians)}
    flight.signal(signal.SIGKILL)
    flight.ended()
    buy_low(server, "radtui-late-1")  # as if the engine had sent it with its last breath
    buy_low(server, "somebody-1")
    drop_stop(server, "ETHUSDTM")
    guardians.until(lambda found: found.did("done"), "it has acted")
    assert active(server) == {"somebody-1"}
    assert resting(server).keys() == {"XBTUSDTM", "ETHUSDTM"}
    assert float(resting(server)["ETHUSDTM"]) == float(planned["ETHUSDTM"])
    wanted = [("silence", ""), ("cancelled", "XBTUSDTM"), ("protected", "ETHUSDTM"), ("done", "")]
    assert guardians.did("silence", "cancelled", "protected", "closed", "done") == wanted
    time.sleep(SILENCE + 1)
    assert guardians.did("silence", "cancelled", "protected", "closed", "done") == wanted, "it acts once"

    again = guarded(fly, server, guardians)
    guardians.until(lambda found: found.did("returned"), "it hears that the engine is back")
    again.signal(signal.SIGTERM)
    assert again.ended() == 143
    said = [line for line in again.log() if line.get("kind") == "guardian acted"]
    assert "a stop at" in said[0]["message"]
    assert "could open a position" in said[0]["message"]
    guardians.until(lambda found: not found.alive(), "a landed engine lets its guardian go")
    assert len(guardians.did("silence")) == 1


@pytest.mark.long
def test_it_is_small_private_and_started_anew_when_it_dies(fly: Fly, server: Simulator, guardians: Guardians) -> None:
    flight = guarded(fly, server, guardians)
    [first] = guardians.alive()
    seen = Path(f"/proc/{first}/cmdline").read_bytes() + Path(f"/proc/{first}/environ").read_bytes()
    assert not any(server.ready[part].encode() in seen for part in ("key", "secret", "passphrase"))
    assert os.getsid(first) == first
    assert resident(first) < 25
    [socket] = flight.state.parent.glob("**/run/guard/*.sock")
    assert stat.S_IMODE(socket.stat().st_mode) == 0o600
    os.kill(first, signal.SIGKILL)
    guardians.until(lambda found: found.alive() and found.alive() != [first], "another one is on guard")
    flight.signal(signal.SIGKILL)
    guardians.until(lambda found: found.did("done"), "the second one acts as the first would have")


@pytest.mark.long
def test_an_exchange_that_is_away_is_waited_for(fly: Fly, server: Simulator, guardians: Guardians) -> None:
    flight = guarded(fly, server, guardians, RADTUI_GUARD__FLATTEN="true")
    flight.signal(signal.SIGKILL)
    server.process.send_signal(signal.SIGSTOP)
    guardians.until(lambda found: found.did("away"), "it says that the exchange is away")
    server.process.send_signal(signal.SIGCONT)
    guardians.until(lambda found: found.did("done"), "it goes on when the exchange is back")
    assert server.data("GET", "/api/v1/positions") == []
    assert resting(server) == {}
    assert {symbol for _, symbol in guardians.did("closed")} == {"XBTUSDTM", "ETHUSDTM"}


def test_one_that_was_started_by_hand_is_taken_and_outlives_the_landing(
    fly: Fly, server: Simulator, guardians: Guardians, tmp_path: Path
) -> None:
    words = [*RADTUI, "guard", "--state", str(tmp_path / "state"), *at(server)]
    with (tmp_path / "guard.err").open("wb") as err:
        hand = subprocess.Popen(
            words, stdin=subprocess.DEVNULL, stderr=err, env=environment(tmp_path, **keys(server)), cwd=tmp_path
        )
    try:
        flight = guarded(fly, server, guardians)
        assert guardians.alive() == []
        flight.signal(signal.SIGTERM)
        assert flight.ended() == 143
        assert hand.poll() is None
        hand.send_signal(signal.SIGTERM)
        assert hand.wait(DEADLINE) == 143
    finally:
        hand.kill()
        hand.wait()
    said = [json.loads(line)["event"] for line in (tmp_path / "guard.err").read_text().splitlines()]
    assert said == ["on guard", "an engine beats", "the engine has landed", "off guard"]


def rehearsed(home: Path, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*RADTUI, "guard", *words], stdin=subprocess.DEVNULL, capture_output=True, text=True,
        env=environment(home, **variables), cwd=home, timeout=DEADLINE, check=False,
    )  # fmt: skip


@pytest.mark.long
def test_a_stalled_engines_account_is_rehearsed_on_put_in_order_and_found_so_when_it_wakes(
    fly: Fly, server: Simulator, guardians: Guardians, tmp_path: Path
) -> None:
    flight = guarded(fly, server, guardians, RADTUI_GUARD__SILENCE="8")
    flight.signal(signal.SIGSTOP)
    drop_stop(server, "ETHUSDTM")
    words = ("--rehearse", "--json", "--state", str(flight.state), *at(server))
    done = rehearsed(tmp_path, *words, **keys(server))
    document = json.loads(done.stdout)
    assert (done.returncode, document["ok"]) == (0, True), done.stderr
    would = [each["said"] for each in document["findings"] if each["what"] == "would"]
    assert would[0].startswith("place a stop at ")
    assert "ETHUSDTM" not in resting(server), "a rehearsal changes nothing"

    refused = rehearsed(tmp_path, *words, **keys(server, KUCOIN_API_SECRET="another-secret"))
    assert (refused.returncode, json.loads(refused.stdout)["ok"]) == (1, False)
    assert "another-secret" not in refused.stdout + refused.stderr

    guardians.until(lambda found: found.did("done"), "it has acted")
    assert guardians.did("protected") == [("protected", "ETHUSDTM")]
    flight.signal(signal.SIGCONT)
    guardians.until(lambda found: found.did("returned"), "the engine beats again")
    Facts(flight.state, flight.process, "radtui-rehearsal.db").moves_on()
    flight.signal(signal.SIGTERM)
    assert flight.ended() == 143
    assert any(line.get("kind") == "guardian acted" for line in flight.log())


def test_on_paper_there_is_nothing_to_guard(tmp_path: Path) -> None:
    done = rehearsed(tmp_path)
    assert done.returncode == 2
    assert "nothing to guard" in done.stderr
