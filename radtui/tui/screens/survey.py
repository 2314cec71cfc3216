"""What a stop would do, as the engine works it out on the order books: asked when a question opens (row L9)."""

from __future__ import annotations

from typing import Final

from radtui.core.instruction import Ask, ExitPolicy
from radtui.core.market import SECOND
from radtui.core.position_view import PositionView
from radtui.core.preview import Closing, Preview
from radtui.engine.handle import EngineHandle
from radtui.tui.panes.view import View, ours

_AGAIN: Final = 15 * SECOND
"""So long the figures of a book are shown; a question that stays open longer has them read anew."""
_SOON: Final = SECOND
"""So long at least between two readings where the positions change meanwhile."""


class Survey:
    """Asks what an emergency stop would do and keeps the latest answer. Whoever confirms never waits for it.

    Attributes:
        preview: the latest answer; None before the first.
        failing: why there is none: the engine's own words; empty where it did not refuse.
    """

    def __init__(self, handle: EngineHandle, who: str) -> None:
        self._handle = handle
        self._who = who
        self._asked = ""
        self._asked_at = 0
        self.preview: Preview | None = None
        self.failing = ""

    def look(self, view: View) -> None:
        """Take the answer where it has come; ask where there is none, or one that is no longer true."""
        receipt = self._handle.receipt(self._asked) if self._asked else None
        if receipt is not None:
            self._asked = ""
            self.preview = receipt.preview or self.preview
            self.failing = "" if receipt.preview else receipt.message
        since = view.now - self._asked_at
        if since >= _AGAIN or (since >= _SOON and not self._asked and not self.failing and self._outdated(view)):
            ack = self._handle.send(Ask.PREVIEW, who=self._who, exits=ExitPolicy.FLATTEN)
            self._asked, self._asked_at = ack.id, view.now

    def waited(self, now: int) -> int:
        """Return for how many nanoseconds an answer is awaited; 0 where none is."""
        return now - self._asked_at if self._asked else 0

    def of(self, held: PositionView) -> Closing | None:
        """Return how a position would be closed; None while that is not known of the position as it is now."""
        closes = self.preview.closes if self.preview else ()
        return next((each for each in closes if _same(each, held)), None)

    def _outdated(self, view: View) -> bool:
        held = ours(view.snapshot)
        return self.preview is None or len(held) != len(self.preview.closes) or not all(map(self.of, held))


def _same(closing: Closing, held: PositionView) -> bool:
    return closing.symbol == held.symbol and closing.lots * closing.side.sign == -held.lots
