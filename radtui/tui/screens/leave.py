"""Leaving the cockpit: what becomes of the bot is asked, never assumed (row T2, DESIGN "Where the engine lives")."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import ClassVar

from textual.binding import Binding, BindingType

from radtui.core.lifecycle import State
from radtui.tui.format import clean
from radtui.tui.panes.view import View, mode_words, ours
from radtui.tui.screens.closing import closing_lines, heading
from radtui.tui.screens.plan import entry_orders, position_plan, stays
from radtui.tui.screens.sheet import Sheet, listed, noted, titled
from radtui.tui.screens.survey import Survey
from radtui.tui.widgets.tone import Line, line


class Leave(StrEnum):
    """How a person left, or what took the cockpit from them: `main` settles the engine by it."""

    FLY_ON = "fly_on"
    """Give the shell back; the engine flies on."""
    SHUTDOWN = "shutdown"
    """Shut the engine down gracefully; positions as the configured exit policy says."""
    FLATTEN = "flatten"
    """Close the positions, then shut the engine down."""
    ENDED = "ended"
    """The engine was shut down from the cockpit; its receipt was read."""
    LEFT = "left"
    """An attached cockpit was left; the engine elsewhere is as it was."""
    GONE = "gone"
    """The terminal vanished; the engine flies on."""
    BROKEN = "broken"
    """The cockpit itself failed; the engine flies on. `CockpitApp.broken` says why."""


class LeaveSheet(Sheet[Leave | None]):
    """Asks what becomes of the bot."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("o", "answer('fly_on')", "leave; the bot flies on", show=False),
        Binding("y", "answer('shutdown')", "shut down and leave", show=False),
        Binding("f", "answer('flatten')", "close positions, shut down and leave", show=False),
    ]
    heading = "Leave"
    hints = (
        ("o", "fly on"),
        ("y", "shut down and leave"),
        ("f", "close positions, shut down"),
        ("esc", "stay"),
    )

    def __init__(self, view: View, survey: Survey) -> None:
        super().__init__(view)
        self._survey = survey

    def lines(self, view: View) -> Sequence[Line]:
        """Return what leaving would do."""
        self._survey.look(view)
        snapshot = view.snapshot
        return [
            line(f"The bot is {snapshot.status.state} ({mode_words(view)})."),
            *self.gap,
            noted("o: the bot flies on as it is", f"come back with: radtui attach {clean(snapshot.bot)}"),
            *self.gap,
            noted("y: the engine shuts down, positions stay open", "nobody moves their stops or takes profit then"),
            *position_plan(snapshot),
            *self.gap,
            titled("y and f cancel these entry orders"),
            *listed(entry_orders(snapshot), "none"),
            *self.gap,
            noted("f: positions close at the market first", heading(self._survey)),
            *closing_lines(view, self._survey, self.room),
            *stays(snapshot),
        ]

    def action_answer(self, name: str) -> None:
        """Leave so."""
        self.dismiss(Leave(name))


def leaves_at_once(view: View) -> bool:
    """Return whether nothing can be lost by leaving: stopped, flat, no order of ours."""
    snapshot = view.snapshot
    still = snapshot.status.state is State.STOPPED and snapshot.flatten is None and not view.silent
    return still and not ours(snapshot) and not entry_orders(snapshot)
