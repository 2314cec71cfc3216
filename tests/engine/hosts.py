"""Engines in threads of their own, on the machine's clock: as the cockpit has them."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from radtui.core.instrument import Instrument
from radtui.engine.engine import Engine
from radtui.engine.host import PATIENCE, EngineHost
from radtui.health.monitor import HealthMonitor
from radtui.resilience.clock import SystemClock
from radtui.strategies.base import Strategy
from tests.engine.flights import Bot, core_config
from tests.engine.struck import Struck

_QUICK = {"pulse": 0.02, "position_interval": 0.05}


def hosted(
    strategy: Callable[[Instrument], Strategy],
    *,
    before: Callable[[], object] = lambda: None,
    patience: float = PATIENCE,
    bot: Bot | None = None,
    **told: Any,
) -> EngineHost:
    """Return a host of an engine that is built like a flight's, once `before` has returned."""
    flown = bot or Bot(strategy, autostart=False, speed=60, chunk=0.02, engine=_QUICK, **told)
    clock = SystemClock()

    def build() -> Engine:
        before()
        health = HealthMonitor(clock)
        return flown.build(clock, health, flown.paper(clock, health, Struck(1, {})), virtual=False)

    return EngineHost(core_config(clock.now()), build, patience=patience)


def soon(true: Callable[[], object], within: float = 10.0) -> None:
    """Wait for another thread until `true`; fail after `within` seconds."""
    until = time.monotonic() + within
    while not true():
        assert time.monotonic() < until, f"not within {within} s"
        time.sleep(0.005)
