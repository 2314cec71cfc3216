"""A service manager's end of the line: a socket that keeps what it is told."""

from __future__ import annotations

import socket
from pathlib import Path

_MOST = 4096


class Listener:
    """Listens under `folder`, or in the abstract namespace where `name` begins with an @."""

    def __init__(self, folder: Path, name: str = "") -> None:
        self.address = name or str(folder / "notify")
        self._line = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._line.bind(f"\0{name[1:]}" if name else self.address)
        self._line.setblocking(False)

    def heard(self) -> list[str]:
        """Return the words told since the last look, in order."""
        words: list[str] = []
        while True:
            try:
                words += self._line.recv(_MOST).decode().splitlines()
            except BlockingIOError:
                return words

    def close(self) -> None:
        """Listen no more."""
        self._line.close()
