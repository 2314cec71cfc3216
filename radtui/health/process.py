"""The process itself: how much memory it holds."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Final

_STATM: Final = Path("/proc/self/statm")
_MEGABYTE: Final = 1_000_000


def resident_megabytes(statm: Path = _STATM) -> float:
    """Return the resident memory in MB (10⁶ bytes).

    Where the system has no /proc, it is the largest that the process ever held.
    """
    try:
        pages = int(statm.read_text("ascii").split()[1])
    except OSError:
        return _largest()
    return pages * os.sysconf("SC_PAGE_SIZE") / _MEGABYTE


def _largest() -> float:
    import resource

    largest = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    # getrusage(2): kilobytes everywhere but on macOS, which gives bytes
    return largest * (1 if sys.platform == "darwin" else 1024) / _MEGABYTE
