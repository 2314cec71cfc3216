"""Taking control of a bot at which somebody else sits: asked once, and seen by both (row A4)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType

from radtui.tui.format import clean, since
from radtui.tui.panes.view import View, mode_words
from radtui.tui.screens.sheet import Sheet
from radtui.tui.widgets.tone import Line, Span, Tone, line


class TakeOverSheet(Sheet[bool | None]):
    """Says who holds control, and what taking it does; True where the person wants it."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("y", "yes", "take control", show=False)]
    heading = "Take control"
    hints = (("y", "take control"), ("esc", "do not"))

    def lines(self, view: View) -> Sequence[Line]:
        """Return who would lose control, and what stays as it is."""
        reach, holder = view.reach, clean(view.reach.holder)
        if not reach.watching:
            return [line("Nobody else holds control any more.")]
        return [
            line(f"{holder} has held control of {clean(view.bot)} ({mode_words(view)}) since "),
            line(f"{since(reach.helm.since, view.now)} UTC. Two who steer undo each other's work: ask them first."),
            *self.gap,
            line("Their cockpit says at once that you took it, and they can take it back."),
            line("What was asked before is carried out all the same; the bot does not notice."),
            *self.gap,
            line(Span(f"An emergency stop ({view.key('emergency')}) needs no control, from neither of you.", Tone.DIM)),
        ]

    def action_yes(self) -> None:
        """Take it."""
        self.dismiss(True)
