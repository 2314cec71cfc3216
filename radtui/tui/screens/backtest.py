"""The backtest page: what to fly, how far it is, what came of it; it flies beside the engine (row B1)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar, Final

import msgspec
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from radtui.core.backtest_view import BacktestState, BacktestView
from radtui.core.instruction import Ask
from radtui.tui.panes.view import View
from radtui.tui.screens.backtest_form import FIELDS, Form, Unmeant
from radtui.tui.screens.backtest_lines import backtest_lines
from radtui.tui.screens.sheet import Sheet, hint_line
from radtui.tui.widgets.field import Field
from radtui.tui.widgets.lines import Lines
from radtui.tui.widgets.tone import Line, Tone, line

Asking = Callable[[Ask, str], object]
"""Asks the engine, with what the instruction is about."""
_TALL: Final = 34
_CURVES: Final = (6, 10)
"""Lines of the equity curve on a low and on a tall terminal."""
_TYPING: Final = (("enter", "take it"), ("esc", "leave it as it was"))


class BacktestSheet(Sheet[None]):
    """Fields above, the latest backtest below. Closing it leaves the backtest flying."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "step(-1)", "Up", show=False),
        Binding("down,j", "step(1)", "Down", show=False),
        Binding("enter", "change", "change", show=False),
        Binding("s", "fly", "fly it", show=False),
        Binding("x", "cancel", "cancel", show=False),
        Binding("y", "copy", "copy", show=False),
    ]
    heading = "Backtest"
    hints = (
        ("↑ ↓ enter", "change"),
        ("s", "fly it"),
        ("x", "cancel it"),
        ("y", "copy the report's name"),
        ("esc", "back"),
    )

    def __init__(self, view: View, ask: Asking) -> None:
        super().__init__(view)
        flown = view.snapshot.backtests
        self._ask = ask
        self._form = Form(flown[0].request if flown else None)

    def extra(self) -> ComposeResult:
        field = Field(placeholder="", id="value", entered=self._take)
        field.display = False
        yield field

    def lines(self, view: View) -> Sequence[Line]:
        """Return the fields, then how the latest backtest fares."""
        height = _CURVES[self.app.size.height >= _TALL]
        return [*self._form.lines(view, self.room), line(), *backtest_lines(view, self.room, height)]

    @property
    def latest(self) -> BacktestView | None:
        """The backtest that was asked for last."""
        flown = self.view.snapshot.backtests
        return flown[0] if flown else None

    @property
    def typing(self) -> bool:
        """Whether a field is being typed."""
        return bool(self.query_one(Field).display)

    def action_step(self, rows: int) -> None:
        """Go to the next field; beyond the last one, and the first, the text moves."""
        if self.typing:
            return
        if not self._form.step(rows):
            self.action_scroll(rows)
        self.refill(self.view)

    def action_change(self) -> None:
        """Type another value for the field under the cursor."""
        field, name = self.query_one(Field), self._form.name
        field.placeholder = f"{name}: {FIELDS[name]}; empty: as the bot has it"
        field.value = self._form.typed.get(name, "")
        field.cursor_position = len(field.value)
        self._type(on=True)

    def action_fly(self) -> None:
        """Ask for the backtest, unless one is flying."""
        latest = self.latest
        if latest is not None and latest.state is BacktestState.RUNNING:
            self.say("one is flying, and one flies at a time: x cancels it", Tone.WARN)
            return
        try:
            request = self._form.request()
        except Unmeant as unmeant:
            self.say(str(unmeant), Tone.WARN)
        else:
            self._ask(Ask.BACKTEST, msgspec.json.encode(request).decode())

    def action_cancel(self) -> None:
        """Ask for the end of the one that is flying."""
        latest = self.latest
        if latest is None or latest.state is not BacktestState.RUNNING:
            self.say("none is flying: there is nothing to cancel", Tone.WARN)
        else:
            self._ask(Ask.CANCEL_BACKTEST, latest.id)

    def action_copy(self) -> None:
        """Copy the name of the latest report."""
        page = self.latest.page if self.latest is not None else ""
        if page:
            self.app.copy_to_clipboard(page)
        self.say("the report's name is copied" if page else "there is no report to copy the name of", Tone.PLAIN)

    def action_close(self) -> None:
        """Leave the field as it was, or the page."""
        if self.typing:
            self._type(on=False)
        else:
            super().action_close()

    def _take(self, text: str) -> None:
        try:
            self._form.take(text)
        except Unmeant as unmeant:
            self.say(str(unmeant), Tone.WARN)
        else:
            self._type(on=False)

    def _type(self, *, on: bool) -> None:
        """Show or hide the line that is typed in."""
        field = self.query_one(Field)
        field.display = on
        self.set_focus(field if on else None)
        self.query_one("#hints", Lines).show([hint_line(_TYPING if on else self.hints)])
        self.refill(self.view)
