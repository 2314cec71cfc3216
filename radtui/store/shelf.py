"""Where segments lie: a folder a boot with a bound on all of them, or memory."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Protocol

from radtui.store.lock import private_folder
from radtui.store.recording import SUFFIX

_SECONDS: Final = 1_000_000_000
_DAY: Final = 86_400


class Shelf(Protocol):
    """Takes segments, one after the other."""

    def begin(self, number: int, at: int) -> None:
        """Begin segment `number` at the wall clock `at`; the one before is complete.

        Raises:
            OSError: it cannot be made.
        """
        ...

    def append(self, piece: bytes) -> None:
        """Write on.

        Raises:
            OSError: it cannot be written.
        """
        ...

    def close(self) -> None:
        """The last segment is complete."""
        ...


class MemoryShelf:
    """Segments in memory: for tests and simulations.

    Attributes:
        segments: what was written, oldest first.
    """

    def __init__(self) -> None:
        self.segments: list[bytearray] = []

    def begin(self, number: int, at: int) -> None:
        """Begin a segment."""
        self.segments.append(bytearray())

    def append(self, piece: bytes) -> None:
        """Write on."""
        self.segments[-1] += piece

    def close(self) -> None:
        """Nothing is left to do."""


class FolderShelf:
    """Segments as files ``root/<boot>/NNNN.radrec``, for their owner alone; the oldest go where there are too many.

    Args:
        root: folder of all boots of one journal.
        boot: wall clock of this start, nanoseconds UTC.
        bound: bytes that all segments of all boots may take; one segment may be a quarter of it.
        days: after which a segment goes in any case.
    """

    def __init__(self, root: Path, boot: int, *, bound: int, days: float) -> None:
        self._root = root
        self.folder = root / boot_name(boot)
        self._bound = bound
        self._days = days
        self._descriptor: int | None = None

    def begin(self, number: int, at: int) -> None:
        """Begin a segment, and make room for it."""
        self.close()
        private_folder(self.folder)
        if number == 1:  # the same moment may be flown twice under virtual time
            for stale in self.folder.glob(f"*{SUFFIX}"):
                stale.unlink()
        self._make_room(at)
        path = self.folder / f"{number:04}{SUFFIX}"
        self._descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)

    def append(self, piece: bytes) -> None:
        """Write on; what the disk takes only in part is a torn end."""
        rest = memoryview(piece)
        while rest and self._descriptor is not None:
            rest = rest[os.write(self._descriptor, rest) :]

    def close(self) -> None:
        """Close the file."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def _make_room(self, at: int) -> None:
        room = self._bound - self._bound // 4
        oldest = at / _SECONDS - self._days * _DAY
        for path in sorted(self._root.glob(f"*/*{SUFFIX}"), key=_age, reverse=True):
            with suppress(FileNotFoundError):  # a person may tidy up at the same time
                found = path.stat()
                room -= found.st_size
                if room < 0 or found.st_mtime < oldest:
                    path.unlink()
        for folder in self._empty():
            with suppress(OSError):  # something was put there meanwhile
                folder.rmdir()

    def _empty(self) -> Iterator[Path]:
        for folder in self._root.iterdir():
            if folder.is_dir() and folder != self.folder and not any(folder.iterdir()):
                yield folder


def boot_name(boot: int) -> str:
    """Return the folder's name of a start at `boot`: the moment in UTC, to the millisecond, so that they sort."""
    return f"{datetime.fromtimestamp(boot // _SECONDS, UTC):%Y%m%dT%H%M%S}.{boot // 1_000_000 % 1000:03}Z"


def _age(path: Path) -> tuple[str, int, str]:
    """Return what sorts segments: by boot and number, ten thousand and more included."""
    return path.parent.name, len(path.name), path.name
