"""The simulated exchange on a port: real processes, real sockets, signals, faults, and wrong inputs."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from programs import DEADLINE, RADTUI, environment
from simulators import Simulator
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

SMALL = ("--symbols", "XBTUSDTM,ETHUSDTM", "--seed", "7")
TOPIC = "/contractMarket/level2:XBTUSDTM"


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    """One server for the tests that leave no trace another would see."""
    with Simulator(tmp_path_factory.mktemp("sim"), *SMALL) as server:
        yield server


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_one_line_says_it_is_ready_and_a_signal_ends_it(tmp_path: Path, number: signal.Signals, code: int) -> None:
    with Simulator(tmp_path, *SMALL, "--credentials", "k:s:p:p") as server:
        port = server.ready["url"].rpartition(":")[2]
        assert server.ready == {"url": f"http://127.0.0.1:{port}", "key": "k", "secret": "s", "passphrase": "p:p"}
        with server.open(TOPIC) as feed:
            assert server.ends(number) == (code, "")
            with pytest.raises(ConnectionClosed):
                feed.until(lambda _: False)
        assert server.said == ""


def test_the_same_seed_has_the_same_key(shared: Simulator, tmp_path: Path) -> None:
    with Simulator(tmp_path, *SMALL) as server:
        assert {**server.ready, "url": ""} == {**shared.ready, "url": ""}


def test_rest_answers_with_its_budget_and_unknown_paths_are_refused(shared: Simulator) -> None:
    status, headers, body = shared.raw("GET", "/api/v1/timestamp")
    assert (status, json.loads(body)["code"]) == (200, "200000")
    assert headers["gw-ratelimit-limit"] == "2000"
    assert shared.raw("GET", "/api/v1/nowhere")[0] == 404
    assert shared.raw("GET", "/")[0] == 404
    assert shared.raw("POST", "/api/v1/orders", b"x" * 1_100_000)[0] == 413


def test_a_book_kept_from_the_feed_equals_the_next_snapshot(shared: Simulator) -> None:
    with shared.open(TOPIC) as feed:
        whole = shared.data("GET", "/api/v1/level2/snapshot?symbol=XBTUSDTM")
        sides = {"buy": dict(map(tuple, whole["bids"])), "sell": dict(map(tuple, whole["asks"]))}
        known, later = whole["sequence"], whole
        while known < later["sequence"] or later is whole:
            change = feed.frame()["data"]
            if change["sequence"] <= known:
                continue
            assert change["sequence"] == known + 1
            known += 1
            price, side, lots = change["change"].split(",")
            sides[side][float(price)] = int(lots)
            if known == whole["sequence"] + 50:
                later = shared.data("GET", "/api/v1/level2/snapshot?symbol=XBTUSDTM")
        kept = {side: {price: lots for price, lots in rows.items() if lots} for side, rows in sides.items()}
        assert kept == {"buy": dict(map(tuple, later["bids"])), "sell": dict(map(tuple, later["asks"]))}


def test_an_order_is_told_from_its_opening_to_its_end(shared: Simulator) -> None:
    private = ("/contractMarket/tradeOrders", "/contractAccount/wallet", "/contract/positionAll")
    with shared.open(*private) as feed:
        price = shared.data("GET", "/api/v1/ticker?symbol=ETHUSDTM")["bestBidPrice"]
        below = {"type": "limit", "price": f"{float(price) * 0.98:.2f}"}
        order: dict[str, Any] = {"symbol": "ETHUSDTM", "side": "buy", "type": "market", "leverage": 5, "size": 3}
        resting = shared.data("POST", "/api/v1/orders", order | below | {"clientOid": "r"})["orderId"]
        shared.data("DELETE", f"/api/v1/orders/{resting}")
        shared.data("POST", "/api/v1/orders", order | {"clientOid": "m"})
        close = {"clientOid": "c", "symbol": "ETHUSDTM", "type": "market", "closeOrder": True}
        shared.data("POST", "/api/v1/orders", close)
        seen = feed.until(lambda each: each["data"].get("currentQty") == 0)
        orders = [each["data"] for each in seen if each["subject"] == "orderChange"]
        assert [(each["clientOid"], each["type"]) for each in orders] == [
            *(("r", "open"), ("r", "canceled")),
            *(("m", "match"), ("m", "filled")),
            *(("c", "match"), ("c", "filled")),
        ]
        lots = [each["data"]["currentQty"] for each in seen if each["data"].get("changeReason") == "positionChange"]
        assert lots == [3, 0]
        versions = [int(each["data"]["version"]) for each in seen if each["subject"] == "walletBalance.change"]
        assert versions == sorted(set(versions))
        assert versions


@pytest.mark.parametrize("path", ["", "endpoint"])
def test_both_places_of_the_feed_and_a_token_that_is_not_ours(shared: Simulator, path: str) -> None:
    place = shared.ready["url"].replace("http", "ws")
    with connect(f"{place}/{path}?token=nope&connectId=x", ping_interval=None, proxy=None) as line:
        assert json.loads(line.recv(DEADLINE)) == {"id": "x", "type": "error", "code": 401, "data": "token is invalid"}
        with pytest.raises(ConnectionClosed):
            line.recv(DEADLINE)


def test_a_recorded_market_is_served_until_it_ends_and_stands_then(tmp_path: Path) -> None:
    rows = [
        f"{1_700_000_000 // 60 * 60 + 60 * n},{100 + n % 7},{108 + n % 7},{95},{101 + n % 7},10" for n in range(560)
    ]
    file = tmp_path / "market.csv"
    file.write_text("\n".join(["timestamp,open,high,low,close,volume", *rows]))
    with Simulator(tmp_path, "--market", str(file), "--symbols", "XBTUSDTM", "--speed", "600") as server:
        candles = server.data("GET", "/api/v1/kline/query?symbol=XBTUSDTM&granularity=1")
        assert len(candles) > 100
        assert server.data("GET", "/api/v1/mark-price/XBTUSDTM/current")["value"] > 100


@pytest.mark.long
def test_faults_are_what_was_asked_for(tmp_path: Path) -> None:
    with Simulator(tmp_path, *SMALL, "--fault", "lost-after=1", "--fault", "skew=2000") as server:
        body = {"clientOid": "a", "symbol": "XBTUSDTM", "side": "buy", "type": "market", "leverage": 5, "size": 1}
        with pytest.raises(TimeoutError):
            server.ask("POST", "/api/v1/orders", body, deadline=0.5)


def test_an_answer_is_an_error_page_where_that_was_asked_for(tmp_path: Path) -> None:
    with Simulator(tmp_path, *SMALL, "--fault", "html=1") as server:
        assert server.raw("GET", "/api/v1/timestamp")[1]["content-type"].startswith("text/html")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--port", "70000"), "out of range"),
        (("--fault", "lsot=1"), "did you mean lost?"),
        (("--market", "nowhere.csv"), "cannot be read"),
    ],
)
def test_wrong_inputs_start_nothing(tmp_path: Path, arguments: tuple[str, ...], says: str) -> None:
    done = _run(tmp_path, *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_a_port_that_is_taken_is_told(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = _run(tmp_path, "--port", str(taken.getsockname()[1]))
    assert (done.returncode, done.stdout) == (1, "")
    assert "cannot be had" in done.stderr


def _run(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*RADTUI, "sim", "serve", *arguments],
        capture_output=True, text=True, env=environment(home), cwd=home, timeout=DEADLINE, check=False,
    )  # fmt: skip
