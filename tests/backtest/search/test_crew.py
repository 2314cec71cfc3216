"""The same search finds the same, whoever works it off and however often they are stopped or killed."""

from __future__ import annotations

import os
import signal
import socket
from pathlib import Path

import pytest
from msgspec.structs import replace
from optuna.trial import FrozenTrial

from radtui.backtest.search.crew import CrewLost, alone, cluster, several, work_off
from radtui.backtest.search.outcome import Outcome, outcome
from radtui.backtest.search.plan import Job, Sampler
from radtui.backtest.search.queue import WORKER
from radtui.backtest.search.space import space
from radtui.backtest.search.storage import create
from tests.backtest.search.studies import job

COUNT = 5


def trials(told: Job) -> list[FrozenTrial]:
    return create(told.storage, told.plan.study).get_trials(deepcopy=False)


def found(told: Job, count: int = COUNT) -> Outcome:
    return outcome(told.plan, trials(told), count)


@pytest.fixture
def folders(tmp_path: Path) -> list[Path]:
    made = [tmp_path / name for name in "ab"]
    for each in made:
        each.mkdir()
    return made


@pytest.mark.parametrize("sampler", Sampler)
def test_a_search_that_was_stopped_and_goes_on_finds_what_one_in_a_row_finds(
    sampler: Sampler, folders: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, halted = (job(folder, sampler) for folder in folders)
    work_off(whole, COUNT, alone)
    left: list[int] = []

    def impatient(open_tasks: int, best: float | None = None) -> None:
        left.append(open_tasks)
        if open_tasks == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        work_off(halted, COUNT, alone, impatient)
    assert left == [5, 4, 3, 2]
    work_off(halted, COUNT, alone, lambda open_tasks, best: left.append(open_tasks))
    assert left[4:] == [2, 1, 0, 0]
    assert found(halted) == found(whole)
    assert found(whole).flown + found(whole).refused == COUNT


def test_a_trial_that_is_interrupted_is_flown_again(folders: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    told = job(folders[0])

    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as cut:
        cut.setattr("radtui.backtest.search.work.Bench.fly", interrupted)
        with pytest.raises(KeyboardInterrupt):
            work_off(told, 1, alone)
    assert [trial.state.name for trial in trials(told)] == ["FAIL"]
    work_off(told, 1, alone)
    assert found(told, 1).flown == 1


@pytest.mark.long
def test_two_processes_find_the_same_as_one_and_survive_a_kill(folders: list[Path]) -> None:
    one, both = (job(folder) for folder in folders)
    work_off(one, COUNT, alone)
    killed: list[int] = []

    def murderous(open_tasks: int, best: float | None) -> None:
        """Kill one that works, once there is one."""
        workers = {str(trial.user_attrs.get(WORKER)) for trial in trials(both)} - {"None"}
        pids = {int(worker.rpartition("/")[2]) for worker in workers} - {os.getpid()}
        if pids and not killed and open_tasks > 1:
            killed.append(min(pids))
            os.kill(min(pids), signal.SIGKILL)

    work_off(both, COUNT, several(2), murderous)
    assert killed
    assert found(both) == found(one)


def test_what_the_strategy_refuses_is_told_and_not_tried_again(folders: list[Path]) -> None:
    plan = job(folders[0], knobs=space("fast=5:9")).plan
    slow = replace(plan, terms=replace(plan.terms, parameters={"slow": "4"}))
    told = Job(plan=slow, storage=str(folders[0] / "slow.journal"))
    work_off(told, 2, alone)
    came = found(told, 2)
    assert (came.flown, came.refused, came.best, came.folds, came.overfitting) == (0, 2, (), (), None)
    assert all("fast" in reason and "slow (4)" in reason for reason in came.refusals)
    assert len(trials(told)) == 2


def test_a_task_of_another_host_is_waited_for_only_as_long_as_it_lives(folders: list[Path]) -> None:
    told = job(folders[0])
    study = create(told.storage, told.plan.study)
    study.enqueue_trial(told.plan.fixed(0), user_attrs={"task": 0})
    study.ask().set_user_attr(WORKER, f"{socket.gethostname()}/4194999")
    work_off(told, 1, alone)
    assert [trial.state.name for trial in trials(told)] == ["FAIL", "COMPLETE"]


def test_workers_that_die_before_they_settle_anything_are_given_up(folders: list[Path]) -> None:
    with pytest.raises(CrewLost, match="die before they settle anything"):
        work_off(job(folders[0]), COUNT, lambda packed, turns: iter(()))


def test_the_best_so_far_is_told(folders: list[Path]) -> None:
    told: list[float | None] = []
    flown = job(folders[0])
    work_off(flown, 3, alone, lambda open_tasks, best: told.append(best))
    assert told[0] is None
    assert told[-1] == found(flown, 3).best[0].score


@pytest.mark.long
def test_a_cluster_finds_the_same_as_one_process(folders: list[Path]) -> None:
    distributed = pytest.importorskip("distributed", reason="dask is optional: pip install 'radtui[cluster]'")
    one, afar = (job(folder) for folder in folders)
    work_off(one, COUNT, alone)
    with distributed.LocalCluster(
        n_workers=1, threads_per_worker=1, processes=False, dashboard_address="127.0.0.1:0"
    ) as there:
        work_off(afar, COUNT, cluster(there.scheduler_address))
    assert found(afar) == found(one)


def test_a_cluster_without_dask_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("radtui.backtest.search.crew.find_spec", lambda name: None)
    with pytest.raises(ModuleNotFoundError) as missing:
        cluster("tcp://127.0.0.1:8786")
    assert missing.value.name == "dask"
