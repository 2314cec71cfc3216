"""The alerts: what fires, what did, all that is known of the row, and who would be told (rows M3, S11)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import ClassVar, Final

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical

from radtui.core.alert_view import AlertView, ChannelView, Severity
from radtui.core.instruction import Ask
from radtui.tui.format import clean, counted, number, since, stamp
from radtui.tui.panes.bars import MessageBar
from radtui.tui.panes.view import View, actor
from radtui.tui.screens.page import Page
from radtui.tui.screens.sheet import Sheet, titled
from radtui.tui.widgets.columns import Column, Row, row
from radtui.tui.widgets.lines import Lines
from radtui.tui.widgets.table import LineTable
from radtui.tui.widgets.tone import Line, Span, Tone, line

COLUMNS: Final = (
    Column("sign", "", 2),
    Column("id", "id", 4, "right", 3),
    Column("since", "since", 12, "left", 2),
    Column("state", "state", 9),
    Column("rule", "rule", 17),
    Column("subject", "subject", 14, "left", 1),
    Column("text", "what is", 10, "left", 4, grow=True),
)
_TONES: Final = {Severity.WARNING: Tone.WARN, Severity.ERROR: Tone.ERROR, Severity.ALARM: Tone.ERROR}
_SIGNS: Final = {Severity.WARNING: "!", Severity.ERROR: "!", Severity.ALARM: "‼"}
_STATES: Final = {"firing": "FIRING", "acknowledged": "seen", "resolved": "over"}
_DEAD: Final = "dead"


class AlertsSheet(Sheet[None]):
    """Lists alerts; `ask` hands an instruction to the engine: to acknowledge one or all, to try the channels."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "acknowledge", "seen", show=False),
        Binding("A", "acknowledge_all", "all seen", show=False),
        Binding("t", "test", "try the channels", show=False),
    ]
    AUTO_FOCUS = "LineTable"
    heading = "Alerts"
    hints = (("a", "seen"), ("A", "all seen"), ("t", "try the channels"), ("↑ ↓", "choose"), ("esc", "back"))

    def __init__(self, view: View, ask: Callable[[Ask, str], None]) -> None:
        super().__init__(view)
        self._ask = ask

    def compose(self) -> ComposeResult:
        yield from self.head()
        with Vertical(id="sheet") as frame:
            frame.border_title = Text(self.heading)
            yield LineTable(*COLUMNS, empty=[line(Span("  nothing has fired yet", Tone.DIM))], gap=1)
            yield Page()
        yield MessageBar()
        yield Lines(1, id="hints")

    def refill(self, view: View) -> None:
        """Put the view into table and text."""
        self.look_up(view)
        self.query_one(LineTable).show([alert_row(each, view) for each in _listed(view)])
        self.query_one(Page).read(self.lines(view))

    def lines(self, view: View) -> Sequence[Line]:
        """Return what is known of the row under the cursor, and the channels."""
        chosen = self._chosen()
        known = [*alert_lines(chosen, view), line()] if chosen else []
        return [*known, *channel_lines(view)]

    @on(LineTable.Moved)
    def moved(self) -> None:
        """Show what is known of the row."""
        self.query_one(Page).read(self.lines(self.view))

    def action_acknowledge(self) -> None:
        """Say that the row's alert was seen."""
        chosen = self._chosen()
        if chosen is None or not chosen.open:
            self.say("this one is over: there is nothing to acknowledge" if chosen else "nothing fires", Tone.WARN)
        elif chosen.by:
            self.say(f"it was seen by {actor(chosen.by, self.view.user)} already", Tone.WARN)
        else:
            self._ask(Ask.ACKNOWLEDGE, chosen.id)

    def action_acknowledge_all(self) -> None:
        """Say that every one that fires was seen."""
        if self.view.snapshot.alerts.firing:
            self._ask(Ask.ACKNOWLEDGE, "")
        else:
            self.say("nothing fires that nobody has seen", Tone.WARN)

    def action_test(self) -> None:
        """Have every channel tried."""
        self._ask(Ask.TEST_ALERTS, "")

    def _chosen(self) -> AlertView | None:
        key = self.query_one(LineTable).cursor_key
        return next((each for each in _listed(self.view) if each.id == key), None)


def alert_row(alert: AlertView, view: View) -> Row:
    """Return the cells of one alert."""
    tone = _tone(alert)
    return row(
        alert.id,
        Span(_SIGNS[alert.severity] if alert.open else "", tone),
        Span(alert.id, Tone.DIM),
        Span(since(alert.since, view.now), Tone.DIM),
        Span(_STATES[alert.phase], tone),
        Span(alert.rule, tone),
        clean(alert.subject),
        Span(clean(alert.text), Tone.PLAIN if alert.open else Tone.DIM),
    )


def alert_lines(alert: AlertView, view: View) -> Iterator[Line]:
    """Yield all that is known of one alert."""
    yield line(Span(f"{alert.rule}  {clean(alert.subject)}", _tone(alert), bold=True), Span(f"  {alert.severity}"))
    yield line(clean(alert.text))
    yield line(Span("what to do  "), clean(alert.todo))
    times = f", fired {number(alert.times)} times" if alert.times > 1 else ""
    yield line(Span(f"since {stamp(alert.since)} UTC{times}", Tone.DIM))
    yield line(Span(_told(alert), Tone.DIM))
    if alert.by:
        yield line(Span(f"seen by {actor(alert.by, view.user)} {stamp(alert.acknowledged_at)} UTC", Tone.DIM))
    if alert.resolved_at is not None:
        yield line(Span(f"over since {stamp(alert.resolved_at)} UTC", Tone.DIM))


def channel_lines(view: View) -> Iterator[Line]:
    """Yield who would be told."""
    alerts = view.snapshot.alerts
    yield titled("Who is told")
    if not alerts.channels:
        yield line(Span("  nobody but the log and this cockpit: no alerts.channels are set", Tone.WARN))
    for channel in alerts.channels:
        yield _channel(channel, view)
    if alerts.quiet_until is not None:
        yield line(Span(f"  quiet hours until {since(alerts.quiet_until, view.now)} UTC: the rest waits", Tone.DIM))


def _channel(channel: ChannelView, view: View) -> Line:
    waiting = f", {counted(channel.waiting, 'message')} waiting" if channel.waiting else ""
    dropped = f", {number(channel.dropped)} given up" if channel.dropped else ""
    name = f"  {channel.name} ({channel.kind})  "
    if channel.state == _DEAD:
        began = f"dead since {since(channel.since, view.now)}"
        return line(name, Span(f"✗ {began}: {clean(channel.why)}{waiting}{dropped}", Tone.ERROR))
    said = "not used yet" if channel.state == "unused" else f"✓ {counted(channel.delivered, 'message')} delivered"
    return line(name, f"{said}{waiting}{dropped}")


def _listed(view: View) -> tuple[AlertView, ...]:
    return (*view.snapshot.alerts.open, *view.snapshot.alert_history)


def _tone(alert: AlertView) -> Tone:
    return _TONES[alert.severity] if alert.firing else Tone.PLAIN if alert.open else Tone.DIM


def _told(alert: AlertView) -> str:
    return "not sent to any channel yet" if alert.sent_at is None else f"sent {stamp(alert.sent_at)} UTC"
