"""Latencies in log-linear buckets: adding one costs a few machine words, a percentile is true to 3.2 % (row H1).

Each octave is cut into 16 equal buckets, as in HdrHistogram (G. Tene): a value is known by its five leading bits. A
bucket answers with its middle, so a percentile is off by at most half a bucket: 1/32 of the true value.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from typing import Final

_LEADING: Final = 5
_CUTS: Final = 1 << (_LEADING - 1)
_EXACT: Final = 1 << _LEADING

LONGEST: Final = (1 << 40) - 1
"""Nanoseconds (18 minutes): what took longer counts as this long."""


def bucket(nanoseconds: int) -> int:
    """Return the index of the bucket that holds `nanoseconds`; below 0 counts as 0."""
    if nanoseconds < _EXACT:
        return max(nanoseconds, 0)
    if nanoseconds > LONGEST:  # noqa: PLR1730 - min() costs a tenth of the whole record
        nanoseconds = LONGEST
    shift = nanoseconds.bit_length() - _LEADING
    return shift * _CUTS + (nanoseconds >> shift)


BUCKETS: Final = bucket(LONGEST) + 1
"""How many buckets there are."""


def middle(index: int) -> float:
    """Return the middle of a bucket, in nanoseconds."""
    if index < _EXACT:
        return float(index)
    shift = index // _CUTS - 1
    lowest = (_CUTS + index % _CUTS) << shift
    return lowest + ((1 << shift) - 1) / 2


def percentile(running: Sequence[int], percent: int) -> float | None:
    """Return the nearest-rank percentile in nanoseconds, None without values.

    Args:
        running: the buckets' counts, each with all before it: the last one is the number of values.
        percent: 1–100.
    """
    if not running or not running[-1]:
        return None
    rank = -(-percent * running[-1] // 100)
    return middle(bisect_left(running, rank))
