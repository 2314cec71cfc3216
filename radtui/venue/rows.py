"""The rows of a market file as bars: on the contract's grid, in order, without gaps, or refused with their line."""

from __future__ import annotations

import csv
from array import array
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from typing import Final, NoReturn

from radtui.core.instrument import Instrument
from radtui.core.market import DAY, SECOND
from radtui.core.money import ZERO, to_tick
from radtui.venue.columns import Columns

COLUMNS: Final = ("timestamp", "open", "high", "low", "close", "volume")
_LONGEST_GAP: Final = 7 * DAY
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_UNITS: Final = ((10**11, SECOND), (10**14, 1_000_000), (10**17, 1000))
"""Epochs below the first are seconds, then milliseconds, then microseconds; above all of them nanoseconds."""
_END: Final = 2**63
"""Nanoseconds that fit into 64 bits."""
_PRICES_KNOWN: Final = 50_000
"""Written prices that are remembered in ticks: most come again soon, and a year of them would take 100 MB."""

Row = tuple[int, Decimal, Decimal, Decimal, Decimal, Decimal]
"""Open time in nanoseconds UTC, then open, high, low, close and volume."""
_Bar = tuple[int, int, int, int, int, Decimal]
"""The same, with prices in ticks."""
_Line = tuple[int, _Bar]


class BadHistory(ValueError):
    """A market file that cannot be replayed. The message names the line and says what to do."""


class Rows:
    """Turns the lines of one file into bars, and says which line cannot be."""

    def __init__(self, name: str, instrument: Instrument) -> None:
        self._name, self._instrument = name, instrument
        self._prices: dict[str | Decimal, int] = {}

    def read(self, text: str) -> Columns:
        """Return the bars of a CSV text."""
        reader = csv.reader(text.splitlines())
        try:
            order = self._order(next(reader, []))
            return self._whole(self._row(reader.line_num, row, order) for row in reader if row)
        except csv.Error as error:
            self._refuse(reader.line_num, f"it is not CSV ({error})", "Export it again")

    def take(self, rows: Iterable[Row]) -> Columns:
        """Return the bars of rows that were read already; they are numbered from 1 in messages."""
        return self._whole(self._figures(number, row) for number, row in enumerate(rows, 1))

    def _figures(self, line: int, row: Row) -> _Line:
        at, opened, high, low, close, volume = row
        try:
            prices = self._price(opened), self._price(high), self._price(low), self._price(close)
        except ValueError as error:
            self._refuse(line, str(error), "Correct or remove that line")
        return self._sound(line, (at, *prices, volume))

    def _order(self, header: list[str]) -> tuple[int, ...]:
        names = [name.strip().lower() for name in header]
        missing = [name for name in COLUMNS if name not in names]
        if missing:
            self._refuse(1, f"the header lacks {', '.join(missing)}", f"It must name {','.join(COLUMNS)}")
        return tuple(names.index(name) for name in COLUMNS)

    def _row(self, line: int, row: list[str], order: tuple[int, ...]) -> _Line:
        try:
            at, opened, high, low, close, volume = [row[column] for column in order]
            prices = self._price(opened), self._price(high), self._price(low), self._price(close)
            bar = moment(at), *prices, _figure(volume)
        except IndexError:
            self._refuse(line, f"it has {len(row)} columns", "Correct or remove that line")
        except ValueError as error:
            self._refuse(line, str(error), "Correct or remove that line")
        return self._sound(line, bar)

    def _sound(self, line: int, bar: _Bar) -> _Line:
        _, opened, high, low, close, _ = bar
        if not low <= min(opened, close) <= max(opened, close) <= high:
            self._refuse(line, "its high is below, or its low above, another price", "Correct or remove that line")
        return line, bar

    def _price(self, written: str | Decimal) -> int:
        """Return a price in ticks."""
        ticks = self._prices.get(written)
        if ticks is None:
            exact = _figure(written)
            if not 0 < exact <= self._instrument.max_price:
                raise ValueError(f"{written} is no price of {self._instrument.symbol}")
            if len(self._prices) >= _PRICES_KNOWN:
                self._prices.clear()
            ticks = self._prices[written] = max(int(to_tick(exact, self._instrument.tick) / self._instrument.tick), 1)
        return ticks

    def _whole(self, lines: Iterable[_Line]) -> Columns:
        """Return the bars of all lines, without gaps."""
        instrument = self._instrument
        bars = Columns(instrument.symbol, instrument.tick, 0, 0)
        numbers, times = array("q"), array("q")
        for line, (at, opened, high, low, close, volume) in lines:
            if times and at <= times[-1]:
                self._refuse(line, "its time is not after the line before it", "Sort the file and remove repeats")
            numbers.append(line)
            times.append(at)
            bars.add(opened, high, low, close, volume)
        if len(times) < 2:
            self._refuse(1, "there are fewer than two rows", "Take a longer file")
        bars.opened_at, bars.span = times[0], min(after - before for before, after in pairwise(times))
        self._on_grid(numbers, times, bars.span)
        return bars if bars.begins(len(bars) - 1) == times[-1] else _without_gaps(bars, times)

    def _on_grid(self, numbers: Sequence[int], times: Sequence[int], span: int) -> None:
        last = times[0]
        for line, at in zip(numbers, times, strict=True):
            if at % span:
                self._refuse(line, f"its time is off the grid of {span // SECOND} s", "Correct or remove that line")
            if at - last > _LONGEST_GAP:
                self._refuse(line, "more than 7 days are missing before it", "Split the file there")
            last = at

    def _refuse(self, line: int, what: str, do: str) -> NoReturn:
        raise BadHistory(f"{self._name}, line {line}: {what}. {do}.")


def _without_gaps(bars: Columns, times: Sequence[int]) -> Columns:
    """Return bars that were recorded at `times` with flat ones, without volume, where one is missing."""
    whole = Columns(bars.symbol, bars.tick, bars.opened_at, bars.span)
    for place, at in enumerate(times):
        while whole.begins(len(whole)) < at:
            close = whole.close[-1]
            whole.add(close, close, close, close, ZERO)
        whole.add(bars.open[place], bars.high[place], bars.low[place], bars.close[place], bars.lots(place))
    return whole


def _figure(written: str | Decimal) -> Decimal:
    try:
        figure = Decimal(written)
    except InvalidOperation:
        raise ValueError(f"{written!r} is no number") from None
    if not figure.is_finite() or figure < 0:
        raise ValueError(f"{written} is no price and no volume")
    return figure


def moment(text: str) -> int:
    """Return a time in nanoseconds UTC: an epoch (its unit is told by its size), or ISO text (UTC without a zone).

    Raises:
        ValueError: it is none, or none between 1970 and 2262.
    """
    if text.isascii() and text.isdecimal():
        number = int(text)
        at = number * next((unit for above, unit in _UNITS if number < above), 1)
    else:
        read = datetime.fromisoformat(text.strip())
        aware = read if read.tzinfo else read.replace(tzinfo=UTC)
        at = (aware - _EPOCH) // _MICROSECOND * 1000
    if not 0 <= at < _END:
        raise ValueError(f"{text} lies before 1970 or after 2262")
    return at
