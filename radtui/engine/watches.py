"""The two watches: over the account as the exchange shows it, and over the journal."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final

from radtui.core.core import Core
from radtui.core.events import (
    Event,
    JournalChanged,
)
from radtui.engine.config import EngineConfig
from radtui.engine.reading import Reader
from radtui.health.monitor import HealthMonitor
from radtui.resilience.clock import Clock
from radtui.store.port import Journal

MONITOR: Final = "position monitor"
JOURNAL: Final = "journal"
_IDLE: Final = 10.0
"""Seconds between two looks at an account that holds nothing."""


class Monitor:
    """Reads positions, orders and money again and again: the reconciliation that never stops."""

    def __init__(self, core: Core, reader: Reader, health: HealthMonitor, config: EngineConfig) -> None:
        self._core = core
        self._reader = reader
        self._health = health
        self._config = config

    async def run(self) -> None:
        """Read until cancelled; less often while there is nothing to watch."""
        while True:
            self._health.beat(MONITOR)
            await self._reader.read(self._core.trading.read_since)
            self._health.beat(MONITOR)
            await asyncio.sleep(self._config.position_interval if self._watching() else _IDLE)

    def _watching(self) -> bool:
        trading = self._core.trading
        held = bool(trading.positions.open) or bool(trading.orders.live())
        return not self._core.recovered or held or trading.orders.uncounted() or trading.reconciler.doubtful


class JournalWatch:
    """Tells core when the journal fails and when it works again, and beats for its writer."""

    def __init__(
        self, journal: Journal, clock: Clock, health: HealthMonitor, config: EngineConfig, feed: Callable[[Event], None]
    ) -> None:
        self._journal = journal
        self._clock = clock
        self._health = health
        self._seconds = 5.0 if config.virtual else 0.5
        self._feed = feed
        self._failing = ""

    async def run(self) -> None:
        """Watch until cancelled."""
        while True:
            failing = self._journal.healthy
            if failing != self._failing:
                self._failing = failing
                self._feed(JournalChanged(self._clock.now(), failing))
                self._health.heartbeats.fault(JOURNAL, failing)
            self._health.heartbeats.beat(JOURNAL, max(self._journal.beat, 0))
            await asyncio.sleep(self._seconds)
