"""What goes wrong, when, and for how long: one seeded plan for every seam.

A *seam* is a named call site, for example ``orders.place`` or ``market feed``, and counts its own ordinals. Whether a
fault strikes is drawn from hash(seed, seam, fault, ordinal). So adding or removing one fault, or calling one seam more
often, moves no other; where several strike at once, the first in the order of `Fault` is the one that shows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from enum import StrEnum
from math import log
from typing import Final

import msgspec

from radtui.core.market import SECOND
from radtui.venue.chance import stream, uniform

_MILLISECOND: Final = 1_000_000


class Fault(StrEnum):
    """A way to go wrong, under the name it has in settings."""

    ERROR = "error"
    """The request failed on its way: it did not happen."""
    RATE_LIMIT = "rate-limit"
    """Refused with 429 and a time to wait."""
    TIMEOUT_BEFORE = "timeout-before"
    """No answer: the request never arrived."""
    TIMEOUT_AFTER = "timeout-after"
    """No answer: the request was carried out."""
    SILENCE = "silence"
    """A feed says nothing for a while; everything comes late."""
    GAP = "gap"
    """A feed is interrupted: what it would have said is lost."""


CALL_FAULTS: Final = (Fault.ERROR, Fault.RATE_LIMIT, Fault.TIMEOUT_BEFORE, Fault.TIMEOUT_AFTER)
FEED_FAULTS: Final = (Fault.SILENCE, Fault.GAP)

_LENGTHS: Final = {
    Fault.ERROR: (0.0, 0.0),
    Fault.RATE_LIMIT: (1.0, 5.0),
    Fault.TIMEOUT_BEFORE: (5.0, 0.0),
    Fault.TIMEOUT_AFTER: (5.0, 0.0),
    Fault.SILENCE: (2.0, 20.0),
    Fault.GAP: (1.0, 10.0),
}
"""Seconds: the least, and the mean of the exponential tail above it."""
_LATENCY_KEYS: Final = ("latency", "latency-tail")


class BadFault(ValueError):
    """A fault setting that means nothing; the message names what is possible."""


class Latency(msgspec.Struct, frozen=True):
    """How long a call takes: `base` plus an exponential tail of mean `tail`, both in milliseconds."""

    base: float = 0.0
    tail: float = 0.0


INSTANT: Final = Latency()
_NO_RATES: Final[Mapping[Fault, float]] = {}


class Draw(msgspec.Struct, frozen=True):
    """What befalls one call or one batch of a feed.

    Attributes:
        latency_ns: nanoseconds the call takes, there and back.
        seconds: until a retry is welcome (rate limit), until the caller gives up (timeout), or that the feed is silent
            or interrupted; 0 without a fault.
    """

    latency_ns: int = 0
    fault: Fault | None = None
    seconds: float = 0.0


class FaultPlan:
    """The faults of one run. Only the seams' ordinals change; `at` is pure.

    Args:
        rates: chance of each fault in [0, 1], a call or a feed's batch; 0 where it is not named.

    Raises:
        BadFault: a rate or a latency is out of range.
    """

    def __init__(self, seed: int, rates: Mapping[Fault, float] = _NO_RATES, latency: Latency = INSTANT) -> None:
        self.seed, self.rates, self.latency = seed, dict(rates), latency
        for fault, rate in self.rates.items():
            _check(fault, rate, 1.0)
        _check(_LATENCY_KEYS[0], latency.base, 60_000.0)
        _check(_LATENCY_KEYS[1], latency.tail, 60_000.0)
        self._ordinals: dict[str, int] = {}

    @classmethod
    def parse(cls, settings: Iterable[str], *, seed: int = 0) -> FaultPlan:
        """Return the plan of settings like ``error=0.02``, ``timeout-after=0.01``, ``latency=20`` (milliseconds).

        Raises:
            BadFault: a name is unknown, a figure unreadable or out of range.
        """
        figures = dict(_figure(setting) for setting in settings)
        latency = Latency(*(figures.pop(key, 0.0) for key in _LATENCY_KEYS))
        return cls(seed, {Fault(name): rate for name, rate in figures.items()}, latency)

    def draw(self, seam: str, kinds: tuple[Fault, ...] = CALL_FAULTS) -> Draw:
        """Return what befalls the next call at `seam`: at most one of `kinds`."""
        ordinal = self._ordinals.get(seam, 0)
        self._ordinals[seam] = ordinal + 1
        return self.at(seam, ordinal, kinds)

    def at(self, seam: str, ordinal: int, kinds: tuple[Fault, ...] = CALL_FAULTS) -> Draw:
        """Return what befalls call number `ordinal` at `seam`, counted from 0."""
        latency = self._latency(seam, ordinal)
        for fault in kinds:
            rate = self.rates.get(fault, 0.0)
            if rate and uniform(stream(self.seed, seam, fault), ordinal) < rate:
                return Draw(latency, fault, self._length(seam, fault, ordinal))
        return Draw(latency)

    def _latency(self, seam: str, ordinal: int) -> int:
        if not self.latency.base and not self.latency.tail:
            return 0
        tail = -self.latency.tail * log(uniform(stream(self.seed, seam, "latency"), ordinal))
        return round((self.latency.base + tail) * _MILLISECOND)

    def _length(self, seam: str, fault: Fault, ordinal: int) -> float:
        least, tail = _LENGTHS[fault]
        length = least - tail * log(uniform(stream(self.seed, seam, fault, "length"), ordinal))
        return round(length * SECOND) / SECOND


def _figure(setting: str) -> tuple[str, float]:
    name, _, text = (part.strip() for part in setting.partition("="))
    known = [*Fault, *_LATENCY_KEYS]
    if name not in known:
        near = get_close_matches(name, known, 1)
        hint = f"did you mean {near[0]}? " if near else ""
        raise BadFault(f"no fault is called {name!r}; {hint}Possible: {', '.join(known)}, each as NAME=FIGURE.")
    try:
        return name, float(text)
    except ValueError as error:
        raise BadFault(f"{setting!r} needs a figure, for example {name}=0.02") from error


def _check(name: str, figure: float, most: float) -> None:
    if not 0.0 <= figure <= most:
        raise BadFault(f"{name}={figure} is out of range: it must lie between 0 and {most:g}.")
