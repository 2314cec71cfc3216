"""Running a backtest from its first bar to its last."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Final

import msgspec

from radtui.backtest.figures import ratios, sums
from radtui.backtest.flight import Flight
from radtui.backtest.minds import Minds
from radtui.backtest.record import Record
from radtui.backtest.result import MOST_POINTS, Held, Point, Result, Trip
from radtui.backtest.trades import Direction
from radtui.core.config import CoreConfig
from radtui.core.instrument import Instrument
from radtui.core.market import TIMEFRAMES
from radtui.core.money import ZERO
from radtui.strategies.base import Strategy
from radtui.venue.history import RecordedMarket

_LOOK_EVERY: Final = 2000
"""Steps between two looks at whether it should go on."""
_GARBAGE: Final = 100_000
"""New things after which Python looks for cycles among them; usually 700, which takes a sixth of the time."""
Factory = Callable[[Instrument], Strategy]
GoOn = Callable[[int], bool]
"""Told of the market clock now and then; answers whether to go on."""


class Terms(msgspec.Struct, frozen=True, kw_only=True):
    """What is flown.

    Attributes:
        config: as a flight has it. parameters: of the strategy, for the report.
        balance: at the start, USDT. slippage: share of the price. warmup: candles before the first decision.
    """

    config: CoreConfig
    parameters: dict[str, str] = {}
    balance: Decimal = Decimal(10_000)
    slippage: Decimal = Decimal("0.0005")
    warmup: int = 500


def run(terms: Terms, market: RecordedMarket, factory: Factory, go_on: GoOn = lambda now: True) -> Result:
    """Fly a strategy through a recorded market, and return what came of it, also where it was told to stop before.

    Raises:
        StrategyRefused: the strategy cannot be made. BadHistory: its candles cannot be made of the market's bars.
    """
    with _collecting_seldom():
        return _Run(terms, market, factory).to_the_end(go_on)


@contextmanager
def _collecting_seldom() -> Iterator[None]:
    """Let garbage wait: a flight makes a great many small things, and cycles of none of them."""
    usual = gc.get_threshold()
    gc.set_threshold(_GARBAGE, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)


class _Run:
    def __init__(self, terms: Terms, market: RecordedMarket, factory: Factory) -> None:
        self._terms, self._market = terms, market
        self._span = TIMEFRAMES[terms.config.timeframe]
        self._since = market.now
        self._record = Record({instrument.symbol: instrument for instrument in market.instruments})
        self._minds = Minds(factory, market.instruments[0])
        self._flight = Flight(
            terms.config,
            market,
            self._minds,
            self._record.take,
            balance=terms.balance,
            slippage=terms.slippage,
            warmup=terms.warmup,
        )
        self._venue = self._flight.venue
        self._steps = 0

    def to_the_end(self, go_on: GoOn) -> Result:
        """Live all steps."""
        look_at = 0
        while not self._market.ended:
            if self._steps >= look_at:
                look_at += _LOOK_EVERY
                if not go_on(self._venue.now):
                    break
            self._steps += self._flight.step(look_at - self._steps)
        return self._result()

    def _result(self) -> Result:
        record, terms, account = self._record, self._terms, self._venue.account()
        curve = self._flight.curve
        every = max(1, -(-(curve.candles + 1) // MOST_POINTS))
        config = terms.config
        return Result(
            strategy=config.strategy,
            parameters=terms.parameters,
            symbols=tuple(instrument.symbol for instrument in self._market.instruments),
            timeframe=config.timeframe,
            source=self._market.source,
            since=self._since,
            until=self._venue.now,
            steps=self._steps,
            candles=curve.candles,
            currency=account.currency,
            capital=terms.balance,
            slippage=terms.slippage,
            final_equity=account.equity,
            net_profit=account.equity - terms.balance,
            identity=self._flight.core.trading.purse.identity() or ZERO,
            sums=sums(record.book.done),
            ratios=ratios(curve.floats(self._flight.series), self._span),
            exposure=curve.exposed / curve.candles if curve.candles else 0.0,
            market_return=self._market_return(),
            signals=record.signals,
            entries=record.entries,
            turns=record.turns,
            blocked=dict(sorted(record.blocked.items())),
            trips=tuple(Trip(at=at, name=name, why=why) for at, name, why in record.trips),
            troubles=dict(sorted(record.troubles.items())),
            faults=self._minds.faults,
            fault=self._minds.fault,
            complete=self._venue.ended,
            equity_every=every,
            equity_curve=self._points(every),
            open=self._held(),
            trades=tuple(record.book.done),
        )

    def _points(self, every: int) -> tuple[Point, ...]:
        start = self._since - self._since % self._span
        points = self._flight.curve.points(self._flight.series, every)
        return tuple(Point(max(self._since, start + place * self._span), equity) for place, equity in points)

    def _held(self) -> tuple[Held, ...]:
        return tuple(
            Held(
                symbol=report.symbol,
                direction=Direction.LONG if report.lots > 0 else Direction.SHORT,
                lots=abs(report.lots),
                entry=report.entry,
                opened_at=report.opened_at,
                unrealised=report.unrealised,
            )
            for report in self._venue.positions()
        )

    def _market_return(self) -> float | None:
        """Return what the price did, from the first candle's open to the last one's close."""
        series, count = self._flight.series, self._flight.curve.candles
        if not count:
            return None
        return series.candles.close[series.warm + count - 1] / series.candles.open[series.warm] - 1
