"""The tasks of a search, shared by any number of processes and hosts: what waits, who works, what is settled.

Each task has one or more trials in the study. The trial that counts is the first that is not failed; a worker that
comes upon a later one drops it. So nothing here needs a lock of its own: two hosts may both enqueue every task, and two
may both find that a worker is gone, and still each task is flown once, or more often where a host was believed dead.
"""

from __future__ import annotations

import os
import socket
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from radtui.backtest.search.plan import Plan
from radtui.backtest.search.storage import answering

if TYPE_CHECKING:
    from optuna import Study, Trial
    from optuna.trial import FrozenTrial

TASK: Final = "task"
"""Attribute of a trial: which of the plan's tasks it is; the others: who flies it, and what came of it."""
WORKER: Final = "worker"
BEAT: Final = "beat"
FLOWN: Final = "flown"
REFUSED: Final = "refused"
PATIENCE: Final = 60.0
"""Seconds without a beat after which a worker on another host is believed to be gone."""
NAMELESS: Final = 10.0
"""The same of a trial that was taken and bears no worker's name yet: it follows at once, or the worker is dead."""
MOST_LOSSES: Final = 3
"""A task whose workers die so often under it is given up: it may be what kills them."""


class CrewLost(Exception):
    """The workers die again and again, or cannot be reached; the message says so, `todo` what to do."""

    def __init__(self, message: str, todo: str) -> None:
        super().__init__(message)
        self.todo = todo


def me() -> str:
    """Return who this process is to the others."""
    return f"{socket.gethostname()}/{os.getpid()}"


def here_and_gone(worker: str) -> bool:
    """Return whether it was a process of this host that has ended; of other hosts nothing is known."""
    host, _, pid = worker.rpartition("/")
    if host != socket.gethostname() or not pid.isdecimal():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:  # it lives, and is another user's
        return False
    return False


class Queue:
    """A study, as far as the coordinator of one command deals with it.

    Args:
        count: tasks there are to do. storage: for messages. clock: seconds, never going back.

    Attributes:
        losses: how often a task's worker was lost, as seen from here.
    """

    def __init__(self, study: Study, plan: Plan, count: int, storage: str, clock: Callable[[], float]) -> None:
        self._study, self._plan, self._count = study, plan, count
        self._storage, self._clock = storage, clock
        self._seen: dict[int, tuple[object, float]] = {}
        self.losses: Counter[int] = Counter()

    def fill(self) -> None:
        """Enqueue every task that has no trial that waits, is flown or is settled, unless it was given up."""
        with answering(self._storage):
            there = {task_of(trial) for trial in self._trials() if trial.state.name != "FAIL"}
            for task in range(self._count):
                if task not in there and self.losses[task] < MOST_LOSSES:
                    self._study.enqueue_trial(self._plan.fixed(task), user_attrs={TASK: task})

    def release(self) -> int:
        """Fail the trials whose workers are gone; return how many those are."""
        with answering(self._storage):
            gone = [trial for trial in self._trials() if trial.state.name == "RUNNING" and self._gone(trial)]
            for trial in gone:
                fail(self._study, trial.number)
                self.losses[task_of(trial)] += 1
        return len(gone)

    def waiting(self) -> int:
        """Return how many trials nobody has begun."""
        with answering(self._storage):
            return sum(trial.state.name == "WAITING" for trial in self._trials())

    def open(self) -> int:
        """Return how many tasks are not settled and not given up."""
        with answering(self._storage):
            done = settled(self._trials(), self._count)
        return sum(task not in done and self.losses[task] < MOST_LOSSES for task in range(self._count))

    def best(self) -> float | None:
        """Return the best score so far; None where nothing was flown."""
        with answering(self._storage):
            values = [trial.value for trial in settled(self._trials(), self._count).values() if trial.value is not None]
        return max(values, default=None)

    def _gone(self, trial: FrozenTrial) -> bool:
        worker, beat = trial.user_attrs.get(WORKER, ""), trial.user_attrs.get(BEAT)
        if here_and_gone(worker):
            return True
        now = self._clock()
        last, since = self._seen.get(trial.number, (None, now))
        fresh = trial.number not in self._seen or last != beat
        self._seen[trial.number] = (beat, now if fresh else since)
        return not fresh and now - since > (PATIENCE if worker else NAMELESS)

    def _trials(self) -> list[FrozenTrial]:
        return self._study.get_trials(deepcopy=False)


def take(study: Study) -> Trial | None:
    """Take the next trial of a study; None where none is left, or it was another's already."""
    from optuna.exceptions import UpdateFinishedTrialError

    trial = study.ask()
    try:
        trial.set_user_attr(WORKER, me())
    except UpdateFinishedTrialError:  # it was believed lost already
        return None
    task = trial.user_attrs.get(TASK)
    others = (each for each in study.get_trials(deepcopy=False) if each.number < trial.number)
    if task is None or any(task_of(each) == task and each.state.name != "FAIL" for each in others):
        fail(study, trial.number)
        return None
    return trial


def beat(trial: Trial, sign: int) -> bool:
    """Tell the others that a trial's worker lives; return False where the trial was taken from it."""
    from optuna.exceptions import UpdateFinishedTrialError

    try:
        trial.set_user_attr(BEAT, sign)
    except UpdateFinishedTrialError:
        return False
    return True


def settle(study: Study, trial: Trial, value: float | None, **told: Any) -> bool:
    """Note what came of a trial, None: it was refused; return False where it was taken from us meanwhile."""
    from optuna.exceptions import UpdateFinishedTrialError
    from optuna.trial import TrialState

    try:
        for name, each in told.items():
            trial.set_user_attr(name, each)
        state = TrialState.PRUNED if value is None else TrialState.COMPLETE
        study.tell(trial, value, state)
    except (UpdateFinishedTrialError, ValueError):  # it was believed lost: somebody else flies it
        return False
    return True


def fail(study: Study, number: int) -> None:
    """Give a trial up, so that its task is enqueued again; somebody else may just have done so."""
    from optuna.exceptions import UpdateFinishedTrialError
    from optuna.trial import TrialState

    with suppress(UpdateFinishedTrialError):
        study.tell(number, state=TrialState.FAIL, skip_if_finished=True)


def task_of(trial: FrozenTrial) -> int:
    """Return which task a trial is; −1 for one that is none of ours."""
    return int(trial.user_attrs.get(TASK, -1))


def settled(trials: list[FrozenTrial], count: int) -> dict[int, FrozenTrial]:
    """Return the trial that counts of each task up to `count` that is settled."""
    found: dict[int, FrozenTrial] = {}
    for trial in trials:
        if trial.state.name in {"COMPLETE", "PRUNED"} and 0 <= (task := task_of(trial)) < count:
            found.setdefault(task, trial)
    return found
