"""The time of a search, cut for walking forward: choose on what was, measure on what came after.

Fold `k` chooses on segments 0 … k−1 and measures on segment k (Pardo, "The Evaluation and Optimization of Trading
Strategies", 2008, with an anchored beginning). The sampler sees all segments but the last: that one stays untouched.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Final

import msgspec

FEWEST: Final = 20
"""Candles of a segment."""


class TooShort(Exception):
    """There are too few candles for so many folds; the message says what to do."""


class Segment(msgspec.Struct, frozen=True):
    """A stretch of time: nanoseconds UTC, its end not included."""

    begin: int
    end: int


def cut(since: int, until: int, span: int, folds: int) -> tuple[Segment, ...]:
    """Return one segment more than folds, as even as candles of `span` nanoseconds allow, without a gap.

    Raises:
        TooShort: a segment would hold too few candles to mean anything.
    """
    first, candles = -(-since // span), until // span - -(-since // span)
    count = folds + 1
    if candles < count * FEWEST:
        raise TooShort(
            f"{max(0, candles):,} candles are too few for {folds} folds, which are {count} segments of at least "
            f"{FEWEST} candles. Take more candles, a shorter timeframe, or fewer --folds."
        )
    edges = [since, *((first + candles * number // count) * span for number in range(1, count)), until]
    return tuple(Segment(begin, end) for begin, end in pairwise(edges))
