"""The wire below the client: one request out, one answer back. Nothing else knows httpx.

Anything that implements `Transport` plugs in here: a socket to the exchange, or a simulated exchange in memory.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, Protocol
from urllib.parse import urlsplit

import msgspec

if TYPE_CHECKING:
    import httpx

_CONNECT: Final = 5.0
"""Seconds a connection may take, the handshake included."""
_ORDINARY: Final = 20
_URGENT: Final = 8
"""Connections that only urgent requests may use: reads that hang must not hold a cancel up."""
_KEEP: Final = 30.0
"""Seconds an idle connection is kept: less than servers keep theirs, so that none is used that just closed."""
LARGEST: Final = 64 * 1024 * 1024
"""Bytes of an answer that are taken at most, once unpacked."""
_LEAVING: Final = ".send_request_headers.started"
"""How the event ends that httpcore tells before the first byte of a request leaves."""


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
    """HTTP/1.1 over kept connections: no redirects, no cookies, no proxies from the environment.

    It is httpx without its client, which follows, remembers and reads the environment. Urgent requests have a pool of
    their own.
    """

    def __init__(self) -> None:
        import httpx

        self._httpx = httpx
        secrets = httpx.create_ssl_context(trust_env=False)
        self._pools = {
            urgent: httpx.AsyncHTTPTransport(
                verify=secrets,
                trust_env=False,
                limits=httpx.Limits(max_connections=most, max_keepalive_connections=most, keepalive_expiry=_KEEP),
            )
            for urgent, most in ((False, _ORDINARY), (True, _URGENT))
        }

    async def send(self, request: Request, deadline: float) -> Response:
        """Send `request` and return the whole answer; see the port for what it raises."""
        trace = _Trace()
        try:
            async with asyncio.timeout(deadline):
                answer = await self._pools[request.urgent].handle_async_request(
                    self._prepare(request, trace, min(_CONNECT, deadline))
                )
                try:
                    return Response(answer.status_code, await self._whole(answer), dict(answer.headers))
                finally:
                    await answer.aclose()
        except (self._httpx.RequestError, TimeoutError, OSError) as error:
            raise (Unanswered if trace.left else Unsent)(_why(error, deadline)) from error

    async def close(self) -> None:
        """Let the connections go."""
        for pool in self._pools.values():
            await pool.aclose()

    async def _whole(self, answer: httpx.Response) -> bytes:
        parts, size = list[bytes](), 0
        async for part in answer.aiter_bytes():
            parts.append(part)
            size += len(part)
            if size > LARGEST:
                raise self._httpx.DecodingError("the answer is larger than any of this exchange")
        return b"".join(parts)

    def _prepare(self, request: Request, trace: _Trace, connect: float) -> httpx.Request:
        headers = {"Accept-Encoding": "gzip", "User-Agent": "radtui", **request.headers}
        if request.body or request.method == "POST":
            headers["Content-Length"] = str(len(request.body))
        return self._httpx.Request(
            request.method,
            request.base,
            headers=headers,
            content=request.body,
            extensions={
                "target": request.target.encode("ascii"),  # as it was signed: no URL is made of it and taken apart
                "trace": trace,
                "timeout": {"connect": connect},  # the deadline bounds the rest
            },
        )


class _Trace:
    """Told by httpcore of what it does; knows whether a byte of the request may have left."""

    __slots__ = ("left",)

    def __init__(self) -> None:
        self.left = False

    async def __call__(self, event: str, _: Mapping[str, Any]) -> None:
        self.left = self.left or event.endswith(_LEAVING)


def _why(error: Exception, deadline: float) -> str:
    if isinstance(error, TimeoutError):
        return f"no answer within {deadline:g} s"
    return str(error) or type(error).__name__
