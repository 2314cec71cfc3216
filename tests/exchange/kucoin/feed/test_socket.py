"""The real socket, against a real server on the loopback: what it says when the other side does not."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from http import HTTPStatus

import pytest
from websockets.asyncio.server import Request, Response, Server, ServerConnection, serve

from radtui.exchange.kucoin.feed.socket import Socket, SocketLost, WebSocketConnector
from radtui.resilience.failures import Transient

Handler = Callable[[ServerConnection], Awaitable[None]]


def url(server: Server) -> str:
    return f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}/?token=secret"


@asynccontextmanager
async def connected(handler: Handler) -> AsyncIterator[Socket]:
    async with serve(handler, "127.0.0.1", 0) as server:
        socket = await WebSocketConnector(closing=0.05).connect(url(server))
        try:
            yield socket
        finally:
            await socket.close()
            await socket.close()


async def echo(connection: ServerConnection) -> None:
    async for message in connection:
        await connection.send(message)


async def test_text_goes_out_and_bytes_come_in() -> None:
    async with connected(echo) as socket:
        await socket.send('{"type":"ping"}')
        assert await socket.receive() == b'{"type":"ping"}'


async def test_a_cancelled_read_loses_nothing() -> None:
    async with connected(echo) as socket:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(socket.receive(), 0.01)
        await socket.send("a")
        assert await socket.receive() == b"a"


async def test_bytes_that_are_no_text_are_handed_on() -> None:
    async def garbage(connection: ServerConnection) -> None:
        await connection.send(b"\xff\xfe", text=True)
        await connection.wait_closed()

    async with connected(garbage) as socket:
        assert await socket.receive() == b"\xff\xfe"


async def test_a_goodbye_is_told_in_its_own_words() -> None:
    async def leave(connection: ServerConnection) -> None:
        await connection.close(1012, "restarting")

    async with connected(leave) as socket:
        with pytest.raises(SocketLost, match=r"closed the connection \(1012 restarting\)"):
            await socket.receive()
        with pytest.raises(SocketLost):
            await socket.send("x")


async def test_a_broken_line_is_told() -> None:
    async def abort(connection: ServerConnection) -> None:
        connection.transport.abort()

    async with connected(abort) as socket:
        with pytest.raises(SocketLost, match="broke without a word"):
            await socket.receive()


async def test_where_nobody_listens_it_says_so_and_never_shows_the_token() -> None:
    async with serve(echo, "127.0.0.1", 0) as server:
        address = url(server)
    with pytest.raises(Transient, match="ConnectionRefused") as refused:
        await WebSocketConnector().connect(address)
    assert "secret" not in str(refused.value)


async def test_another_answer_than_a_socket_is_told() -> None:
    def unauthorised(connection: ServerConnection, request: Request) -> Response:
        return connection.respond(HTTPStatus.UNAUTHORIZED, "no")

    async with serve(echo, "127.0.0.1", 0, process_request=unauthorised) as server:
        with pytest.raises(Transient, match="HTTP 401") as refused:
            await WebSocketConnector().connect(url(server))
    assert "secret" not in str(refused.value)


async def test_an_address_that_is_none_is_told_without_its_token() -> None:
    with pytest.raises(Transient, match="InvalidURI") as refused:
        await WebSocketConnector().connect("http://nowhere/?token=secret")
    assert "secret" not in str(refused.value)
