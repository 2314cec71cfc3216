"""Getting through to an engine: what its address is, how a line to it is opened, and why there is none, in words."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import msgspec

from radtui.engine.replica import Mismatch
from radtui.engine.socket_name import socket_name
from radtui.engine.wire import ALIVE, LARGEST_HEARD, PATH
from radtui.resilience.redaction import named

if TYPE_CHECKING:
    from websockets.asyncio.client import ClientConnection
    from websockets.exceptions import ConnectionClosed

OPEN_WITHIN: Final = 8.0
"""Seconds for the connection, and as many for the first word."""
_CLOSE_WITHIN: Final = 1.0
_SCHEMES: Final = {"http": "ws", "https": "wss", "ws": "ws", "wss": "wss"}
_REFUSALS: Final = {
    401: "the token is missing or not accepted there",
    403: "not admitted there: the token is missing, or does not do",
    404: "there is no such stream: is that the API of a radtui engine, of this version, and where several bots share "
    "it, does the address name one of them (/bots/NAME)?",
    429: "too many wrong tokens came from here: it listens again in a while",
}
_ADDRESS: Final = "the address of an engine is http(s)://HOST:PORT, without name, token or question mark in it"
_FAREWELLS: Final = {1001: "the engine there has ended", 1012: "the engine there has ended"}
_UNTAKEN: Final = frozenset({1002, 1003, 1007, 1008, 1009})
"""Codes of RFC 6455, section 7.4.1, by which a server says that it cannot take what was said."""


class BadTarget(Exception):
    """Not the address of an engine; the message says what one is."""


class Shut(Exception):
    """There is somebody who does not talk to us; asking again soon does not help."""


class Target:
    """Where an engine listens: a control socket's path, or the URL of an API with its token.

    Raises:
        BadTarget: what is no such address.
    """

    def __init__(self, target: Path | str, token: str | None) -> None:
        self._path, self._url = _address(target)
        self._token = token

    async def dial(self) -> ClientConnection:
        """Return an open line.

        Raises:
            Shut: there is somebody, who does not let us in.
            OSError, TimeoutError: there is nobody.
        """
        from websockets.exceptions import InvalidHandshake, InvalidStatus

        try:
            return await self._connect()
        except InvalidStatus as error:
            status = error.response.status_code
            if status >= 500:
                raise ConnectionError(f"it answered HTTP {status}") from error
            raise Shut(_REFUSALS.get(status, f"it answered HTTP {status}")) from error
        except InvalidHandshake as error:
            if isinstance(error.__cause__, EOFError | ConnectionError):  # killed in this very moment: nobody refused us
                raise ConnectionAbortedError("it hung up before it answered") from error
            raise Shut("what answers there is no WebSocket") from error

    async def _connect(self) -> ClientConnection:
        from websockets.asyncio.client import connect, unix_connect
        from websockets.extensions.permessage_deflate import ClientPerMessageDeflateFactory

        settings: dict[str, Any] = {
            "compression": None,  # the library's own has a window of 4 kB; a picture is larger
            "extensions": [ClientPerMessageDeflateFactory(client_max_window_bits=12)],
            "open_timeout": OPEN_WITHIN,
            "close_timeout": _CLOSE_WITHIN,
            "ping_interval": ALIVE[0],
            "ping_timeout": ALIVE[1],
            "max_size": LARGEST_HEARD,
            "proxy": None,
        }
        if self._path is not None:
            with socket_name(self._path) as name:
                return await unix_connect(name, uri=self._url, **settings)
        headers = {"Authorization": f"Bearer {self._token}"} if self._token else {}
        return await connect(self._url, additional_headers=headers, **settings)


def _address(target: Path | str) -> tuple[Path | None, str]:
    """Return the socket's path, if it is one, and the URL to ask for."""
    if isinstance(target, Path) or target.startswith("/"):
        return Path(target), f"ws://localhost{PATH}"
    try:
        parts = urlsplit(target)
        sound = parts.scheme in _SCHEMES and parts.hostname and parts.port != 0
    except ValueError as error:
        raise BadTarget(_ADDRESS) from error
    if not sound or parts.query or parts.fragment or "@" in parts.netloc:
        raise BadTarget(_ADDRESS)
    path = parts.path.rstrip("/")
    return None, f"{_SCHEMES[parts.scheme]}://{parts.netloc}{path.removesuffix(PATH)}{PATH}"


def unwanted(error: Exception) -> bool:
    """Return whether the other end is there and does not want us, or what we say: asking again soon does not help."""
    from websockets.exceptions import ConnectionClosed

    if isinstance(error, ConnectionClosed):
        return error.rcvd is not None and error.rcvd.code in _UNTAKEN
    return isinstance(error, Shut | Mismatch | msgspec.DecodeError)


def words(error: Exception) -> str:
    """Return why there is no line, for people."""
    from websockets.exceptions import ConnectionClosed

    match error:
        case Shut() | Mismatch():
            said = str(error)
        case msgspec.DecodeError():
            said = f"what it says is not understood ({error}): attach with the same radtui"
        case ConnectionClosed():
            said = _closed(error)
        case FileNotFoundError() | ConnectionRefusedError():
            said = "nobody listens there: the engine has ended, or was never there"
        case TimeoutError():
            said = f"no answer within {OPEN_WITHIN:.0f} s"
        case ConnectionError() if error.errno is None:  # our own words
            said = str(error)
        case OSError():
            said = f"the network says {error.strerror or error}"
        case _:
            said = named(error)
    return said


def _closed(error: ConnectionClosed) -> str:
    if error.rcvd is not None:
        known = _FAREWELLS.get(error.rcvd.code, f"it hung up ({error.rcvd.code})")
        return error.rcvd.reason or known
    if error.sent is not None:
        return f"it answered no ping for {ALIVE[1]:g} s"
    return "the line broke without a word"
