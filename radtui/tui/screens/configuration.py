"""The settings in force, what their sources have that is not, and the two questions before a change (row C4)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar, Final

from textual.binding import Binding, BindingType

from radtui.core.configuration_view import Change, ConfigurationView, SettingView
from radtui.core.instruction import Ask
from radtui.tui.format import clean, counted, since
from radtui.tui.panes.view import View, actor
from radtui.tui.screens.comparison import Comparison
from radtui.tui.screens.sheet import Sheet, listed, noted, titled
from radtui.tui.widgets.columns import Column, Row, row
from radtui.tui.widgets.grid import grid
from radtui.tui.widgets.tone import Line, Span, Tone, line

COLUMNS: Final = (
    Column("key", "setting", 26),
    Column("value", "value", 16),
    Column("live", "in flight", 9, "left", 2),
    Column("where", "from", 18, "left", 1, grow=True),
)
CHANGES: Final = (
    Column("key", "setting", 24),
    Column("before", "in force", 14),
    Column("after", "set", 14),
    Column("where", "in", 18, "left", 1, grow=True),
)


class ConfigurationPage(Sheet[Ask | None]):
    """Shows the settings; returns what is to be asked: a reload or a rollback."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("l", "reload", "reload", show=False),
        Binding("b", "rollback", "roll back", show=False),
    ]
    heading = "Configuration"
    hints = (("l", "reload, asks first"), ("b", "roll back, asks first"), ("esc", "back"))

    def __init__(self, view: View, comparison: Comparison) -> None:
        super().__init__(view)
        self._comparison = comparison

    def lines(self, view: View) -> Sequence[Line]:
        """Return how the configuration stands, what differs, and every setting."""
        self._comparison.look(view)
        return configuration_lines(view, self._comparison, self.room)

    def action_reload(self) -> None:
        """Go on to the question, where a reload would take something over."""
        if self._comparison.live:
            self.dismiss(Ask.RELOAD_CONFIG)
        else:
            self.say(_nothing(self._comparison), Tone.WARN)

    def action_rollback(self) -> None:
        """Go on to the question, where there is something to take back."""
        if self.view.snapshot.configuration.undo:
            self.dismiss(Ask.ROLLBACK_CONFIG)
        else:
            self.say("nothing was changed since the start: there is nothing to roll back", Tone.WARN)


class ChangeSheet(Sheet[bool | None]):
    """Asks before the settings are others."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("y", "yes", "do it", show=False)]
    hints = (("y", "do it"), ("esc", "do not"))

    def __init__(self, view: View, ask: Ask, comparison: Comparison) -> None:
        self.heading = "Reload the settings" if ask is Ask.RELOAD_CONFIG else "Roll the settings back"
        self._reload = ask is Ask.RELOAD_CONFIG
        self._comparison = comparison
        super().__init__(view)

    def lines(self, view: View) -> Sequence[Line]:
        """Return what would be others, and what that touches."""
        self._comparison.look(view)
        meant = self._comparison.live if self._reload else view.snapshot.configuration.undo
        return [
            titled("These would hold from now on"),
            *_changes(meant, self.room, "none any more"),
            line(),
            line("All of it at once, or nothing. The next entry and the next cycle go by it."),
            line("What is beyond a tighter limit is dealt with at the next tick: a breaker trips and cancels entries,"),
            line("a position that is too long without a stop is closed. Who and when is kept; no file is written."),
        ]

    def action_yes(self) -> None:
        """Do it."""
        self.dismiss(True)


def configuration_lines(view: View, comparison: Comparison, width: int) -> list[Line]:
    """Return how it stands, what the sources have beside it, and every setting in force."""
    seen = view.snapshot.configuration
    if not seen.settings:
        return [line(Span("This engine has no settings that can be read again: they change with a restart.", Tone.DIM))]
    return [
        *_standing(seen, view),
        line(),
        noted("A reload would take over", "l"),
        *_compared(comparison, width),
        line(),
        titled("In force"),
        *grid(COLUMNS, map(_setting, seen.settings), width, indent=2),
    ]


def _standing(seen: ConfigurationView, view: View) -> Iterator[Line]:
    yield line(Span(clean(seen.file) if seen.file else "no settings file", bold=True))
    if seen.changed_at is None:
        yield line(Span("As at the start: nothing was changed in flight.", Tone.DIM))
        return
    when = f"Changed {counted(seen.revision, 'time')}, last {since(seen.changed_at, view.now)}"
    yield line(f"{when} by {actor(seen.who, view.user)}:")
    yield from listed([str(each) for each in seen.changes], "nothing")
    if seen.undo:
        yield line(Span(f"b takes back: {', '.join(map(str, seen.undo))}", Tone.DIM))


def _compared(comparison: Comparison, width: int) -> Iterator[Line]:
    if comparison.failing:
        yield line(Span(f"  ! {clean(comparison.failing)}", Tone.WARN))
        return
    if comparison.changes is None:
        yield line(Span("  being read …", Tone.DIM))
        return
    yield from _changes(comparison.live, width, "nothing: what can change in flight is in force")
    if comparison.waiting:
        yield line()
        yield line(Span("Waits for a restart", Tone.WARN, bold=True))
        yield from _changes(comparison.waiting, width, "nothing")


def _changes(changes: Sequence[Change], width: int, none: str) -> list[Line]:
    return grid(CHANGES, map(_change, changes), width, indent=2) if changes else listed([], none)


def _change(each: Change) -> Row:
    return row(
        each.key, each.key, clean(each.before), Span(clean(each.after), bold=True), Span(clean(each.where), Tone.DIM)
    )


def _setting(each: SettingView) -> Row:
    tone = Tone.DIM if each.where == "default" else Tone.PLAIN
    return row(
        each.key,
        Span(each.key, tone),
        Span(clean(each.value), tone),
        Span("yes" if each.live else "–", Tone.DIM),
        Span(clean(each.where), Tone.DIM),
    )


def _nothing(comparison: Comparison) -> str:
    if comparison.failing:
        return f"nothing can be reloaded: {comparison.failing}"
    if comparison.changes is None:
        return "the sources are still being read"
    return "only a restart brings what differs" if comparison.waiting else "the settings are as they are in force"
