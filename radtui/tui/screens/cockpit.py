"""The cockpit's own screen: seven panes, or one at a time, under the vital signs (rows T1–T3)."""

from __future__ import annotations

from typing import ClassVar, Final

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container
from textual.reactive import Reactive
from textual.widget import Widget

from radtui.tui.keys import PANES, bindings
from radtui.tui.panes.api import ApiPane
from radtui.tui.panes.banner import Banner
from radtui.tui.panes.bars import KeyBar, MessageBar
from radtui.tui.panes.errors import ErrorsPane
from radtui.tui.panes.heartbeats import HeartbeatsPane
from radtui.tui.panes.money import MoneyPane
from radtui.tui.panes.orders import OrdersPane
from radtui.tui.panes.pane import Pane
from radtui.tui.panes.positions import PositionsPane
from radtui.tui.panes.status import StatusPane
from radtui.tui.panes.view import View
from radtui.tui.panes.vitals import Tabs, Tiny, Vitals
from radtui.tui.screens.asking import AskingScreen
from radtui.tui.screens.commands import commands
from radtui.tui.screens.help import help_lines
from radtui.tui.screens.palette import Command, PaletteSheet
from radtui.tui.screens.status import StatusSheet
from radtui.tui.screens.text import TextSheet
from radtui.tui.screens.why import why_lines
from radtui.tui.widgets.filter import Filter
from radtui.tui.widgets.table import LineTable
from radtui.tui.widgets.tone import Tone

WIDE, TALL = 110, 32
"""The least columns and lines that show all panes at once."""
ACROSS: Final = ((0, "-tiny"), (40, "-narrow"), (WIDE, "-wide"))
DOWN: Final = ((0, "-flat"), (10, "-short"), (14, "-middle"), (TALL, "-tall"), (38, "-roomy"), (50, "-lofty"))


