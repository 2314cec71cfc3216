"""What ``radtui sweep`` is asked for, from a command line: a plan, where it is kept, and refusals before any flight."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from difflib import get_close_matches
from hashlib import sha256
from pathlib import Path
from typing import Final

from radtui.backtest.search.plan import Plan, Sampler
from radtui.backtest.search.segments import cut
from radtui.backtest.search.space import Knob, size
from radtui.backtest.search.storage import address, is_address, secrets
from radtui.backtest.source import Source
from radtui.cli.history import flown, usage
from radtui.core.market import TIMEFRAMES
from radtui.resilience.redaction import hide
from radtui.settings.folders import private_folder
from radtui.settings.places import places
from radtui.settings.tree import Settings
from radtui.strategies.catalogue import load, strategy_class
from radtui.strategies.describing import one

_MOST_JOBS: Final = 512


def within(trials: int, jobs: int, folds: int) -> None:
    """Refuse counts that cannot be.

    Raises:
        Failure: one of them (exit code 2).
    """
    for flag, number, most in (("--trials", trials, 10**6), ("--jobs", jobs, _MOST_JOBS), ("--folds", folds, 100)):
        if not 1 <= number <= most:
            raise usage(f"{flag} {number} cannot be", f"give a number from 1 to {most:,}")


def planned(
    settings: Settings, knobs: tuple[Knob, ...], given: dict[str, str], where: Source, timeframe: str, folds: int
) -> Plan:
    """Return the plan of a search of the settings' strategy, by chance and by its Sharpe ratio.

    Args:
        given: parameters that stay as they are. where: its candles.

    Raises:
        Failure: a parameter is none of the strategy's (exit code 2). BadHistory, TooShort: of the candles.
    """
    strategy = settings.bot.strategy
    _names(strategy, knobs, given)
    market = where.market(timeframe)
    return Plan(
        strategy=_found(strategy),
        code=_code(strategy),
        terms=flown(settings, market, load(strategy).name, timeframe, given),
        source=where,
        candles=market.source,
        segments=cut(market.now, market.ends_at, TIMEFRAMES[timeframe], folds),
        knobs=knobs,
    )


def asked(plan: Plan, trials: int) -> int:
    """Return how many trials there are to do: a grid has no more than its points."""
    if plan.sampler is not Sampler.GRID:
        return trials
    plan.fixed(0)
    return min(trials, size(plan.knobs) or trials)


def kept_in(settings: Settings, asked: str | None, plan: Plan) -> str:
    """Return the file or address of a plan's study; what is secret in an address is shown nowhere from now on.

    Raises:
        BadStorage: no study can be kept there.
    """
    if asked is None:
        return str(private_folder(places(settings).state / "sweeps") / f"{plan.study}.journal")
    if not is_address(asked):
        return str(Path(asked).expanduser().absolute())
    storage = address(asked)
    hide(secrets(storage))
    return storage


def _names(strategy: str, knobs: Sequence[Knob], given: dict[str, str]) -> None:
    """Refuse parameters that the strategy does not have, before the first flight does."""
    possible = [knob.name for knob in one(strategy).knobs if knob.name != "timeframe"]
    searched = [knob.name for knob in knobs]
    for name in (*searched, *given):
        if name in searched and name in given:
            raise usage(f"{name} is searched, and set", "leave out one of --space and --set")
        if name not in possible:
            near = get_close_matches(name, possible, n=1)
            meant = f" (did you mean {near[0]}?)" if near else ""
            raise usage(f"{strategy} has no parameter {name}{meant}", f"choose from {', '.join(possible)}")


def _found(strategy: str) -> str:
    """Return how a worker finds the strategy, whatever folder it works in."""
    path, colon, name = strategy.rpartition(":")
    return f"{Path(path).expanduser().absolute()}:{name}" if colon else strategy


def _code(strategy: str) -> str:
    """Return a digest of the file that the strategy is written in; a class without one goes by its name."""
    try:
        file = inspect.getsourcefile(strategy_class(strategy))
    except TypeError:
        file = None
    return sha256(Path(file).read_bytes()).hexdigest()[:12] if file else strategy
