"""A life on record: told again what it was told, a fresh core answers the same (row O5)."""

from __future__ import annotations

from radtui.store.recorder import InlineRecorder
from radtui.store.recording import Segment
from radtui.store.rerun import rerun
from radtui.store.shelf import MemoryShelf

NAME = "a replay is the same"
SHARE = 0.1
"""Of the lives: each costs the work of its core once more."""


class Recorded:
    """The flight recorder of one life.

    Attributes:
        recorder: for the engine.
    """

    def __init__(self) -> None:
        self._shelf = MemoryShelf()
        self.recorder = InlineRecorder(self._shelf)

    def differs(self) -> str:
        """Return where a replay first differs; empty where it does not."""
        self.recorder.close()
        if self.recorder.trouble:
            return f"not everything is on record: {self.recorder.trouble}"
        found = rerun(Segment(bytes(content)) for content in self._shelf.segments).diverged
        if found is None:
            return ""
        return f"event {found.sequence} ({type(found.event).__name__}): {'; '.join(found.differences)}"
