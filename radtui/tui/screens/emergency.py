"""The emergency stop: what it closes and about what it costs, and the word that must be typed (row L9)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from textual import on
from textual.app import ComposeResult
from textual.widgets import Input

from radtui.tui.panes.view import View, mode_words
from radtui.tui.screens.plan import closing_plan, entry_orders, stop_orders
from radtui.tui.screens.sheet import Sheet, listed, titled
from radtui.tui.widgets.tone import Line, Tone, line

WORD: Final = "STOP"


class EmergencySheet(Sheet[bool | None]):
    """Asks for the word; True once it was typed."""

    heading = "EMERGENCY STOP"
    hints = (("type STOP, then enter", "do it"), ("esc", "do not"))
    AUTO_FOCUS = "Input"

    def extra(self) -> ComposeResult:
        yield Input(placeholder="type STOP and press enter", compact=True, id="word")

    def on_mount(self) -> None:
        self.query_one(Input).cursor_blink = False

    def lines(self, view: View) -> Sequence[Line]:
        """Return what would be cancelled and closed."""
        snapshot = view.snapshot
        return [
            titled(f"{mode_words(view)}: cancels and closes everything of this bot."),
            line("Entries stop, orders go, positions close at the market, stops go last."),
            line("What is not this bot's stays as it is."),
            line(),
            titled("Entry orders to cancel"),
            *listed(entry_orders(snapshot), "none"),
            line(),
            titled("Positions to close"),
            *closing_plan(snapshot),
            line(),
            titled("Stops to cancel, after the positions are gone"),
            *listed(stop_orders(snapshot), "none"),
        ]

    @on(Input.Submitted)
    def submitted(self, event: Input.Submitted) -> None:
        """Take the word, and only the word."""
        if event.value.strip() == WORD:
            self.dismiss(True)
        else:
            event.input.value = ""
            self.say(f"nothing was done: the word is {WORD}, in capitals; esc goes back", Tone.WARN)
