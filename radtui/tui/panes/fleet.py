"""Several engines: the head over them, and one of them as a row among others (row A4)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from radtui.core.lifecycle import State
from radtui.core.market import SECOND
from radtui.tui.format import DASH, clean, clock, counted, number, percent
from radtui.tui.panes.concerns import concerns
from radtui.tui.panes.parts import fill_between
from radtui.tui.panes.strip import FRESH
from radtui.tui.panes.view import View, elapsed, gain, snug, state_span
from radtui.tui.panes.vitals import mode_span
from radtui.tui.widgets.columns import Column, Row, row
from radtui.tui.widgets.tone import BLANK, Line, Span, Tone, line

COLUMNS: Final = (
    Column("number", "", 2, "right", 9),
    Column("name", "bot", 12, grow=True),
    Column("mode", "mode", 11, "left", 1),
    Column("state", "state", 12),
    Column("equity", "equity", 10, "right", 2),
    Column("today", "today", 9, "right", 1),
    Column("positions", "pos.", 4, "right", 1),
    Column("bare", "bare s", 6, "right", 3),
    Column("api", "API %", 6, "right", 5),
    Column("hearts", "♥", 5, "right", 4),
    Column("errors", "errors", 6, "right", 6),
    Column("line", "line", 12),
)


def fleet_row(key: str, place: int, view: View) -> Row:
    """Return the cells of one engine; what is not known is ``–``, what is old is dim."""
    cells = (Span(str(place), Tone.DIM), Span(clean(view.reach.name) or DASH, bold=True), *_standing(view))
    return row(key, *cells, *_figures(view), line_span(view))


def fleet_head(views: Sequence[View], now: int, width: int) -> list[Line]:
    """Return the two lines over a table of engines: how many fly, and the worst concern of all with its bot."""
    return [fill_between([(0, _counts(views))], [(1, line(f"{clock(now)} UTC"))], width), _worst(views)]


def tiny_line(view: View) -> Line:
    """Return one engine for a terminal that has no room for figures."""
    found = concerns(view)
    mark = Span("‼ ", Tone.ERROR) if found and found[0].tone is Tone.ERROR else Span("  ")
    return line(mark, Span(clean(view.bot), bold=True), " ", state_span(view))


def _counts(views: Sequence[View]) -> Line:
    running = sum(not view.silent and view.snapshot.status.state is State.RUNNING for view in views)
    away = sum(view.silent for view in views)
    held = sum(len(view.snapshot.positions) for view in views)
    gone = Span(f" · {away} not heard", Tone.ERROR) if away else Span("")
    parts = f"  {counted(len(views), 'bot')} · {running} running"
    return line(Span("FLEET", bold=True), parts, gone, f" · {counted(held, 'position')}")


def _worst(views: Sequence[View]) -> Line:
    """Return the worst concern of all, with the bot whose it is; blank where there is none."""
    found = [(view, concern) for view in views for concern in concerns(view)]
    if not found:
        return BLANK
    view, worst = min(found, key=lambda each: each[1].tone is not Tone.ERROR)
    sign = "‼" if worst.tone is Tone.ERROR else "!"
    return line(Span(f" {sign} {clean(view.reach.name)}: {worst.text}", worst.tone))


def line_span(view: View) -> Span:
    """Return how the line is in a dozen cells: ``live``, ``4 s old``, ``lost 14 s``."""
    wire, trouble = view.reach.line, view.reach.trouble
    if trouble and wire is not None:
        words = {"connecting": "…", "line lost": "lost"}.get(trouble, trouble)
        return Span(f"{words} {elapsed(wire.since)}", Tone.WARN if trouble == "connecting" else Tone.ERROR)
    if view.age > FRESH:
        return Span(f"{elapsed(view.age / SECOND)} old", Tone.WARN)
    return Span("live", Tone.PLAIN)


def _standing(view: View) -> tuple[Span, ...]:
    if not view.reach.heard:
        return Span(DASH, Tone.DIM), Span(DASH, Tone.DIM)
    mode = mode_span(view)
    return mode._replace(text=mode.text.strip()), state_span(view)


def _figures(view: View) -> tuple[Span, ...]:
    if not view.reach.heard:
        return tuple(Span(DASH, Tone.DIM) for _ in range(7))
    snapshot = view.snapshot
    money, protection, workers = snapshot.money, snapshot.protection, snapshot.workers
    beating = sum(each.healthy for each in workers)
    bare = bool(protection.unprotected) or bool(protection.limit and protection.worst > protection.limit)
    figures = (
        Span(number(money.equity, 2)),
        Span(snug(money.today, 9), gain(money.today)),
        Span(number(len(snapshot.positions))),
        Span(number(protection.worst, 1) if protection.positions else DASH, Tone.ERROR if bare else Tone.PLAIN),
        Span(percent(snapshot.api.success).removesuffix(" %")),
        Span(f"{beating}/{len(workers)}", Tone.PLAIN if beating == len(workers) else Tone.ERROR),
        Span(number(snapshot.errors_today), Tone.WARN if snapshot.errors_today else Tone.PLAIN),
    )
    return tuple(each._replace(tone=Tone.STALE) for each in figures) if view.silent else figures
