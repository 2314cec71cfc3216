"""Pane 1: where the bot stands, how its cycles go, and what keeps it from entering (rows M1–M3)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from textual.app import ComposeResult

from radtui.core.lifecycle import State
from radtui.core.market import MINUTE
from radtui.core.snapshot import StatusView
from radtui.tui.format import bar, clean, duration, number, percent, seconds, since, stamp
from radtui.tui.panes.pane import Pane
from radtui.tui.panes.view import View, actor, due, mode_words, state_span
from radtui.tui.widgets.lines import Lines
from radtui.tui.widgets.tone import Line, Span, Tone, line
from radtui.tui.widgets.wrap import wrap

SUCCESS_TARGET: Final = 95.0
"""Percent of cycles that should succeed."""
CYCLE_TARGET: Final = 60.0
"""Seconds that an average cycle should stay below."""
_SAYS_NOTHING: Final = frozenset({"pause", "stop", "start", "resume", "asked"})
"""Reasons that only repeat what was asked."""


class StatusPane(Pane):
    """State, cycles, and what blocks entries."""

    def __init__(self) -> None:
        super().__init__("status")

    def compose(self) -> ComposeResult:
        yield Lines(6, classes="only")

    def note(self, view: View) -> Span:
        status = view.snapshot.status
        return Span(f"since {since(status.since, view.now)} by {actor(status.who, view.user)}", Tone.DIM)

    def fill(self, view: View) -> None:
        body = self.query_one(Lines)
        self.put(body, [piece for each in status_lines(view) for piece in wrap(each, max(20, body.size.width))], view)


def status_lines(view: View) -> Iterator[Line]:
    """Yield the pane's lines, the most important first: six fit everywhere, the rest where there is room."""
    status = view.snapshot.status
    lived = view.now - status.started_at
    up = duration(lived) if lived >= MINUTE else "<1 min"
    yield line(_wide(state_span(view), 13), f"next cycle {due(view):<8}", f"up {up}")
    yield from (line(Span(_meaning(view), _meaning_tone(status.state))), _entries(status))
    yield line(
        f"cycles   {number(status.cycles):<8}ok {number(status.cycles_ok):<8}failed {number(status.cycles_failed):<5}",
        *_streak(status),
    )
    yield line("success  ", *_success(status), "  average ", *_average(status))
    yield _day_loss(view)
    yield line(f"last cycle {_last(status)}")
    yield line(f"a cycle every {number(status.cycle_interval)} s at the latest, and at each {status.timeframe} close")
    yield line(f"{status.max_retries} failures in a row stop it, retry after {number(status.retry_delay)} s")
    yield line(f"started {stamp(status.started_at)} UTC{', development mode' if status.dev_mode else ''}")


def _meaning(view: View) -> str:
    """Return what the state means for a person, and what to do."""
    status = view.snapshot.status
    why = f": {clean(status.why)}" if status.why and status.why not in _SAYS_NOTHING else ""
    match status.state:
        case State.RUNNING:
            return f"{mode_words(view)} · {status.strategy} {status.timeframe} · {len(status.symbols)} symbols"
        case State.PAUSED:
            return f"paused{why}; positions keep their stops; {view.key('resume')} resumes"
        case State.ERROR:
            return f"{view.key('start')} starts again; stops stay: {clean(status.error) or 'stopped by an error'}"
        case State.STOPPED:
            return f"no cycles; positions keep their stops; {view.key('start')} starts"
        case State.STARTING:
            return "starting: reads orders and positions before it may trade"
        case State.STOPPING:
            return f"stopping{why}"


def _meaning_tone(state: State) -> Tone:
    return {State.ERROR: Tone.ERROR, State.PAUSED: Tone.WARN, State.STOPPING: Tone.WARN}.get(state, Tone.PLAIN)


def _entries(status: StatusView) -> Line:
    if status.blocked:
        return line("entries  ", Span("none now", Tone.WARN), f": {status.blocked}")
    if status.state is not State.RUNNING:
        return line("entries  ", Span(f"none while {status.state}", Tone.WARN))
    return line("entries  ", Span("possible", Tone.PROFIT))


def _last(status: StatusView) -> str:
    at = status.last_cycle_at
    return "none yet" if at is None else f"{seconds(status.last_cycle, 2)} at {stamp(at)} UTC"


def _streak(status: StatusView) -> tuple[Span, ...]:
    failures = status.failures_in_a_row
    if not failures:
        return (Span("in a row 0"),)
    return (Span(f"in a row {failures} of {status.max_retries}", Tone.WARN if status.error == "" else Tone.ERROR),)


def _success(status: StatusView) -> tuple[Span, ...]:
    if not status.cycles:
        return (Span("–  no cycle yet     ", Tone.DIM),)
    figure = percent(status.success_rate)
    if status.success_rate > SUCCESS_TARGET:
        return Span(figure), Span(f" > {SUCCESS_TARGET:.0f} %    ", Tone.DIM)
    return (Span(f"{figure} below {SUCCESS_TARGET:.0f} %", Tone.WARN),)


def _average(status: StatusView) -> tuple[Span, ...]:
    figure = seconds(status.average_cycle, 2)
    if status.average_cycle is None:
        return (Span(figure, Tone.DIM),)
    if status.average_cycle < CYCLE_TARGET:
        return Span(figure), Span(f" < {CYCLE_TARGET:.0f} s", Tone.DIM)
    return (Span(f"{figure} over {CYCLE_TARGET:.0f} s", Tone.WARN),)


def _day_loss(view: View) -> Line:
    used = view.snapshot.money.day_loss_used
    if view.snapshot.money.equity is None:
        return line(Span("day loss –  the account was not read yet", Tone.DIM))
    tone = Tone.ERROR if used >= 100 else Tone.WARN if used >= 70 else Tone.PLAIN
    words = " of the day's limit: no entries" if used >= 100 else " of the day's limit"
    return line("day loss ", Span(f"{bar(used)} {percent(used, 0)}", tone), Span(words, Tone.DIM))


def _wide(span: Span, width: int) -> Span:
    return span._replace(text=f"{span.text:<{width}}")
