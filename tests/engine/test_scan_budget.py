"""A scan of 300 contracts within what the exchange counts: how long it takes, and that nobody else waits for it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import cast

import pytest

from radtui.core.events import Event
from radtui.core.market import HOUR, SECOND, TIMEFRAMES, Candle
from radtui.engine import scanner as scanning
from radtui.engine.apart import Inline
from radtui.engine.config import ScanConfig
from radtui.engine.scanner import SCANNER, Scanner
from radtui.exchange.port import Exchange
from radtui.health.monitor import HealthMonitor
from radtui.resilience.clock import LoopClock
from radtui.resilience.limiter import Lane, Limiter
from radtui.resilience.virtual import run_virtual
from radtui.strategies.proving import market
from tests.engine.scanned import Market

EPOCH = 1_767_225_600 * SECOND
ROUND_TRIP = 0.15
"""Seconds of a call."""
KLINES = 3
"""Its weight at the exchange."""


class Budgeted(Market):
    """A market behind the exchange's budget; all contracts have one past."""

    def __init__(self, count: int, limiter: Limiter) -> None:
        super().__init__(count)
        self._limiter = limiter
        self._past = {TIMEFRAMES[frame]: market(1, 100, frame) for frame in ("1h", "4h", "1d")}
        self.now = self._past[HOUR][-1].closed_at + SECOND

    async def browse(self, symbol: str, span: int, limit: int) -> Sequence[Candle]:
        with await self._limiter.acquire(KLINES, Lane.PATIENT):
            await asyncio.sleep(ROUND_TRIP)
        return await super().browse(symbol, span, limit)

    def _candles(self, symbol: str, span: int, limit: int) -> Sequence[Candle]:
        return self._past[span][-limit:]


def test_cold_within_45_s_warm_within_15_and_no_other_call_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    async def story() -> tuple[float | None, float | None, float, float]:
        loop = asyncio.get_running_loop()
        clock = LoopClock(loop, EPOCH)
        health, limiter, told = HealthMonitor(clock), Limiter("public", clock), list[Event]()
        health.heartbeats.register(SCANNER, 60.0)
        scanned = Budgeted(300, limiter)
        scanner = Scanner(
            cast("Exchange", scanned), clock, health, ScanConfig(), feed=told.append, traded=tuple, runner=Inline()
        )
        slowest = {Lane.NORMAL: 0.0, Lane.ESSENTIAL: 0.0}

        async def others(lane: Lane) -> None:
            while True:
                began = loop.time()
                with await limiter.acquire(KLINES, lane):
                    slowest[lane] = max(slowest[lane], loop.time() - began)
                await asyncio.sleep(2)

        tasks = [asyncio.create_task(work) for work in (scanner.run(), *map(others, slowest))]
        await asyncio.sleep(58)
        cold = scanner.view.seconds
        scanner.forget_hourly()
        await asyncio.sleep(60)
        warm, completed = scanner.view.seconds, scanner.view.completed
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        assert (completed, scanner.view.liquid, scanner.view.failed) == (2, 300, 0)
        assert (scanned.times("1h"), scanned.times("4h"), scanned.times("1d")) == (600, 300, 300)
        return cold, warm, slowest[Lane.NORMAL], slowest[Lane.ESSENTIAL]

    monkeypatch.setattr(scanning, "score", lambda *_: None)
    cold, warm, normal, essential = run_virtual(story())
    assert cold is not None and 30 < cold <= 45  # noqa: PT018 - one range
    assert warm is not None and warm < 15  # noqa: PT018
    assert (normal, essential) == (0.0, 0.0)
