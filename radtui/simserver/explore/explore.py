"""One seed from its first second to its verdict."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from math import inf
from time import process_time
from typing import Any, Final, NoReturn

import structlog

from radtui.core.market import SECOND
from radtui.simserver.explore.outcome import Outcome, Plan
from radtui.simserver.explore.world import World

_LIVES: Final = 500
"""More of them in one world, and it is the world that is broken."""


def explore(plan: Plan, *, until: float = inf) -> Outcome:
    """Run one world until it has landed or an invariant is broken.

    Args:
        until: seconds of the world after which nothing more is of interest.
    """
    began = process_time()
    with _silence():
        world = World(plan, until)
        while not world.over:
            world.live()
            if not world.over:
                world.lie_dead()
            if world.tally.lives > _LIVES:
                world.report("it recovers when the faults stop", f"it has died {_LIVES} times")
    return Outcome(
        plan=plan,
        digest=world.trace.hexdigest(),
        simulated=world.passed / SECOND,
        spent=process_time() - began,
        tally=world.tally,
        exposure=world.exposure,
        violation=world.violation,
        struck=tuple(world.chances.struck),
    )


@contextmanager
def _silence() -> Iterator[None]:
    """Let the engines log nothing: what they do is in the trace."""
    processors: list[Any] = structlog.get_config()["processors"]
    kept = processors[:]
    processors[:] = [_drop]
    try:
        yield
    finally:
        processors[:] = kept


def _drop(*_: object) -> NoReturn:
    raise structlog.DropEvent
