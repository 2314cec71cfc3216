"""Who works on an engine's loop, and the strategies beside it: put together as its configuration wants them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from radtui.core.core import Core
from radtui.core.events import Event
from radtui.core.instrument import Instrument
from radtui.core.market import SECOND, TIMEFRAMES
from radtui.core.positions import Positions
from radtui.engine.apart import Apart, Inline
from radtui.engine.config import EngineConfig
from radtui.engine.feeds import ACCOUNT, MARKET, Feeds
from radtui.engine.main_loop import MAIN, MainLoop
from radtui.engine.reading import Reader
from radtui.engine.scanner import SCANNER, Scanner
from radtui.engine.signals import Signals
from radtui.engine.supervisor import Worker
from radtui.engine.watches import JOURNAL, MONITOR, JournalWatch, Monitor
from radtui.exchange.port import Exchange
from radtui.health import phases
from radtui.health.monitor import HealthMonitor
from radtui.resilience.clock import Clock
from radtui.store.port import Journal
from radtui.strategies.base import Strategy

_JOURNAL_LIMIT: Final = 5.0
_SCAN_LIMIT: Final = 60.0
"""Seconds for one contract at most: in an exhausted pool it waits for the next window, and that is no fault."""


def signals(
    config: EngineConfig,
    strategy: Callable[[Instrument], Strategy],
    positions: Positions,
    alarm: Callable[[str, str], None],
    *,
    clock: Clock,
    health: HealthMonitor,
    awake: Callable[[], None],
) -> Signals:
    """Return the strategies: beside the loop on the wall clock, on it under virtual time."""
    core = config.core
    return Signals(
        strategy,
        positions,
        alarm,
        clock=clock,
        runner=Inline() if config.virtual else Apart(f"strategies of {core.bot}"),
        every=TIMEFRAMES[core.timeframe] / SECOND / core.speed,
        awake=awake,
        timed=lambda took, failed: health.phases.record(phases.STRATEGY, took, failed=failed),
    )


def scanner(
    config: EngineConfig,
    core: Core,
    exchange: Exchange,
    *,
    clock: Clock,
    health: HealthMonitor,
    feed: Callable[[Event], None],
) -> Scanner | None:
    """Return what looks through the market; None where nobody wants it."""
    if config.scan is None:
        return None
    runner = Inline() if config.virtual else Apart(f"scanner of {config.core.bot}")
    return Scanner(
        exchange, clock, health, config.scan, feed=feed, traded=lambda: tuple(core.desk.instruments), runner=runner
    )


def crew(
    config: EngineConfig,
    core: Core,
    feeds: Feeds,
    *,
    main: MainLoop,
    reader: Reader,
    journal: Journal,
    clock: Clock,
    health: HealthMonitor,
    feed: Callable[[Event], None],
    scanning: Scanner | None,
) -> tuple[Worker, ...]:
    """Return the workers of an engine whose exchange is open, in the order of their start."""
    limit = config.heartbeat_limit
    monitor = Monitor(core, reader, health, config)
    watch = JournalWatch(journal, clock, health, config, feed)
    return (
        Worker(name=MAIN, limit=limit, run=main.run),
        Worker(name=MARKET, limit=config.core.stale_after / SECOND, run=feeds.market),
        Worker(name=ACCOUNT, limit=limit, run=feeds.account),
        Worker(name=MONITOR, limit=limit, run=monitor.run),
        Worker(name=JOURNAL, limit=limit if config.virtual else _JOURNAL_LIMIT, run=watch.run),
        *([Worker(name=SCANNER, limit=max(limit, _SCAN_LIMIT), run=scanning.run)] if scanning else []),
    )
