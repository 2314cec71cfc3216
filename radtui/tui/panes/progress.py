"""What is on its way and what it waits for: a start that recovers, a stop that is not done (rows L8, L9, O3)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from radtui.core.health_view import ErrorView
from radtui.core.instruction import Ask
from radtui.core.lifecycle import State
from radtui.core.orders import DONE
from radtui.core.recovery_report import RecoveryReport
from radtui.core.snapshot import Snapshot
from radtui.core.stopping_view import FlattenView, StoppingView
from radtui.tui.format import SECOND, clean, counted, duration
from radtui.tui.keys import WORDS
from radtui.tui.panes.view import View, ours
from radtui.tui.widgets.tone import Line, Span, Tone, line

_SETTLED: Final = DONE | {"accepted", "working"}
_RESTING: Final = frozenset({State.STOPPED, State.PAUSED})
"""States that an engine may begin in, so that it recovers in them."""
_WORDS: Final = {ask.value: words for ask, words in WORDS.items()}


def took(begun: int, view: View) -> str:
    """Return how long something has been on its way, in whole seconds at first."""
    return duration((view.now - begun) // SECOND * SECOND)


def _until(at: int, view: View) -> str:
    return duration(max(0, at - view.now) // SECOND * SECOND)


def recovery_words(report: RecoveryReport | None) -> str:
    """Return what a start found in a few words."""
    if report is None:
        return "not done yet"
    return f"{counted(len(report.findings), 'difference')} found" if report.findings else "no difference found"


def starting_words(snapshot: Snapshot) -> str:
    """Return what a start waits for before it may trade."""
    if not snapshot.reconcile.readings:
        return "waits for the exchange to show orders, stops, positions and money"
    unknown = sum(order.state not in _SETTLED for order in snapshot.orders)
    if unknown:
        return f"looks up {counted(unknown, 'order')} whose fate is not known"
    return "compares what the journal knew with what the exchange shows"


def latest_error(snapshot: Snapshot) -> ErrorView | None:
    """Return what went wrong last since the engine was started."""
    errors = [error for error in snapshot.errors if error.at >= snapshot.status.started_at]
    return max(errors, key=lambda error: error.at, default=None)


def starting_lines(view: View) -> Iterator[Line]:
    """Yield what recovery waits for, and what went wrong with it last."""
    snapshot = view.snapshot
    yield line("recovery ", starting_words(snapshot))
    latest = latest_error(snapshot)
    if latest is not None:
        yield line("latest   ", Span(f"{clean(latest.kind)}: {clean(latest.message)}", Tone.WARN))
        yield line("         ", "it goes on trying; stops on the exchange stay as they are")


def stop_words(view: View) -> str:
    """Return what is on its way, its phase and what is left of it, in one line; empty where nothing is."""
    flatten, stopping = view.snapshot.flatten, view.snapshot.stopping
    if flatten is not None:
        left = _left(flatten)
        return f"emergency stop for {took(flatten.since, view)}: {clean(flatten.phase)}, {left}"
    if stopping is None:
        return ""
    ends = f", ends in {_until(stopping.gives_up_at, view)}" if stopping.gives_up_at else ""
    waiting = _first(stopping.waiting) if stopping.waiting else "settling"
    return f"{_asked(stopping)} for {took(stopping.since, view)}{ends}: {waiting}"


def failing(snapshot: Snapshot) -> str:
    """Return why the exchange could not be read for a stop that is on its way; empty where it could."""
    if snapshot.flatten is not None:
        return clean(snapshot.flatten.failing)
    return clean(snapshot.stopping.failing) if snapshot.stopping is not None else ""


def stopping_lines(view: View, *, whole: bool = True) -> Iterator[Line]:
    """Yield how far a stop has come: its phase, what remains (the first of it, or the `whole`), and why it fails."""
    snapshot = view.snapshot
    flatten, stopping = snapshot.flatten, snapshot.stopping
    if flatten is not None:
        tries = f"read back {counted(flatten.attempts, 'time')}"
        yield line("phase    ", Span(clean(flatten.phase), Tone.BOLD), f", {took(flatten.since, view)}, {tries}")
        remaining = flatten.remaining
    elif stopping is not None:
        yield line("asked    ", Span(_asked(stopping), Tone.BOLD), f", {took(stopping.since, view)} ago")
        remaining = stopping.waiting
    else:
        return
    for entry in remaining if whole else (_first(remaining),) if remaining else ():
        yield line("remains  ", clean(entry))
    if not remaining:
        yield line("remains  ", Span(_nothing(snapshot), Tone.DIM))
    why = failing(snapshot)
    if why and not any(why in clean(entry) for entry in remaining):
        yield line("failing  ", Span(why, Tone.ERROR))
        yield line("         ", Span(f"the engine goes on trying; {_promise(snapshot)}", Tone.DIM))
    if stopping is not None and stopping.gives_up_at:
        left = _until(stopping.gives_up_at, view)
        yield line("         ", Span(f"ends in {left}, whatever it sees", Tone.DIM))


def on_its_way(view: View, *, whole: bool = True) -> tuple[Line, ...]:
    """Return the lines that matter while the bot starts or stops; none while it does neither."""
    status = view.snapshot.status
    if status.state is State.STARTING or (not status.recovered and status.state in _RESTING):
        return tuple(starting_lines(view))
    return tuple(stopping_lines(view, whole=whole))


def _asked(stopping: StoppingView) -> str:
    return " and ".join(_WORDS.get(ask, ask) for ask in stopping.asks) or WORDS[Ask.STOP]


def _left(flatten: FlattenView) -> str:
    if not flatten.attempts:
        return "not read back yet"
    if not flatten.remaining:
        return "reading back"
    return f"left {_first(flatten.remaining)}"


def _first(entries: tuple[str, ...]) -> str:
    more = f" and {len(entries) - 1} more" if len(entries) > 1 else ""
    return f"{clean(entries[0])}{more}"


def _nothing(snapshot: Snapshot) -> str:
    if snapshot.flatten is not None and not snapshot.flatten.attempts:
        return f"not read back yet; by our own books {_books(snapshot)}"
    return "nothing that was seen; it is being read back"


def _books(snapshot: Snapshot) -> str:
    held = [f"{each.symbol} {'long' if each.lots > 0 else 'short'} {abs(each.lots)} lots" for each in ours(snapshot)]
    return ", ".join(held) or "no position"


def _promise(snapshot: Snapshot) -> str:
    return "stops go last" if snapshot.flatten is not None else "positions keep their stops"
