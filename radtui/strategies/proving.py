"""Looks for what is usually wrong with a strategy, before money finds it; for tests of strategies.

`prove` feeds a strategy made-up markets that trend, rest and jump, and returns every broken rule as a line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from math import exp
from random import Random
from typing import Final

from radtui.core.instrument import Instrument
from radtui.core.market import TIMEFRAMES, Candle
from radtui.core.money import to_tick
from radtui.core.signal import Action, Signal
from radtui.strategies.base import Factory, Strategy, View
from radtui.strategies.hearing import plain, told

_SYMBOL: Final = "XBTUSDTM"
_RECENT: Final = 500
_AFTER_WARMUP: Final = 300
_MOODS: Final = ((0.0, 0.002), (0.002, 0.003), (-0.002, 0.003), (0.0, 0.0), (0.0, 0.015))
"""Drift and deviation of a candle in each kind of market."""


def contract(tick: str = "0.1") -> Instrument:
    """Return a linear contract to try a strategy on."""
    return Instrument(
        symbol=_SYMBOL,
        base="XBT",
        tick=Decimal(tick),
        multiplier=Decimal("0.001"),
        maker_fee=Decimal("0.0002"),
        taker_fee=Decimal("0.0006"),
        initial_margin=Decimal("0.01"),
        maintenance_margin=Decimal("0.005"),
        max_leverage=100,
        max_lots=1_000_000,
        max_price=Decimal(1_000_000),
    )


def closing(closes: Sequence[float | str | Decimal], timeframe: str = "5m", volume: int = 100) -> list[Candle]:
    """Return candles that close so, each opening at the close before."""
    span, prices = TIMEFRAMES[timeframe], [Decimal(str(close)) for close in closes]
    pairs = zip([*prices[:1], *prices], prices, strict=False)
    return [
        Candle(_SYMBOL, ordinal * span, span, before, max(before, close), min(before, close), close, Decimal(volume))
        for ordinal, (before, close) in enumerate(pairs)
    ]


def market(seed: int, count: int, timeframe: str = "5m", *, tick: str = "0.1") -> list[Candle]:
    """Return candles of a made-up market, the same for the same seed: it trends, rests, and jumps now and then."""
    chance, level, span = Random(seed), 0.0, TIMEFRAMES[timeframe]
    grid, candles, last = Decimal(tick), [], Decimal(60_000)
    drift, deviation = _MOODS[0]
    for ordinal in range(count):
        if ordinal % 40 == 0:
            drift, deviation = chance.choice(_MOODS)
        level += chance.gauss(drift, deviation) + (chance.gauss(0, 0.02) if deviation and chance.random() < 0.02 else 0)
        opened, close = last, to_tick(Decimal(repr(60_000 * exp(level))), grid)
        if deviation and chance.random() < 0.1:
            opened = to_tick(opened * Decimal("1.002"), grid)
        reach = to_tick(close * Decimal(repr(abs(chance.gauss(0, deviation)))) / 2, grid)
        high, low = max(opened, close) + reach, max(grid, min(opened, close) - reach)
        volume = Decimal(chance.randrange(500)) if deviation else Decimal(0)
        candles.append(Candle(_SYMBOL, ordinal * span, span, opened, high, low, close, volume))
        last = close
    return candles


def heard(strategy: Strategy, candles: Sequence[Candle]) -> list[Signal]:
    """Return what a strategy without a position says of each candle."""
    return list(_asked(strategy, candles))


def prove(
    factory: Factory, settings: Mapping[str, object] | None = None, *, seeds: Sequence[int] = (1, 2, 3)
) -> list[str]:
    """Return the rules that a strategy breaks, none where it keeps them all.

    It says only signals that can be used, holds until it is warm, puts stop and target on their sides of the close,
    never raises, and says the same of the same candles: beside another instance, and whatever comes after them.

    Raises:
        StrategyRefused: it cannot be made.
    """
    timeframe = factory(contract(), settings).timeframe

    def made() -> Strategy:
        return factory(contract(), settings)

    found: dict[str, None] = {}
    for seed in seeds:
        for fault in _broken(made, market(seed, made().warmup + _AFTER_WARMUP, timeframe)):
            found.setdefault(fault)
    return list(found)


def _broken(made: Callable[[], Strategy], candles: Sequence[Candle]) -> Iterator[str]:
    try:
        said = heard(made(), candles)
        unsound = list(_unsound(made().warmup, candles, said))
        yield from unsound or _moody(made, candles, said)
    except Exception as error:  # supervision point: the strategy on trial
        yield f"raises {told(error)}"


def _unsound(warmup: int, candles: Sequence[Candle], said: Sequence[object]) -> Iterator[str]:
    for ordinal, (candle, signal) in enumerate(zip(candles, said, strict=True), start=1):
        try:
            heard_as = plain(signal, candle.close)
        except ValueError as fault:
            yield told(fault)
            return
        if heard_as.action is not Action.HOLD:
            if ordinal < warmup:
                yield f"says {heard_as.action} before its warm-up of {warmup} candles"
            yield from _misplaced(candle.close, heard_as)


def _misplaced(close: Decimal, signal: Signal) -> Iterator[str]:
    side = 1 if signal.action is Action.BUY else -1
    if signal.stop is not None and (close - signal.stop) * side <= 0:
        yield f"a stop on the wrong side of a {signal.action}"
    if signal.target is not None and (signal.target - close) * side <= 0:
        yield f"a target on the wrong side of a {signal.action}"


def _moody(made: Callable[[], Strategy], candles: Sequence[Candle], said: Sequence[Signal]) -> Iterator[str]:
    """Compare with one that hears the same up to a point and another future after it, both beside a third."""
    at = len(candles) * 3 // 4
    other = [_shifted(candle) for candle in candles]
    again, beside = _asked(made(), [*candles[:at], *other[at:]]), _asked(made(), other)
    for ordinal, (signal, _) in enumerate(zip(again, beside, strict=True)):
        if ordinal < at and signal != said[ordinal]:
            yield "does not say the same of the same candles"
            return


def _shifted(candle: Candle) -> Candle:
    """Return a candle of another market at the same time."""
    more = Decimal("1.5")
    prices = (candle.low * more, candle.high * more, candle.low * more, candle.low * more)
    return Candle(candle.symbol, candle.opened_at, candle.span, *prices, candle.volume)


def _asked(strategy: Strategy, candles: Sequence[Candle]) -> Iterator[Signal]:
    for ordinal, candle in enumerate(candles, start=1):
        view = View(symbol=candle.symbol, recent=candles[max(0, ordinal - _RECENT) : ordinal])
        yield strategy.on_candle(candle, view)
