"""Each task is flown once whoever enqueues it, and again only when its worker is gone."""

from __future__ import annotations

import socket
from collections.abc import Callable
from pathlib import Path

import pytest
from optuna import Study
from optuna.trial import FrozenTrial, Trial

from radtui.backtest.search.plan import Plan, Sampler
from radtui.backtest.search.queue import (
    MOST_LOSSES,
    NAMELESS,
    PATIENCE,
    WORKER,
    Queue,
    beat,
    fail,
    here_and_gone,
    me,
    settle,
    settled,
    take,
    task_of,
)
from radtui.backtest.search.storage import create
from tests.backtest.search.studies import plan


class Watch:
    """A clock that is told."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def here(tmp_path: Path) -> Plan:
    return plan(tmp_path)


@pytest.fixture
def study(tmp_path: Path, here: Plan) -> Study:
    return create(str(tmp_path / "study.journal"), here.study)


def queue(study: Study, here: Plan, watch: Callable[[], float], count: int = 3) -> Queue:
    return Queue(study, here, count, "study", watch)


def elsewhere(study: Study, worker: str = "other-host/1") -> int:
    """Have another host take a trial; return its number."""
    trial = study.ask()
    trial.set_user_attr(WORKER, worker)
    return trial.number


def states(study: Study) -> list[tuple[int, str]]:
    def told(trial: FrozenTrial) -> tuple[int, str]:
        return task_of(trial), trial.state.name

    return [told(trial) for trial in study.get_trials(deepcopy=False)]


def test_filling_twice_is_filling_once(study: Study, here: Plan, watch: Watch) -> None:
    for _ in range(2):
        queue(study, here, watch).fill()
    assert states(study) == [(0, "WAITING"), (1, "WAITING"), (2, "WAITING")]
    queue(study, here, watch, 4).fill()
    assert len(states(study)) == 4


def test_what_two_hosts_enqueued_at_once_is_flown_once(study: Study, here: Plan, watch: Watch) -> None:
    for task in (0, 1, 0, 1):
        study.enqueue_trial(here.fixed(task), user_attrs={"task": task})
    taken = [take(study) for _ in range(4)]
    assert [trial.user_attrs["task"] for trial in taken if trial is not None] == [0, 1]
    assert [state for _, state in states(study)] == ["RUNNING", "RUNNING", "FAIL", "FAIL"]


def test_a_trial_is_the_task_s_own_parameters(study: Study, here: Plan, watch: Watch) -> None:
    queue(study, here, watch).fill()
    for task in range(3):
        trial = take(study)
        assert trial is not None
        assert {knob.name: knob.asked(trial) for knob in here.knobs} == here.fixed(task)


def test_nothing_left_is_nothing_taken_and_leaves_no_task(study: Study, here: Plan, watch: Watch) -> None:
    assert take(study) is None
    assert states(study) == [(-1, "FAIL")]
    told = queue(study, here, watch)
    told.fill()
    assert (told.waiting(), told.open()) == (3, 3)


def test_a_worker_of_this_host_that_ended_is_seen_at_once(study: Study, here: Plan, watch: Watch) -> None:
    told = queue(study, here, watch)
    told.fill()
    elsewhere(study, f"{socket.gethostname()}/4194999")  # beyond what a process number can be
    assert told.release() == 1
    told.fill()
    assert sorted(states(study)) == [(0, "FAIL"), (0, "WAITING"), (1, "WAITING"), (2, "WAITING")]
    assert told.losses == {0: 1}


def test_a_worker_elsewhere_is_believed_while_its_beat_changes(study: Study, here: Plan, watch: Watch) -> None:
    told = queue(study, here, watch)
    told.fill()
    trial = study.ask()
    trial.set_user_attr(WORKER, "other-host/1")
    for sign in range(3):
        assert beat(trial, sign)
        assert told.release() == 0
        watch.now += PATIENCE
    assert told.release() == 0
    watch.now += 1
    assert told.release() == 1
    assert not beat(trial, 9)
    assert not settle(study, trial, 1.0)


def test_a_worker_that_died_before_it_wrote_its_name_is_not_waited_for_long(
    study: Study, here: Plan, watch: Watch
) -> None:
    told = queue(study, here, watch)
    told.fill()
    study.ask()
    assert told.release() == 0
    watch.now += NAMELESS + 1
    assert told.release() == 1


def test_a_trial_that_was_taken_from_a_slow_worker_before_it_wrote_its_name_is_let_go(
    study: Study, here: Plan, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue(study, here, watch).fill()

    def slow(asked: Study) -> Trial:
        trial = Study.ask(asked)
        fail(asked, trial.number)
        return trial

    monkeypatch.setattr(study, "ask", lambda: slow(study))
    assert take(study) is None


def test_a_task_that_loses_every_worker_is_given_up(study: Study, here: Plan, watch: Watch) -> None:
    told = queue(study, here, watch, 1)
    for _ in range(MOST_LOSSES):
        told.fill()
        assert told.open() == 1
        elsewhere(study, f"{socket.gethostname()}/4194999")
        told.release()
    told.fill()
    assert (told.open(), told.waiting()) == (0, 0)
    assert settled(study.get_trials(), 1) == {}


def test_what_is_settled_stays_so(study: Study, here: Plan, watch: Watch) -> None:
    told = queue(study, here, watch)
    told.fill()
    first, second = take(study), take(study)
    assert first is not None
    assert second is not None
    assert settle(study, first, 2.5, flown={"x": 1})
    assert settle(study, second, None, refused="why")
    fail(study, first.number)
    assert told.release() == 0
    told.fill()
    assert (told.open(), told.waiting()) == (1, 1)
    done = settled(study.get_trials(), 3)
    assert (done[0].value, done[0].user_attrs["flown"], done[1].user_attrs["refused"]) == (2.5, {"x": 1}, "why")


def test_who_is_here_is_not_gone() -> None:
    assert not here_and_gone(me())
    assert not here_and_gone("other-host/4194999")
    assert not here_and_gone("")
    assert not here_and_gone(f"{socket.gethostname()}/1")


def test_a_learner_s_trials_are_enqueued_without_parameters(tmp_path: Path, watch: Watch) -> None:
    learner = plan(tmp_path, Sampler.TPE)
    study = create(str(tmp_path / "tpe.journal"), learner.study)
    queue(study, learner, watch, 1).fill()
    trial = take(study)
    assert trial is not None
    assert 2 <= int(learner.knobs[0].asked(trial)) <= 9
