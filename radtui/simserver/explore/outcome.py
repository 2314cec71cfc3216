"""What came of a seed."""

from __future__ import annotations

import msgspec

from radtui.simserver.explore.selection import EVERYTHING, Occurrence, Selection


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be explored.

    Attributes:
        minutes: simulated, before everything is well again and must come to rest.
    """

    seed: int
    selection: Selection = EVERYTHING
    minutes: float = 60.0


class Violation(msgspec.Struct, frozen=True):
    """An invariant that did not hold. `at` are seconds since the world began."""

    invariant: str
    at: float
    what: str


class Tally(msgspec.Struct, kw_only=True):
    """What a world has seen."""

    lives: int = 0
    crashes: int = 0
    requests: int = 0
    orders: int = 0
    asks: int = 0
    faults: int = 0


class Exposure(msgspec.Struct, kw_only=True):
    """How closely a world was watched, in seconds of a position each.

    Attributes:
        held: with a position. excused: of them, with an excuse for having no stop. bare: of them, without a stop.
        worst: the longest time without a stop and without an excuse.
    """

    held: float = 0.0
    excused: float = 0.0
    bare: float = 0.0
    worst: float = 0.0


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a seed.

    Attributes:
        digest: hash of everything that happened.
        simulated: seconds that passed in the world. spent: seconds of processor time.
        struck: the faults that did, in order.
    """

    plan: Plan
    digest: str
    simulated: float
    spent: float
    tally: Tally
    exposure: Exposure = msgspec.field(default_factory=Exposure)
    violation: Violation | None = None
    struck: tuple[Occurrence, ...] = ()
