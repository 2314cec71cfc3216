"""``radtui sim run``: the whole engine in seeded worlds in which everything goes wrong."""

from __future__ import annotations

import os
import sys
from time import monotonic
from typing import Annotated, Any, Final

import msgspec
from cyclopts import Parameter

from radtui.cli.failures import Exit, Failure
from radtui.cli.streams import say
from radtui.simserver.explore import report
from radtui.simserver.explore.batch import Survey, Verdict, survey
from radtui.simserver.explore.selection import BadSelection, Selection, parse

_MOST_MINUTES: Final = 100_000.0
_MOST_JOBS: Final = 256


def run_command(
    *,
    seeds: Annotated[int, Parameter(help="How many worlds.")] = 10,
    first_seed: Annotated[int, Parameter(help="The first of them; each has the number that follows.")] = 1,
    faults: Annotated[
        str, Parameter(help="all, none, or a list: kinds (lost,crash) and single ones (lost@request.17).")
    ] = "all",
    minutes: Annotated[
        float, Parameter(help="Simulated minutes of faults in each; then all is well, and must be.")
    ] = 60,
    jobs: Annotated[int, Parameter(help="Processes; 0: one a core.")] = 1,
    json: Annotated[bool, Parameter(help="One JSON document on standard output.", negative="")] = False,
) -> int:
    """Fly the bot against the simulated exchange with faults at every seam, and check what must never happen.

    Exit code 0: nothing did. 1: something did; seed, least set of faults and the command that replays it are printed.
    """
    asked = Survey(
        seeds=_within("seeds", seeds, 1, 10_000_000),
        first=_within("first-seed", first_seed, 0, 2**53),
        selection=_selection(faults),
        minutes=_within("minutes", minutes, 0.1, _MOST_MINUTES),
        jobs=_within("jobs", jobs, 0, _MOST_JOBS) or os.cpu_count() or 1,
    )
    began, verdicts = monotonic(), list[Verdict]()
    for verdict in survey(asked):
        verdicts.append(verdict)
        _progress(asked, verdicts, verdict)
    found = report.document(asked, verdicts, monotonic() - began)
    _answer(found, as_json=json)
    return Exit.DONE if not found["violations"] else Exit.REFUSED


def _answer(found: dict[str, Any], *, as_json: bool) -> None:
    say(msgspec.json.encode(found).decode() if as_json else report.summary(found))


def _progress(asked: Survey, verdicts: list[Verdict], last: Verdict) -> None:
    """Say on standard error what failed, and now and then how far it is."""
    if last.outcome.violation is not None:
        print(report.failure(last), file=sys.stderr, flush=True)  # noqa: T201 - progress is for people
    done, every = len(verdicts), max(1, asked.seeds // 20)
    if done % every == 0 and done < asked.seeds:
        failed = sum(each.outcome.violation is not None for each in verdicts)
        print(f"{done} of {asked.seeds} seeds, {failed} failed", file=sys.stderr, flush=True)  # noqa: T201


def _selection(text: str) -> Selection:
    if text.strip() == "none":
        return Selection()
    try:
        return parse(text)
    except BadSelection as refused:
        raise _usage(str(refused)) from None


def _within(name: str, figure: Any, least: float, most: float) -> Any:
    if not least <= figure <= most:
        raise _usage(f"--{name} {figure:g} is out of range", f"give {least:g} to {most:g}")
    return figure


def _usage(title: str, todo: str = "") -> Failure:
    return Failure(title, means="Nothing was started.", todo=todo, code=Exit.USAGE)
