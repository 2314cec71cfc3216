"""Who flies the trials of a search: this process, several here, or a cluster; until every task is settled."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from signal import SIG_IGN, SIGINT, default_int_handler, signal
from time import monotonic, sleep
from typing import Any, Final

from radtui.backtest.search.plan import Job
from radtui.backtest.search.queue import CrewLost, Queue
from radtui.backtest.search.storage import StorageLost, create
from radtui.backtest.search.work import turn
from radtui.resilience.redaction import named

_LOOK_EVERY: Final = 1.0
_MOST_IN_VAIN: Final = 5
"""Rounds in a row that settle nothing: more than a task needs to be given up."""
_PROCESSES: Final = "look for what kills them, for example a lack of memory; try --jobs 1"
_CLUSTER: Final = (
    "see that scheduler and workers run, each with radtui, these candles and the study; or leave out --cluster"
)
Turn = Callable[[bytes], bool]
Crew = Callable[[bytes, int], Iterator[bool]]
"""Takes so many turns at a packed job; ends early where workers die, for what they had is enqueued again."""
Note = Callable[[int, float | None], None]
"""Told after each turn how many tasks are still open, and the best score so far."""


def work_off(job: Job, count: int, crew: Crew, note: Note = lambda open_tasks, best: None) -> Queue:
    """Fly the first `count` tasks of a plan, beside whoever else works on the same study.

    A task whose worker dies is enqueued again. Where this is interrupted, what was settled stays so.

    Raises:
        StorageLost: the study does not answer. CrewLost: no worker lives long enough to settle anything.
    """
    queue = Queue(create(job.storage, job.plan.study), job.plan, count, job.storage, monotonic)
    in_vain = 0
    while left := queue.open():
        queue.release()
        queue.fill()
        note(left, queue.best())
        turns = queue.waiting()
        for _ in crew(job.packed(), turns):
            note(queue.open(), queue.best())
        if not turns:
            sleep(_LOOK_EVERY)  # others fly what is left
        in_vain = in_vain + 1 if turns and queue.open() == left else 0
        if in_vain == _MOST_IN_VAIN:
            raise CrewLost("the processes of this search die before they settle anything", _PROCESSES)
    note(0, queue.best())
    return queue


def alone(packed: bytes, turns: int) -> Iterator[bool]:
    """Take the turns in this process."""
    return (turn(packed) for _ in range(turns))


def several(jobs: int) -> Crew:
    """Return who takes turns in so many processes; where one is killed the others of this command go with it."""

    def crew(packed: bytes, turns: int) -> Iterator[bool]:
        from joblib.externals.loky.process_executor import TerminatedWorkerError  # type: ignore[import-untyped]

        try:
            yield from _parallel(_beside, packed, turns, n_jobs=jobs)
        except TerminatedWorkerError:
            return

    return crew


def cluster(address: str) -> Crew:
    """Return who takes turns on the workers of a dask scheduler: each needs radtui, the same candles and the study.

    Raises:
        CrewLost: once it works: the scheduler is not there, or has no workers.
        ModuleNotFoundError: dask is not installed.
    """
    if find_spec("distributed") is None:
        raise ModuleNotFoundError("dask is not installed", name="dask")

    def crew(packed: bytes, turns: int) -> Iterator[bool]:
        from joblib import parallel_config  # type: ignore[import-untyped]

        killed: type[Exception] = import_module("distributed").KilledWorker
        try:
            with parallel_config(backend="dask", scheduler_host=address):
                yield from _parallel(turn, packed, turns, n_jobs=-1)
        except killed:
            return
        except StorageLost:
            raise
        except Exception as error:  # supervision point: network, scheduler and workers have errors of their own
            raise CrewLost(f"the cluster does not work: {named(error).splitlines()[0]}", _CLUSTER) from None

    return crew


def _parallel(take: Turn, packed: bytes, turns: int, **how: Any) -> Iterator[bool]:
    from joblib import Parallel, delayed

    yield from Parallel(return_as="generator_unordered", **how)(delayed(take)(packed) for _ in range(turns))


def _beside(packed: bytes) -> bool:
    """Take a turn in a process of its own: Ctrl+C gives the trial back; between two turns it is not this process's."""
    signal(SIGINT, default_int_handler)
    try:
        return turn(packed)
    finally:
        signal(SIGINT, SIG_IGN)
        _spare()


@cache
def _spare() -> None:
    """Spare what was loaded once: joblib has the collector look through everything each second."""
    gc.collect()
    gc.freeze()
