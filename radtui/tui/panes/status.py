"""Pane 1: where the bot stands, how its cycles go, and what keeps it from entering (rows M1–M3)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from textual.app import ComposeResult

from radtui.core.breaker_view import TradingBreakerView
from radtui.core.lifecycle import State
from radtui.core.market import MINUTE
from radtui.core.standing import Mode
from radtui.core.status_view import StatusView
from radtui.core.window_view import WindowView
from radtui.tui.format import bar, clean, duration, number, percent, seconds, since, stamp
from radtui.tui.panes.pane import Pane
from radtui.tui.panes.progress import on_its_way
from radtui.tui.panes.view import View, actor, due, mode_words, state_span
from radtui.tui.widgets.lines import Lines
from radtui.tui.widgets.tone import Line, Span, Tone, line
from radtui.tui.widgets.wrap import wrap

SUCCESS_TARGET: Final = 95.0
"""Percent of cycles that should succeed."""
CYCLE_TARGET: Final = 60.0
"""Seconds that an average cycle should stay below."""
_NEAR: Final = 70.0
"""Percent of a breaker's limit from which it is shown as a warning."""
SAYS_NOTHING: Final = frozenset({"pause", "stop", "start", "resume", "asked"})
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
    """Yield the pane's lines, the most important first: six fit everywhere, the rest where there is room.

    While the bot starts or stops, what that waits for stands before its cycles.
    """
    yield from state_lines(view)
    yield from on_its_way(view, whole=False)
    yield _gates(view.snapshot.status, view.snapshot.window)
    yield from cycle_lines(view)


def state_lines(view: View) -> Iterator[Line]:
    """Yield the state, and what it means for a person."""
    status = view.snapshot.status
    lived = view.now - status.started_at
    up = duration(lived) if lived >= MINUTE else "<1 min"
    yield line(_wide(state_span(view), 13), f"next cycle {due(view):<8}", f"up {up}")
    yield line(Span(_meaning(view), _meaning_tone(status.state)))


def cycle_lines(view: View) -> Iterator[Line]:
    """Yield how the cycles go, and how much of their limits the breakers have used."""
    status = view.snapshot.status
    yield line(
        f"cycles   {number(status.cycles):<8}ok {number(status.cycles_ok):<8}failed {number(status.cycles_failed):<5}",
        *_streak(status),
    )
    yield line("success  ", *_success(status), "  average ", *_average(status))
    yield _breakers(view.snapshot.breakers[:2])
    yield _breakers(view.snapshot.breakers[2:])
    yield line(f"last cycle {_last(status)}")
    yield line(f"a cycle every {number(status.cycle_interval)} s at the latest, and at each {status.timeframe} close")
    yield line(f"{status.max_retries} failures in a row stop it, retry after {number(status.retry_delay)} s")
    yield line(f"started {stamp(status.started_at)} UTC{', development mode' if status.dev_mode else ''}")


def _meaning(view: View) -> str:
    """Return what the state means for a person, and what to do."""
    status = view.snapshot.status
    why = f": {clean(status.why)}" if status.why and status.why not in SAYS_NOTHING else ""
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


def _gates(status: StatusView, window: WindowView) -> Line:
    if status.trading is Mode.ACTIVE:
        return line("gates    ", Span("ACTIVE", Tone.PROFIT), f"   entries and exits{_budget(window)}")
    more = len(status.reasons) - 1
    others = f" (+{more})" if more > 0 else ""
    only = "no entries" if status.trading is Mode.REDUCING else "only protection acts"
    mode = Span(f"{status.trading.upper()}", Tone.WARN)
    return line("gates    ", mode, f" {only}: {clean(status.blocked)}{others}")


def _budget(window: WindowView) -> str:
    """Return what of the day's trades is made, where they are limited."""
    return "" if window.limit is None else f"   trades {number(window.trades)} of {number(window.limit)}"


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


def _breakers(breakers: Sequence[TradingBreakerView]) -> Line:
    """Return how much of their limits is used, side by side."""
    said = [span for breaker in breakers for span in _breaker(breaker)]
    return line(*said or [Span("breakers –", Tone.DIM)])


def _breaker(breaker: TradingBreakerView) -> tuple[Span, Span]:
    used, name = breaker.share, Span(f"{breaker.name} ")
    if breaker.tripped:
        return name, Span(f"{bar(100)} TRIPPED  ", Tone.ERROR)
    if used is None:
        return name, Span("–  not known yet  ", Tone.DIM)
    return name, Span(f"{bar(used)} {percent(used, 0):<4}  ", Tone.WARN if used >= _NEAR else Tone.PLAIN)


def _wide(span: Span, width: int) -> Span:
    return span._replace(text=f"{span.text:<{width}}")
