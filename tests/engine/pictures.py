"""What a flying bot shows and says, for those who carry it: snapshots in their order, and every fact."""

from __future__ import annotations

import asyncio
from functools import cache

import msgspec

from radtui.core.facts import Envelope
from radtui.core.instruction import Ask
from radtui.core.snapshot import Snapshot
from tests.engine.flights import Flight, fly


@cache
def pictures() -> tuple[tuple[Snapshot, ...], tuple[Envelope, ...]]:
    """Return what one flight showed, with trades, a pause and an emergency stop in it."""

    async def scenario(flight: Flight) -> tuple[tuple[Snapshot, ...], tuple[Envelope, ...]]:
        await flight.ready()
        shown = [_still(flight)]
        for ask in (None, Ask.PAUSE, Ask.RESUME, None, Ask.EMERGENCY_STOP):
            if ask is not None:
                flight.engine.tell(ask, who="test")
            for _ in range(12):
                await asyncio.sleep(0.5)
                shown.append(_still(flight))
        return tuple(shown), tuple(flight.bot.facts)

    return fly(scenario, speed=60)


def _still(flight: Flight) -> Snapshot:
    shown = flight.engine.snapshot()
    return msgspec.structs.replace(shown, process=msgspec.structs.replace(shown.process, rss=100.0, lag_p99=None))
