"""The socket to the exchange, against a real server on this machine that misbehaves as told."""

from __future__ import annotations

import asyncio
import gzip
import ssl
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from msgspec import structs

from radtui.exchange.kucoin.rest.transport import Hosts, HttpTransport, Request, Unanswered, Unsent

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
PLAIN = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nGW-RateLimit-Limit: 2000\r\nSet-Cookie: a=b\r\n\r\nok"


class Server:
    """Counts connections and keeps the requests it read."""

    def __init__(self, answer: bytes = PLAIN, *, silent: bool = False, cut: bool = False) -> None:
        self.answer, self.silent, self.cut = answer, silent, cut
        self.connections = 0
        self.requests: list[bytes] = []
        self.writers: list[asyncio.StreamWriter] = []
        self._enough: tuple[int, asyncio.Event] = (0, asyncio.Event())

    async def heard(self, count: int) -> None:
        self._enough = (count, asyncio.Event())
        if len(self.requests) < count:
            await self._enough[1].wait()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self.writers.append(writer)
        try:
            while await self._one(reader, writer):
                pass
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(
            (int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length")), 0
        )
        self.requests.append(head + await reader.readexactly(length))
        if len(self.requests) >= self._enough[0]:
            self._enough[1].set()
        if self.silent:
            await reader.read()
            return False
        writer.write(self.answer)
        await writer.drain()
        return not self.cut


@asynccontextmanager
async def served(server: Server, secrets: ssl.SSLContext | None = None) -> AsyncIterator[tuple[HttpTransport, str]]:
    listening = await asyncio.start_server(server.serve, "127.0.0.1", 0, ssl=secrets)
    transport = HttpTransport()
    scheme = "https" if secrets else "http"
    try:
        yield transport, f"{scheme}://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
    finally:
        await transport.close()
        listening.close()
        await listening.wait_closed()


async def test_a_request_goes_out_exactly_as_it_was_signed_and_the_answer_comes_back_whole() -> None:
    server = Server()
    async with served(server) as (transport, base):
        target = "/api/v1/orders?status=active&tradeTypes=trade,liquid&x=a%20b"
        answer = await transport.send(Request(method="GET", base=base, target=target, headers={"KC-API-KEY": "k"}), 5)
    assert (answer.status, answer.body, answer.headers["gw-ratelimit-limit"]) == (200, b"ok", "2000")
    head = server.requests[0]
    assert head.startswith(f"GET {target} HTTP/1.1\r\n".encode())
    assert b"KC-API-KEY: k\r\n" in head
    assert b"Host: 127.0.0.1:" in head


async def test_a_body_goes_out_byte_for_byte_and_none_is_said_to_be_none() -> None:
    server = Server()
    body = b'{"clientOid":"x","price":"1.10"}'
    async with served(server) as (transport, base):
        await transport.send(Request(method="POST", base=base, target="/api/v1/orders", body=body), 5)
        await transport.send(Request(method="POST", base=base, target="/api/v1/bullet-private"), 5)
        await transport.send(Request(method="DELETE", base=base, target="/api/v1/orders/multi-cancel", body=body), 5)
    assert server.requests[0].endswith(b"\r\n\r\n" + body)
    assert b"content-length: 0\r\n" in server.requests[1].lower()
    assert server.requests[2].endswith(body)
    assert server.connections == 1, "the connection is kept"
    assert not [request for request in server.requests if b"cookie" in request.lower()]


async def test_a_redirect_is_an_answer_and_not_followed() -> None:
    server = Server(b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n")
    async with served(server) as (transport, base):
        assert (await transport.send(Request(method="GET", base=base, target="/"), 5)).status == 302


async def test_a_compressed_answer_is_read() -> None:
    body = gzip.compress(b"many contracts")
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    async with served(Server(head + body)) as (transport, base):
        assert (await transport.send(Request(method="GET", base=base, target="/"), 5)).body == b"many contracts"


async def test_no_proxy_of_the_environment_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")
    async with served(Server()) as (transport, base):
        assert (await transport.send(Request(method="GET", base=base, target="/"), 5)).status == 200


async def test_a_refused_connection_sent_nothing() -> None:
    listening = await asyncio.start_server(Server().serve, "127.0.0.1", 0)
    port = listening.sockets[0].getsockname()[1]
    listening.close()
    await listening.wait_closed()
    transport = HttpTransport()
    with pytest.raises(Unsent):
        await transport.send(Request(method="POST", base=f"http://127.0.0.1:{port}", target="/"), 5)
    with pytest.raises(Unsent):
        await transport.send(Request(method="POST", base="http://nowhere.invalid", target="/"), 5)
    await transport.close()


async def test_silence_ends_at_the_deadline_and_the_outcome_is_open() -> None:
    server = Server(silent=True)
    async with served(server) as (transport, base):
        with pytest.raises(Unanswered, match=r"no answer within 0\.05 s"):
            await transport.send(Request(method="POST", base=base, target="/api/v1/orders", body=b"{}"), 0.05)
        assert server.requests


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this",
        b"\x00\x01 no protocol at all\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nnope",
    ],
)
async def test_a_connection_that_breaks_after_the_request_leaves_the_outcome_open(answer: bytes) -> None:
    async with served(Server(answer, cut=True)) as (transport, base):
        with pytest.raises(Unanswered):
            await transport.send(Request(method="POST", base=base, target="/api/v1/orders", body=b"{}"), 5)


