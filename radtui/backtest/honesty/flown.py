"""What the flight recorder knows of a day: the decisions, with which configuration, and where it has nothing."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import msgspec

from radtui.backtest.honesty.log import Decision, Key, Log
from radtui.core.commands import Say
from radtui.core.config import CoreConfig
from radtui.core.events import AccountReported, Configured, Event, ExchangeShown, SignalGiven
from radtui.core.market import TIMEFRAMES
from radtui.store.recording import AnyCommand, NotARecording, Record, Segment, opened

_EVENTS: Final = tuple(kind.__name__.encode() for kind in (SignalGiven, AccountReported, ExchangeShown, Configured))
_FACTS: Final = tuple(name.encode() for name in ("Evaluated", "PositionChanged", "OrderChanged", "Executed"))
_COMMANDS: Final = msgspec.msgpack.Decoder(list[AnyCommand])


class Run(msgspec.Struct, frozen=True):
    """A stretch of the day through which one start of the bot decided: closes of its first and last candle."""

    begin: int
    end: int


class Day(msgspec.Struct, kw_only=True):
    """What was recorded of a day.

    Attributes:
        log: of all that was recorded, also before it and after it. decisions: those of the day.
        config: of the first start that decided in it. equity: before its first decision; None where nobody said.
        runs: of the starts. segments: of the recording that hold decisions of the day, by start; boots: all of those.
        notes: what a reader should know.
    """

    log: Log
    decisions: dict[Key, Decision]
    config: CoreConfig
    equity: Decimal | None
    runs: tuple[Run, ...]
    segments: list[list[Path]]
    boots: list[list[Path]]
    notes: list[str]

    def boot(self, closed_at: int) -> list[Path]:
        """Return the segments of the start that decided on a candle of the day."""
        return next(boot for run, boot in zip(self.runs, self.boots, strict=True) if run.begin <= closed_at <= run.end)


class NothingFlown(Exception):
    """No decision of that day was recorded. `first`, `last`: closes of the candles that were decided on, 0 for none."""

    def __init__(self, first: int, last: int) -> None:
        super().__init__("nothing was flown")
        self.first, self.last = first, last


def flown(boots: list[list[Path]], begin: int, end: int) -> Day:
    """Return what the starts at `boots` decided at candles that closed after `begin`, and at `end` at the latest.

    Raises:
        NotARecording: something cannot be read. NothingFlown: there is no such decision.
    """
    reading = _Reading(begin, end)
    for boot in boots:
        reading.boot(boot)
    return reading.day()


class _Reading:
    def __init__(self, begin: int, end: int) -> None:
        self._begin, self._end = begin, end
        self._log, self._notes = Log(), list[str]()
        self._configs: list[CoreConfig] = []
        self._equity: Decimal | None = None
        self._runs: list[Run] = []
        self._segments: list[list[Path]] = []
        self._boots: list[list[Path]] = []
        self._first = self._last = 0

    def boot(self, paths: list[Path]) -> None:
        closes: list[int] = []
        holding: list[Path] = []
        for path in paths:
            segment = opened(path)
            found = list(self._told(segment))
            if found:
                holding.append(path)
                closes += found
                self._configs.append(segment.head.config)
            if segment.torn:
                self._notes.append(f"{path.name}: {segment.torn}; what came after it is lost")
        if closes:
            self._runs.append(Run(min(closes), max(closes)))
            self._segments.append(holding)
            self._boots.append(paths)

    def day(self) -> Day:
        if not self._configs:
            raise NothingFlown(self._first, self._last)
        first, *others = self._configs
        decisions = self._log.between(self._begin, self._end, TIMEFRAMES[first.timeframe])
        if any(msgspec.structs.replace(other, boot=first.boot) != first for other in others):
            self._notes.append("the configuration was another one at a later start; the replay goes by the first")
        return Day(
            log=self._log,
            decisions=decisions,
            config=first,
            equity=self._equity,
            runs=tuple(self._runs),
            segments=self._segments,
            boots=self._boots,
            notes=self._notes,
        )

    def _told(self, segment: Segment) -> Iterator[int]:
        """Take a segment's records; yield the closes of the day's candles that were decided on."""
        for record in segment.records():
            if any(name in record.packed for name in _EVENTS):
                yield from self._event(record.event)
            if any(name in record.answer for name in _FACTS):
                for command in _commands(record):
                    if isinstance(command, Say):
                        self._log.take(command.fact)

    def _event(self, event: Event) -> Iterator[int]:
        match event:
            case SignalGiven(closed_at=closed_at):
                self._log.signal(event.symbol, closed_at, event.signal, event.price)
                self._first = min(self._first or closed_at, closed_at)
                self._last = max(self._last, closed_at)
                if self._begin < closed_at <= self._end:
                    yield closed_at
            case AccountReported(account=account) | ExchangeShown(account=account) if account is not None:
                self._equity = account.equity if self._last <= self._begin else self._equity
            case Configured() if self._begin < self._last <= self._end:
                self._notes.append("the configuration was changed during the day; the replay goes by the first")
        if isinstance(event, ExchangeShown):
            self._log.hold([(position.symbol, position.lots) for position in event.positions])


def _commands(record: Record) -> list[Any]:
    """Return the answer to an event.

    Raises:
        NotARecording: this radtui has no such command.
    """
    try:
        told: list[Any] = _COMMANDS.decode(record.answer)
    except msgspec.MsgspecError as error:
        raise NotARecording(f"event {record.sequence} was answered by another radtui: {error}") from error
    return told
