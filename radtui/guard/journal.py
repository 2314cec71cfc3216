"""What a guardian leaves on disk: the record of its deeds, and what it must remember should it be restarted itself."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import msgspec

from radtui.core.guarding import Beat, Deed, Phase


class Memory(msgspec.Struct, frozen=True, kw_only=True):
    """Whom the guardian watches.

    Attributes:
        beat: the latest that changed anything; None before the first.
    """

    phase: Phase = Phase.WAITING
    beat: Beat | None = None


_deed: Final = msgspec.json.Decoder(Deed).decode
_memory: Final = msgspec.json.Decoder(Memory).decode


class Record:
    """A file of one deed a line, only ever appended to, on disk before the next deed is begun."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def add(self, deed: Deed) -> None:
        """Write a deed down.

        Raises:
            OSError: it cannot be written.
        """
        line = msgspec.json.encode(deed) + b"\n"
        descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        try:
            os.write(descriptor, line)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def deeds(self) -> Iterator[Deed]:
        """Return what was written, oldest first; a line that a power loss tore is left out."""
        try:
            lines = self._path.read_bytes().splitlines()
        except FileNotFoundError:
            return
        for line in lines:
            try:
                yield _deed(line)
            except msgspec.DecodeError:
                continue


class MemoryFile:
    """The memory as a file that is replaced whole."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def load(self) -> Memory:
        """Return what was kept last; nothing where there is nothing that can be read."""
        try:
            return _memory(self._path.read_bytes())
        except (FileNotFoundError, msgspec.DecodeError):
            return Memory()

    def keep(self, memory: Memory) -> None:
        """Put `memory` in the place of what was kept.

        Raises:
            OSError: it cannot be written.
        """
        draft = self._path.with_name(f"{self._path.name}.draft")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        try:
            os.write(descriptor, msgspec.json.encode(memory))
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        draft.replace(self._path)
