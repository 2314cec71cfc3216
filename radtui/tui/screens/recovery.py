"""What this start found: every difference between the journal and the exchange, explained (rows O3, W6)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from radtui.core.recovery_report import Finding, ReconcileView, RecoveryReport
from radtui.core.snapshot import Snapshot
from radtui.tui.format import SECOND, clean, counted, duration, number, seconds, stamp
from radtui.tui.panes.progress import recovery_words, starting_lines
from radtui.tui.panes.view import View
from radtui.tui.screens.sheet import noted, titled
from radtui.tui.widgets.tone import Line, Span, Tone, line

_ENDS: Final = {
    "none": "none: this is the first",
    "shut down": "shut down in order",
    "killed or crashed": "killed or crashed",
}


def recovery_lines(view: View) -> list[Line]:
    """Return the report of this start, and what the comparison that never stops has found since."""
    snapshot = view.snapshot
    report = snapshot.recovery
    first = _waiting(view) if report is None else _report(report)
    return [*first, line(), *_since(snapshot.reconcile, view), *_foreign(snapshot)]


def _waiting(view: View) -> list[Line]:
    if view.snapshot.status.recovered:
        return [line(Span("This engine keeps no report of its start.", Tone.DIM))]
    text = "Recovery is not done: nothing is entered before journal and exchange agree."
    return [line(Span(text, Tone.WARN)), *starting_lines(view)]


def _report(report: RecoveryReport) -> Iterator[Line]:
    took = seconds((report.ended_at - report.began_at) / SECOND)
    away = "" if report.away is None else f", {duration(round(report.away) * SECOND)} before this start"
    yield line(
        Span(recovery_words(report), bold=True), Span(f"  done {stamp(report.ended_at)} UTC in {took}", Tone.DIM)
    )
    yield line("last run      ", f"{_ENDS.get(report.last_run, clean(report.last_run))}{away}")
    yield line(
        "there were    ",
        f"{counted(report.orders, 'order')}, {counted(report.stops, 'stop')}, "
        f"{counted(report.positions, 'position')} on the exchange",
    )
    yield line(
        "caught up     ",
        f"{counted(report.fills, 'fill')}, {counted(report.funding, 'settlement')} of funding, "
        f"{counted(report.transfers, 'transfer')}",
    )
    for finding in report.findings:
        yield from finding_lines(finding)


def finding_lines(finding: Finding) -> Iterator[Line]:
    """Yield one difference: both sides of it, what lies between, what was done."""
    yield line()
    yield noted(clean(finding.subject), clean(finding.kind))
    yield line("  we knew     ", clean(finding.before))
    yield line("  exchange    ", clean(finding.after))
    explained = bool(finding.explanation)
    said = clean(finding.explanation) if explained else "nothing of ours explains it"
    yield line("  because     ", Span(said, Tone.PLAIN if explained else Tone.WARN))
    if finding.done:
        yield line("  done        ", clean(finding.done))


def _since(reconcile: ReconcileView, view: View) -> Iterator[Line]:
    ago = "" if reconcile.last_at is None else f", the last {duration(max(0, view.now - reconcile.last_at))} ago"
    yield noted("Compared since", f"{counted(reconcile.readings, 'reading')} of the exchange{ago}")
    if reconcile.rival:
        yield line(Span(f"  ‼ {clean(reconcile.rival)}", Tone.ERROR))
    if not reconcile.drifts:
        yield line(Span("  no difference that ours does not explain", Tone.DIM))
    elif reconcile.last is not None:
        yield line(
            Span(f"  {number(reconcile.drifts)} unexplained, the last {stamp(reconcile.last_drift_at)} UTC:", Tone.WARN)
        )
        yield from finding_lines(reconcile.last)


def _foreign(snapshot: Snapshot) -> Iterator[Line]:
    yield line()
    yield titled("Not ours, left alone")
    found = snapshot.reconcile.foreign
    yield from (line(Span(f"  {clean(entry)}", Tone.DIM)) for entry in found or ("nothing seen",))
