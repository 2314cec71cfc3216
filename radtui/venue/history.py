"""A recorded market: the bars of an OHLCV file, replayed in step."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import Final, NoReturn

import msgspec

from radtui.core.instrument import Instrument
from radtui.core.market import DAY, SECOND, Candle
from radtui.core.money import ZERO, to_tick
from radtui.venue.contracts import CONTRACTS

COLUMNS: Final = ("timestamp", "open", "high", "low", "close", "volume")
_LONGEST_GAP: Final = 7 * DAY
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


class BadHistory(ValueError):
    """A market file that cannot be replayed. The message names the line and says what to do."""


class RecordedMarket:
    """The bars of one file, one symbol. Implements `radtui.venue.market.Market`.

    The file has a header ``timestamp,open,high,low,close,volume``; rows are UTC bar opens (ISO text, or epoch seconds
    or milliseconds), rising. Their smallest distance is the bars' span; a missing bar is flat at the last close, with
    no volume. Prices are rounded to the contract's tick, volume is taken as lots.

    Args:
        warmup: how many bars from the first on are history when the market begins.

    Raises:
        BadHistory: the file is missing or cannot be replayed as it is.
    """

    def __init__(self, path: Path | str, symbols: tuple[str, ...] = ("XBTUSDTM",), warmup: int = 500) -> None:
        self._instrument = _contract(symbols)
        self.instruments = (self._instrument,)
        self._path = Path(path)
        content = _read(self._path)
        self.source = f"file:{self._path.name}:{sha256(content).hexdigest()[:12]}"
        rows = _Rows(self._path.name, self._instrument)
        self._bars, self._span = rows.bars(_text(content, self._path.name))
        if len(self._bars) <= warmup:
            raise BadHistory(
                f"{self._path.name} holds {len(self._bars)} bars and {warmup} of them are warm-up, so nothing is left "
                "to trade. Take a longer file or a shorter warm-up."
            )
        self._warmup = self._next = warmup

    @property
    def now(self) -> int:
        """Market clock, nanoseconds UTC: the end of the last step."""
        return self._bars[self._next - 1].closed_at if self._next else self._bars[0].opened_at

    @property
    def step_span(self) -> int:
        """Nanoseconds of one bar."""
        return self._span

    @property
    def ended(self) -> bool:
        """Whether all bars were replayed."""
        return self._next >= len(self._bars)

    def warm(self, span: int, count: int) -> Sequence[Candle]:
        """Return the warm-up's last bars that `count` candles of `span` need; fewer where it is shorter.

        Raises:
            BadHistory: candles of `span` cannot be made of bars this long.
        """
        if span % self._span:
            raise BadHistory(
                f"{self._path.name} has bars of {self._span // SECOND} s: no candles of {span // SECOND} s can be made "
                "of them. Choose a timeframe that is a multiple of the bars, or a finer file."
            )
        since = self.now - self.now % span - count * span
        needed = (self.now - since) // self._span
        return self._bars[max(0, self._next - needed) : self._next]

    def warm_all(self, spans: Sequence[int], count: int) -> Sequence[Candle]:
        """Return the warm-up's last bars that `count` candles of the longest span need; fewer where it is shorter.

        Raises:
            BadHistory: candles of a span cannot be made of bars this long.
        """
        return max((self.warm(span, count) for span in spans), key=len)

    def step(self) -> Sequence[Candle]:
        """Advance by one bar and return it.

        Raises:
            EOFError: the market has ended.
        """
        if self.ended:
            raise EOFError(f"{self._path.name} has no more bars")
        self._next += 1
        return (self._bars[self._next - 1],)

    def pack(self) -> bytes:
        """Return the position in the file."""
        return msgspec.msgpack.encode(self._next)

    def restore(self, state: bytes) -> None:
        """Continue from a packed position.

        Raises:
            ValueError: it does not lie in this file.
        """
        position = msgspec.msgpack.decode(state)
        if not isinstance(position, int) or not 0 <= position <= len(self._bars):
            raise ValueError(f"the stored market position {position!r} does not lie in {self._path.name}")
        self._next = position


class _Rows:
    """Turns the lines of one file into bars, and says which line cannot be."""

    def __init__(self, name: str, instrument: Instrument) -> None:
        self._name, self._instrument = name, instrument
        self._prices: dict[str, Decimal] = {}

    def bars(self, text: str) -> tuple[list[Candle], int]:
        """Return the bars without gaps, and their span in nanoseconds."""
        reader = csv.reader(text.splitlines())
        try:
            order = self._order(next(reader, []))
            rows = [self._row(reader.line_num, row, order) for row in reader if row]
        except csv.Error as error:
            self._refuse(reader.line_num, f"it is not CSV ({error})", "Export it again")
        span = self._span(rows)
        return list(self._without_gaps(rows, span)), span

    def _order(self, header: list[str]) -> tuple[int, ...]:
        names = [name.strip().lower() for name in header]
        missing = [name for name in COLUMNS if name not in names]
        if missing:
            self._refuse(1, f"the header lacks {', '.join(missing)}", f"It must name {','.join(COLUMNS)}")
        return tuple(names.index(name) for name in COLUMNS)

    def _row(self, line: int, row: list[str], order: tuple[int, ...]) -> tuple[int, Candle]:
        try:
            at, opened, high, low, close, volume = [row[column] for column in order]
            prices = self._price(opened), self._price(high), self._price(low), self._price(close)
            bar = Candle(self._instrument.symbol, _moment(at), 0, *prices, _figure(volume))
        except IndexError:
            self._refuse(line, f"it has {len(row)} columns", "Correct or remove that line")
        except ValueError as error:
            self._refuse(line, str(error), "Correct or remove that line")
        if not bar.low <= min(bar.open, bar.close) <= max(bar.open, bar.close) <= bar.high:
            self._refuse(line, "its high is below, or its low above, another price", "Correct or remove that line")
        return line, bar

    def _price(self, text: str) -> Decimal:
        price = self._prices.get(text)
        if price is None:
            exact, tick = _figure(text), self._instrument.tick
            if not 0 < exact <= self._instrument.max_price:
                raise ValueError(f"{text} is no price of {self._instrument.symbol}")
            price = self._prices[text] = max(to_tick(exact, tick), tick)
        return price

    def _span(self, rows: list[tuple[int, Candle]]) -> int:
        if len(rows) < 2:
            self._refuse(1, "there are fewer than two rows", "Take a longer file")
        for (_, before), (line, bar) in pairwise(rows):
            if bar.opened_at <= before.opened_at:
                self._refuse(line, "its time is not after the line before it", "Sort the file and remove repeats")
        return min(bar.opened_at - before.opened_at for (_, before), (_, bar) in pairwise(rows))

    def _without_gaps(self, rows: list[tuple[int, Candle]], span: int) -> Iterator[Candle]:
        last: Candle | None = None
        for line, row in rows:
            if row.opened_at % span:
                self._refuse(line, f"its time is off the grid of {span // SECOND} s", "Correct or remove that line")
            if last is not None:
                if row.opened_at - last.opened_at > _LONGEST_GAP:
                    self._refuse(line, "more than 7 days are missing before it", "Split the file there")
                yield from _flat(last, row.opened_at)
            last = msgspec.structs.replace(row, span=span)
            yield last

    def _refuse(self, line: int, what: str, do: str) -> NoReturn:
        raise BadHistory(f"{self._name}, line {line}: {what}. {do}.")


def _flat(last: Candle, until: int) -> Iterable[Candle]:
    close = last.close
    for at in range(last.closed_at, until, last.span):
        yield Candle(last.symbol, at, last.span, close, close, close, close, ZERO)


def _figure(text: str) -> Decimal:
    try:
        figure = Decimal(text)
    except InvalidOperation:
        raise ValueError(f"{text!r} is no number") from None
    if not figure.is_finite() or figure < 0:
        raise ValueError(f"{text} is no price and no volume")
    return figure


def _moment(text: str) -> int:
    """Return a time in nanoseconds UTC: epoch seconds or milliseconds, or ISO text (UTC where it names no zone)."""
    if text.isdecimal():
        number = int(text)
        return number * (SECOND if number < 100_000_000_000 else 1_000_000)
    moment = datetime.fromisoformat(text.strip())
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return (aware - _EPOCH) // _MICROSECOND * 1000


def _contract(symbols: tuple[str, ...]) -> Instrument:
    if len(symbols) != 1 or symbols[0] not in CONTRACTS:
        raise BadHistory(
            f"a market file holds one symbol, and {', '.join(symbols) or 'none'} was named. "
            f"Say which it is: {', '.join(CONTRACTS)}."
        )
    return CONTRACTS[symbols[0]]


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise BadHistory(f"the market file {path} cannot be read: {error.strerror}. Give an OHLCV file.") from error


def _text(content: bytes, name: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadHistory(f"{name} is not a text file. Give an OHLCV file as CSV in UTF-8.") from error
