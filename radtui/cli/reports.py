"""``radtui report [health|reconcile|profile]``: of a running engine; the reconciliation also of a journal alone."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from cyclopts import Parameter

from radtui.api.views import Difference, Reconciliation, journalled
from radtui.cli.account import journal_file
from radtui.cli.answers import document, moment, table
from radtui.cli.engines import RunningEngine, Silent, no_answer
from radtui.cli.failures import Exit, Failure
from radtui.cli.flags import Flags
from radtui.cli.streams import say
from radtui.cli.telling import AsJson
from radtui.cli.where import Where
from radtui.core.health_view import EndpointView
from radtui.core.recovery_report import ReconcileView
from radtui.core.timing_view import PhaseView
from radtui.core.words import counted
from radtui.health.profile import Profile
from radtui.health.text import as_text
from radtui.settings.places import places

_HERE: Final = Where()
Kind = Literal["health", "reconcile", "profile"]


def report(
    kind: Annotated[Kind, Parameter(help="What about.")] = "health",
    /,
    *,
    where: Where = _HERE,
    as_json: AsJson = False,
) -> int:
    """Print a report. Without an engine, `reconcile` tells what the journal has of the last one."""
    try:
        engine = where.engine()
    except Failure as failure:
        if kind != "reconcile" or failure.code != Exit.NO_ENGINE:
            raise
        return _show(_from_journal(where.flags(), failure), as_json=as_json)
    return _of_engine(engine, kind, as_json=as_json)


def _of_engine(engine: RunningEngine, kind: Kind, *, as_json: bool) -> int:
    try:
        reply = engine.get(f"/api/report/{kind}")
    except Silent as silent:
        raise no_answer(engine, silent) from None
    if kind == "reconcile":
        return _show(reply.read(Reconciliation), as_json=as_json)
    if as_json:
        say(document(reply.read(object)))
    else:
        say(as_text(reply.read(dict[str, Any])) if kind == "health" else _profile(reply.read(Profile)))
    return Exit.DONE


def _from_journal(flags: Flags, nobody: Failure) -> Reconciliation:
    from radtui.cli.opening import opened
    from radtui.store.faults import BackupRefused
    from radtui.store.findings import findings

    settings = opened(flags).settings
    journal = journal_file(settings, places(settings))
    if not journal.exists():
        raise nobody
    try:
        said = findings(journal)
    except BackupRefused as refused:
        raise Failure("the journal cannot be read", means=str(refused)) from None
    return journalled(settings.bot.name, said)


def _show(found: Reconciliation, *, as_json: bool) -> int:
    say(document(found) if as_json else "\n".join(_reconciliation(found)))
    return Exit.DONE


def _reconciliation(found: Reconciliation) -> list[str]:
    where = "the running engine" if found.source == "engine" else "the journal; no engine runs"
    lines = [f"{found.bot}, from {where}"]
    report = found.report
    if report is None:
        lines.append("no recovery is known" if found.recovered is not False else "recovery is not done yet")
    else:
        lines.append(f"last recovery {moment(report.ended_at)} UTC; the run before: {report.last_run}")
        shown = _counts(order=report.orders, stop=report.stops, position=report.positions)
        caught = _counts(fill=report.fills, funding=report.funding, transfer=report.transfers)
        lines.append(f"the exchange showed {shown}; caught up: {caught}")
    if found.now is not None:
        lines += _going_on(found.now)
    lines += [line for each in found.differences for line in _difference(each)]
    return lines if found.differences else [*lines, "no differences"]


def _counts(**of: int) -> str:
    return ", ".join(counted(count, noun) for noun, count in of.items())


def _going_on(now: ReconcileView) -> list[str]:
    drifts = counted(now.drifts, "drift")
    lines = [f"compared {counted(now.readings, 'time')} since, last {moment(now.last_at)} UTC; {drifts}"]
    lines += [f"left alone, not ours: {line}" for line in now.foreign]
    return [*lines, f"RIVAL: {now.rival}"] if now.rival else lines


def _difference(each: Difference) -> list[str]:
    explained = [f"  because {each.explanation}"] if each.explanation else []
    return [f"{moment(each.at)}  {each.subject}: {each.difference}", *explained, f"  {each.done}"]


def _profile(found: Profile) -> str:
    cycle = f"cycle: {_figure(found.average_cycle)} s on average; event loop: p99 lag {_figure(found.lag_p99)} ms"
    all_of_them: tuple[PhaseView | EndpointView, ...] = (*found.phases, *found.endpoints)
    rows = [_timed(each) for each in all_of_them]
    times = table(("PHASE OR CALL", "TIMES", "FAILED", "SECONDS", "P50 MS", "P99 MS"), rows)
    slow = [
        f"too slow: {each.name}, {each.p99:.0f} ms where {each.limit:.0f} would do; {each.todo}" for each in found.slow
    ]
    slowest = [f"slowest: {found.slowest}; {found.more}"] if found.more else []
    return "\n".join((cycle, times, *(slow + slowest or ["nothing was timed yet"])))


def _timed(each: PhaseView | EndpointView) -> tuple[str, ...]:
    return (each.name, str(each.calls), str(each.failed), f"{each.seconds:.1f}", _figure(each.p50), _figure(each.p99))


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:.1f}"
