"""Workers that are watched: each beats, and one that crashes is started again after a wait that grows (row H4)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from random import Random

import msgspec

from radtui.core.facts import Trouble
from radtui.health.monitor import HealthMonitor
from radtui.resilience.backoff import Backoff
from radtui.resilience.failures import ExchangeFailure
from radtui.resilience.redaction import named


class Worker(msgspec.Struct, frozen=True, kw_only=True):
    """One task of the engine.

    Attributes:
        limit: seconds without a beat after which it is unhealthy.
        run: works until it is cancelled; a return is a crash too, for no worker is ever done.
    """

    name: str
    limit: float
    run: Callable[[], Awaitable[None]]


class Supervisor:
    """Keeps workers running until it is stopped."""

    def __init__(
        self,
        health: HealthMonitor,
        report: Callable[[Trouble], None],
        random: Random,
        backoff: Backoff | None = None,
    ) -> None:
        self._health = health
        self._report = report
        self._random = random
        self._backoff = backoff or Backoff(base=0.5, maximum=30.0)
        self._tasks: list[asyncio.Task[None]] = []

    def start(self, workers: tuple[Worker, ...]) -> None:
        """Start workers, in their order."""
        for worker in workers:
            self._health.heartbeats.register(worker.name, worker.limit)
            self._health.beat(worker.name)
            self._tasks.append(asyncio.create_task(self._keep(worker), name=worker.name))

    async def stop(self) -> None:
        """Cancel all and wait until they are gone."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks.clear()

    async def _keep(self, worker: Worker) -> None:
        failures = 0
        while True:
            began = asyncio.get_running_loop().time()
            why = await self._crash_of(worker)
            # One that ran well for a while and then fell starts at the shortest wait again.
            lived = asyncio.get_running_loop().time() - began
            failures = 0 if lived > self._backoff.maximum else failures
            wait = self._backoff.wait(failures, self._random.uniform(-1, 1))
            failures += 1
            self._health.heartbeats.restarted(worker.name, why)
            self._report(Trouble("worker restarted", f"{why}; started again in {wait:.1f} s", worker.name))
            await asyncio.sleep(wait)
            self._health.beat(worker.name)

    @staticmethod
    async def _crash_of(worker: Worker) -> str:
        try:
            await worker.run()
        except ExchangeFailure as failure:
            return f"{failure.kind}: {failure}"
        except Exception as error:  # supervision point: whatever a worker dies of is recorded, and it is started again
            return named(error)
        return "it ended by itself"
