"""A recorded market: the bars of an OHLCV file, replayed in step."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256
from pathlib import Path

import msgspec

from radtui.core.instrument import Instrument
from radtui.core.market import SECOND, Candle
from radtui.venue.columns import Columns
from radtui.venue.contracts import CONTRACTS
from radtui.venue.rows import BadHistory, Row, Rows

__all__ = ["BadHistory", "RecordedMarket", "Recording"]


class Recording(msgspec.Struct, frozen=True):
    """Rows that were read already.

    Attributes:
        name: what they are called in messages. digest: the same for the same rows alone, 12 letters or more.
    """

    name: str
    digest: str
    rows: Iterable[Row]


class RecordedMarket:
    """The bars of one file, one symbol. Implements `radtui.venue.market.Market`.

    The file has a header ``timestamp,open,high,low,close,volume``; rows are UTC bar opens (ISO text, or epoch seconds
    or milliseconds), rising. Their smallest distance is the bars' span; a missing bar is flat at the last close, with
    no volume. Prices are rounded to the contract's tick, volume is taken as lots.

    Attributes:
        bars: all of them. passed: how many are over. end: how many are to be replayed.
        step_span: nanoseconds of one bar.

    Args:
        file: a CSV file, or rows that were read already.
        warmup: how many bars from the first on are history when the market begins.

    Raises:
        BadHistory: the file is missing or cannot be replayed as it is.
    """

    def __init__(
        self, file: Path | str | Recording, symbols: tuple[str, ...] = ("XBTUSDTM",), warmup: int = 500
    ) -> None:
        instrument = _contract(symbols)
        name, digest, bars = (
            _recorded(file, instrument) if isinstance(file, Recording) else _csv(Path(file), instrument)
        )
        if len(bars) <= warmup:
            raise BadHistory(
                f"{name} holds {len(bars)} bars and {warmup} of them are warm-up, so nothing is left "
                "to trade. Take a longer file or a shorter warm-up."
            )
        self.instruments, self.source = (instrument,), f"file:{name}:{digest[:12]}"
        self.bars, self.step_span = bars, bars.span
        self.passed, self.end = warmup, len(bars)
        self._name = name

    @property
    def now(self) -> int:
        """Market clock, nanoseconds UTC: the end of the last step."""
        return self.bars.begins(self.passed)

    @property
    def ended(self) -> bool:
        """Whether all bars were replayed."""
        return self.passed >= self.end

    @property
    def ends_at(self) -> int:
        """When the last bar is over, nanoseconds UTC."""
        return self.bars.begins(self.end)

    def narrow(self, begin: int | None, end: int | None) -> None:
        """Begin at the bar that opens at `begin`, nanoseconds UTC, with all before it as warm-up; end before `end`.

        Raises:
            BadHistory: nothing is left.
        """
        if end is not None:
            self.end = min(self.end, self.bars.before(end))
        if begin is not None:
            self.passed = min(self.bars.before(begin), self.end)
        if self.passed >= self.end:
            raise BadHistory(f"{self._name} has no bars in that time. Choose another, or a longer file.")

    def warm(self, span: int, count: int) -> Sequence[Candle]:
        """Return the warm-up's last bars that `count` candles of `span` need; fewer where it is shorter.

        Raises:
            BadHistory: candles of `span` cannot be made of bars this long.
        """
        if span % self.step_span:
            raise BadHistory(
                f"{self._name} has bars of {self.step_span // SECOND} s: no candles of {span // SECOND} s can be made "
                "of them. Choose a timeframe that is a multiple of the bars, or a finer file."
            )
        since = self.now - self.now % span - count * span
        needed = (self.now - since) // self.step_span
        return self.bars[max(0, self.passed - needed) : self.passed]

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
            raise EOFError(f"{self._name} has no more bars")
        self.passed += 1
        return (self.bars[self.passed - 1],)

    def leap(self, count: int) -> Candle:
        """Advance by `count` bars, at least one, and return the last of them.

        Raises:
            EOFError: the market ends before.
        """
        if self.passed + count > self.end:
            raise EOFError(f"{self._name} has no more bars")
        self.passed += count
        return self.bars[self.passed - 1]

    def pack(self) -> bytes:
        """Return the position in the file."""
        return msgspec.msgpack.encode(self.passed)

    def restore(self, state: bytes) -> None:
        """Continue from a packed position.

        Raises:
            ValueError: it does not lie in this file.
        """
        position = msgspec.msgpack.decode(state)
        if not isinstance(position, int) or not 0 <= position <= self.end:
            raise ValueError(f"the stored market position {position!r} does not lie in {self._name}")
        self.passed = position


def _csv(path: Path, instrument: Instrument) -> tuple[str, str, Columns]:
    """Return name, digest and bars of a file."""
    content = _read(path)
    return path.name, sha256(content).hexdigest(), Rows(path.name, instrument).read(_text(content, path.name))


def _recorded(given: Recording, instrument: Instrument) -> tuple[str, str, Columns]:
    return given.name, given.digest, Rows(given.name, instrument).take(given.rows)


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
