"""What is on its way and what it waits for: a start that recovers, a stop that is not done (rows L8, L9, O3)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from radtui.core.instruction import Ask
from radtui.core.lifecycle import State
from radtui.core.orders import DONE
from radtui.core.recovery_report import RecoveryReport
from radtui.core.snapshot import FlattenView, Snapshot
from radtui.core.stopping_view import StoppingView
from radtui.tui.format import SECOND, clean, duration
from radtui.tui.keys import WORDS
from radtui.tui.panes.view import View
from radtui.tui.widgets.tone import Line, Span, Tone, line

_SETTLED: Final = DONE | {"accepted", "working"}
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
    count = len(report.findings)
    return f"{count} {'difference' if count == 1 else 'differences'} found" if count else "no difference found"


def starting_words(snapshot: Snapshot) -> str:
    """Return what a start waits for before it may trade."""
    if not snapshot.reconcile.readings:
        return "waits for the exchange to show orders, stops, positions and money"
    unknown = sum(order.state not in _SETTLED for order in snapshot.orders)
    if unknown:
        return f"looks up {unknown} {'order' if unknown == 1 else 'orders'} whose fate is not known"
    return "compares what the journal knew with what the exchange shows"


def starting_lines(view: View) -> Iterator[Line]:
    """Yield what recovery waits for, and what went wrong with it last."""
    snapshot = view.snapshot
    yield line("recovery ", starting_words(snapshot))
    failed = [error for error in snapshot.errors if error.at >= snapshot.status.started_at]
    if failed:
        latest = max(failed, key=lambda error: error.at)
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
    ends = f"; ends in {_until(stopping.gives_up_at, view)}" if stopping.gives_up_at else ""
    waiting = f"waits for {clean(stopping.waiting[0])}{_more(stopping.waiting, 1)}" if stopping.waiting else "settling"
    return f"{_asked(stopping)} for {took(stopping.since, view)}: {waiting}{ends}"


def failing(snapshot: Snapshot) -> str:
    """Return why the exchange could not be read for a stop that is on its way; empty where it could."""
    if snapshot.flatten is not None:
        return clean(snapshot.flatten.failing)
    return clean(snapshot.stopping.failing) if snapshot.stopping is not None else ""


def stopping_lines(view: View) -> Iterator[Line]:
    """Yield how far a stop has come: its phase, each thing that remains, why it fails, and what goes on."""
    snapshot = view.snapshot
    flatten, stopping = snapshot.flatten, snapshot.stopping
    if flatten is not None:
        tries = f"the exchange was read back {flatten.attempts} {'time' if flatten.attempts == 1 else 'times'}"
        yield line("phase    ", Span(clean(flatten.phase), Tone.BOLD), f" for {took(flatten.since, view)}, {tries}")
        remaining = flatten.remaining
    elif stopping is not None:
        yield line("asked    ", Span(_asked(stopping), Tone.BOLD), f", {took(stopping.since, view)} ago")
        remaining = stopping.waiting
    else:
        return
    why = failing(snapshot)
    if why:
        yield line("failing  ", Span(why, Tone.ERROR))
        yield line("         ", f"the engine goes on trying; {_promise(snapshot)}")
    yield from (line("remains  ", clean(entry)) for entry in remaining)
    if not remaining:
        yield line("remains  ", Span(_nothing(snapshot), Tone.DIM))
    if stopping is not None and stopping.gives_up_at:
        left = _until(stopping.gives_up_at, view)
        yield line("         ", Span(f"ends in {left} whatever it sees, and says what it did not", Tone.DIM))


def on_its_way(view: View) -> tuple[Line, ...]:
    """Return the lines that matter while the bot starts or stops; none while it does neither."""
    if view.snapshot.status.state is State.STARTING:
        return tuple(starting_lines(view))
    return tuple(stopping_lines(view))


def _asked(stopping: StoppingView) -> str:
    return " and ".join(_WORDS.get(ask, ask) for ask in stopping.asks) or WORDS[Ask.STOP]


def _left(flatten: FlattenView) -> str:
    if not flatten.attempts:
        return "not read back yet"
    if not flatten.remaining:
        return "reading back"
    return f"{clean(flatten.remaining[0])} left{_more(flatten.remaining, 1)}"


def _more(entries: tuple[str, ...], said: int) -> str:
    return f" and {len(entries) - said} more" if len(entries) > said else ""


def _nothing(snapshot: Snapshot) -> str:
    if snapshot.flatten is not None and not snapshot.flatten.attempts:
        return "not known yet: the exchange is being read"
    return "nothing that was seen; it is being read back"


def _promise(snapshot: Snapshot) -> str:
    return "stops go last" if snapshot.flatten is not None else "positions keep their stops"