class CockpitScreen(AskingScreen, inherit_bindings=False):
    """Where the panes are, which one has the keyboard, and what its rows can be asked."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings()]
    AUTO_FOCUS = ""
    HORIZONTAL_BREAKPOINTS = [*ACROSS]  # noqa: RUF012 - Textual's declaration
    VERTICAL_BREAKPOINTS = [*DOWN]  # noqa: RUF012

    focused: Reactive[Widget | None] = Reactive(None, repaint=False)
    """As Textual has it, but without its full repaint at every move of the focus: the panes draw their own frames."""

    _zoomed = False
    _current = "positions"

    def compose(self) -> ComposeResult:
        yield Tiny()
        yield Vitals()
        yield Banner()
        yield Tabs()
        with Container(id="panes"):
            yield StatusPane()
            yield MoneyPane()
            yield PositionsPane()
            yield ApiPane()
            yield HeartbeatsPane()
            yield ErrorsPane()
            yield OrdersPane()
        yield MessageBar()
        yield Filter(opened=self._filter_opened, sifted=self._sifted, kept=self.say)
        yield KeyBar(self.keymap)

    def on_mount(self) -> None:
        self.go(self._current)
        self.look(self.view)

    def on_resize(self) -> None:
        self._arrange()

    def on_screen_resume(self) -> None:
        self.look(self.view)

    @property
    def pane(self) -> Pane:
        """The pane that has the keyboard."""
        return self.query_one(f"#{self._current}", Pane)

    @property
    def rows(self) -> bool:
        """Whether the present pane has a row to ask about."""
        table = self.pane.table
        return table is not None and table.counts[0] > 0

    def look(self, view: View) -> None:
        """Show one moment in everything that is visible."""
        self.view = view
        self.query_one(Tiny).look(view)
        self.query_one(Vitals).look(view)
        self.query_one(Banner).look(view)
        for pane in self.query(Pane):
            if pane.display:
                pane.look(view)
        self.query_one(KeyBar).look(view, rows=self.rows)

    def say(self, text: str, tone: Tone = Tone.PLAIN) -> None:
        """Show one line in the message bar."""
        self.query_one(MessageBar).say(text, tone)

    def go(self, name: str) -> None:
        """Give the keyboard to a pane; where one is shown at a time, show it."""
        left, self._current = self.pane, name
        self._arrange()
        left.hold(False)
        self.pane.hold(True)
        self.pane.look(self.view)
        self.set_focus(self.pane.target)
        self.query_one(Tabs).name_current(name)
        self.query_one(KeyBar).look(self.view, rows=self.rows)

    def on_descendant_focus(self) -> None:
        """Follow the mouse: the pane that was clicked is the present one."""
        above = self.focused.ancestors_with_self if self.focused else []
        owner = next((node.id for node in above if isinstance(node, Pane)), None)
        if owner is not None and owner != self._current:
            self.go(owner)

    def action_pane(self, name: str) -> None:
        """Go to a pane."""
        self.go(name)

    def action_step(self, panes: int) -> None:
        """Go to the next or the previous pane."""
        self.go(PANES[(PANES.index(self._current) + panes) % len(PANES)])

    def action_zoom(self) -> None:
        """Fill the screen with the present pane, or show all again."""
        self._zoomed = not self._zoomed
        self._arrange()

    def action_back(self) -> None:
        """Clear the filter, or leave the zoom."""
        table, sieve = self.pane.table, self.query_one(Filter)
        if table is not None and sieve.clear_of(table):
            self.say("all rows are shown")
        else:
            self._zoomed = False
            self._arrange()
        sieve.close()

    def action_filter(self) -> None:
        """Ask for the text that rows must contain."""
        if self.pane.table is None:
            self.say("this pane has no rows to filter; 2, 5, 6 and 7 have", Tone.WARN)
            return
        self.query_one(Filter).open(self.pane.table)

    @on(LineTable.Selected)
    def action_open(self) -> None:
        """Open all that is known of the row."""
        if self._current == "status":
            self.app.push_screen(StatusSheet(self.view, self.action_breakers))
            return
        heading, known = self.pane.details()
        self.app.push_screen(TextSheet(heading, lambda _: known, self.view))

    def action_why(self) -> None:
        """Open the gates of the last evaluation of the row's symbol, or of every symbol where there is no row."""
        self.open_why(self.pane.symbol())

    def open_why(self, symbol: str | None) -> None:
        """Open the gates of the last evaluation of a symbol; None takes them all."""
        heading = f"Why: {symbol}" if symbol else "Why: every symbol's last signal"
        self.app.push_screen(TextSheet(heading, lambda view: why_lines(view, symbol), self.view))

    def action_help(self) -> None:
        """Open the list of keys."""
        rows = self.rows
        self.app.push_screen(TextSheet("Help", lambda view: help_lines(view, self.keymap, rows=rows), self.view))

    def action_palette(self) -> None:
        """Open the palette."""
        self.app.push_screen(PaletteSheet(commands(self, self.themes), self.view), _run)

    def action_copy(self) -> None:
        """Copy the row under the cursor, or the pane's text."""
        text = self.pane.copied()
        if text:
            self.app.copy_to_clipboard(text)
        self.say("copied to your clipboard" if text else "there is no row to copy", Tone.PLAIN if text else Tone.WARN)

    def _arrange(self) -> None:
        """Show all panes where there is room for them and none of them fills the screen."""
        together = "-grid" in layout_classes(*self.app.size) and not self._zoomed
        self.set_class(together, "-grid")
        for pane in self.query(Pane):
            pane.display = together or pane.id == self._current

    def _sifted(self) -> None:
        self.pane.redraw()

    def _filter_opened(self, shown: bool) -> None:
        self.query_one(MessageBar).display = not shown


def layout_classes(width: int, height: int) -> str:
    """Return the classes for a terminal: Textual's breakpoints, and ``-grid`` where all panes have room.

    A screen that has them from the start is not styled a second time for its first frame.
    """
    fitting = [
        [name for least, name in points if size >= least][-1] for points, size in ((ACROSS, width), (DOWN, height))
    ]
    return " ".join([*fitting, *(["-grid"] if width >= WIDE and height >= TALL else [])])


def _run(command: Command | None) -> None:
    if command is not None:
        command.run()