async def test_a_full_pool_sends_nothing_and_a_cancelled_request_gives_its_place_back() -> None:
    server = Server(silent=True)
    async with served(server) as (transport, base):
        request = Request(method="GET", base=base, target="/")
        waiting = [asyncio.create_task(transport.send(request, 30)) for _ in range(20)]
        await server.heard(20)
        with pytest.raises(Unsent):
            await transport.send(request, 0.05)
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        server.silent = False
        assert (await transport.send(request, 5)).status == 200


async def test_requests_that_hang_hold_no_urgent_one_up() -> None:
    server = Server(silent=True)
    async with served(server) as (transport, base):
        request = Request(method="GET", base=base, target="/")
        hanging = [asyncio.create_task(transport.send(request, 30)) for _ in range(40)]
        await server.heard(20)
        server.silent = False
        async with asyncio.timeout(5):
            assert (await transport.send(structs.replace(request, urgent=True), 30)).status == 200
        assert len(server.requests) == 21
        for task in hanging:
            task.cancel()
        await asyncio.gather(*hanging, return_exceptions=True)


async def test_a_connection_that_the_other_side_has_closed_is_not_used_again() -> None:
    server = Server()
    async with served(server) as (transport, base):
        request = Request(method="GET", base=base, target="/api/v1/timestamp")
        assert (await transport.send(request, 5)).body == b"ok"
        server.writers[0].close()
        await server.writers[0].wait_closed()
        assert (await transport.send(request, 5)).body == b"ok"
        assert server.connections == 2


async def test_what_nobody_asked_for_spoils_a_connection() -> None:
    """An answer more than there were questions would be taken for the next question's."""
    server = Server()
    async with served(server) as (transport, base):
        request = Request(method="GET", base=base, target="/api/v1/timestamp")
        await transport.send(request, 5)
        server.writers[0].write(PLAIN)
        await server.writers[0].drain()
        assert (await transport.send(request, 5)).body == b"ok"
        assert server.connections == 2


@pytest.fixture
def strange(tmp_path: Path) -> ssl.SSLContext:
    """Return a server's secrets with a certificate that nobody vouches for."""
    certificate, key = tmp_path / "certificate.pem", tmp_path / "key.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
         "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(certificate)],
        check=True, capture_output=True,
    )  # fmt: skip
    secrets = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    secrets.load_cert_chain(certificate, key)
    return secrets


async def test_a_stranger_with_a_certificate_of_his_own_gets_no_request(strange: ssl.SSLContext) -> None:
    server = Server()
    async with served(server, strange) as (transport, base):
        with pytest.raises(Unsent, match="CERTIFICATE_VERIFY_FAILED"):
            await transport.send(Request(method="GET", base=base, target="/api/v1/timestamp"), 5)
        assert server.requests == []


def test_hosts() -> None:
    assert Hosts().futures == "https://api-futures.kucoin.com"
    assert Hosts().spot == "https://api.kucoin.com"
    assert Hosts.at("http://127.0.0.1:8000/") == Hosts(futures="http://127.0.0.1:8000", spot="http://127.0.0.1:8000")


@pytest.mark.parametrize(
    "url", ["", "127.0.0.1:8000", "ftp://x", "http://", "http://u:p@x", "http://x/api", "http://x?y=1"]
)
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r"address|path"):
        Hosts.at(url)


def test_a_request_shows_neither_headers_nor_body() -> None:
    request = Request(method="POST", base="http://x", target="/y", headers={"KC-API-SIGN": "hidden"}, body=b"hidden")
    assert "hidden" not in repr(request)


def test_httpx_is_loaded_only_where_it_is_used() -> None:
    check = "import sys, radtui.exchange.kucoin.rest.client; sys.exit('httpx' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", check], check=False).returncode == 0
