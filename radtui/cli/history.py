"""What the commands about history share: which candles, which parameters, and on which terms."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec

from radtui.backtest.fitting import fitted
from radtui.backtest.run import Terms
from radtui.backtest.source import Source
from radtui.cli.data import instant
from radtui.cli.failures import Exit, Failure
from radtui.cli.flight import parameters_set
from radtui.core.config import CoreConfig
from radtui.core.market import TIMEFRAMES
from radtui.settings.places import places
from radtui.settings.tree import Settings
from radtui.venue.contracts import CONTRACTS
from radtui.venue.history import RecordedMarket


def source(
    settings: Settings, data: Path | None, symbol: str | None, from_: str | None = None, to: str | None = None
) -> Source:
    """Return where the candles are that a command line names.

    Raises:
        Failure: it names none (exit code 2).
    """
    if symbol is not None and symbol not in CONTRACTS:
        raise usage(f"no contract is called {symbol}", f"choose from {', '.join(CONTRACTS)}")
    if data is None and symbol is None:
        raise usage("no candles were named", "give --data FILE, or --symbol XBTUSDTM for those of `radtui data`")
    begin, end = None if from_ is None else instant("--from", from_), None if to is None else instant("--to", to)
    if begin is not None and end is not None and begin >= end:
        raise usage(f"--from {from_} is not before --to {to}", "give a time before it")
    return Source(
        file=None if data is None else str(data.expanduser().absolute()),
        archive=str(places(settings).candles),
        symbol=symbol,
        begin=begin,
        end=end,
    )


def flown(settings: Settings, market: RecordedMarket, strategy: str, timeframe: str, told: dict[str, str]) -> Terms:
    """Return the terms of a flight of a strategy by its own name through a market.

    Args:
        told: parameters of the strategy.
    """
    terms = conditions(settings, timeframe, {**parameters_set(settings, strategy), **told}, boot=market.now)
    return msgspec.structs.replace(terms, config=fitted(terms.config, market, strategy))


def conditions(settings: Settings, timeframe: str, told: dict[str, str], *, boot: int) -> Terms:
    """Return the terms of a flight before its market is known.

    Args:
        told: parameters of the strategy, for the report.
    """
    engine = settings.engine_config(boot=boot, autostart=True, virtual=True)
    return Terms(
        config=offline(msgspec.structs.replace(engine.core, timeframe=timeframe)),
        parameters=told,
        balance=settings.paper.balance,
        slippage=settings.paper.slippage,
        warmup=engine.warmup,
    )


def offline(config: CoreConfig) -> CoreConfig:
    """Return a configuration without what candles alone cannot tell: a scan of the market, and the book's quotes."""
    return msgspec.structs.replace(config, scan=None, quotes=False)


def known(timeframe: str) -> str:
    """Return a timeframe that there is.

    Raises:
        Failure: there is none of that name (exit code 2).
    """
    if timeframe not in TIMEFRAMES:
        raise usage(f"no timeframe is called {timeframe}", f"choose from {', '.join(TIMEFRAMES)}")
    return timeframe


def parameters(typed: Sequence[str]) -> dict[str, str]:
    """Return what ``--set NAME=VALUE`` says.

    Raises:
        Failure: it says nothing (exit code 2).
    """
    told = {name.strip(): value.strip() for name, _, value in (each.partition("=") for each in typed)}
    for each in typed:
        if not each.partition("=")[0].strip() or "=" not in each:
            raise usage(f"--set {each} is not NAME=VALUE", "give for example --set fast=10")
    if "timeframe" in told:
        raise usage("--set timeframe has a flag of its own", f"give --timeframe {told['timeframe']}")
    return told


def usage(title: str, todo: str) -> Failure:
    """Return what a person is told who asked for something that there is not."""
    return Failure(title, means="Nothing was flown.", todo=todo, code=Exit.USAGE)
