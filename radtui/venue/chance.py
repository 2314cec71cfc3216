"""Randomness without a state: every draw is a pure function of a stream and an ordinal.

A stream that is drawn from less, more or not at all moves no other, and a position in it is one integer. So a market
continues bit by bit from a few numbers, and a fault that is switched off leaves all the others where they were.
"""

from __future__ import annotations

from hashlib import blake2b
from math import log, sqrt
from typing import Final

_MASK: Final = (1 << 64) - 1
_GOLDEN: Final = 0x9E3779B97F4A7C15
_CENTRE: Final = 0.47575


def stream(*names: str | int) -> int:
    """Return the 64-bit key of the stream that `names` name, for example ``stream(7, "XBTUSDTM", "volume")``."""
    text = "\x1f".join(map(str, names))
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big")


def bits(key: int, ordinal: int) -> int:
    """Return 64 random bits: splitmix64 (Steele, Lea, Flood 2014), entered at `ordinal`, which may be negative."""
    x = (key + ordinal * _GOLDEN) & _MASK
    x = ((x ^ (x >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    x = ((x ^ (x >> 27)) * 0x94D049BB133111EB) & _MASK
    return x ^ (x >> 31)


def uniform(key: int, ordinal: int) -> float:
    """Return a float in the open interval (0, 1), of 52 random bits."""
    return ((bits(key, ordinal) >> 12) + 0.5) * 2.0**-52


def normal(key: int, ordinal: int) -> float:
    """Return a standard normal draw: one uniform through `quantile`."""
    return quantile(((bits(key, ordinal) >> 12) + 0.5) * 2.0**-52)


def quantile(p: float) -> float:
    """Return the standard normal's quantile of `p` in (0, 1), to 1.2e-9 relative.

    Source: P. J. Acklam, "An algorithm for computing the inverse normal cumulative distribution function" (2003).
    """
    q = p - 0.5
    if abs(q) > _CENTRE:
        return _far(sqrt(-2.0 * log(p))) if q < 0.0 else -_far(sqrt(-2.0 * log(1.0 - p)))
    r = q * q
    a = -3.969683028665376e01 * r + 2.209460984245205e02
    a = ((a * r - 2.759285104469687e02) * r + 1.383577518672690e02) * r - 3.066479806614716e01
    b = -5.447609879822406e01 * r + 1.615858368580409e02
    b = ((b * r - 1.556989798598866e02) * r + 6.680131188771972e01) * r - 1.328068155288572e01
    return (a * r + 2.506628277459239e00) * q / (b * r + 1.0)


def _far(q: float) -> float:
    c = (-7.784894002430293e-03 * q - 3.223964580411365e-01) * q - 2.400758277161838e00
    c = ((c * q - 2.549732539343734e00) * q + 4.374664141464968e00) * q + 2.938163982698783e00
    d = (7.784695709041462e-03 * q + 3.224671290700398e-01) * q + 2.445134137142996e00
    return c / ((d * q + 3.754408661907416e00) * q + 1.0)
