from __future__ import annotations

import asyncio
from random import Random

from radtui.core.facts import Trouble
from radtui.engine.supervisor import Supervisor, Worker
from radtui.health.monitor import HealthMonitor
from radtui.resilience.backoff import Backoff
from radtui.resilience.clock import LoopClock
from radtui.resilience.failures import Transient
from radtui.resilience.virtual import run_virtual
from tests.engine.flights import EPOCH


class Crew:
    """A supervisor with one worker that dies of what the test says, after living for so many seconds."""

    def __init__(self, *fates: tuple[float, Exception | None], backoff: Backoff | None = None) -> None:
        self.loop = asyncio.get_running_loop()
        self.health = HealthMonitor(LoopClock(self.loop, EPOCH))
        self.told: list[Trouble] = []
        self.began: list[float] = []
        self.fates = list(fates)
        self.supervisor = Supervisor(self.health, self.told.append, Random(1), backoff)
        self.supervisor.start((Worker(name="worker", limit=5.0, run=self.run),))

    async def run(self) -> None:
        self.began.append(self.loop.time())
        self.health.beat("worker")
        if not self.fates:
            await asyncio.Event().wait()
        seconds, error = self.fates.pop(0)
        await asyncio.sleep(seconds)
        if error is not None:
            raise error


def test_a_crashed_worker_is_started_again_after_waits_that_double_and_is_counted() -> None:
    async def scenario() -> None:
        crew = Crew(*[(0.0, ValueError("broken"))] * 4, backoff=Backoff(base=1.0, maximum=60.0, jitter=0.0))
        await asyncio.sleep(30)
        assert crew.began == [0.0, 1.0, 3.0, 7.0, 15.0]
        (view,) = crew.health.worker_views()
        assert (view.restarts, view.note) == (4, "ValueError: broken")
        assert [trouble.where for trouble in crew.told] == ["worker"] * 4
        assert crew.told[1].message == "ValueError: broken; started again in 2.0 s"
        await crew.supervisor.stop()

    run_virtual(scenario())


def test_one_that_ran_well_for_a_while_starts_at_the_shortest_wait_again() -> None:
    async def scenario() -> None:
        fates = [(0.0, ValueError("early"))] * 3 + [(31.0, ValueError("late"))]
        crew = Crew(*fates, backoff=Backoff(base=1.0, maximum=30.0, jitter=0.0))
        await asyncio.sleep(100)
        assert crew.began[-1] - crew.began[-2] == 31.0 + 1.0
        await crew.supervisor.stop()

    run_virtual(scenario())


def test_no_worker_is_ever_done_and_a_failure_of_the_exchange_is_told_by_its_kind() -> None:
    async def scenario() -> None:
        crew = Crew((0.0, None), (0.0, Transient("the connection broke")))
        await asyncio.sleep(10)
        assert [trouble.message.partition(";")[0] for trouble in crew.told] == [
            "it ended by itself",
            "transient: the connection broke",
        ]
        await crew.supervisor.stop()

    run_virtual(scenario())


def test_a_silent_worker_is_unhealthy_after_its_limit() -> None:
    async def scenario() -> None:
        crew = Crew()
        await asyncio.sleep(5.0)
        assert crew.health.worker_views()[0].healthy
        await asyncio.sleep(0.1)
        assert not crew.health.worker_views()[0].healthy
        await crew.supervisor.stop()

    run_virtual(scenario())


def test_a_stop_leaves_no_task_behind() -> None:
    async def scenario() -> None:
        crew = Crew((0.0, ValueError("broken")))
        await asyncio.sleep(0.1)
        await crew.supervisor.stop()
        assert asyncio.all_tasks() == {asyncio.current_task()}

    run_virtual(scenario())
