"""The two questions before a shutdown and a reset: what it would do, asked once (rows L8, M1)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType

from radtui.core.instruction import ExitPolicy
from radtui.tui.format import number, percent
from radtui.tui.panes.view import View, mode_words
from radtui.tui.screens.plan import entry_orders, position_plan
from radtui.tui.screens.sheet import Sheet, listed, titled
from radtui.tui.widgets.tone import Line, line


class ShutdownSheet(Sheet[ExitPolicy | None]):
    """Shows what a graceful shutdown would do and asks what becomes of the positions."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "answer('keep')", "shut down, keep positions", show=False),
        Binding("f", "answer('flatten')", "shut down, close positions", show=False),
    ]
    heading = "Graceful shutdown"
    hints = (("y", "shut down, positions stay"), ("f", "shut down, close positions"), ("esc", "do not"))

    def lines(self, view: View) -> Sequence[Line]:
        """Return what would be cancelled and what would stay."""
        snapshot = view.snapshot
        return [
            line(f"Ends the engine ({mode_words(view)}) in order: no more entries, open questions are"),
            line("resolved with the exchange, and a receipt says what it shows afterwards."),
            line(),
            titled("Entry orders that would be cancelled"),
            *listed(entry_orders(snapshot), "none"),
            line(),
            titled("Positions"),
            *position_plan(snapshot),
            line(),
            line("y: positions stay open; the stops that rest on the exchange stay with them."),
            line("f: positions are closed at the market first, then their stops are cancelled."),
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
