"""The scanner: reads every liquid contract again and again, and says which are worth trading (rows W1, H3, H4).

It asks the exchange by the lane of whoever is in no hurry, a few contracts at the same time, and scores beside the
loop. What it found is told to core as a whole: a scan that could not read everything says so, and nothing is entered
on it, nor on one that is too old. A process that dies in the middle of one has lost nothing but that scan.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Final, NamedTuple

import msgspec

from radtui.core.events import Event, Scanned
from radtui.core.listed import Listed
from radtui.core.market import HOUR, SECOND, Candle
from radtui.core.order import Side
from radtui.core.picks import Picks
from radtui.core.scan_view import CandidateView, ScanView
from radtui.engine.apart import Runner
from radtui.engine.config import ScanConfig
from radtui.engine.scan_candles import ScanCandles
from radtui.exchange.port import Exchange
from radtui.health.monitor import HealthMonitor
from radtui.resilience.clock import Clock
from radtui.resilience.failures import ExchangeFailure, Refused
from radtui.resilience.redaction import named
from radtui.strategies.scanning import HOURLY
from radtui.strategies.scanning.scoring import LEAST_HOURLY, ranked, score
from radtui.strategies.scanning.universe import Chosen, liquid

SCANNER: Final = "scanner"
SHOWN: Final = 25
"""Candidates that are shown, of all that are worth something."""
_BEAT: Final = 5.0
_LATE: Final = 3 * HOUR
"""Market nanoseconds after which an hourly candle should have been followed by another: nobody trades there."""


class Unfit(Exception):
    """A contract that is not scored: too new, or nobody trades it."""


class Unscored(Exception):
    """A contract that could not be scored, and why."""


class _Judged(NamedTuple):
    """What a contract was worth, and the candles that it was read from: the same ones say the same."""

    candles: Mapping[str, Sequence[Candle]]
    found: CandidateView | None


class Scanner:
    """Scans until it is cancelled.

    Args:
        traded: the contracts that the bot trades. runner: where scores are reckoned.

    Attributes:
        view: what a person sees.
    """

    def __init__(
        self,
        exchange: Exchange,
        clock: Clock,
        health: HealthMonitor,
        config: ScanConfig,
        *,
        feed: Callable[[Event], None],
        traded: Callable[[], Sequence[str]],
        runner: Runner,
    ) -> None:
        self._exchange, self._clock, self._health, self._config = exchange, clock, health, config
        self._feed, self._traded, self._runner = feed, traded, runner
        self._candles = ScanCandles(exchange)
        self._judged: dict[str, _Judged] = {}
        self._seconds = 0.0
        self._why = ""
        self.view = ScanView(on=True, picks=config.picks, top=config.top, stale_after=config.max_age)

    async def run(self) -> None:
        """Scan, rest, scan again; one that fails as a whole is told like any other, and the next one comes."""
        while True:
            due = self._clock.monotonic() + round(self._config.interval * SECOND)
            await self._scan()
            await self._rest(due)

    def forget_hourly(self) -> None:
        """Have the next scan read the hourly candles of all contracts, as it does after each full hour."""
        self._candles.forget(HOURLY)

    def close(self) -> None:
        """Let go of what scores."""
        self._runner.close()

    async def _rest(self, due: int) -> None:
        """Wait until the next one is due, at least a beat: an interval that is too short must not starve others."""
        self._health.beat(SCANNER)
        await asyncio.sleep(1.0)
        while (left := due - self._clock.monotonic()) > 0:
            self._health.beat(SCANNER)
            await asyncio.sleep(min(_BEAT, left / SECOND))

    async def _scan(self) -> None:
        at, began = self._clock.now(), self._clock.monotonic()
        found: list[CandidateView] = []
        why = await self._looked(found)
        self._end(at, began, ranked(found), why)

    async def _looked(self, found: list[CandidateView]) -> str:
        """Look at all there is, and return why that was not all of it; empty where it was."""
        try:
            async with asyncio.timeout(self._config.within):
                chosen = await self._choose()
                await self._look_at_all(chosen, found)
        except TimeoutError:
            return f"not done within {self._config.within:.0f} s"
        except ExchangeFailure as failure:
            return str(failure)
        return self._missing()

    async def _choose(self) -> Chosen:
        """Read what there is, and forget what is no longer looked at."""
        listed = await self._exchange.listed()
        chosen = liquid(listed, self._config.universe)
        looked_at = {each.instrument.symbol for each in chosen.contracts}
        self._candles.keep_only(looked_at)
        self._judged = {symbol: judged for symbol, judged in self._judged.items() if symbol in looked_at}
        self._show(
            done=0,
            total=len(chosen.contracts),
            listed=len(listed),
            liquid=len(chosen.contracts),
            least=chosen.least,
            unfit=0,
            failed=0,
        )
        return chosen

    async def _look_at_all(self, chosen: Chosen, found: list[CandidateView]) -> None:
        waiting = list(reversed(chosen.contracts))

        async def hand() -> None:
            while waiting:
                await self._look_at(waiting.pop(), found)

        async with asyncio.TaskGroup() as hands:
            for _ in range(min(self._config.at_once, len(waiting))):
                hands.create_task(hand())

    async def _look_at(self, listed: Listed, found: list[CandidateView]) -> None:
        try:
            candidate = await self._scored(listed)
            if candidate is not None:
                found.append(candidate)
        except (Unfit, Refused):  # the exchange says for certain that it has no candles of it
            self._show(unfit=self.view.unfit + 1)
        except (ExchangeFailure, Unscored) as failure:  # the scan is partial, and goes on
            self._why = f"{listed.instrument.symbol}: {failure}"
            self._show(failed=self.view.failed + 1)
        self._show(done=self.view.done + 1)
        self._health.beat(SCANNER)

    async def _scored(self, listed: Listed) -> CandidateView | None:
        symbol = listed.instrument.symbol
        candles = await self._candles.read(symbol)
        hourly = candles[HOURLY]
        if len(hourly) < LEAST_HOURLY or self._exchange.market_now() - hourly[-1].closed_at > _LATE:
            raise Unfit
        known = self._judged.get(symbol)
        if known is None or any(candles[frame] is not known.candles[frame] for frame in candles):
            known = self._judged[symbol] = _Judged(candles, await self._judge(listed, candles))
        found = known.found
        return None if found is None else msgspec.structs.replace(found, turnover=listed.turnover)

    async def _judge(self, listed: Listed, candles: Mapping[str, Sequence[Candle]]) -> CandidateView | None:
        """Have one contract scored beside the loop."""
        done: asyncio.Future[CandidateView | str | None] = asyncio.get_running_loop().create_future()
        self._runner.do(partial(_judged, listed, candles), partial(_hand_over, done))
        judged = await done
        if isinstance(judged, str):
            raise Unscored(judged)
        return judged

    def _missing(self) -> str:
        view = self.view
        if view.failed:
            return f"{view.failed} of {view.total} contracts could not be scored ({self._why})"
        return "" if view.total else "no contract is liquid enough"

    def _end(self, at: int, began: int, found: tuple[CandidateView, ...], why: str) -> None:
        """Tell core and people what came of it."""
        took = self._clock.monotonic() - began
        traded, completed = frozenset(self._traded()), self.view.completed + (not why)
        self._seconds += 0 if why else took / SECOND
        self._show(
            done=0,
            total=0,
            at=at,
            finished_at=self._clock.now(),
            seconds=took / SECOND,
            partial=why,
            completed=completed,
            errors=self.view.errors + bool(why),
            mean_seconds=self._seconds / completed if completed else None,
            candidates=tuple(msgspec.structs.replace(each, traded=each.symbol in traded) for each in found[:SHOWN]),
        )
        self._health.heartbeats.fault(SCANNER, why)
        best = {each.symbol: Side(each.action) for each in found[: self._config.top]}
        self._feed(Scanned(self._clock.now(), Picks(at=at, sides=best, partial=why)))

    def _show(self, **changed: object) -> None:
        self.view = msgspec.structs.replace(self.view, **changed)


def _judged(listed: Listed, candles: Mapping[str, Sequence[Candle]]) -> CandidateView | str | None:
    """Score one contract; what goes wrong is returned, for a runner's work raises nothing."""
    try:
        return score(listed, candles[HOURLY], candles)
    except Exception as error:  # supervision point: it must not leave the scan waiting for ever
        return named(error)


def _hand_over(done: asyncio.Future[CandidateView | str | None], judged: CandidateView | str | None) -> None:
    if not done.done():
        done.set_result(judged)
