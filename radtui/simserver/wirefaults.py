"""What goes wrong between the exchange and its clients: one seeded plan for requests, answers, frames and sockets.

Whether a fault strikes is drawn from hash(seed, seam, fault, ordinal), as in `radtui.venue.faults`: taking one fault
away moves no other. The plan only decides; whoever carries the bytes (a socket, or a test's memory) does it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from enum import StrEnum
from math import log
from typing import Final

import msgspec

from radtui.simserver.http import Response, write_json
from radtui.venue.chance import bits, stream, uniform
from radtui.venue.faults import BadFault

_MILLISECOND: Final = 1_000_000


class WireFault(StrEnum):
    """A way to go wrong on the wire, under the name it has on the command line."""

    SLOW = "slow"
    """Answers and frames come late: mean milliseconds, exponential, so that answers overtake each other."""
    LOST = "lost"
    """A request never arrives, and is never answered."""
    LOST_AFTER = "lost-after"
    """A request is carried out, and its answer is lost."""
    TWICE = "twice"
    """A request arrives twice, and the second answer is the one that comes back."""
    ERROR = "error"
    """A 5xx answer to a request that was not carried out."""
    ERROR_AFTER = "error-after"
    """A 5xx answer to one that was."""
    RATE_LIMIT = "rate-limit"
    """A storm: 429 for a row of requests."""
    HTML = "html"
    """An answer that is a web page, of a request that was not carried out."""
    GAP = "gap"
    """A frame is lost, and the sequence with it."""
    DUPLICATE = "duplicate"
    """A frame comes twice."""
    REORDER = "reorder"
    """A frame comes after the next one."""
    GARBAGE = "garbage"
    """A frame is not JSON."""
    HALF_OPEN = "half-open"
    """A socket falls silent for good and stays open."""
    CUT = "cut"
    """A socket is closed without a word."""
    EXPIRED = "expired"
    """A token has run out when it is given."""
    SKEW = "skew"
    """The exchange's clock is ahead of ours: milliseconds, negative where it is behind."""
    MAINTENANCE = "maintenance"
    """1: only cancels are taken (cancelonly); 2: nothing is (close)."""


_MILLISECONDS: Final = {WireFault.SLOW: (0.0, 60_000.0), WireFault.SKEW: (-86_400_000.0, 86_400_000.0)}
_LIMITS: Final[Mapping[WireFault, tuple[float, float]]] = {**_MILLISECONDS, WireFault.MAINTENANCE: (0.0, 2.0)}
_STORM: Final = 10
"""Requests in a row that a storm refuses."""
_PAGES: Final = (500, 502, 503, 504)
_HTML: Final = b"<html><head><title>Just a moment...</title></head><body>cloudflare</body></html>"


class AnswerPlan(msgspec.Struct, frozen=True):
    """What befalls one request.

    Attributes:
        delay: nanoseconds until the answer is sent.
        times: how often the request is carried out.
        lost: no answer is ever sent.
        instead: an answer in place of the true one.
    """

    delay: int = 0
    times: int = 1
    lost: bool = False
    instead: Response | None = None


