"""The exchange behind the client's ports in memory: requests, frames, and what can go wrong with either."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from radtui.core.market import SECOND
from radtui.exchange.kucoin.feed.socket import Socket, SocketLost
from radtui.exchange.kucoin.rest.transport import Request, Unanswered, Unsent
from radtui.resilience.clock import LoopClock
from radtui.resilience.failures import Transient
from radtui.resilience.virtual import run_virtual
from radtui.simserver.access import seeded_key
from radtui.simserver.exchange import open_exchange
from radtui.simserver.loopback import Loopback
from radtui.simserver.session import MOST_WAITING
from radtui.simserver.wirefaults import WireFault, WireFaults
from radtui.venue.model import SeededMarket

EPOCH = 1_767_225_600 * SECOND
KEY = seeded_key(7)
BASE = "http://exchange"


class Client:
    """A signing client on a loopback."""

    def __init__(self, network: Loopback, clock: LoopClock) -> None:
        self.network = network
        self.clock = clock

    async def ask(self, method: str, target: str, body: object = None, deadline: float = 5.0) -> tuple[int, Any]:
        raw = json.dumps(body).encode() if body is not None else b""
        stamp = str(self.clock.now() // 1_000_000)

        def mac(text: bytes) -> str:
            return base64.b64encode(hmac.digest(KEY.secret.encode(), text, hashlib.sha256)).decode()

        headers = {
            "KC-API-KEY": KEY.key,
            "KC-API-TIMESTAMP": stamp,
            "KC-API-SIGN": mac(f"{stamp}{method}{target}".encode() + raw),
            "KC-API-PASSPHRASE": mac(KEY.passphrase.encode()),
            "KC-API-KEY-VERSION": "3",
            "Content-Type": "application/json",
        }
        request = Request(method=method, base=BASE, target=target, headers=headers, body=raw)
        response = await self.network.send(request, deadline)
        return response.status, json.loads(response.body)

    async def data(self, method: str, target: str, body: object = None) -> Any:
        status, answer = await self.ask(method, target, body)
        assert (status, answer["code"]) == (200, "200000"), answer
        return answer["data"]

    async def place(self, name: str, **more: object) -> Any:
        body = {"clientOid": name, "symbol": "XBTUSDTM", "side": "buy", "type": "market", "leverage": 5, "size": 1}
        return await self.data("POST", "/api/v1/orders", body | more)

    async def open(self) -> Socket:
        bullet = await self.data("POST", "/api/v1/bullet-private")
        endpoint = bullet["instanceServers"][0]["endpoint"]
        return await self.network.connect(f"{endpoint}?token={bullet['token']}&connectId=me")


def fly(work: Callable[[Client], Awaitable[None]], **figures: float) -> None:
    """Run `work` against an exchange under virtual time."""

    async def main() -> None:
        clock = LoopClock(asyncio.get_running_loop(), EPOCH)
        faults = WireFaults(7, {WireFault(name.replace("_", "-")): figure for name, figure in figures.items()})
        market = SeededMarket(("XBTUSDTM",), seed=7, start=EPOCH)
        exchange = open_exchange(market, [KEY], now=clock.now, seed=7, warmup=20, faults=faults)
        async with Loopback(exchange) as network:
            await work(Client(network, clock))

    run_virtual(main())


async def frame(socket: Socket) -> Any:
    return json.loads(await socket.receive())


async def subscribe(socket: Socket, topic: str) -> None:
    message = {"id": topic, "type": "subscribe", "topic": topic, "privateChannel": True, "response": True}
    await socket.send(json.dumps(message))


async def until(socket: Socket, wanted: Callable[[Any], bool]) -> list[Any]:
    seen: list[Any] = []
    while not seen or not wanted(seen[-1]):
        seen.append(await frame(socket))
    return seen


def test_requests_and_frames_reach_the_exchange_and_come_back() -> None:
    async def work(client: Client) -> None:
        socket = await client.open()
        assert await frame(socket) == {"id": "me", "type": "welcome"}
        await subscribe(socket, "/contractMarket/tradeOrders")
        assert (await frame(socket))["type"] == "ack"
        placed = await client.place("a-1")
        seen = await until(socket, lambda each: each["data"]["type"] == "filled")
        assert {each["data"]["orderId"] for each in seen} == {placed["orderId"]}
        assert [each["data"]["type"] for each in seen] == ["match", "filled"]

    fly(work)


def test_an_answer_that_is_lost_after_acceptance_leaves_an_order() -> None:
    async def work(client: Client) -> None:
        with pytest.raises(Unanswered):
            await client.place("a-1", type="limit", price="60000")
        client.network.exchange.faults.figures.clear()
        found = await client.data("GET", "/api/v1/orders/byClientOid?clientOid=a-1")
        assert found["isActive"]

    fly(work, lost_after=1)


def test_a_request_that_is_lost_leaves_nothing() -> None:
    async def work(client: Client) -> None:
        began = client.clock.now()
        with pytest.raises(Unanswered):
            await client.place("a-1")
        assert client.clock.now() - began == 5 * SECOND
        client.network.exchange.faults.figures.clear()
        status, answer = await client.ask("GET", "/api/v1/orders/byClientOid?clientOid=a-1")
        assert (status, answer["code"]) == (200, "100001")

    fly(work, lost=1)


def test_a_request_that_arrives_twice_is_refused_the_second_time_and_stands_the_first() -> None:
    async def work(client: Client) -> None:
        body = {"clientOid": "a", "symbol": "XBTUSDTM", "side": "buy", "type": "market", "leverage": 5, "size": 1}
        _, answer = await client.ask("POST", "/api/v1/orders", body)
        assert answer["code"] == "300018"
        client.network.exchange.faults.figures.clear()
        assert len(await client.data("GET", "/api/v1/positions")) == 1

    fly(work, twice=1)


def test_a_skewed_clock_refuses_and_says_the_time() -> None:
    async def work(client: Client) -> None:
        status, answer = await client.ask("GET", "/api/v1/positions")
        assert (status, answer["code"]) == (400, "400002")
        _, answer = await client.ask("GET", "/api/v1/timestamp")
        assert abs(answer["data"] - client.clock.now() // 1_000_000 - 8000) < 20

    fly(work, skew=8000)


def test_cancel_only_takes_cancels_alone() -> None:
    async def work(client: Client) -> None:
        assert (await client.data("GET", "/api/v1/status"))["status"] == "cancelonly"
        body = {"clientOid": "a", "symbol": "XBTUSDTM", "side": "buy", "type": "market", "leverage": 5, "size": 1}
        _, answer = await client.ask("POST", "/api/v1/orders", body)
        assert answer["code"] == "300002"
        _, answer = await client.ask("DELETE", "/api/v1/orders/1")
        assert answer["code"] == "100001"

    fly(work, maintenance=1)


def test_a_half_open_socket_is_silent_for_good() -> None:
    async def work(client: Client) -> None:
        socket = await client.open()
        await subscribe(socket, "/contractMarket/level2:XBTUSDTM")
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(120):
                await socket.receive()
        await socket.close()
        with pytest.raises(SocketLost):
            await socket.receive()

    fly(work, half_open=1)


def test_a_token_that_has_expired_is_refused_by_a_frame() -> None:
    async def work(client: Client) -> None:
        socket = await client.open()
        assert (await frame(socket))["code"] == 401
        with pytest.raises(SocketLost, match="1008 token is expired"):
            await socket.receive()

    fly(work, expired=1)


def test_a_network_that_is_down_reaches_nothing_and_cuts_what_is_open() -> None:
    async def work(client: Client) -> None:
        socket = await client.open()
        await frame(socket)
        client.network.down = True
        with pytest.raises(SocketLost):
            await socket.receive()
        with pytest.raises(SocketLost):
            await socket.send("{}")
        with pytest.raises(Unsent):
            await client.place("a-1")
        with pytest.raises(Transient):
            await client.network.connect("ws://exchange/?token=x")
        assert client.network.sockets == []
        client.network.down = False
        await frame(await client.open())

    fly(work)


def test_who_does_not_read_is_dropped_and_nothing_piles_up() -> None:
    async def work(client: Client) -> None:
        socket = await client.open()
        await subscribe(socket, "/contractMarket/level2:XBTUSDTM")
        session = next(iter(client.network.exchange.sessions.open_sessions))
        for _ in range(40):
            await socket.send('{"id":"1","type":"ping"}')
            await asyncio.sleep(50)
            if session.closing is not None:
                break
        assert session.closing is not None
        assert len(session.take()) <= MOST_WAITING
        with pytest.raises(SocketLost, match="1013"):
            await until(socket, lambda _: False)

    fly(work)


def test_the_same_seed_is_the_same_story() -> None:
    def story() -> list[str]:
        told: list[str] = []

        async def work(client: Client) -> None:
            socket = await client.open()
            await subscribe(socket, "/contractMarket/level2:XBTUSDTM")
            await subscribe(socket, "/contractMarket/tradeOrders")
            await client.place("a-1")
            told.extend([(await socket.receive()).decode() for _ in range(300)])

        fly(work, slow=30, duplicate=0.05, reorder=0.05)
        return told

    assert story() == story()
