"""A recording told to a fresh core: does it answer every event as it did then? Where not, that is the first divergence.

Core is pure, so the same events give the same commands, to the byte. A difference means that core was changed since,
that something reached it past its events, or that the recording had secrets masked in it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from difflib import SequenceMatcher
from typing import Any, Final

import msgspec

from radtui.core import view
from radtui.core.core import Core
from radtui.core.events import Event
from radtui.core.snapshot import Snapshot
from radtui.store.checkpoint import NoCheckpoint, restore
from radtui.store.recording import Head, Record, Segment

_ENCODER: Final = msgspec.msgpack.Encoder()
_NOTHING: Final = _ENCODER.encode([])
_MOST_DIFFERENCES: Final = 12

Until = Callable[[int, int], bool]
"""Tells of the sequence and the wall clock of an event whether the replay ends before it."""


class Divergence(msgspec.Struct, frozen=True, kw_only=True):
    """The first event that core now answers differently.

    Attributes:
        event: as plain values. recorded, now: the commands, as plain values; None where core broke.
        differences: in words, one a line.
        snapshot: what a person would have seen after it, as core is now.
    """

    sequence: int
    at: int
    event: Any
    recorded: Any
    now: Any
    differences: tuple[str, ...]
    snapshot: Snapshot


class Outcome(msgspec.Struct, kw_only=True):
    """What a replay of one boot found.

    Attributes:
        heads: of the segments that were read. events, replayed: how many there were, and how many core was told.
        since, until: wall clock of the first and the last event.
        kinds: events by kind. commands, facts: what was recorded as answers, by kind.
        receipts: of instructions, in words. notes: what a reader should know.
        diverged: None where all is the same. snapshot: at the end; None where nothing was replayed.
    """

    heads: list[Head] = []
    events: int = 0
    replayed: int = 0
    since: int = 0
    until: int = 0
    kinds: Counter[str] = msgspec.field(default_factory=Counter)
    commands: Counter[str] = msgspec.field(default_factory=Counter)
    facts: Counter[str] = msgspec.field(default_factory=Counter)
    receipts: list[str] = []
    notes: list[str] = []
    masked: int = 0
    diverged: Divergence | None = None
    snapshot: Snapshot | None = None


def rerun(segments: Iterable[Segment], ends: Until = lambda _sequence, _at: False) -> Outcome:
    """Tell a fresh core the events of one boot's segments, oldest first, up to the first divergence.

    Raises:
        NotARecording: an event is not known to this radtui.
    """
    return _Rerun(ends).run(segments)


class _Rerun:
    def __init__(self, ends: Until) -> None:
        self._ends = ends
        self._core: Core | None = None
        self._next = 0
        self._over = False
        self._broke = ""
        self.outcome = Outcome()

    def run(self, segments: Iterable[Segment]) -> Outcome:
        outcome = self.outcome
        for segment in segments:
            if self._over:
                break
            outcome.heads.append(segment.head)
            self._begin(segment.head)
            self._segment(segment)
            outcome.masked += segment.masked
            if segment.torn:
                outcome.notes.append(f"{segment.name}: {segment.torn}; what came after it is lost")
        if self._core is not None and outcome.replayed:
            outcome.snapshot = self._picture(self._core)
        return outcome

    def _begin(self, head: Head) -> None:
        """Have a core for the segment: the one that goes on, a fresh one, or one in the state that was kept."""
        if head.lost:
            self.outcome.notes.append(f"segment {head.number}: {head.lost} events before it are lost: {head.why}")
        if self._core is not None and head.first == self._next:
            return
        self._next = head.first
        self._core = Core(head.config)
        try:
            if head.state:
                restore(self._core, head.state)
            elif not head.alone:
                raise NoCheckpoint("it begins in the middle, without core's state")  # noqa: TRY301  # one way out
        except NoCheckpoint as impossible:
            self._core = None
            self.outcome.notes.append(f"segment {head.number} cannot be replayed alone: {impossible}")

    def _segment(self, segment: Segment) -> None:
        for record in segment.records():
            event = record.event
            if self._ends(record.sequence, event.at):
                self._over = True
                return
            self._tally(record, event)
            self._next = record.sequence + 1
            if self._core is not None and not self._same(self._core, record, event):
                self._over = True
                return

    def _same(self, core: Core, record: Record, event: Event) -> bool:
        now = self._answer(core, event)
        self.outcome.replayed += 1
        if now == record.answer:
            return True
        recorded, answered = record.commands, msgspec.msgpack.decode(now)
        self.outcome.diverged = Divergence(
            sequence=record.sequence,
            at=event.at,
            event=msgspec.to_builtins(event),
            recorded=recorded,
            now=answered,
            differences=self._said(recorded, answered),
            snapshot=self._picture(core),
        )
        return False

    def _said(self, recorded: Any, now: Any) -> tuple[str, ...]:
        return (f"core breaks now: {self._broke}",) if now is None else differences(recorded, now)

    def _answer(self, core: Core, event: Event) -> bytes:
        try:
            return _ENCODER.encode(core.handle(event))
        except Exception as error:  # supervision point: what core breaks on is what a replay looks for
            self._broke = f"{type(error).__name__}: {error}"
            return _ENCODER.encode(None)

    def _picture(self, core: Core) -> Snapshot:
        return view.snapshot(core, 0, self.outcome.until, ())

    def _tally(self, record: Record, event: Event) -> None:
        outcome = self.outcome
        outcome.events += 1
        outcome.since = outcome.since or event.at
        outcome.until = event.at
        outcome.kinds[type(event).__name__] += 1
        if record.answer == _NOTHING:
            return
        if record.commands is None:
            outcome.notes.append(f"core broke on event {record.sequence}, {type(event).__name__}, when it was recorded")
        for command in record.commands or ():
            outcome.commands[command["type"]] += 1
            if (fact := command.get("fact")) is not None:
                outcome.facts[fact["type"]] += 1
                if (receipt := fact.get("receipt")) is not None:
                    outcome.receipts.append(f"{receipt['ask']}: {receipt['message']}")


def differences(recorded: Any, now: Any) -> tuple[str, ...]:
    """Return in words how two answers differ, the first dozen: what is only in one, and what is another in both."""
    found: list[str] = []
    if recorded is None:
        found.append("core broke on it when it was recorded, and does not now")
    else:
        for begin, then, newer in _unlike(recorded, now):
            for number in range(max(len(then), len(newer))):
                left, right = (side[number] if number < len(side) else None for side in (then, newer))
                _compare(f"commands[{begin + number}]", left, right, found)
    return tuple(found[:_MOST_DIFFERENCES])


def _unlike(recorded: list[Any], now: list[Any]) -> Iterator[tuple[int, list[Any], list[Any]]]:
    """Iterate over the stretches where two lists of commands are not the same: position, and both sides of it."""
    before, after = ([_ENCODER.encode(command) for command in side] for side in (recorded, now))
    matcher: SequenceMatcher[bytes] = SequenceMatcher(a=before, b=after, autojunk=False)
    for change, begin, end, newer_begin, newer_end in matcher.get_opcodes():
        if change != "equal":
            yield begin, recorded[begin:end], now[newer_begin:newer_end]


def _compare(path: str, recorded: Any, now: Any, found: list[str]) -> None:
    if recorded == now:
        return
    if isinstance(recorded, dict) and isinstance(now, dict) and recorded.get("type") == now.get("type"):
        for name in recorded | now:
            _compare(f"{path}.{name}", recorded.get(name), now.get(name), found)
    elif isinstance(recorded, list) and isinstance(now, list):
        for number in range(max(len(recorded), len(now))):
            left, right = (side[number] if number < len(side) else None for side in (recorded, now))
            _compare(f"{path}[{number}]", left, right, found)
    else:
        found.append(f"{path}: recorded {_short(recorded)}, now {_short(now)}")


def _short(value: Any) -> str:
    if value is None:
        return "nothing"
    text = value if isinstance(value, str) else msgspec.json.encode(value).decode()
    return text if len(text) <= 160 else f"{text[:159]}…"
