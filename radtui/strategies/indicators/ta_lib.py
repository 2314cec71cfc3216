"""TA-Lib's functions, of a whole series and streaming.

TA-Lib imports polars and pandas where they are installed, only to take their columns: 200 ms and 40 MB for what is
never given to it here.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

_NOT_NEEDED: Final = ("polars", "pandas")


@contextmanager
def _as_if_absent(names: tuple[str, ...]) -> Iterator[None]:
    """Make an import of `names` fail for a moment, as it does where they are not installed."""
    hidden = [name for name in names if name not in sys.modules]
    for name in hidden:
        sys.modules[name] = None  # type: ignore[assignment]  # what the import system reads as "there is none"
    try:
        yield
    finally:
        for name in hidden:
            del sys.modules[name]


with _as_if_absent(_NOT_NEEDED):
    import talib as batch
    from talib import stream

__all__ = ["batch", "stream"]
