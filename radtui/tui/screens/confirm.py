"""The two questions before a shutdown and a reset: what it would do, asked once (rows L8, M1)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType

from radtui.core.instruction import ExitPolicy
from radtui.tui.format import number, percent
from radtui.tui.panes.view import View, mode_words
from radtui.tui.screens.closing import closing_lines, heading
from radtui.tui.screens.plan import entry_orders, position_plan, stays
from radtui.tui.screens.sheet import Sheet, listed, noted, titled
from radtui.tui.screens.survey import Survey
from radtui.tui.widgets.tone import Line, line


class ShutdownSheet(Sheet[ExitPolicy | None]):
    """Shows what a graceful shutdown would do, either way, and asks what becomes of the positions."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "answer('keep')", "shut down, keep positions", show=False),
        Binding("f", "answer('flatten')", "shut down, close positions", show=False),
    ]
    heading = "Graceful shutdown"
    hints = (("y", "shut down, positions stay"), ("f", "shut down, close positions"), ("esc", "do not"))

    def __init__(self, view: View, survey: Survey) -> None:
        super().__init__(view)
        self._survey = survey

    def lines(self, view: View) -> Sequence[Line]:
        """Return what would be cancelled, and what becomes of the positions by each answer."""
        self._survey.look(view)
        return [
            line(f"Ends the engine ({mode_words(view)}) in order; a receipt says what is left."),
            *self.gap,
            titled("Entry orders that would be cancelled"),
            *listed(entry_orders(view.snapshot), "none"),
            *self.gap,
            titled("y: positions stay open, and their stops on the exchange stay with them"),
            *position_plan(view.snapshot),
            *self.gap,
            noted("f: positions close at the market first", heading(self._survey)),
            *closing_lines(view, self._survey, self.room),
            *stays(view.snapshot),
        ]

    def action_answer(self, name: str) -> None:
        """Shut down so."""
        self.dismiss(ExitPolicy(name))


class ResetSheet(Sheet[bool | None]):
    """Asks before the cycle metrics go to zero."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("y", "yes", "reset", show=False)]
    heading = "Reset metrics"
    hints = (("y", "reset"), ("esc", "do not"))

    def lines(self, view: View) -> Sequence[Line]:
        """Return what would be forgotten and what not."""
        status = view.snapshot.status
        return [
            line(
                f"Sets to zero: {number(status.cycles)} cycles, {number(status.cycles_failed)} failed, "
                f"success {percent(status.success_rate)}, and their times. Who and when is kept."
            ),
            line("Touches no position, no order, no money and no error."),
        ]

    def action_yes(self) -> None:
        """Reset."""
        self.dismiss(True)
