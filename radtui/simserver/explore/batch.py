"""Many seeds, in one process or several, and what came of them all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from hashlib import blake2b
from multiprocessing import get_context
from typing import Final

import msgspec

from radtui.simserver.explore.explore import explore
from radtui.simserver.explore.minimise import Minimal, minimise
from radtui.simserver.explore.outcome import Outcome, Plan
from radtui.simserver.explore.selection import EVERYTHING, Selection

_QUEUED: Final = 2
"""Seeds a process has before it: few, so that an interrupt is soon obeyed."""


class Survey(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked for.

    Attributes:
        minutes: simulated, of each seed. jobs: processes.
    """

    seeds: int = 1
    first: int = 1
    selection: Selection = EVERYTHING
    minutes: float = 60.0
    jobs: int = 1

    def plans(self) -> Iterator[Plan]:
        """Yield the plan of each seed."""
        for seed in range(self.first, self.first + self.seeds):
            yield Plan(seed=seed, selection=self.selection, minutes=self.minutes)


class Verdict(msgspec.Struct, frozen=True):
    """A seed, and the least that fails it where it failed."""

    outcome: Outcome
    minimal: Minimal | None = None


def survey(asked: Survey) -> Iterator[Verdict]:
    """Yield each seed's verdict as it comes: in the order of the seeds where there is one process."""
    if asked.jobs == 1:
        yield from map(judge, asked.plans())
        return
    with ProcessPoolExecutor(asked.jobs, mp_context=get_context("spawn")) as pool:
        yield from _side_by_side(pool, asked)


def judge(plan: Plan, run: Callable[..., Outcome] = explore) -> Verdict:
    """Return the verdict of one seed."""
    outcome = run(plan)
    return Verdict(outcome, minimise(outcome, run) if outcome.violation is not None else None)


def digest(outcomes: list[Outcome]) -> str:
    """Return one hash of all seeds, whatever the order in which they came."""
    text = "\n".join(f"{each.plan.seed} {each.digest}" for each in sorted(outcomes, key=lambda each: each.plan.seed))
    return blake2b(text.encode(), digest_size=16).hexdigest()


def _side_by_side(pool: ProcessPoolExecutor, asked: Survey) -> Iterator[Verdict]:
    plans, running = asked.plans(), set[Future[Verdict]]()
    try:
        while True:
            while len(running) < asked.jobs * _QUEUED and (plan := next(plans, None)) is not None:
                running.add(pool.submit(judge, plan))
            if not running:
                return
            done, running = wait(running, return_when=FIRST_COMPLETED)
            yield from sorted((each.result() for each in done), key=lambda verdict: verdict.outcome.plan.seed)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
