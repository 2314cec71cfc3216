"""The socket at which engines beat: lines of JSON in, an answer to each; for this user's processes alone."""

from __future__ import annotations

import os
import selectors
import socket
import struct
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import msgspec

from radtui.core.guarding import LONGEST_LINE, Ack, Word

_word: Final = msgspec.json.Decoder(Word).decode
_BACKLOG: Final = 8
_CHUNK: Final = 65_536
_LONGEST_NAME: Final = 100
"""Bytes of a socket's name that every system takes."""


class Caller:
    """One connection."""

    def __init__(self, line: socket.socket) -> None:
        self.line = line
        self._rest = b""

    def words(self) -> tuple[Word, ...] | None:
        """Return what has arrived whole, oldest first; None where it has hung up or talks nonsense."""
        try:
            found = self.line.recv(_CHUNK)
        except BlockingIOError:
            return ()
        except OSError:
            return None
        *lines, self._rest = (self._rest + found).split(b"\n")
        if not found or len(self._rest) > LONGEST_LINE:
            return None
        try:
            return tuple(map(_word, lines))
        except msgspec.DecodeError:
            return None

    def answer(self, ack: Ack) -> None:
        """Answer; one that does not read its answers misses them."""
        try:
            self.line.send(msgspec.json.encode(ack) + b"\n")
        except OSError:
            return  # it will be seen to have hung up, or asks again


class Post:
    """Listens at `path`, which it takes over from a process that is gone: whoever calls this holds the lock."""

    def __init__(self, path: Path) -> None:
        self._path = path
        path.unlink(missing_ok=True)
        self._door = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            _bind(self._door, path)
        except OSError:
            self._door.close()
            raise
        self._inode = path.stat().st_ino
        self._door.listen(_BACKLOG)
        self._door.setblocking(False)
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._door, selectors.EVENT_READ, None)

    @property
    def callers(self) -> bool:
        """Whether anybody is connected."""
        return len(self._selector.get_map()) > 1

    @property
    def lost(self) -> bool:
        """Whether nobody can call any more: the socket was deleted, or another one stands in its place."""
        try:
            return self._path.stat().st_ino != self._inode
        except OSError:
            return True

    def hear(self, seconds: float) -> list[tuple[Caller, Word]]:
        """Wait until something is said, but no longer than `seconds`; return it."""
        heard: list[tuple[Caller, Word]] = []
        until = time.monotonic() + seconds
        while not heard:
            left = max(0.0, until - time.monotonic())
            for key, _ in self._selector.select(left):
                heard += self._take(key.data)
            if left == 0.0:
                break
        return heard

    def close(self) -> None:
        """Hang up and take the socket away."""
        for key in list(self._selector.get_map().values()):
            if key.data is not None:
                key.data.line.close()
        self._selector.close()
        self._door.close()
        if not self.lost:
            self._path.unlink(missing_ok=True)

    def _take(self, caller: Caller | None) -> list[tuple[Caller, Word]]:
        if caller is None:
            self._admit()
            return []
        words = caller.words()
        if words is None:
            self._selector.unregister(caller.line)
            caller.line.close()
            return []
        return [(caller, word) for word in words]

    def _admit(self) -> None:
        try:
            line, _ = self._door.accept()
        except OSError:
            return  # it hung up again before it was let in
        line.setblocking(False)
        if _uid(line) in {None, os.getuid()}:
            self._selector.register(line, selectors.EVENT_READ, Caller(line))
        else:
            line.close()


def _bind(door: socket.socket, path: Path) -> None:
    mask = os.umask(0o177)
    try:
        with reachable(path) as name:
            door.bind(name)
    finally:
        os.umask(mask)


@contextmanager
def reachable(path: Path) -> Iterator[str]:
    """Give a name under which a socket at `path` can be bound, however long the path is."""
    if len(os.fsencode(path)) <= _LONGEST_NAME:
        yield str(path)
        return
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield f"/proc/self/fd/{folder}/{path.name}"
    finally:
        os.close(folder)


def _uid(line: socket.socket) -> int | None:
    """Return whose process is at the other end; None where the system does not tell, and the file's mode must do."""
    if not hasattr(socket, "SO_PEERCRED"):
        return None
    size = struct.calcsize("3i")
    return int(struct.unpack("3i", line.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, size))[1])
