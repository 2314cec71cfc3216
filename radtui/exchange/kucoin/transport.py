"""The wire below the client: one request out, one answer back. It and `line.py` alone know httpx.

Anything that implements `Transport` plugs in here: a socket to the exchange, or a simulated exchange in memory.
"""

from __future__ import annotations

import asyncio
import sys
import zlib
from collections.abc import Mapping
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Final, Protocol
from urllib.parse import urlsplit

import msgspec

if TYPE_CHECKING:
    import httpcore

_CONNECT: Final = 5.0
"""Seconds a connection may take, the handshake included."""
_ORDINARY: Final = 20
_URGENT: Final = 8
"""Connections that only urgent requests may use: reads that hang must not hold a cancel up."""
_CONNECTIONS: Final = _ORDINARY + _URGENT
_KEEP: Final = 30.0
"""Seconds an idle connection is kept: less than servers keep theirs, so that none is used that just closed."""
LARGEST: Final = 64 * 1024 * 1024
"""Bytes of an answer, uncompressed, that are taken at most."""
_GZIP: Final = 16 + zlib.MAX_WBITS
_SENT: Final = ("send_request_headers.started",)
"""From this event on bytes of the request may have left."""


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """What is sent.

    Attributes:
        base: scheme, host and port, without a path: ``https://api-futures.kucoin.com``.
        target: path and query exactly as they stand on the wire; ASCII.
        urgent: it waits for no other request.
    """

    method: str
    base: str
    target: str
    headers: Mapping[str, str] = {}
    body: bytes = b""
    urgent: bool = False

    def __repr__(self) -> str:
        return f"Request({self.method} {self.base}{self.target})"


class Response(msgspec.Struct, frozen=True):
    """What came back, whole. Header names are in lower case."""

    status: int
    body: bytes
    headers: Mapping[str, str] = {}


class Unsent(Exception):
    """No byte of the request has left: it was certainly not carried out."""


class Unanswered(Exception):
    """The request has left, at least in part, and no whole answer came: it may have been carried out."""


class Transport(Protocol):
    """Carries one request."""

    async def send(self, request: Request, deadline: float) -> Response:
        """Send `request` and return the whole answer, whatever its status.

        Args:
            deadline: seconds for all of it.

        Raises:
            Unsent: it did not leave.
            Unanswered: it left, and no whole answer came in time.
        """
        ...

    async def close(self) -> None:
        """Let the connections go."""
        ...


class Hosts(msgspec.Struct, frozen=True):
    """Where the exchange is. The unified account's endpoints live on the spot host."""

    futures: str = "https://api-futures.kucoin.com"
    spot: str = "https://api.kucoin.com"

    @staticmethod
    def at(url: str) -> Hosts:
        """Return every host at `url`, for example a simulated exchange's.

        Raises:
            ValueError: it is not scheme://host[:port]; the text is for people.
        """
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username or parts.query:
            raise ValueError(f"{url!r} is no address of an exchange: it should look like http://127.0.0.1:8000")
        if parts.path.strip("/"):
            raise ValueError(f"{url!r} has a path, and signatures are made without one: leave {parts.path!r} away")
        base = f"{parts.scheme}://{parts.netloc}"
        return Hosts(futures=base, spot=base)


class HttpTransport:
    """HTTP/1.1 over a pool of kept connections: no redirects, no cookies, no proxies from the environment.

    It is httpx's own machinery without its outer half, which costs as much again as the rest and does nothing here.
    """

    def __init__(self) -> None:
        import httpcore
        import httpx

        from radtui.exchange.kucoin.line import Network

        _spare_searches()
        self._core = httpcore
        self._broken = (
            httpcore.NetworkError,
            httpcore.TimeoutException,
            httpcore.ProtocolError,
            httpcore.UnsupportedProtocol,
            zlib.error,
            OSError,
        )
        self._ordinary = asyncio.Semaphore(_ORDINARY)
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=httpx.create_ssl_context(trust_env=False),
            max_connections=_CONNECTIONS,
            max_keepalive_connections=_CONNECTIONS,
            keepalive_expiry=_KEEP,
            retries=0,
            network_backend=Network(),
        )

    async def send(self, request: Request, deadline: float) -> Response:
        """Send `request` and return the whole answer; see the port for what it raises."""
        left = _Left()
        try:
            async with asyncio.timeout(deadline):
                if request.urgent:
                    return await self._carry(request, left, deadline)
                async with self._ordinary:
                    return await self._carry(request, left, deadline)
        except self._broken as error:
            raise (Unanswered if left.begun else Unsent)(_why(error, deadline)) from error

    async def close(self) -> None:
        """Let the connections go."""
        await self._pool.aclose()

    async def _carry(self, request: Request, left: _Left, deadline: float) -> Response:
        answer = await self._pool.handle_async_request(self._prepare(request, left, deadline))
        try:
            body = await answer.aread()
        finally:
            await answer.aclose()
        headers = {name.decode("latin-1").lower(): text.decode("latin-1") for name, text in answer.headers}
        return Response(answer.status, _unpacked(body, headers), headers)

    def _prepare(self, request: Request, left: _Left, deadline: float) -> httpcore.Request:
        connect, body = min(_CONNECT, deadline), request.body
        url = self._core.URL(request.base)
        origin = url.host if url.port is None else b"%s:%d" % (url.host, url.port)
        headers = [(b"Host", origin), (b"Accept-Encoding", b"gzip"), (b"User-Agent", b"radtui")]
        headers += [(name.encode("ascii"), text.encode("ascii")) for name, text in request.headers.items()]
        if body or request.method == "POST":
            headers.append((b"Content-Length", b"%d" % len(body)))
        return self._core.Request(
            request.method,
            self._core.URL(scheme=url.scheme, host=url.host, port=url.port, target=request.target.encode("ascii")),
            headers=headers,
            content=body or None,
            extensions={
                "timeout": {"connect": connect, "pool": connect, "write": deadline, "read": deadline},
                "trace": left.note,
            },
        )


class _Left:
    """Whether bytes of a request have left, as the HTTP machinery tells it."""

    begun = False

    async def note(self, event: str, _info: Mapping[str, Any]) -> None:
        if event.endswith(_SENT):
            self.begun = True


def _unpacked(body: bytes, headers: Mapping[str, str]) -> bytes:
    """Return a body as it was before it was compressed for the way."""
    if headers.get("content-encoding") != "gzip":
        return body
    machine = zlib.decompressobj(_GZIP)
    plain = machine.decompress(body, LARGEST)
    if machine.unconsumed_tail or not machine.eof:
        raise zlib.error("the compressed answer is not whole, or larger than any of this exchange")
    return plain


def _spare_searches() -> None:
    """Have httpcore find at once that a library it asks for at every request is not there.

    A search that fails is not remembered by Python, and those for one request cost as much as the rest of it.
    """
    if find_spec("sniffio") is None:
        sys.modules["sniffio"] = None  # type: ignore[assignment]  # the import system's own way to say so


def _why(error: Exception, deadline: float) -> str:
    if isinstance(error, TimeoutError):
        return f"no answer within {deadline:g} s"
    return str(error) or type(error).__name__
