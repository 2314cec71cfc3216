"""The flight recorder: every event that entered core, and what it answered, as a recording (`radtui.store.recording`).

Like the journal it is a port with a thread and an inline twin. It is nothing that trading waits for: a disk that is
slow, full or gone costs recorded events, never an order. What was lost is counted in the head of the next segment, and
that segment begins with core's whole state, so that it can be replayed all the same.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Sequence
from threading import Event as Signal
from threading import Thread
from typing import Final, Protocol

import msgspec

from radtui.core.commands import Command
from radtui.core.config import CoreConfig
from radtui.core.events import Event
from radtui.resilience.redaction import named
from radtui.store.masking import OPEN, Redaction, masked
from radtui.store.recording import FRAME, MAGIC, Head
from radtui.store.shelf import Shelf
from radtui.store.spool import MOST_WAITING, Chunk, Spool

SEGMENT: Final = 8_000_000
"""Bytes of a file at which a segment ends."""
_WRITE_EVERY: Final = 0.5
_AGAIN_AFTER: Final = 5.0
_CLOSE_WITHIN: Final = 2.0
_BATCH: Final = 64_000
_LEVEL: Final = 6
_COUNT: Final = struct.Struct(">BI")
_ENCODER: Final = msgspec.msgpack.Encoder()


class Recorder(Protocol):
    """Takes what went in and out of core. Never waits, never raises."""

    def begin(self, config: CoreConfig, state: Callable[[], bytes]) -> None:
        """Begin the recording of a core that was just made; `state` returns its whole state, b"" where it cannot."""
        ...

    def note(self, event: Event, commands: Sequence[Command] | None) -> None:
        """Take an event and what core answered; None where it broke."""
        ...

    @property
    def trouble(self) -> str:
        """Why events are not recorded; empty while all is well."""
        ...

    def close(self) -> None:
        """Write what waits."""
        ...


class InlineRecorder:
    """Writes where it is told, without a thread: for virtual time.

    Args:
        segment: bytes of a file at which a segment ends. batch: bytes that are gathered, so that they compress.
    """

    def __init__(
        self, shelf: Shelf, redaction: Redaction = OPEN, *, segment: int = SEGMENT, batch: int = _BATCH
    ) -> None:
        self._batch = batch
        self._segments = Segments(shelf, redaction, segment)
        self._spool: Spool | None = None

    def begin(self, config: CoreConfig, state: Callable[[], bytes]) -> None:
        """Begin the recording of a core."""
        self._spool = Spool(config, state)

    def note(self, event: Event, commands: Sequence[Command] | None) -> None:
        """Take an event and what core answered; None where it broke."""
        if self._spool is not None:
            self._spool.note(event, commands)
            if self._spool.waiting >= self._batch:
                self._segments.write(self._spool)

    @property
    def trouble(self) -> str:
        """Why events are not recorded."""
        return self._spool.trouble if self._spool else ""

    def close(self) -> None:
        """Write what waits."""
        if self._spool is not None:
            self._segments.write(self._spool)
        self._segments.close()


class ThreadRecorder:
    """Writes twice a second, in a thread of its own that ends with the process.

    Args:
        segment: bytes of a file at which a segment ends. most: bytes that may wait for the disk.
    """

    def __init__(self, shelf: Shelf, redaction: Redaction, *, segment: int = SEGMENT, most: int = MOST_WAITING) -> None:
        self._segments = Segments(shelf, redaction, segment)
        self._most = most
        self._spool: Spool | None = None
        self._ending = Signal()
        self._thread: Thread | None = None

    def begin(self, config: CoreConfig, state: Callable[[], bytes]) -> None:
        """Begin the recording of a core."""
        self._spool = Spool(config, state, most=self._most)
        self._thread = Thread(target=self._run, args=(self._spool,), name="recorder", daemon=True)
        self._thread.start()

    def note(self, event: Event, commands: Sequence[Command] | None) -> None:
        """Take an event and what core answered; None where it broke."""
        if self._spool is not None:
            self._spool.note(event, commands)

    @property
    def trouble(self) -> str:
        """Why events are not recorded."""
        return self._spool.trouble if self._spool else ""

    def close(self) -> None:
        """Write what waits, but wait no longer for a disk that does not answer than two seconds."""
        self._ending.set()
        if self._thread is not None:
            self._thread.join(_CLOSE_WITHIN)

    def _run(self, spool: Spool) -> None:
        pause = _WRITE_EVERY
        while not self._ending.wait(pause):
            pause = _WRITE_EVERY if self._segments.write(spool) else _AGAIN_AFTER
        self._segments.write(spool)
        self._segments.close()


class Segments:
    """Turns what a spool gives into the bytes of segments; see `radtui.store.recording` for the form."""

    def __init__(self, shelf: Shelf, redaction: Redaction, segment: int) -> None:
        self._shelf = shelf
        self._redaction = redaction
        self._segment = segment
        self._size = 0
        self._deflate = zlib.compressobj()

    def write(self, spool: Spool) -> bool:
        """Write all that waits in `spool`; return whether that was possible."""
        chunks = spool.take()
        written = 0
        try:
            for chunk in chunks:
                self._write(chunk)
                written += chunk.count
        except Exception as error:  # supervision point: whatever it is, the recorder must live on, and say so
            lost = sum(chunk.count for chunk in chunks) - written
            spool.fail(lost, f"events are not recorded: {named(error)}")
            return False
        if chunks:
            spool.trouble = ""
        spool.full = self._size >= self._segment
        return True

    def close(self) -> None:
        """Complete the last segment."""
        self._shelf.close()

    def _write(self, chunk: Chunk) -> None:
        if chunk.head is not None:
            self._begin(chunk.head)
        if chunk.count:
            self._append(self._frame(self._block(chunk)))

    def _begin(self, head: Head) -> None:
        self._shelf.begin(head.number, head.at)
        self._size = 0
        self._deflate = zlib.compressobj(_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
        packed, _ = masked(_ENCODER.encode(head), self._redaction)
        self._append(MAGIC + self._frame(packed))

    def _append(self, piece: bytes) -> None:
        self._shelf.append(piece)
        self._size += len(piece)

    def _frame(self, payload: bytes) -> bytes:
        piece = self._deflate.compress(payload) + self._deflate.flush(zlib.Z_SYNC_FLUSH)
        return FRAME.pack(len(piece), zlib.crc32(piece)) + piece

    def _block(self, chunk: Chunk) -> bytes:
        data, count = self._masked(chunk)
        opening = b"\x93" + _ENCODER.encode(chunk.first) + _ENCODER.encode(count)
        return b"".join((opening, _COUNT.pack(0xDD, chunk.count), data))

    def _masked(self, chunk: Chunk) -> tuple[bytes | bytearray, int]:
        """Return the records of a chunk with their texts masked, and how many were."""
        parts: list[bytes | bytearray] = []
        count = at = 0
        for begin, end in chunk.texts:
            cleaned, masks = masked(bytes(chunk.data[begin:end]), self._redaction)
            if masks:
                parts += (chunk.data[at:begin], cleaned)
                at, count = end, count + masks
        return (b"".join((*parts, chunk.data[at:])), count) if count else (chunk.data, 0)
