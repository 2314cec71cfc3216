"""``radtui backtest``: a strategy flown through recorded candles, by the same core and venue as a flight."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from errno import EISDIR
from functools import partial
from pathlib import Path
from textwrap import wrap
from time import perf_counter
from typing import TYPE_CHECKING, Annotated, Final

from cyclopts import Parameter

from radtui.backtest.chart import chart
from radtui.backtest.page import page
from radtui.backtest.result import Result, document
from radtui.backtest.run import GoOn, run
from radtui.backtest.wording import cautions, figures, heading, refusals, terms, when
from radtui.cli import answers
from radtui.cli.failures import Exit, Failure
from radtui.cli.flight import told
from radtui.cli.history import flown, known
from radtui.cli.history_flags import HistoryFlags
from radtui.cli.streams import say
from radtui.strategies.catalogue import load
from radtui.venue.history import RecordedMarket

if TYPE_CHECKING:
    from collections.abc import Callable

_NARROW: Final = 60
_WIDE: Final = 80
AsJson = Annotated[bool, Parameter(name="--json", help="Print one JSON document.", negative="")]


def backtest(
    *,
    flags: HistoryFlags = HistoryFlags(),  # noqa: B008  # frozen, and cyclopts reads the default
    html: Annotated[Path | None, Parameter(help="Also write the report as one HTML page.")] = None,
    as_json: AsJson = False,
) -> int:
    """Fly a strategy through recorded candles and report what came of it.

    Exits with 1 where the strategy failed at some candle: the report says how often.
    """
    settings = flags.settings()
    name = known(flags.timeframe or settings.bot.timeframe)
    given = flags.parameters()
    with told(), redirect_stdout(sys.stderr):  # what a strategy prints is no part of the report
        market = flags.source(settings).market(name)
        factory = load(settings.bot.strategy)
        conditions = flown(settings, market, factory.name, name, given)
        began = perf_counter()
        with _progress(market) as go_on:
            told_to_it = {"timeframe": name, **conditions.parameters}
            result = run(conditions, market, partial(factory, settings=told_to_it), go_on)
        seconds = perf_counter() - began
    if as_json:
        say(answers.document(document(result)))
    else:
        say("\n".join(_report(result, seconds)))
    if html is not None:
        _write(html, page(result))
    return Exit.REFUSED if result.faults or result.identity else Exit.DONE


def _report(result: Result, seconds: float) -> Iterator[str]:
    yield heading(result)
    yield when(result)
    yield ""
    for line in cautions(result):
        yield from wrap(f"! {line}", _WIDE, initial_indent="  ", subsequent_indent="    ")
    lines = list(figures(result))
    width = max(len(name) for name, _ in lines)
    yield from (f"  {name:<{width}}  {figure}" for name, figure in lines)
    yield ""
    yield from (f"  {line}" for line in chart([float(point.equity) for point in result.equity_curve], _NARROW))
    yield ""
    yield from (f"  {line}" for line in refusals(result))
    yield from wrap(terms(result), _WIDE, initial_indent="  ", subsequent_indent="  ")
    yield f"  {result.steps:,} bars in {seconds:.1f} s, {result.steps / max(seconds, 1e-9):,.0f} a second"


@contextmanager
def _progress(market: RecordedMarket) -> Iterator[GoOn]:
    """Show how far it has come, where somebody looks."""
    if not sys.stderr.isatty():
        yield lambda now: True
        return
    from rich.console import Console
    from rich.progress import Progress

    since = market.now
    with Progress(console=Console(stderr=True), transient=True) as shown:
        task = shown.add_task("backtest", total=market.ends_at - since)
        yield _moving(lambda now: shown.update(task, completed=now - since))


def _moving(note: Callable[[int], None]) -> GoOn:
    def go_on(now: int) -> bool:
        note(now)
        return True

    return go_on


def _write(path: Path, text: str) -> None:
    part = path.parent / f".{path.name}.part"
    try:
        if path.is_dir():
            raise IsADirectoryError(EISDIR, os.strerror(EISDIR))
        part.write_text(text, encoding="utf-8")
        os.replace(part, path)  # noqa: PTH105  # whole or not at all
    except OSError as error:
        raise Failure(
            f"the report {path} cannot be written: {error.strerror}",
            means="The backtest was flown and is told above; only its page is missing.",
            todo="give --html a file in a folder that can be written",
        ) from None
