"""The file of a log: bounded in size and age, its former parts compressed, and followed where somebody moves it away.

No signal is needed for that: a tool that rotates logs may take the file away at any moment, and the next line begins a
new one under the old name. Only the thread that writes the log comes here, so nothing waits while a part is compressed.
"""

from __future__ import annotations

import glob
import gzip
import logging
import os
import shutil
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

BYTES: Final = 10_000_000
"""Of the file, before it becomes a former part."""
PARTS: Final = 5
"""Former parts kept."""
SECONDS: Final = 30 * 86_400.0
"""Age at which a former part goes."""
_OPEN: Final = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC


class LogFile(logging.Handler):
    """Appends lines to `path`, for its owner alone; its former parts are ``path.1.gz``, ``path.2.gz`` and so on.

    Args:
        now: wall clock in seconds.

    Raises:
        OSError: it cannot be opened.
    """

    def __init__(
        self,
        path: Path,
        *,
        size: int = BYTES,
        parts: int = PARTS,
        seconds: float = SECONDS,
        now: Callable[[], float] = time.time,
    ) -> None:
        super().__init__()
        self._path, self._size, self._parts, self._seconds, self._now = path, size, parts, seconds, now
        self._former = path.with_name(f"{path.name}.1")
        self._descriptor = os.open(path, _OPEN, 0o600)
        with suppress(OSError):  # what cannot be tidied now is tidied at the next turn
            self._tidy()

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line. On a disk that takes nothing it is lost: the engine goes on, and the next may fit again."""
        rest = f"{self.format(record)}\n".encode(errors="replace")
        try:
            with suppress(OSError):  # no room to turn the page: it goes on where it is
                self._follow(len(rest))
            while rest:
                rest = rest[os.write(self._descriptor, rest) :]
        except OSError:
            self.handleError(record)

    def close(self) -> None:
        """Close the file."""
        super().close()
        descriptor, self._descriptor = self._descriptor, -1
        if descriptor >= 0:
            os.close(descriptor)

    def _follow(self, coming: int) -> None:
        """Begin a new file where this one is full, or is no longer what stands under its name."""
        mine = os.fstat(self._descriptor)
        if not self._stands(mine):
            self._begin()
        elif mine.st_size and mine.st_size + coming > self._size and self._path.is_file():
            self._path.replace(self._former)
            self._begin()
            self._tidy()

    def _stands(self, mine: os.stat_result) -> bool:
        try:
            return os.path.samestat(mine, self._path.stat())
        except FileNotFoundError:
            return False

    def _begin(self) -> None:
        former, self._descriptor = self._descriptor, os.open(self._path, _OPEN, 0o600)
        os.close(former)

    def _tidy(self) -> None:
        """Compress the part that was just ended, or that a process left as it was when it died."""
        if self._former.exists():
            for number in range(self._parts, 1, -1):
                if (younger := self._part(number - 1)).exists():
                    younger.replace(self._part(number))
            _compress(self._former, self._part(1))
        self._forget()

    def _forget(self) -> None:
        """Remove the parts that are too many, and those that nobody needs any more."""
        oldest = self._now() - self._seconds
        for part in self._path.parent.glob(f"{glob.escape(self._path.name)}.*.gz"):
            number = part.name.removeprefix(f"{self._path.name}.").removesuffix(".gz")
            if number.isdecimal() and (int(number) > self._parts or part.stat().st_mtime < oldest):
                part.unlink(missing_ok=True)

    def _part(self, number: int) -> Path:
        return self._path.with_name(f"{self._path.name}.{number}.gz")


def _compress(path: Path, part: Path) -> None:
    """Put what is in `path` into `part`, whole or not at all, and take `path` away."""
    half = part.with_name(f"{part.name}.new")
    half.unlink(missing_ok=True)
    descriptor = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with path.open("rb") as plain, os.fdopen(descriptor, "wb") as file, gzip.GzipFile("", "wb", 6, file) as packed:
        shutil.copyfileobj(plain, packed)
    half.replace(part)
    path.unlink()
