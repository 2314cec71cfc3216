"""``radtui sweep``: a strategy's parameters searched through recorded candles, in one process or in many."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

import msgspec
from cyclopts import Parameter

from radtui.backtest.search.legs import Measure
from radtui.backtest.search.outcome import Outcome, outcome
from radtui.backtest.search.plan import Job, Plan, Sampler
from radtui.backtest.search.queue import CrewLost
from radtui.backtest.search.segments import TooShort
from radtui.backtest.search.space import BadSpace, space
from radtui.backtest.search.storage import BadStorage, StorageLost, create, shown
from radtui.backtest.search.wording import BEST_HEADS, FOLD_HEADS, best_rows, count, fold_rows, heading, meanings
from radtui.cli import answers
from radtui.cli.failures import Exit, Failure
from radtui.cli.flight import told
from radtui.cli.history import known, usage
from radtui.cli.history_flags import HistoryFlags
from radtui.cli.searching import asked, kept_in, planned, within
from radtui.cli.streams import complain, say

if TYPE_CHECKING:
    from radtui.backtest.search.crew import Crew, Note

AsJson = Annotated[bool, Parameter(name="--json", help="Print one JSON document.", negative="")]
_EXTRAS: Final = {"optuna": "research", "joblib": "research", "dask": "cluster"}
"""Libraries that a search needs, and the extra that brings each."""


def sweep(
    *,
    space_: Annotated[
        tuple[str, ...],
        Parameter(
            name="--space",
            help="What to search: NAME=LOW:HIGH, NAME=LOW:HIGH:STEP or NAME=A|B; commas between several, or once each.",
            negative="",
        ),
    ],
    trials: Annotated[int, Parameter(help="How many choices to fly.")] = 100,
    jobs: Annotated[int, Parameter(help="Processes on this machine.")] = 1,
    cluster: Annotated[
        str | None, Parameter(help="Dask scheduler whose workers fly, in place of --jobs, as tcp://HOST:8786.")
    ] = None,
    sampler: Annotated[
        Literal["grid", "random", "tpe"], Parameter(help="Every point in a random order, chance, or one that learns.")
    ] = "random",
    by: Annotated[Literal["sharpe", "profit"], Parameter(help="What makes a choice better.")] = "sharpe",
    folds: Annotated[int, Parameter(help="Steps of choosing on what was and measuring on what came.")] = 4,
    seed: Annotated[int, Parameter(help="Chance of the sampler.")] = 1,
    storage: Annotated[
        str | None,
        Parameter(
            help="File or postgresql://HOST/DATABASE of the study; many hosts may share it. "
            "User and password may stand in PGUSER, PGPASSWORD or ~/.pgpass."
        ),
    ] = None,
    flags: HistoryFlags = HistoryFlags(),  # noqa: B008  # frozen, and cyclopts reads the default
    as_json: AsJson = False,
) -> int:
    """Search a strategy's parameters: fly many choices through recorded candles and tell how far to believe the best.

    The same command goes on where it was stopped, and helps where it runs already.
    """
    within(trials, jobs, folds)
    settings = flags.settings()
    with told(), _told():
        name = known(flags.timeframe or settings.bot.timeframe)
        plan = msgspec.structs.replace(
            planned(
                settings,
                space(",".join(space_)),
                flags.parameters(),
                flags.source(settings),
                name,
                folds,
            ),
            sampler=Sampler(sampler),
            measure=Measure(by),
            seed=seed,
        )
        job = Job(plan=plan, storage=kept_in(settings, storage, plan))
        found = _searched(job, asked(plan, trials), _crew(jobs, cluster), quiet=as_json)
    say(answers.document(_document(plan, found)) if as_json else "\n".join(_report(plan, found)))
    return Exit.DONE if found.flown and found.flown + found.refused == found.tasks else Exit.REFUSED


def _crew(jobs: int, cluster: str | None) -> Crew:
    from radtui.backtest.search import crew

    if cluster is not None:
        return crew.cluster(cluster)
    return crew.several(jobs) if jobs > 1 else crew.alone


def _searched(job: Job, trials: int, crew: Crew, *, quiet: bool) -> Outcome:
    from radtui.backtest.search.crew import work_off

    plan, storage = job.plan, job.storage
    if not quiet:
        complain("\n".join([*heading(plan), f"kept in {shown(storage)}"]))
    try:
        with _progress(trials) as note:
            work_off(job, trials, crew, note)
    except KeyboardInterrupt:
        complain(f"radtui: stopped; what was flown is kept in {shown(storage)}")
        complain("  What to do: the same command goes on where it stopped")
        raise
    return outcome(plan, create(storage, plan.study).get_trials(deepcopy=False), trials)


@contextmanager
def _progress(trials: int) -> Iterator[Note]:
    """Show how far it has come, where somebody looks."""
    if not sys.stderr.isatty():
        yield lambda open_tasks, best: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    best_so_far = TextColumn("{task.fields[best]}")
    columns = TextColumn("sweep"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), best_so_far
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("sweep", total=trials, best="")

        def note(open_tasks: int, best: float | None) -> None:
            told = "" if best is None else f"best in-sample {best:.4g}"
            bar.update(task, completed=trials - open_tasks, best=told)

        yield note


def _report(plan: Plan, found: Outcome) -> Iterator[str]:
    yield from count(found)
    if found.best:
        yield ""
        yield answers.table(BEST_HEADS, best_rows(found, plan.measure))
        yield ""
        yield answers.table(FOLD_HEADS, fold_rows(found, plan.measure))
        yield ""
        yield from meanings(plan, found)
        best = " ".join(f"--set {name}={value}" for name, value in found.best[0].parameters.items())
        yield f"fly the best: radtui backtest --strategy {plan.strategy} --timeframe {plan.timeframe} {best} …"


def _document(plan: Plan, found: Outcome) -> dict[str, Any]:
    told: dict[str, Any] = msgspec.to_builtins(found)
    for each in told["best"]:
        del each["flown"]
    about = {
        "strategy": plan.terms.config.strategy,
        "timeframe": plan.timeframe,
        "symbols": plan.terms.config.symbols,
        "parameters": plan.terms.parameters,
        "source": plan.candles,
        "sampler": plan.sampler,
        "by": plan.measure,
        "seed": plan.seed,
        "segments": plan.segments,
    }
    return {**about, **told}


@contextmanager
def _told() -> Iterator[None]:
    """Turn what can be wrong with a search into a message with what to do."""
    try:
        yield
    except ModuleNotFoundError as missing:
        extra = _EXTRAS.get(str(missing.name))
        if extra is None:
            raise
        what = f"this search needs {missing.name}, which is not installed"
        raise usage(what, f"pip install 'radtui[{extra}]'") from None
    except (BadSpace, BadStorage, TooShort) as refused:
        raise Failure(str(refused), means="Nothing was flown.", code=Exit.USAGE) from None
    except CrewLost as lost:
        raise Failure(str(lost), means="What was flown before is kept.", todo=lost.todo) from None
    except StorageLost as lost:
        raise Failure(
            str(lost),
            means="What was flown before it is kept there.",
            todo="see that it can be reached and written; the same command goes on",
        ) from None
