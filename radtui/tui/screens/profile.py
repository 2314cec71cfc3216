"""The profile: where the engine's time goes, what is slow, and what to do about it (row H8)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from radtui.core.health_view import EndpointView
from radtui.core.timing_view import PhaseView
from radtui.health.profile import NOTHING, Profile, profile
from radtui.tui.format import DASH, number
from radtui.tui.panes.view import View
from radtui.tui.screens.sheet import listed, noted, titled
from radtui.tui.widgets.columns import Column, Row, row
from radtui.tui.widgets.grid import grid
from radtui.tui.widgets.tone import Line, Span, Tone, line

COLUMNS: Final = (
    Column("name", "", 22),
    Column("calls", "times", 10, "right", 1),
    Column("failed", "failed", 7, "right", 2),
    Column("seconds", "seconds", 10, "right", 3),
    Column("p50", "p50 ms", 9, "right"),
    Column("p99", "p99 ms", 9, "right"),
)
_WIDE: Final = 76
"""The text of a terminal of 80 columns; more would bring nothing."""


def profile_lines(view: View) -> list[Line]:
    """Return what is slow, then every phase and every endpoint, those that took most time first."""
    found = profile(view.snapshot)
    return [
        *_verdict(found),
        line(),
        noted("Phases of the engine", "those that took most time first"),
        *_table(found.phases, "nothing was timed yet"),
        line(),
        noted("Calls to the exchange", "those that took most time first"),
        *_table(found.endpoints, "no calls yet"),
        line(),
        line(Span(_summary(found), Tone.DIM)),
    ]


def _verdict(found: Profile) -> Iterator[Line]:
    if not found.slow:
        yield titled("Nothing is slow" if found.slowest else "Nothing was timed yet")
    for each in found.slow:
        figures = f"{number(round(each.p99))} ms, {number(round(each.limit))} would do"
        yield line(Span(f"! {each.name}  {figures}", Tone.WARN, bold=True))
        yield line(f"  {each.todo}")
    if found.more not in {"", NOTHING}:
        yield line(Span(f"  {found.more}", Tone.DIM))


def _table(timed: tuple[PhaseView, ...] | tuple[EndpointView, ...], none: str) -> list[Line]:
    return grid(COLUMNS, [_row(each) for each in timed], _WIDE, indent=2) if timed else listed([], none)


def _row(each: PhaseView | EndpointView) -> Row:
    return row(
        each.name,
        each.name,
        number(each.calls),
        Span(number(each.failed), Tone.WARN if each.failed else Tone.DIM),
        f"{each.seconds:,.1f}",
        _figure(each.p50),
        _figure(each.p99),
    )


def _summary(found: Profile) -> str:
    average = DASH if found.average_cycle is None else f"{found.average_cycle:.2f} s"
    lag = DASH if found.lag_p99 is None else f"{found.lag_p99:.1f} ms"
    return f"A cycle takes {average} on average; the event loop is late by {lag} at its p99."


def _figure(value: float | None) -> str:
    return DASH if value is None else f"{value:,.1f}"
