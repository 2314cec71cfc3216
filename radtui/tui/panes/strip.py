"""The link strip: how the line to an engine elsewhere is, how old what is shown is, who holds control (row A4)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from radtui.core.market import SECOND
from radtui.tui.format import clean, since
from radtui.tui.panes.parts import Part, fill_between
from radtui.tui.panes.view import View, elapsed
from radtui.tui.widgets.tone import Line, Span, Tone, line

if TYPE_CHECKING:
    from radtui.engine.remote import Line as Wire

FRESH: Final = SECOND
"""A picture that is older is said to be so."""
_FELT: Final = 0.02
"""Seconds of delay from which on it is named, in steps of ten milliseconds: a figure that trembles is noise."""
_TABS: Final = 9


def strip_line(view: View, width: int) -> Line:
    """Return the strip in `width` cells: the line and the helm at the left, the other engines at the right."""
    return fill_between([*_line_parts(view), *_helm_parts(view)], list(_tab_parts(view, width)), width)


def _line_parts(view: View) -> Iterator[Part]:
    wire = view.reach.line
    if wire is None:
        return
    name, trouble = clean(view.reach.name), view.reach.trouble
    if trouble:
        tone = Tone.WARN if wire.state == "connecting" else Tone.ERROR
        yield 0, line(Span(f"{'…' if tone is Tone.WARN else '✗'} {name} {trouble} {_for(wire)}", tone, bold=True))
        yield from _age_part(view)
        if wire.why:
            yield 4, line(Span(clean(wire.why), tone))
        if wire.state != "connecting":
            yield 5, line(Span("tried again and again", Tone.DIM))
        return
    yield 0, line(Span(f"⇄ {name}", bold=True), f" live{_delay(wire)}")
    yield from _age_part(view)


def _age_part(view: View) -> Iterator[Part]:
    if view.reach.heard and view.age > FRESH:
        yield 1, line(Span(f"shown is {elapsed(view.age / SECOND)} old", Tone.WARN, bold=True))


def _helm_parts(view: View) -> Iterator[Part]:
    reach, helm = view.reach, view.reach.helm
    if not reach.controls:
        yield 2, line(Span("may only look", Tone.WARN))
    elif reach.watching:
        yield 2, line(Span(f"{clean(reach.holder)} holds control since {since(helm.since, view.now)}", Tone.WARN))
        yield 3, line(Span(view.key("control"), bold=True), " takes over")
    elif helm.yours and reach.through:
        yield 6, line(Span("you hold control", Tone.DIM))
    elif reach.through and reach.attached:
        yield 6, line(Span("nobody holds control", Tone.DIM))


def _tab_parts(view: View, width: int) -> Iterator[Part]:
    tabs = view.reach.tabs
    if not tabs:
        return
    if len(tabs) <= _TABS and sum(len(tab.name) + 4 for tab in tabs) <= width // 2:
        yield 1, line(*(_tab_span(tab.name, tab.mark, here=tab.here) for tab in tabs))
    else:
        place = next((number for number, tab in enumerate(tabs, 1) if tab.here), 0)
        elsewhere = "‼" if any(tab.mark == "‼" and not tab.here for tab in tabs) else ""
        yield 1, line(_tab_span(f"{place} of {len(tabs)}", elsewhere, here=True))
    yield 3, line(Span(view.key("fleet"), bold=True), " fleet")


def _tab_span(name: str, mark: str, *, here: bool) -> Span:
    said = f"{clean(name)}{f' {mark}' if mark else ''}"
    if here:
        return Span(f"[{said}]", Tone.ACCENT, bold=True)
    return Span(f" {said} ", Tone.ERROR if mark == "‼" else Tone.DIM)


def _delay(wire: Wire) -> str:
    delay = wire.latency
    return f", {round(delay * 100) * 10} ms" if delay is not None and delay >= _FELT else ""


def _for(wire: Wire) -> str:
    return elapsed(wire.since)
