"""The scanner: whole or partial, fresh or stale, within its budget, and alive while it waits (rows W1, H3, H4)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, TypeVar, cast

import pytest

from radtui.core.events import Event, Scanned
from radtui.core.listed import Listed
from radtui.core.market import HOUR, SECOND, Candle
from radtui.core.picks import Picks
from radtui.engine import scanner as scanning
from radtui.engine.apart import Inline
from radtui.engine.config import ScanConfig
from radtui.engine.scanner import SCANNER, Scanner
from radtui.exchange.port import Exchange
from radtui.health.monitor import HealthMonitor
from radtui.resilience.clock import LoopClock
from radtui.resilience.virtual import run_virtual
from radtui.strategies.scanning.scoring import score
from tests.engine.scanned import Market, name

T = TypeVar("T")
EPOCH = 1_767_225_600 * SECOND


class Stage:
    """A scanner at work on a market."""

    def __init__(self, market: Market, **config: Any) -> None:
        self.market, self.told = market, list[Event]()
        self.clock = LoopClock(asyncio.get_running_loop(), EPOCH)
        self.health = HealthMonitor(self.clock)
        self.health.heartbeats.register(SCANNER, 30.0)
        self.scanner = Scanner(
            cast("Exchange", market), self.clock, self.health, ScanConfig(**config),
            feed=self.told.append, traded=lambda: (name(1),), runner=Inline(),
        )  # fmt: skip
        self.task = asyncio.create_task(self.scanner.run())

    async def after(self, seconds: float) -> Picks:
        """Return what was told last after so many seconds."""
        await asyncio.sleep(seconds)
        last = self.told[-1]
        assert isinstance(last, Scanned)
        return last.picks


def scan(story: Callable[[Stage], Awaitable[T]], count: int = 12, market: Market | None = None, **config: Any) -> T:
    async def main() -> T:
        stage = Stage(market or Market(count), **config)
        try:
            return await story(stage)
        finally:
            stage.task.cancel()
            await asyncio.gather(stage.task, return_exceptions=True)

    return run_virtual(main())


def test_a_whole_scan_picks_the_best_with_their_sides() -> None:
    async def story(stage: Stage) -> None:
        picks, view = await stage.after(0.5), stage.scanner.view
        assert (picks.partial, picks.at) == ("", EPOCH)
        assert len(view.candidates) >= 3
        best = view.candidates[:3]
        assert list(picks.sides.items()) == [(each.symbol, each.action) for each in best]
        assert [each.score for each in view.candidates] == sorted(
            (each.score for each in view.candidates), reverse=True
        )
        assert (view.listed, view.liquid, view.failed, view.completed, view.errors) == (12, 12, 0, 1, 0)
        assert {each.symbol for each in view.candidates if each.traded} <= {name(1)}

    scan(story, top=3)


def test_what_cannot_be_read_makes_it_partial() -> None:
    async def story(stage: Stage) -> None:
        stage.market.failing.add(name(3))
        picks = await stage.after(0.5)
        assert picks.partial == f"1 of 12 contracts could not be scored ({name(3)}: {name(3)} cannot be read)"
        view = stage.scanner.view
        assert (view.completed, view.errors, view.failed, view.mean_seconds) == (0, 1, 1, None)
        (worker,) = stage.health.worker_views()
        assert worker.fault == picks.partial
        assert not worker.healthy
        stage.market.failing.clear()
        picks = await stage.after(60)
        assert picks.partial == ""
        (worker,) = stage.health.worker_views()
        assert worker.healthy

    scan(story)


def test_an_exchange_that_does_not_answer_is_a_scan_that_failed() -> None:
    async def story(stage: Stage) -> None:
        picks = await stage.after(0.5)
        assert (picks.sides, picks.partial) == ({}, "down")
        assert not stage.task.done()

    market = Market(3)
    market.down = "down"
    scan(story, market=market)


def test_one_that_takes_too_long_is_given_up_and_says_so() -> None:
    async def story(stage: Stage) -> None:
        picks = await stage.after(91)
        assert picks.partial == "not done within 90 s"
        assert (stage.scanner.view.total, stage.scanner.view.seconds) == (0, 90.0)

    market = Market(8)
    market.slow = 40.0
    scan(story, market=market)


def test_it_is_stale_from_when_it_began_to_read() -> None:
    async def story(stage: Stage) -> None:
        picks = await stage.after(20)
        assert picks.at == EPOCH

    market = Market(6)
    market.slow = 3.0
    scan(story, market=market)


def test_while_it_is_going_on_one_sees_how_far() -> None:
    async def story(stage: Stage) -> None:
        await asyncio.sleep(7)  # four at a time, 3 s a contract
        view = stage.scanner.view
        assert (view.done, view.total, view.finished_at) == (8, 12, None)
        assert not stage.told
        await asyncio.sleep(3)
        assert (stage.scanner.view.done, stage.scanner.view.total) == (0, 0)

    market = Market(12)
    market.slow = 1.0
    scan(story, market=market, at_once=4)


def test_no_more_are_read_at_once_than_it_may() -> None:
    async def story(stage: Stage) -> int:
        await asyncio.sleep(60)
        return stage.market.most

    market = Market(20)
    market.slow = 1.0
    assert scan(story, market=market, at_once=5) == 5


def test_candles_are_read_again_when_a_new_one_has_closed() -> None:
    async def story(stage: Stage) -> None:
        market = stage.market
        market.now = 384 * HOUR + SECOND  # midnight: the hour, four hours and the day have just closed
        market.asked.clear()
        await stage.after(61)
        first = {frame: market.times(frame) for frame in ("1h", "4h", "1d")}
        await stage.after(60)
        assert {frame: market.times(frame) for frame in first} == first
        market.now += HOUR - SECOND  # the very moment at which the next one closes
        await stage.after(60)
        assert {frame: market.times(frame) - times for frame, times in first.items()} == {"1h": 4, "4h": 0, "1d": 0}
        market.now += 3 * HOUR
        await stage.after(60)
        assert {frame: market.times(frame) - times for frame, times in first.items()} == {"1h": 8, "4h": 4, "1d": 0}

    market = Market(4)
    market.now = 384 * HOUR + SECOND
    scan(story, market=market)


def test_a_new_contract_and_one_that_nobody_trades_are_left_out_and_the_scan_is_whole() -> None:
    async def story(stage: Stage) -> None:
        picks = await stage.after(0.5)
        assert (stage.scanner.view.unfit, picks.partial) == (1, "")
        stage.market.now += 4 * HOUR  # no candle has come since
        assert (await stage.after(60)).partial == ""
        assert stage.scanner.view.unfit == 12

    market = Market(12)
    market.young[name(5)] = 49
    scan(story, market=market)


def test_one_that_the_exchange_has_no_candles_of_does_not_keep_all_others_out() -> None:
    async def story(stage: Stage) -> None:
        picks = await stage.after(0.5)
        assert (stage.scanner.view.unfit, stage.scanner.view.failed, picks.partial) == (1, 0, "")

    market = Market(12)
    market.refused.add(name(5))
    scan(story, market=market)


def test_it_beats_while_it_waits_and_goes_on_for_ever() -> None:
    async def story(stage: Stage) -> None:
        for _ in range(40):
            await asyncio.sleep(7)
            (worker,) = stage.health.worker_views()
            assert worker.age is not None
            assert worker.age <= 5.1
        assert stage.scanner.view.completed == 5
        assert stage.scanner.view.mean_seconds == 0

    scan(story)


def test_a_score_that_fails_costs_its_contract_and_not_the_scanner(monkeypatch: pytest.MonkeyPatch) -> None:
    async def story(stage: Stage) -> None:
        picks = await stage.after(0.5)
        assert picks.partial.startswith("2 of 2 contracts could not be scored (")
        assert "ZeroDivisionError" in picks.partial
        assert not stage.task.done()

    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(scanning, "score", broken)
    scan(story, 2)


def test_a_contract_is_scored_again_only_when_its_candles_were_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    scored: list[str] = []

    def counted(listed: Listed, hourly: Sequence[Candle], further: Mapping[str, Sequence[Candle]]) -> object:
        scored.append(listed.instrument.symbol)
        return score(listed, hourly, further)

    async def story(stage: Stage) -> None:
        first = await stage.after(0.5)
        before = stage.scanner.view.candidates
        assert len(scored) == 12
        stage.market.turn_over(Decimal(7_000_000))
        second = await stage.after(60)
        assert (len(scored), second.sides) == (12, first.sides)
        assert [each.score for each in stage.scanner.view.candidates] == [each.score for each in before]
        assert {each.turnover for each in stage.scanner.view.candidates} == {Decimal(7_000_000)}
        stage.scanner.forget_hourly()
        await stage.after(60)
        assert len(scored) == 24

    monkeypatch.setattr(scanning, "score", counted)
    scan(story)


def test_where_nothing_is_liquid_nothing_is_whole() -> None:
    async def story(stage: Stage) -> None:
        assert (await stage.after(0.5)).partial == "no contract is liquid enough"

    scan(story, 0)
