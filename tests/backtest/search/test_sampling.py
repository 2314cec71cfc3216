"""Who learns chooses by seed, task and what was flown before, and by nothing that a process keeps to itself."""

from __future__ import annotations

from pathlib import Path

from optuna.samplers import RandomSampler

from radtui.backtest.search.plan import Sampler
from radtui.backtest.search.queue import TASK
from radtui.backtest.search.sampling import Seeded, sampler
from radtui.backtest.search.storage import create, load
from tests.backtest.search.studies import plan

COUNT = 16
"""Beyond the ten with which the estimator begins by chance."""


def chosen(folder: Path, seed: int, *, anew: bool) -> list[dict[str, object]]:
    """Return the parameters of a search for a middle; `anew`: each task by another process."""
    learner = plan(folder, Sampler.TPE, seed=seed)
    file = str(folder / f"{anew}{seed}.journal")
    study = create(file, "x")
    study.sampler = Seeded(seed)
    for task in range(COUNT):
        study.enqueue_trial({}, user_attrs={TASK: task})
    for _ in range(COUNT):
        study = load(file, "x", Seeded(seed)) if anew else study
        trial = study.ask()
        fast, slow = (int(knob.asked(trial)) for knob in learner.knobs)
        study.tell(trial, -abs(fast - 5.0) - abs(slow - 10.0))
    return [trial.params for trial in study.trials]


def test_one_that_is_stopped_after_each_task_chooses_what_one_in_a_row_chooses(tmp_path: Path) -> None:
    whole = chosen(tmp_path, 1, anew=False)
    assert chosen(tmp_path, 1, anew=True) == whole
    assert chosen(tmp_path, 2, anew=False) != whole


def test_only_who_learns_needs_one_that_learns(tmp_path: Path) -> None:
    assert isinstance(sampler(plan(tmp_path, Sampler.TPE)), Seeded)
    assert isinstance(sampler(plan(tmp_path, Sampler.GRID)), RandomSampler)
