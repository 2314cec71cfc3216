"""The vital signs: mode, state, money and time, on every screen and at every size (rows T1, C5)."""

from __future__ import annotations

from radtui.core.alert_view import Severity
from radtui.core.lifecycle import State
from radtui.tui.format import clean, clock, counted, minute, number, percent, signed_percent
from radtui.tui.keys import PANES, TITLES
from radtui.tui.panes.parts import Part, fill_between
from radtui.tui.panes.strip import strip_line
from radtui.tui.panes.view import View, due, gain, mode_words, state_span
from radtui.tui.widgets.lines import Lines
from radtui.tui.widgets.tone import Ground, Line, Span, Tone, line
from radtui.tui.widgets.wrap import wrap


class Vitals(Lines):
    """One line where all panes are shown, two where there is room for one pane only; under them the link strip.

    The strip is there where the engine is elsewhere, or others sit at it too.
    """

    def __init__(self) -> None:
        super().__init__(2, id="vitals")
        self._view: View | None = None

    def look(self, view: View) -> None:
        """Show one moment."""
        self._view = view
        self.set_class(view.reach.told, "-told")
        self.on_resize()

    def on_resize(self) -> None:
        if self._view is not None and self.size.width:
            self.show(vital_lines(self._view, *self.size))


class Tabs(Lines):
    """The panes by number, the present one in brackets; shown where one pane fills the screen."""

    def __init__(self) -> None:
        super().__init__(1, id="tabs")
        self._current = PANES[1]

    def name_current(self, current: str) -> None:
        """Say which pane is shown."""
        self._current = current
        self.on_resize()

    def on_resize(self) -> None:
        self.show([tab_line(self._current, self.size.width)])


class Tiny(Lines):
    """All that is said on a terminal that is too small for figures."""

    def __init__(self) -> None:
        super().__init__(8, id="tiny")
        self._view: View | None = None

    def look(self, view: View) -> None:
        """Show one moment."""
        self._view = view
        self.on_resize()

    def on_resize(self) -> None:
        """Show mode and state, and what to do."""
        if self._view is not None:
            width, height = self.app.size
            mode = line(mode_span(self._view), " ") if self._view.reach.heard else ()
            signs = line(*mode, state_span(self._view))
            asked = line(f"enlarge to 40×10 (is {width}×{height})")
            lines = (signs, asked, line("every key works"))
            self.show([piece for text in lines for piece in wrap(text, max(width, 1))])


def mode_span(view: View) -> Span:
    """Return the mode: LIVE reversed and bold, so that it is unmistakable without colour."""
    words = mode_words(view)
    if view.snapshot.status.mode == "live":
        return Span(f" {words} ", Tone.ERROR, bold=True, ground=Ground.REVERSE)
    return Span(words, bold=True)


def vital_lines(view: View, width: int, height: int) -> list[Line]:
    """Return the lines for a header of `height` lines."""
    strip = [strip_line(view, width)] if view.reach.told else []
    signs = [fill_between(_signs(view), [], width)] if height > 1 + len(strip) else []
    return [fill_between(_who(view), _money(view, width), width), *signs, *strip]


def tab_line(current: str, width: int) -> Line:
    """Return ``1 Status  [2 Positions]  3 P/L …``, with numbers alone for the others where it is narrow."""
    names = [f"{number} {TITLES[name].split()[0]}" for number, name in enumerate(PANES, 1)]
    if len("  ".join(names)) + 4 > width:
        names = [text if PANES[at] == current else text[0] for at, text in enumerate(names)]
    spans = [
        Span(f"[{text}]", Tone.ACCENT, bold=True) if PANES[at] == current else Span(f" {text} ", Tone.DIM)
        for at, text in enumerate(names)
    ]
    return line(*spans)


def _who(view: View) -> list[Part]:
    status = view.snapshot.status
    if not view.reach.heard:
        return [(0, line(Span(clean(view.bot), bold=True)))]
    what = f"{view.snapshot.bot} · {status.strategy} {status.timeframe}"
    return [
        (0, line(mode_span(view))),
        *alert_part(view),
        (4, line(what)),
        (5, line(Span(f"{len(status.symbols)} symbols", Tone.DIM))),
    ]


def alert_part(view: View) -> list[Part]:
    """Return how many alerts fire that nobody has seen; nothing where none does."""
    firing = view.snapshot.alerts.firing
    if not firing:
        return []
    warns = all(each.severity is Severity.WARNING for each in firing)
    text = f"{'!' if warns else '‼'} {counted(len(firing), 'alert')}"
    return [(1, line(Span(text, Tone.WARN if warns else Tone.ERROR, bold=not warns)))]


def _money(view: View, width: int) -> list[Part]:
    money = view.snapshot.money
    stale = view.silent
    if not view.reach.heard:
        return [(3, line(_time(view)))]
    label = "equity " if width >= 100 else ""
    amount = f"{number(money.equity, 2)}{f' {money.currency}' if width >= 60 else ''}"
    equity = Span(amount, Tone.STALE if stale else Tone.PLAIN, bold=not stale)
    change = Span(signed_percent(money.total_pct), Tone.STALE if stale else gain(money.total_pct))
    return [(0, line(Span(label, Tone.DIM), equity)), (2, line(change)), (3, line(_time(view)))]


def _time(view: View) -> str:
    # Without a running bot nothing on the screen needs seconds, and a still screen costs nothing.
    return f"{clock(view.now)} UTC" if view.ticking else f"{minute(view.now)} UTC"


def _signs(view: View) -> list[Part]:
    snapshot = view.snapshot
    status, workers = snapshot.status, snapshot.workers
    beating = sum(worker.healthy for worker in workers)
    parts: list[Part] = [(0, line(state_span(view)))]
    if view.silent:  # figures that look well would belie it
        return parts
    if status.state is State.RUNNING:
        parts.append((3, line(f"next {due(view):<4}")))
    if status.cycles:
        parts.append((4, line(f"ok {percent(status.success_rate)}")))
    parts.append((5, line(Span(f"API {percent(snapshot.api.success)}"))))
    parts.append((2, line(Span(f"♥ {beating}/{len(workers)}", Tone.PLAIN if beating == len(workers) else Tone.ERROR))))
    parts.append((1, line(Span(f"errors {snapshot.errors_today}", Tone.WARN if snapshot.errors_today else Tone.PLAIN))))
    return parts
