"""What can go wrong in an explored world, how often, and how long it excuses a position without a stop."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

import msgspec

from radtui.core.market import SECOND


class Kind(StrEnum):
    """One kind of fault, under the name it has on the command line."""

    SLOW = "slow"
    """Every answer and frame takes its time."""
    LATE = "late"
    """One request and its answer take seconds: it arrives when it is given up, or too old."""
    LOST = "lost"
    """A request never arrives."""
    LOST_AFTER = "lost-after"
    """A request is carried out and its answer is lost."""
    TWICE = "twice"
    """A request arrives twice; the second answer comes back."""
    ERROR = "error"
    """A 5xx answer to a request that was not carried out."""
    ERROR_AFTER = "error-after"
    """A 5xx answer to one that was."""
    RATE_LIMIT = "rate-limit"
    """429 for ten requests in a row."""
    HTML = "html"
    """An answer that is a web page."""
    TORN_ANSWER = "torn-answer"
    """An answer of a request that was carried out, cut off in the middle."""
    GAP = "gap"
    """A frame is lost."""
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
    OUTAGE = "outage"
    """Nothing can be reached for seconds or minutes."""
    MAINTENANCE = "maintenance"
    """The exchange takes only cancels, or nothing."""
    CLOCK = "clock"
    """Our machine's wall clock is set forward or back."""
    SKEW = "skew"
    """The exchange's clock moves against everybody else's."""
    JOURNAL_SLOW = "journal-slow"
    """Commits take seconds."""
    JOURNAL_FAIL = "journal-fail"
    """The journal cannot be written for a while."""
    CRASH = "crash"
    """The process dies between two callbacks of its loop; what the journal had not made durable is torn off."""
    OPERATOR = "operator"
    """Somebody pauses, resumes, stops, starts, shuts down, stops in an emergency, resets."""
    HAND = "hand"
    """Somebody places an order by hand, now and then the same one again."""
    STRANGER = "stranger"
    """Somebody else has an order on the same account for a while."""
    TRANSFER = "transfer"
    """Somebody moves money into the account, or out of it."""


class Habit(msgspec.Struct, frozen=True):
    """How a kind behaves.

    Attributes:
        rate: chance at each place it can strike: a request, a frame, a token or a minute; for `SLOW` mean milliseconds.
        excuse: nanoseconds after it in which the time that a position is without a stop does not count.
    """

    rate: float
    excuse: int = 0


_UNHEARD: Final = 3 * SECOND
"""Until a reading shows what the feed did not say."""
_RESOLVED: Final = 5 * SECOND
"""Until a request is given up (4 s) and looked up. Whoever needs longer has closed the position by then."""

HABITS: Final = {
    Kind.SLOW: Habit(30.0),
    Kind.LATE: Habit(0.0006, _RESOLVED),
    Kind.LOST: Habit(0.0008, _RESOLVED),
    Kind.LOST_AFTER: Habit(0.0008, _RESOLVED),
    Kind.TWICE: Habit(0.002),
    Kind.ERROR: Habit(0.001, _RESOLVED),
    Kind.ERROR_AFTER: Habit(0.001, _RESOLVED),
    Kind.RATE_LIMIT: Habit(0.001, 2 * SECOND),
    Kind.HTML: Habit(0.0006, _RESOLVED),
    Kind.TORN_ANSWER: Habit(0.0006, _RESOLVED),
    Kind.GAP: Habit(0.001, _UNHEARD),
    Kind.DUPLICATE: Habit(0.002),
    Kind.REORDER: Habit(0.001, _UNHEARD),
    Kind.GARBAGE: Habit(0.0005, _UNHEARD),
    Kind.HALF_OPEN: Habit(0.0001, _UNHEARD),
    Kind.CUT: Habit(0.0002, _UNHEARD),
    Kind.EXPIRED: Habit(0.1, _UNHEARD),
    Kind.OUTAGE: Habit(0.04, 5 * SECOND),
    Kind.MAINTENANCE: Habit(0.015, 5 * SECOND),
    Kind.CLOCK: Habit(0.05),
    Kind.SKEW: Habit(0.03, 5 * SECOND),
    Kind.JOURNAL_SLOW: Habit(0.04),
    Kind.JOURNAL_FAIL: Habit(0.03),
    Kind.CRASH: Habit(0.15),
    Kind.OPERATOR: Habit(0.2),
    Kind.HAND: Habit(0.25),
    Kind.STRANGER: Habit(0.08),
    Kind.TRANSFER: Habit(0.05),
}
"""Chosen so that quiet stretches of a minute remain: what only ever happens in a storm proves little."""
MINUTELY: Final = (
    Kind.OUTAGE,
    Kind.MAINTENANCE,
    Kind.CLOCK,
    Kind.SKEW,
    Kind.JOURNAL_SLOW,
    Kind.JOURNAL_FAIL,
    Kind.CRASH,
    Kind.OPERATOR,
    Kind.HAND,
    Kind.STRANGER,
    Kind.TRANSFER,
)
"""What is drawn once a minute, not at a request or a frame."""
_FRAMES: Final = (Kind.GAP, Kind.DUPLICATE, Kind.REORDER, Kind.GARBAGE, Kind.HALF_OPEN, Kind.CUT)
SEAMS: Final[dict[Kind, tuple[str, ...]]] = {
    Kind.SLOW: (),
    Kind.EXPIRED: ("token",),
    **dict.fromkeys(_FRAMES, ("socket-N",)),
    **dict.fromkeys(MINUTELY, ("minute",)),
}
"""Where a kind strikes; ``N`` is any number. Whatever is not named here strikes at `REQUESTS`; `SLOW` everywhere."""
REQUESTS: Final = ("order", "request")
"""The seams of requests that change something, and of those that only ask."""


def seams(kind: Kind) -> tuple[str, ...]:
    """Return the seams at which single faults of a kind strike; none where it has no single ones."""
    return SEAMS.get(kind, REQUESTS)
