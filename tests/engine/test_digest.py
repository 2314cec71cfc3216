from __future__ import annotations

import asyncio
from collections.abc import MutableMapping
from typing import Any

from structlog.testing import capture_logs

from radtui.core.instruction import Ask
from radtui.engine.config import EngineConfig
from radtui.engine.digest import Digest
from radtui.resilience.virtual import run_virtual
from tests.engine.flights import LEAN, Bot, Flight, Idle, core_config, fly


def reports(logs: list[MutableMapping[str, Any]]) -> list[MutableMapping[str, Any]]:
    return [log for log in logs if "health report" in log["event"]]


def test_the_report_is_logged_once_an_interval_and_at_the_end() -> None:
    async def scenario(flight: Flight) -> None:
        with capture_logs() as logs:
            await asyncio.sleep(1005.0)
            hourly = reports(logs)
            await flight.ask(Ask.SHUTDOWN)
            await flight.task
            final = reports(logs)[len(hourly) :]
        assert len(hourly) == 10
        assert all(log["bot"] == "t" and log["healthy"] for log in hourly)
        assert len(final) == 1
        assert final[0]["status"] == "stopped"

    fly(scenario, Idle, engine={**LEAN["engine"], "report_interval": 100.0}, chunk=1.0)


def test_an_hour_is_the_interval_unless_told_otherwise_and_nothing_is_written_before() -> None:
    async def scenario(flight: Flight) -> tuple[int, int, int]:
        digest = Digest(EngineConfig(core=core_config()), flight.clock, flight.engine.snapshot)
        written = []
        with capture_logs() as logs:
            for seconds in (0.0, 3599.5, 1.0):
                await asyncio.sleep(seconds)
                digest.tick()
                digest.tick()
                written.append(len(reports(logs)))
        return written[0], written[1], written[2]

    async def grounded() -> tuple[int, int, int]:
        flight = Flight(Bot(Idle))
        await flight.end()
        return await scenario(flight)

    assert run_virtual(grounded()) == (0, 0, 1)
