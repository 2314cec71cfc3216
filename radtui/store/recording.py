"""The flight recorder's files: what they look like, and reading them.

A *recording* is a chain of segments ``<state>/recordings/<journal>/<boot>/NNNN.radrec``: one folder a start of the
engine, named after that moment in UTC, one file a few megabytes or an hour. A segment stands for itself: it tells the
configuration and begins either where core began or with core's whole state (`radtui.store.checkpoint`).

A segment, byte by byte::

    8 bytes   "radrec1" and a line feed
    frame     the head
    frame …   blocks of records, in order, until the end of the file

    frame:    4 bytes  little-endian length of what follows after the next four
              4 bytes  little-endian CRC-32 of it
              …        a piece of one raw DEFLATE stream that runs through all frames, flushed (Z_SYNC_FLUSH) at
                       the end of each: so every whole frame can be read, and nothing after a tear is

    head:     MessagePack of `Head`
    block:    MessagePack [sequence of its first record, texts masked in it, [record, …]]
    record:   [event, [command, …]]: what core was told, and what it answered, each a map with its ``type``; nil in
              place of the commands where core broke (an exception, a bug)

Records count on by one over the segments of a boot; ``at`` of an event is its wall clock in nanoseconds UTC. Texts that
look like secrets were masked when this was written. After kill -9 the last frame may be torn, and up to about half a
second that was not yet written is missing; the reader stops there and says so.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from pathlib import Path
from struct import Struct
from typing import Any, Final, Union

import msgspec

import radtui.core.core  # noqa: F401  # once it is loaded, every event and command there is has been defined
from radtui.core.commands import Command
from radtui.core.config import CoreConfig
from radtui.core.events import Event

MAGIC: Final = b"radrec1\n"
SUFFIX: Final = ".radrec"
FORMAT: Final = 1
FRAME: Final = Struct("<II")
_HOME: Final = "radtui.core."
LARGEST: Final = 1 << 30
"""Bytes a frame may unfold to: a damaged or hostile file must not take all memory."""


def _any(base: type) -> Any:
    kinds: list[type] = base.__subclasses__()
    return Union[tuple(each for each in kinds if each.__module__.startswith(_HOME))]  # noqa: UP007  # made here


AnyEvent: Final[Any] = _any(Event)
"""The union of all events of core."""
AnyCommand: Final[Any] = _any(Command)
"""The union of all its commands."""


class NotARecording(Exception):
    """A file or folder that this cannot read; the message says why."""


class Head(msgspec.Struct, frozen=True, kw_only=True):
    """How a segment begins.

    Attributes:
        radtui: version that wrote it.
        number: of this segment in its boot, from 1. first: sequence of its first record.
        at: wall clock, nanoseconds UTC.
        state: core's whole state before `first`; empty where core had just been made, or could not be written down.
        lost: events between the last segment and this one that were not recorded. why: they were not.
    """

    format: int = FORMAT
    radtui: str
    number: int
    first: int
    at: int
    config: CoreConfig
    state: bytes = b""
    lost: int = 0
    why: str = ""

    @property
    def alone(self) -> bool:
        """Whether a replay can begin here."""
        return self.first == 1 or bool(self.state)


class _Wire(msgspec.Struct, frozen=True, array_like=True):
    event: msgspec.Raw
    commands: msgspec.Raw


class _Block(msgspec.Struct, frozen=True, array_like=True):
    first: int
    masked: int
    records: tuple[_Wire, ...]


class Record(msgspec.Struct, frozen=True):
    """One event that core was told, and its answer.

    Attributes:
        packed: the event, as MessagePack. answer: the array of its commands, as MessagePack; nil where core broke.
    """

    sequence: int
    packed: bytes
    answer: bytes

    @property
    def event(self) -> Event:
        """The event.

        Raises:
            NotARecording: this radtui has no such event.
        """
        try:
            told: Event = _EVENTS.decode(self.packed)
        except msgspec.MsgspecError as error:
            raise NotARecording(f"event {self.sequence} was recorded by another radtui: {error}") from error
        return told

    @property
    def commands(self) -> Any:
        """What core answered, as plain values; None where it broke."""
        return msgspec.msgpack.decode(self.answer)


_HEADS: Final = msgspec.msgpack.Decoder(Head)
_BLOCKS: Final = msgspec.msgpack.Decoder(_Block)
_EVENTS: Final = msgspec.msgpack.Decoder(AnyEvent)


class Segment:
    """One file of a recording, read block by block.

    Attributes:
        head: how it begins.
        torn: after iterating: why nothing more could be read, empty where it ended properly.
        masked: texts that were masked in what was read so far.

    Raises:
        NotARecording: it is not a segment, or of a later format.
    """

    def __init__(self, content: bytes, name: str = "recording") -> None:
        self.name = name
        self.torn = ""
        self.masked = 0
        if not content.startswith(MAGIC):
            raise NotARecording(f"{name} is not a recording of radtui")
        self._content = content
        self._inflate = zlib.decompressobj(-zlib.MAX_WBITS)
        self._frames = self._unfolded()
        self.head = self._opened(next(self._frames, None))

    def records(self) -> Iterator[Record]:
        """Iterate over the records, once, as far as they can be read."""
        for payload in self._frames:
            try:
                block = _BLOCKS.decode(payload)
            except msgspec.MsgspecError as error:
                self.torn = f"a block cannot be read: {error}"
                return
            self.masked += block.masked
            for sequence, wire in enumerate(block.records, block.first):
                yield Record(sequence, bytes(wire.event), bytes(wire.commands))

    def _opened(self, payload: bytes | None) -> Head:
        if payload is None:
            raise NotARecording(f"{self.name} ends within its head")
        try:
            head = _HEADS.decode(payload)
        except msgspec.MsgspecError as error:
            raise NotARecording(f"the head of {self.name} cannot be read: {error}") from error
        if head.format > FORMAT:
            raise NotARecording(f"{self.name} is of format {head.format}; this radtui reads up to {FORMAT}")
        return head

    def _unfolded(self) -> Iterator[bytes]:
        """Iterate over the frames as they were before they were compressed."""
        content, at = self._content, len(MAGIC)
        while at < len(content):
            begin = at + FRAME.size
            if begin > len(content):
                self.torn = "the file ends within a frame"
                return
            size, check = FRAME.unpack_from(content, at)
            at = begin + size
            piece = content[begin:at]
            if len(piece) < size or zlib.crc32(piece) != check:
                self.torn = "the file ends within a frame" if at >= len(content) else "a frame is damaged"
                return
            try:
                yield self._inflate.decompress(piece, LARGEST)
            except zlib.error as error:
                self.torn = f"a frame cannot be unfolded: {error}"
                return


def chain(where: Path) -> list[list[Path]]:
    """Return the segments at `where`, oldest first, those of a boot together.

    Args:
        where: a segment, the folder of a boot, or a folder above it.

    Raises:
        NotARecording: nothing is there.
    """
    if where.is_file():
        return [[where]]
    boots: dict[Path, list[Path]] = {}
    for path in sorted(where.rglob(f"*{SUFFIX}")):
        boots.setdefault(path.parent, []).append(path)
    if not boots:
        raise NotARecording(f"{where} holds no recording" if where.is_dir() else f"{where} is not there")
    return list(boots.values())


def opened(path: Path) -> Segment:
    """Return the segment in the file at `path`.

    Raises:
        NotARecording: it cannot be read.
    """
    try:
        return Segment(path.read_bytes(), path.name)
    except OSError as error:
        raise NotARecording(f"{path} cannot be read: {error.strerror}") from error
