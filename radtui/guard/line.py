"""One request, one answer, over a connection of its own: nothing is kept that could have gone stale meanwhile."""

from __future__ import annotations

import ssl
import time
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from typing import Final
from urllib.parse import urlsplit

import msgspec

PATIENCE: Final = 5.0
"""Seconds that connecting, and each wait for more of an answer, may take."""
DEADLINE: Final = 10.0
"""Seconds for a whole answer."""
LARGEST: Final = 16 * 1024 * 1024
_CHUNK: Final = 65_536


class Unsent(Exception):
    """No connection: certainly nothing was carried out."""


class Unanswered(Exception):
    """It may have left, and no whole answer came: it may have been carried out."""


class Answer(msgspec.Struct, frozen=True):
    """What came back."""

    status: int
    body: bytes


class Line:
    """The way to one host.

    Args:
        url: scheme, host and port.
    """

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._host, self._port = parts.hostname or "", parts.port
        self._tls = ssl.create_default_context() if parts.scheme == "https" else None

    def ask(self, method: str, target: str, headers: dict[str, str], body: bytes = b"") -> Answer:
        """Send a request and return the answer, whatever its status. Redirects are not followed.

        Raises:
            Unsent: nothing has left.
            Unanswered: something has left, and no whole answer came.
        """
        line = self._line()
        try:
            self._connect(line)
            return self._asked(line, method, target, headers, body)
        finally:
            line.close()

    def _line(self) -> HTTPConnection:
        if self._tls is not None:
            return HTTPSConnection(self._host, self._port, timeout=PATIENCE, context=self._tls)
        return HTTPConnection(self._host, self._port, timeout=PATIENCE)

    @staticmethod
    def _connect(line: HTTPConnection) -> None:
        try:
            line.connect()
        except OSError as error:  # names that do not resolve and certificates that do not fit are among them
            raise Unsent(str(error) or type(error).__name__) from error

    @staticmethod
    def _asked(line: HTTPConnection, method: str, target: str, headers: dict[str, str], body: bytes) -> Answer:
        until = time.monotonic() + DEADLINE
        try:
            line.request(method, target, body=body or None, headers={"User-Agent": "radtui-guardian", **headers})
            answer = line.getresponse()
            return Answer(answer.status, _whole(answer, until))
        except (OSError, HTTPException) as error:
            raise Unanswered(str(error) or type(error).__name__) from error


def _whole(answer: HTTPResponse, until: float) -> bytes:
    body = bytearray()
    while chunk := answer.read1(_CHUNK):
        body += chunk
        if len(body) > LARGEST or time.monotonic() > until:
            raise HTTPException("the answer does not end")
    if answer.length:
        raise HTTPException(f"{answer.length} bytes of the answer are missing")
    return bytes(body)