class WireFaults:
    """The faults of one server.

    Args:
        figures: chance of each fault in [0, 1], milliseconds, or a mode; 0 where it is not named.

    Raises:
        BadFault: a figure is out of range.
    """

    def __init__(self, seed: int = 0, figures: Mapping[WireFault, float] | None = None) -> None:
        self.seed = seed
        self.figures = dict(figures or {})
        for fault, figure in self.figures.items():
            _check(fault, figure)
        self._requests = 0
        self._sockets = 0
        self._tokens = 0

    @classmethod
    def parse(cls, settings: Iterable[str], *, seed: int = 0) -> WireFaults:
        """Return the faults of settings like ``lost-after=0.05`` or ``skew=8000``.

        Raises:
            BadFault: a name is unknown, a figure unreadable or out of range.
        """
        return cls(seed, dict(_figure(setting) for setting in settings))

    @property
    def skew(self) -> int:
        """Nanoseconds the exchange's clock is ahead."""
        return round(self.figure(WireFault.SKEW) * _MILLISECOND)

    @property
    def maintenance(self) -> int:
        """0: open, 1: cancelonly, 2: closed."""
        return int(self.figure(WireFault.MAINTENANCE))

    def figure(self, fault: WireFault) -> float:
        """Return the figure of one fault."""
        return self.figures.get(fault, 0.0)

    def answer(self) -> AnswerPlan:
        """Return what befalls the next request: at most one fault, and its delay."""
        ordinal = self._requests
        self._requests += 1
        delay = self.delay("answer", ordinal)
        if self.strikes("request", WireFault.RATE_LIMIT, ordinal // _STORM):
            return AnswerPlan(delay, times=0, instead=_too_many(ordinal))
        for fault in (WireFault.LOST, WireFault.LOST_AFTER, WireFault.TWICE):
            if self.strikes("request", fault, ordinal):
                return _LOSSES[fault](delay)
        for fault in (WireFault.ERROR, WireFault.ERROR_AFTER, WireFault.HTML):
            if self.strikes("request", fault, ordinal):
                times = 1 if fault is WireFault.ERROR_AFTER else 0
                return AnswerPlan(delay, times=times, instead=self._page(fault, ordinal))
        return AnswerPlan(delay)

    def expires(self) -> bool:
        """Return whether the next token that is given has run out already."""
        self._tokens += 1
        return self.strikes("token", WireFault.EXPIRED, self._tokens)

    def socket(self) -> SocketFaults:
        """Return what befalls the next socket."""
        self._sockets += 1
        return SocketFaults(self, f"socket-{self._sockets}")

    def strikes(self, seam: str, fault: WireFault, ordinal: int) -> bool:
        """Return whether a fault strikes at one place."""
        rate = self.figure(fault)
        return rate > 0 and uniform(stream(self.seed, seam, fault), ordinal) < rate

    def delay(self, seam: str, ordinal: int) -> int:
        """Return nanoseconds of delay at one place."""
        mean = self.figure(WireFault.SLOW)
        if not mean:
            return 0
        return round(-mean * log(uniform(stream(self.seed, seam, WireFault.SLOW), ordinal)) * _MILLISECOND)

    def _page(self, fault: WireFault, ordinal: int) -> Response:
        if fault is WireFault.HTML:
            return Response(200, _HTML, {"content-type": "text/html; charset=UTF-8"})
        status = _PAGES[bits(stream(self.seed, "page"), ordinal) % len(_PAGES)]
        body = {"code": "500000", "msg": "Internal Server Error"}
        return Response(status, write_json(body), {"content-type": "application/json"})


class SocketFaults:
    """What befalls the frames of one socket.

    Attributes:
        silent: nothing comes through any more, either way.
        cut: the socket is to be closed without a word.
    """

    def __init__(self, faults: WireFaults, seam: str) -> None:
        self.silent = False
        self.cut = False
        self._faults = faults
        self._seam = seam
        self._ordinal = 0
        self._held: str | None = None

    def through(self, frames: Iterable[str]) -> list[str]:
        """Return the frames as they arrive."""
        arrived: list[str] = []
        for frame in frames:
            if not self.silent and not self.cut:
                arrived += self._one(frame)
        return arrived

    def delay(self) -> int:
        """Return nanoseconds until the next frames are sent."""
        return self._faults.delay(self._seam, self._ordinal)

    def _one(self, frame: str) -> list[str]:
        ordinal = self._ordinal
        self._ordinal += 1
        struck = next((fault for fault in _FRAME_FAULTS if self._faults.strikes(self._seam, fault, ordinal)), None)
        self.cut = struck is WireFault.CUT
        self.silent = struck is WireFault.HALF_OPEN
        if struck is WireFault.REORDER and self._held is None:
            self._held = frame
            return []
        arrived = [*_arrives(struck, frame), *([self._held] if self._held else [])]
        self._held = None
        return arrived


_LOSSES: Final = {
    WireFault.LOST: lambda delay: AnswerPlan(delay, times=0, lost=True),
    WireFault.LOST_AFTER: lambda delay: AnswerPlan(delay, lost=True),
    WireFault.TWICE: lambda delay: AnswerPlan(delay, times=2),
}
_FRAME_FAULTS: Final = (
    WireFault.CUT,
    WireFault.HALF_OPEN,
    WireFault.GAP,
    WireFault.GARBAGE,
    WireFault.DUPLICATE,
    WireFault.REORDER,
)


def _arrives(fault: WireFault | None, frame: str) -> list[str]:
    """Return what comes of one frame."""
    match fault:
        case WireFault.CUT | WireFault.HALF_OPEN | WireFault.GAP:
            return []
        case WireFault.DUPLICATE:
            return [frame, frame]
        case WireFault.GARBAGE:
            return [frame[: len(frame) // 2] + "\x00{"]
        case _:
            return [frame]


def _too_many(ordinal: int) -> Response:
    headers = {
        "content-type": "application/json",
        "gw-ratelimit-limit": "2000",
        "gw-ratelimit-remaining": "0",
        "gw-ratelimit-reset": str(200 * (_STORM - ordinal % _STORM)),
    }
    body = {"code": "429000", "msg": "Too many requests in a short period of time, please retry later"}
    return Response(429, write_json(body), headers)


def _figure(setting: str) -> tuple[WireFault, float]:
    name, _, text = (part.strip() for part in setting.partition("="))
    known = [str(fault) for fault in WireFault]
    if name not in known:
        near = get_close_matches(name, known, 1)
        hint = f"did you mean {near[0]}? " if near else ""
        raise BadFault(f"no fault is called {name!r}; {hint}Possible: {', '.join(known)}, each as NAME=FIGURE.")
    try:
        return WireFault(name), float(text)
    except ValueError as error:
        raise BadFault(f"{setting!r} needs a figure, for example {name}=0.05") from error


def _check(fault: WireFault, figure: float) -> None:
    least, most = _LIMITS.get(fault, (0.0, 1.0))
    if not least <= figure <= most:
        raise BadFault(f"{fault}={figure:g} is out of range: it must lie between {least:g} and {most:g}.")
