"""The socket port: text out, bytes in. The one real implementation is a thin one over the websockets library."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

from radtui.resilience.failures import Transient
from radtui.resilience.redaction import named

if TYPE_CHECKING:
    from websockets.asyncio.client import ClientConnection
    from websockets.exceptions import ConnectionClosed

LARGEST: Final = 4 * 1024 * 1024
"""Bytes of the largest frame that is taken; KuCoin's own are below 100 kB."""
WAITING: Final = 256
"""Frames that wait to be read before the sender is told to wait."""
CLOSING: Final = 1.0
"""Seconds a peer has for its half of the closing; a half-open one never answers."""


class SocketLost(Exception):
    """The connection has ended; the message says why, for people."""


class Socket(Protocol):
    """One open connection."""

    async def send(self, text: str) -> None:
        """Send one text frame.

        Raises:
            SocketLost: the connection has ended.
        """
        ...

    async def receive(self) -> bytes:
        """Return the next frame, whole. May be cancelled without losing one.

        Raises:
            SocketLost: the connection has ended.
        """
        ...

    async def close(self) -> None:
        """Close it; takes at most a moment, never fails, and may be called twice."""
        ...


class Connector(Protocol):
    """Opens connections."""

    async def connect(self, url: str) -> Socket:
        """Open a connection. The URL carries a token: no message may show it.

        Raises:
            Transient: there is none to be had now.
        """
        ...


class WebSocketConnector:
    """Connections over the network: uncompressed, without the library's own pings and without proxies.

    KuCoin wants pings as JSON text, and deflating every frame costs more than the rest of its way.
    """

    def __init__(self, *, closing: float = CLOSING) -> None:
        self._closing = closing

    async def connect(self, url: str) -> Socket:
        """Open a connection; the caller sets the deadline. See the port for what it raises."""
        from websockets.asyncio.client import connect
        from websockets.exceptions import InvalidHandshake, InvalidStatus, InvalidURI

        try:
            return _WebSocket(
                await connect(
                    url,
                    compression=None,
                    ping_interval=None,
                    open_timeout=None,
                    close_timeout=self._closing,
                    max_size=LARGEST,
                    max_queue=WAITING,
                    proxy=None,
                )
            )
        except InvalidStatus as error:
            why = f"the exchange answered HTTP {error.response.status_code}"
        except (InvalidHandshake, InvalidURI) as error:
            why = f"its answer is not a WebSocket's ({type(error).__name__})"
        except (OSError, EOFError) as error:
            why = f"the network said {named(error)}"
        raise Transient(f"No connection to the feed: {why}. It is tried again.")


class _WebSocket:
    """`Socket` over a connection of the library."""

    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection

    async def send(self, text: str) -> None:
        from websockets.exceptions import ConnectionClosed

        try:
            await self._connection.send(text)
        except ConnectionClosed as error:
            raise SocketLost(_why(error)) from error

    async def receive(self) -> bytes:
        from websockets.exceptions import ConnectionClosed

        try:
            return await self._connection.recv(decode=False)
        except ConnectionClosed as error:
            raise SocketLost(_why(error)) from error

    async def close(self) -> None:
        await self._connection.close()


def _why(error: ConnectionClosed) -> str:
    from websockets.frames import CloseCode

    if error.rcvd is None:
        return "the connection broke without a word"
    if error.rcvd.code == CloseCode.NORMAL_CLOSURE:
        return "the exchange closed the connection"
    return f"the exchange closed the connection ({error.rcvd.code} {error.rcvd.reason})".replace(" )", ")")
