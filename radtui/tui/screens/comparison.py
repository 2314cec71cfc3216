"""What the sources of the settings have that is not in force: asked of the engine when the page opens (row C4)."""

from __future__ import annotations

from typing import Final

from radtui.core.configuration_view import Change
from radtui.core.instruction import Ask
from radtui.core.market import SECOND
from radtui.engine.handle import EngineHandle
from radtui.tui.panes.view import View

_AGAIN: Final = 5 * SECOND
"""So long an answer is shown before the sources are read again: a file may be saved while the page is open."""


class Comparison:
    """Asks, and keeps the latest answer. Whoever confirms never waits for it.

    Attributes:
        changes: what differs; None before the first answer.
        failing: why there is none: the engine's own words; empty where it did not refuse.
    """

    def __init__(self, handle: EngineHandle, who: str) -> None:
        self._handle, self._who = handle, who
        self._asked, self._asked_at, self._revision = "", 0, -1
        self.changes: tuple[Change, ...] | None = None
        self.failing = ""

    def look(self, view: View) -> None:
        """Take the answer where it has come; ask where there is none, or it is old, or something was changed since."""
        receipt = self._handle.receipt(self._asked) if self._asked else None
        if receipt is not None:
            self._asked = ""
            self.changes = receipt.changes if receipt.success else None
            self.failing = "" if receipt.success else receipt.message
        revision = view.snapshot.configuration.revision
        if view.now - self._asked_at >= _AGAIN or (revision != self._revision and not self._asked):
            ack = self._handle.send(Ask.CHECK_CONFIG, who=self._who)
            self._asked, self._asked_at, self._revision = ack.id, view.now, revision

    @property
    def live(self) -> tuple[Change, ...]:
        """What a reload would take over."""
        return tuple(each for each in self.changes or () if each.live)

    @property
    def waiting(self) -> tuple[Change, ...]:
        """What only a restart brings."""
        return tuple(each for each in self.changes or () if not each.live)
