"""One TCP connection below the HTTP machinery: what httpcore asks of a network, straight on the event loop.

A request leaves in one piece, head and body together: in two it costs both sides a wake-up more, and the exchange's
server could only begin with the second. What is written is handed over when an answer is asked for.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Iterable
from typing import Any, Final, cast

import httpcore

_PAUSE_AT: Final = 1 << 20
"""Bytes that wait to be read before the sender is told to wait."""


class Network(httpcore.AsyncNetworkBackend):
    """Opens connections over TCP."""

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Return a connection; the loop itself switches Nagle's waiting off.

        Raises:
            httpcore.ConnectError, httpcore.ConnectTimeout: there is none to be had.
        """
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(timeout):
                _, line = await loop.create_connection(Line, host, port)
        except TimeoutError as error:
            raise httpcore.ConnectTimeout(f"no connection within {timeout:g} s") from error
        except OSError as error:
            raise httpcore.ConnectError(str(error)) from error
        return line

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await asyncio.sleep(seconds)


class Line(asyncio.Protocol, httpcore.AsyncNetworkStream):
    """One connection; one reader at a time."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._arrived = bytearray()
        self._unsent: list[bytes] = []
        self._news: asyncio.Future[None] | None = None
        self._ended = False
        self._failure: Exception | None = None
        self._paused = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take the open connection."""
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Take what has arrived."""
        self._arrived += data
        if len(self._arrived) > _PAUSE_AT and not self._paused and self._transport is not None:
            self._paused = True
            self._transport.pause_reading()
        self._wake()

    def eof_received(self) -> None:
        """Hear that nothing more will come: the connection is closed."""
        self._ended = True
        self._wake()

    def connection_lost(self, exc: Exception | None) -> None:
        """Hear that the connection has ended."""
        self._ended, self._failure = True, exc
        self._wake()

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Hand over what was written, and return what arrives; nothing at the end.

        Raises:
            httpcore.ReadError, httpcore.ReadTimeout: it broke, or nothing came in time.
        """
        self._flush()
        if not self._arrived and not self._ended:
            try:
                async with asyncio.timeout(timeout):
                    await self._something()
            except TimeoutError as error:
                raise httpcore.ReadTimeout(f"nothing within {timeout:g} s") from error
        if not self._arrived and self._failure is not None:
            raise httpcore.ReadError(str(self._failure)) from self._failure
        return self._taken(max_bytes)

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Take what is to be sent; requests are small, and go when their answer is asked for."""
        if self._ended:
            raise httpcore.WriteError("the connection has ended")
        if buffer:
            self._unsent.append(buffer)

    async def aclose(self) -> None:
        """Close it at once: nobody is interested in what may still come."""
        self._ended = True
        if self._transport is not None:
            self._transport.abort()

    async def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.AsyncNetworkStream:
        """Encrypt it from here on.

        Raises:
            httpcore.ConnectError, httpcore.ConnectTimeout: the other side does not, or is not who it should be.
        """
        assert self._transport is not None
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(timeout):
                secured = await loop.start_tls(self._transport, self, ssl_context, server_hostname=server_hostname)
        except TimeoutError as error:
            raise httpcore.ConnectTimeout(f"no handshake within {timeout:g} s") from error
        except OSError as error:
            raise httpcore.ConnectError(str(error)) from error
        if secured is None:
            raise httpcore.ConnectError("the connection was closed during the handshake")
        self._transport = secured
        return self

    def get_extra_info(self, info: str) -> Any:
        """Return whether something arrived on an idle connection (``is_readable``), or what the transport knows."""
        if info == "is_readable":
            return self._ended or bool(self._arrived)
        names = {"ssl_object": "ssl_object", "client_addr": "sockname", "server_addr": "peername", "socket": "socket"}
        return self._transport.get_extra_info(names.get(info, info)) if self._transport is not None else None

    def _flush(self) -> None:
        if self._unsent and self._transport is not None:
            self._transport.write(b"".join(self._unsent))
            self._unsent.clear()

    async def _something(self) -> None:
        self._news = asyncio.get_running_loop().create_future()
        try:
            await self._news
        finally:
            self._news = None

    def _taken(self, count: int) -> bytes:
        taken = bytes(self._arrived[:count])
        del self._arrived[:count]
        if self._paused and len(self._arrived) <= _PAUSE_AT and self._transport is not None:
            self._paused = False
            self._transport.resume_reading()
        return taken

    def _wake(self) -> None:
        if self._news is not None and not self._news.done():
            self._news.set_result(None)
