"""The emergency stop: what it closes and about what it costs, and the word that must be typed (row L9)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from textual.app import ComposeResult

from radtui.tui.format import clean
from radtui.tui.panes.progress import stopping_lines
from radtui.tui.panes.view import View, mode_words
from radtui.tui.screens.closing import closing_lines, heading
from radtui.tui.screens.plan import entry_orders, foreign, stop_orders
from radtui.tui.screens.sheet import Sheet, listed, noted, titled
from radtui.tui.screens.survey import Survey
from radtui.tui.widgets.field import Field
from radtui.tui.widgets.tone import Line, Tone

WORD: Final = "STOP"


class EmergencySheet(Sheet[bool | None]):
    """Asks for the word; True once it was typed. It opens at once; what the order books say is filled in."""

    hints = (("type STOP, then enter", "do it"), ("esc", "do not"))
    AUTO_FOCUS = "Input"

    def __init__(self, view: View, survey: Survey) -> None:
        super().__init__(view)
        self.heading = f"EMERGENCY STOP of {clean(view.bot)}"
        self._survey = survey

    def extra(self) -> ComposeResult:
        yield Field(placeholder="type STOP and press enter", id="word", entered=self._take)

    def lines(self, view: View) -> Sequence[Line]:
        """Return what would be cancelled and closed, and what would stay."""
        self._survey.look(view)
        snapshot = view.snapshot
        gap, under_way = self.gap, stopping_lines(view)
        return [
            titled(f"{mode_words(view)}: cancels and closes all of {clean(view.bot)}; what is not its own stays."),
            *gap,
            *(
                [titled("One is on its way; another one makes it look at once"), *under_way, *gap]
                if snapshot.flatten
                else ()
            ),
            noted("Positions to close at the market", heading(self._survey)),
            *closing_lines(view, self._survey, self.room),
            *gap,
            titled("Entry orders to cancel first"),
            *listed(entry_orders(snapshot), "none"),
            *gap,
            titled("Stops to cancel last, once the exchange shows that the positions are gone"),
            *listed(stop_orders(snapshot), "none"),
            *gap,
            titled("Not this bot's, stays as it is"),
            *listed(foreign(snapshot), "nothing seen"),
        ]

    def _take(self, word: str) -> None:
        """Take the word, and only the word."""
        if word.strip() == WORD:
            self.dismiss(True)
        else:
            self.query_one(Field).clear()
            self.say(f"nothing was done: the word is {WORD}, in capitals; esc goes back", Tone.WARN)
