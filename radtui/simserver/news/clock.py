"""What the feed says by the clock: mark and index prices, funding, candles, the day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Final

from radtui.core.market import DAY, MINUTE, SECOND, Candle
from radtui.core.money import ZERO
from radtui.simserver.day import day as last_day
from radtui.simserver.floor import Floor, Said
from radtui.simserver.news.news import Audience, News
from radtui.simserver.push import market as push
from radtui.simserver.push.message import Message
from radtui.simserver.topics import ANNOUNCEMENT, CANDLE, INSTRUMENT, MONTH, SNAPSHOT, SPANS, split
from radtui.venue.chance import stream

_SPAN_NAMES: Final = {span: name for name, span in SPANS.items()}
_EVERY: Final = {INSTRUMENT: SECOND, CANDLE: SECOND, SNAPSHOT: 5 * SECOND}


class ClockNews:
    """Says what is due; what nobody listens to is not even made."""

    def __init__(self, floor: Floor, audience: Audience) -> None:
        self._floor = floor
        self._audience = audience
        self._due: dict[str, int] = {}
        self._forecast_due: dict[str, int] = {}
        self._candles: dict[str, Candle] = {}
        self._funding = {symbol: self._next_funding(symbol) for symbol in floor.instruments}

    def hear(self, said: Sequence[Said]) -> Iterator[News]:
        """Yield the candles that closed."""
        for message in said:
            if isinstance(message, Candle) and message.span in _SPAN_NAMES:
                topic = f"{CANDLE}:{message.symbol}_{_SPAN_NAMES[message.span]}"
                if self._audience.wants(topic):
                    self._candles.pop(topic, None)
                    yield News(topic, self._candle(message))

    def look(self, at: int) -> Iterator[News]:
        """Yield what is due at `at`, wall clock."""
        yield from self._settlements(at)
        for topic in self._audience.wanted:
            prefix, name = split(topic)
            every = _EVERY.get(prefix)
            if every is None or at < self._due.get(topic, 0):
                continue
            self._due[topic] = at - at % every + every
            for message in self._messages(topic, prefix, name, at):
                yield News(topic, message)

    def present(self, topic: str, at: int) -> list[Message]:
        """Return what a listener who just joined should know."""
        prefix, name = split(topic)
        self._candles.pop(topic, None)
        self._forecast_due.pop(topic, None)
        if prefix in _EVERY and at >= self._due.get(topic, 0):
            return []  # it is due for everybody, the new listener too
        return list(self._messages(topic, prefix, name, at))

    def _messages(self, topic: str, prefix: str, name: str, at: int) -> Iterator[Message]:
        if prefix == INSTRUMENT:
            yield from self._instrument(topic, name, at)
        elif prefix == SNAPSHOT:
            yield push.day(name, last_day(self._floor, name), at, f"{stream(name, at):024x}"[:24])
        elif prefix == CANDLE:
            yield from self._forming(topic, name)

    def _instrument(self, topic: str, symbol: str, at: int) -> Iterator[Message]:
        prices = self._floor.venue.prices(symbol)
        yield push.mark_index(prices.mark, prices.index, at)
        if at >= self._forecast_due.get(topic, 0):
            minute = at - at % MINUTE
            self._forecast_due[topic] = minute + MINUTE
            yield push.funding_rate(self._floor.venue.funding_rate(symbol), minute)

    def _forming(self, topic: str, name: str) -> Iterator[Message]:
        symbol, _, kind = name.rpartition("_")
        candle = self._month(symbol) if kind == MONTH else self._floor.forming(symbol, SPANS[kind])
        if candle is not None and candle != self._candles.get(topic):
            self._candles[topic] = candle
            yield self._candle(candle)

    def _month(self, symbol: str) -> Candle | None:
        """Return the candle of the calendar month, made of its days."""
        today = self._floor.forming(symbol, DAY)
        if today is None:
            return None
        begun = datetime.fromtimestamp(today.opened_at // SECOND, UTC).replace(day=1)
        days = [*self._floor.venue.candles(symbol, DAY, 31), today]
        days = [day for day in days if day.opened_at >= int(begun.timestamp()) * SECOND]
        return Candle(
            symbol,
            days[0].opened_at,
            today.closed_at - days[0].opened_at,
            days[0].open,
            max(day.high for day in days),
            min(day.low for day in days),
            today.close,
            sum((day.volume for day in days), ZERO),
        )

    def _candle(self, candle: Candle) -> Message:
        return push.candle(candle, candle.opened_at + self._floor.shift, self._floor.now())

    def _settlements(self, at: int) -> Iterator[News]:
        """Yield what is said when funding was settled since the last look."""
        for symbol, (due, rate) in self._funding.items():
            coming = self._next_funding(symbol)
            if coming[0] != due:
                yield from self._settled(symbol, rate, self._floor.wall(due), at)
            self._funding[symbol] = coming

    def _settled(self, symbol: str, rate: Decimal, settled_at: int, at: int) -> Iterator[News]:
        yield News(f"{INSTRUMENT}:{symbol}", push.funding_rate(rate, settled_at, push.SETTLED))
        for over in (False, True):
            message = push.funding_announcement(symbol, rate, settled_at, at if over else settled_at, over=over)
            yield News(ANNOUNCEMENT, message)
            yield News(f"{ANNOUNCEMENT}:{symbol}", message)

    def _next_funding(self, symbol: str) -> tuple[int, Decimal]:
        venue = self._floor.venue
        return venue.next_funding_at(symbol), venue.funding_rate(symbol)
