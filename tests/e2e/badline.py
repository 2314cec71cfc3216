"""A line to the simulated exchange that goes bad when it is told to: REST through a proxy, the feed as it is."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar, Final
from urllib.parse import urlsplit

_NOT_PASSED_ON: Final = {"connection", "keep-alive", "transfer-encoding", "content-length", "host"}
_REFUSAL: Final = b'{"code":"500000","msg":"Internal Server Error"}'
_HELD: Final = 15.0


class BadLine:
    """A proxy of a server's REST.

    Attributes:
        refuses: every so many requests of a kind one is answered with 503 and not passed on; 0: none. Counted by kind,
            for the chance order of what is asked at the same time would decide who is refused for ever.
        late: seconds that every answer waits.
        refused: requests so far.
    """

    def __init__(self, url: str) -> None:
        self.refuses = 0
        self.late = 0.0
        self.refused = 0
        self._asked: Counter[str] = Counter()
        place = urlsplit(url).netloc
        handler = type("Handler", (_Passing,), {"line": self, "place": place})
        self._proxy = _Proxy(("127.0.0.1", 0), handler)
        self.url = f"http://127.0.0.1:{self._proxy.server_port}"

    @contextmanager
    def open(self) -> Iterator[BadLine]:
        """Pass requests on until the block ends."""
        thread = threading.Thread(target=self._proxy.serve_forever, args=(0.05,), name="bad line")
        thread.start()
        try:
            yield self
        finally:
            self._proxy.shutdown()
            self._proxy.server_close()
            thread.join()

    def strikes(self, kind: str) -> bool:
        """Return whether this request of its kind is refused: the first is, where any are."""
        struck = bool(self.refuses) and self._asked[kind] % self.refuses == 0
        self._asked[kind] += bool(self.refuses)
        self.refused += struck
        return struck


class _Proxy(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: a client that went away in the middle is what these tests are about."""


class _Passing(BaseHTTPRequestHandler):
    """One connection of the bot's."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    line: ClassVar[BadLine]
    place: ClassVar[str]

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.line.strikes(f"{self.command} {urlsplit(self.path).path}"):
            return self._answer(503, [("Content-Type", "application/json")], _REFUSAL)
        status, headers, answer = self._passed_on(body)
        time.sleep(self.line.late)
        return self._answer(status, headers, answer)

    do_POST = do_GET  # noqa: N815 - as above
    do_DELETE = do_GET  # noqa: N815 - as above

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - its name in the standard library
        """Write nothing."""

    def _passed_on(self, body: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
        """Ask the server; 502 where it cannot be reached."""
        headers = {name: text for name, text in self.headers.items() if name.lower() not in _NOT_PASSED_ON}
        there = HTTPConnection(self.place, timeout=_HELD)
        try:
            there.request(self.command, self.path, body or None, headers)
            answer = there.getresponse()
            return answer.status, answer.getheaders(), answer.read()
        except (OSError, HTTPException):
            return 502, [], b"<html>bad gateway</html>"
        finally:
            there.close()

    def _answer(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        self.send_response_only(status)
        for name, text in headers:
            if name.lower() not in _NOT_PASSED_ON:
                self.send_header(name, text)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
