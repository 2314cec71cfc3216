"""A name for a socket in the file system that fits into the few bytes of its address."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

LONGEST: Final = 103
"""Bytes of a path that every system takes as a socket's address (Linux 107, macOS 103)."""


@contextmanager
def socket_name(path: Path) -> Iterator[str]:
    """Give `path` a name to bind or connect to, however long it is (where there is a ``/proc``), for as long as needed.

    Raises:
        OSError: the path is too long, and its folder cannot be opened.
    """
    if len(os.fsencode(path)) <= LONGEST:
        yield str(path)
        return
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield f"/proc/self/fd/{folder}/{path.name}"
    finally:
        os.close(folder)
