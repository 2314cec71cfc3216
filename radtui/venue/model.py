"""A seeded market: prices that look like a crypto exchange's, the same in every run of a seed.

Each symbol's log-price takes steps of ``σ · slow · √fast · shock + drift``:

* ``shock`` is a normal draw shared in part with the other symbols, its tails fattened by a cubic;
* ``fast`` is a GARCH(1,1) variance of mean 1 (Bollerslev 1986) and ``slow`` a noise over hours: volatility clusters;
* ``drift`` is a trend that turns over hours, and a weak pull towards the symbol's usual price, so that weeks of paper
  trading stay in a believable range;
* news makes all symbols jump about three times a day.

All randomness is counter-based (`radtui.venue.chance`), so the whole state is an ordinal and two floats a symbol.
The extremes of a bar are drawn from the law of a Brownian bridge between its open and its close.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache
from math import exp, gcd, log, sqrt
from typing import Final

import msgspec

from radtui.core.instrument import Instrument
from radtui.core.market import HOUR, SECOND, Candle
from radtui.venue.chance import bits, normal, quantile, stream, uniform
from radtui.venue.characters import character_of
from radtui.venue.contracts import CONTRACTS, contract
from radtui.venue.market import nested_widths

_ALPHA: Final = 0.02
_BETA: Final = 0.975
_STEADY: Final = 1.0 - _ALPHA - _BETA
_LINEAR: Final = 0.84247
_CUBIC: Final = 0.05
"""``_LINEAR · z + _CUBIC · z³`` of a normal z has variance 1 and kurtosis 4.9."""
_SHARED: Final = 0.85
_OWN: Final = sqrt(1.0 - _SHARED**2)
_SLOW: Final = 0.45
"""Standard deviation of the slow log-volatility."""
_TREND: Final = 0.25
"""Standard deviation of the drift, in hourly σ an hour."""
_PULL: Final = log(2.0) / (120 * 3600)
"""Of the log-price towards the usual one, a second: half of a distance in five days."""
_NEWS: Final = 3.0 / 86_400
"""Jumps a second."""
_JUMP: Final = 0.6
"""Standard deviation of a jump, in hourly σ."""
_TURN: Final = 2 * HOUR
"""Time between two knots of trend and slow volatility."""
_LOOK: Final = 60 * SECOND
"""How long trend and slow volatility are taken as constant."""
_32_BITS: Final = 2.0**-32
_12_BITS: Final = 2.0**-12
_8_BITS: Final = 2.0**-8
_SPREAD: Final = 0.12
"""How far apart, in log-price, seeds may begin."""
_BASIS: Final = 0.0004
"""How far apart, in log-price, two contracts on the same coin may be."""


class _Beat(msgspec.Struct, frozen=True, gc=False):
    """What all symbols share in one step.

    Attributes:
        ordinal: negative before the start.
        at: the bar's opening, nanoseconds UTC; since: the same, since the start.
        shock: the common part of the returns. news: a jump in hourly σ, almost always 0.
    """

    ordinal: int
    at: int
    since: int
    span: int
    seconds: float
    shock: float
    news: float


class _Pulse:
    """Where the beats of one stream come from."""

    def __init__(self, seed: int, label: str) -> None:
        self._shock, self._size = (stream(seed, label, name) for name in ("shock", "size"))

    def beat(self, ordinal: int, start: int, since: int, span: int) -> _Beat:
        seconds = span / SECOND
        chance = bits(self._shock, ordinal)
        shock = _SHARED * quantile(((chance >> 32) + 0.5) * _32_BITS)
        breaks = (chance & 0xFFFFFFFF) * _32_BITS < _NEWS * seconds
        news = _JUMP * normal(self._size, ordinal) if breaks else 0.0
        return _Beat(ordinal, start + since, since, span, seconds, shock, news)


class _Path:
    """One symbol on its way: what never changes, and the log-price and fast variance that do."""

    __slots__ = (
        *("_chance", "_drift", "_hourly", "_looked", "_lots", "_sigma", "_slow", "_step", "_symbol", "_tick"),
        *("_ticks", "_trend", "_usual", "fast", "level"),
    )

    def __init__(self, instrument: Instrument, seed: int, label: str) -> None:
        self._symbol = instrument.symbol
        self._step, self._tick = instrument.tick, float(instrument.tick)
        character = character_of(instrument)
        price = character.price
        self._usual, self._hourly = log(price) + _basis(instrument, seed), character.hourly
        self._lots = character.turnover / (price * float(instrument.multiplier))
        if instrument.inverse:
            self._lots = character.turnover / abs(float(instrument.multiplier))
        coin = _coin(instrument)
        self._chance = stream(seed, coin, label)
        self._slow, self._trend = (stream(seed, coin, name) for name in ("slow", "trend"))
        self.settle(self._usual + _SPREAD * (uniform(stream(seed, coin, "start"), 0) - 0.5), 1.0)
        self._look(0)

    def settle(self, level: float, fast: float) -> None:
        """Stand at log-price `level` with fast variance `fast`."""
        self.level, self.fast, self._ticks = level, fast, max(1, round(exp(level) / self._tick))

    def forward(self, beat: _Beat) -> Candle:
        """Take one step and return its bar."""
        origin, first = self.level, self._ticks
        chance, deviation = self._move(beat)
        self._ticks = last = max(1, round(exp(self.level) / self._tick))
        return self._candle(beat, chance, deviation, (origin, self.level), first, last)

    def backward(self, beat: _Beat) -> Candle:
        """Take one step into the past and return its bar: but for the trend, the model has no arrow of time."""
        target, last = self.level, self._ticks
        chance, deviation = self._move(beat)
        self.level -= 2.0 * self._drift * beat.seconds
        self._ticks = first = max(1, round(exp(self.level) / self._tick))
        return self._candle(beat, chance, deviation, (self.level, target), first, last)

    def _move(self, beat: _Beat) -> tuple[int, float]:
        if beat.since // _LOOK != self._looked:
            self._look(beat.since // _LOOK)
        chance = bits(self._chance, beat.ordinal)
        z = beat.shock + _OWN * quantile(((chance >> 32) + 0.5) * _32_BITS)
        shock = z * (_LINEAR + _CUBIC * z * z)
        deviation = self._sigma * sqrt(self.fast * beat.seconds)
        self.fast = _STEADY + self.fast * (_ALPHA * shock * shock + _BETA)
        drift = self._drift + _PULL * (self._usual - self.level)
        self.level += deviation * shock + drift * beat.seconds + beat.news * self._hourly
        return chance, deviation

    def _look(self, minute: int) -> None:
        self._looked, since = minute, minute * _LOOK
        self._sigma = self._hourly / 60.0 * exp(_SLOW * _wander(self._slow, since) - _SLOW * _SLOW)
        self._drift = _TREND * self._hourly / 3600.0 * _wander(self._trend, since)

    def _candle(
        self, beat: _Beat, chance: int, deviation: float, levels: tuple[float, float], first: int, last: int
    ) -> Candle:
        origin, target = levels
        middle, half, room = (origin + target) / 2.0, (target - origin) ** 2 / 4.0, deviation * deviation / 2.0
        above = sqrt(half - room * log(((chance >> 20 & 0xFFF) + 0.5) * _12_BITS))
        below = sqrt(half - room * log(((chance >> 8 & 0xFFF) + 0.5) * _12_BITS))
        high, low = round(exp(middle + above) / self._tick), round(exp(middle - below) / self._tick)
        activity = self._lots * beat.seconds * (0.4 + (chance & 0xFF) * _8_BITS)
        step = self._step
        return Candle(
            self._symbol,
            beat.at,
            beat.span,
            step * first,
            step * max(first, last, high),
            step * (min(first, last, low) or 1),
            step * last,
            Decimal(int(activity * (above + below) / (deviation + 1e-12))),
        )


def _coin(instrument: Instrument) -> str:
    """Return what names the random streams: all contracts on a coin share the path of the one in USDT."""
    return f"{instrument.base}USDTM"


def _basis(instrument: Instrument, seed: int) -> float:
    """Return how far in log-price a contract lies from the one in USDT on its coin."""
    if instrument.symbol == _coin(instrument):
        return 0.0
    return _BASIS * (uniform(stream(seed, instrument.symbol, "basis"), 0) - 0.5)


_knot = lru_cache(maxsize=256)(normal)


def _wander(key: int, since: int) -> float:
    """Return a smooth noise of unit deviation at its knots, which lie `_TURN` apart."""
    knot, into = divmod(since, _TURN)
    share = into / _TURN
    origin, target = _knot(key, knot), _knot(key, knot + 1)
    return origin + (target - origin) * share * share * (3.0 - 2.0 * share)


class _State(msgspec.Struct, frozen=True, array_like=True):
    """The position in the stream: `paths` are log-price and fast variance of each symbol."""

    start: int
    ordinal: int
    paths: tuple[tuple[float, float], ...]


class SeededMarket:
    """A market that never ends. Implements `radtui.venue.market.Market`.

    The same seed gives the same prices whenever it starts. `start` (nanoseconds UTC) is taken down to the full hour, or
    to a multiple of `grid`.

    Raises:
        ValueError: a symbol is unknown or given twice, or there is none.
    """

    def __init__(self, symbols: tuple[str, ...], seed: int, start: int, span: int = SECOND, grid: int = HOUR) -> None:
        self.instruments = _contracts(symbols)
        self.source = f"seed:{seed}:{','.join(symbols)}" + (f":{span}" if span != SECOND else "")
        self._seed, self._span = seed, span
        self._start, self._ordinal = start - start % grid, 0
        self._pulse = _Pulse(seed, "step")
        self._paths = [_Path(instrument, seed, "step") for instrument in self.instruments]

    @property
    def now(self) -> int:
        """Market clock, nanoseconds UTC: the end of the last step."""
        return self._start + self._ordinal * self._span

    @property
    def step_span(self) -> int:
        """Nanoseconds of one step."""
        return self._span

    @property
    def ended(self) -> bool:
        """Never."""
        return False

    def warm(self, span: int, count: int) -> Sequence[Candle]:
        """Return `count` bars of `span` and, where `now` lies inside one more, finer bars of what there is of it.

        They are made backwards from the first step's open, so that every span ends at the same price.
        """
        rest = self.now % span
        fine = gcd(span, rest)
        return self._backwards(f"warm {span}", [fine] * (rest // fine) + [span] * count)

    def warm_all(self, spans: Sequence[int], count: int) -> Sequence[Candle]:
        """Return bars of one past, fine ones lately and ever coarser ones before, for `count` candles of each span."""
        return self._backwards("warm", nested_widths(self.now, spans, count))

    def _backwards(self, label: str, widths: Sequence[int]) -> Sequence[Candle]:
        """Return bars of these widths, which are given the latest first; the bars come the oldest first."""
        pulse = _Pulse(self._seed, label)
        paths = [_Path(instrument, self._seed, label) for instrument in reversed(self.instruments)]
        for path, origin in zip(paths, reversed(self._paths), strict=True):
            path.settle(origin.level, origin.fast)
        bars: list[Candle] = []
        since = self.now - self._start
        for ordinal, width in enumerate(widths, 1):
            since -= width
            beat = pulse.beat(-ordinal, self._start, since, width)
            bars += [path.backward(beat) for path in paths]
        return bars[::-1]

    def step(self) -> Sequence[Candle]:
        """Advance by one step and return one bar of `step_span` for each symbol, on its tick."""
        beat = self._pulse.beat(self._ordinal, self._start, self._ordinal * self._span, self._span)
        self._ordinal += 1
        return [path.forward(beat) for path in self._paths]

    def pack(self) -> bytes:
        """Return the position in the stream, about 20 bytes a symbol."""
        return msgspec.msgpack.encode(
            _State(self._start, self._ordinal, tuple((path.level, path.fast) for path in self._paths))
        )

    def restore(self, state: bytes) -> None:
        """Continue from a packed position, bit by bit as if never stopped.

        Raises:
            ValueError: it was packed by a market of other symbols, or is none.
        """
        try:
            position = msgspec.msgpack.decode(state, type=_State)
        except msgspec.DecodeError as error:
            raise ValueError(f"the stored market cannot be read: {error}") from error
        if len(position.paths) != len(self._paths):
            raise ValueError(f"the stored market has {len(position.paths)} symbols, this one {len(self._paths)}")
        self._start, self._ordinal = position.start, position.ordinal
        for path, (level, fast) in zip(self._paths, position.paths, strict=True):
            path.settle(level, fast)


def _contracts(symbols: tuple[str, ...]) -> tuple[Instrument, ...]:
    found = {symbol: contract(symbol) for symbol in symbols}
    unknown = [symbol for symbol, known in found.items() if known is None]
    if unknown or not symbols or len(set(symbols)) < len(symbols):
        wrong = f"unknown: {', '.join(unknown)}" if unknown else "each must be named once"
        raise ValueError(f"the market needs symbols of contracts it knows ({wrong}); possible: {', '.join(CONTRACTS)}")
    return tuple(known for known in found.values() if known is not None)
