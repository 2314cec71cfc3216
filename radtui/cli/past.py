"""From a request to a backtest that can be flown: by the bot's settings as they are in force (row B1)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Final

import msgspec

from radtui.backtest.job import Job
from radtui.backtest.made_up import SPAN
from radtui.backtest.run import Terms
from radtui.backtest.source import Source
from radtui.cli.flight import parameters_set, seed_of
from radtui.cli.history import conditions
from radtui.core.backtest_view import BacktestRequest
from radtui.core.market import DAY, SECOND, TIMEFRAMES
from radtui.engine.past import Prepared
from radtui.engine.workshop import Unflyable, Workshop
from radtui.settings.folders import private_folder
from radtui.settings.places import places
from radtui.settings.tree import Settings
from radtui.store.recorded import named_by
from radtui.strategies.base import Factory, StrategyRefused
from radtui.strategies.catalogue import known, load
from radtui.venue.contracts import CONTRACTS, DEFAULT_SYMBOLS

KEPT: Final = 20
"""Reports that are kept; with the next one the oldest goes."""
_MOST: Final = Decimal(10) ** 12
_DEAREST: Final = Decimal("0.1")
_FIRST: Final = round(datetime(1971, 1, 1, tzinfo=UTC).timestamp()) * SECOND
_LAST: Final = round(datetime(2200, 1, 1, tzinfo=UTC).timestamp()) * SECOND
_LONGEST: Final = 2 * 365 * DAY
"""Of a made-up market, a million minutes: more would need gigabytes, and tell nothing."""


class BotsPast:
    """`radtui.engine.past.Past` of one bot.

    Args:
        settings: as they are in force now. now: wall clock, nanoseconds UTC.
    """

    def __init__(self, settings: Callable[[], Settings], workshop: Workshop, now: Callable[[], int]) -> None:
        self._settings, self._now = settings, now
        self.workshop = workshop

    def prepare(self, request: BacktestRequest) -> Prepared:
        """Return what is to be flown."""
        settings = self._settings()
        spec = _spec(request.strategy, settings.bot.strategy)
        timeframe = _timeframe(request.timeframe or settings.bot.timeframe)
        own = parameters_set(settings, spec)
        parameters = {**own, **_parameters(request, own)}
        told = {"timeframe": timeframe, **parameters}
        name = _factory(spec, told).name
        source = self._source(request, settings)
        terms = _terms(request, conditions(settings, timeframe, parameters, boot=0))
        whole = msgspec.structs.replace(
            request, strategy=name, symbol=source.symbol, timeframe=timeframe, parameters=parameters,
            start=source.begin, end=source.end, capital=terms.balance, slippage=terms.slippage,
        )  # fmt: skip
        stem = _room(places(settings).state / "backtests") / _stem(whole, self._now())
        job = Job(
            strategy=spec, told=told, terms=terms, source=source, document=f"{stem}.json", page=f"{stem}.html"
        )  # fmt: skip
        return Prepared(request=whole, job=job)

    def _source(self, request: BacktestRequest, settings: Settings) -> Source:
        """Return the candles: those of the archive, else the bot's own market."""
        begin, end = _span(request)
        symbol, archive = _symbol(request, settings), places(settings).candles
        if any((archive / symbol).glob("*/*")):
            return Source(archive=str(archive), symbol=symbol, begin=begin, end=end)
        if settings.bot.exchange != "paper":
            raise Unflyable(f"there are no candles of {symbol} here: `radtui data download {symbol}` brings some")
        if settings.paper.market is not None:
            return Source(file=_own_file(settings, symbol), symbol=symbol, begin=begin, end=end)
        end = self._now() // DAY * DAY if end is None else end
        begin = end - SPAN if begin is None else begin
        if end - begin > _LONGEST:
            raise Unflyable(
                f"at most {_LONGEST // DAY} days of a made-up market are flown; `radtui data` brings real candles"
            )
        return Source(seed=seed_of(settings), symbol=symbol, begin=begin, end=end)


def _span(request: BacktestRequest) -> tuple[int | None, int | None]:
    begin, end = request.start, request.end
    if any(at is not None and not _FIRST <= at <= _LAST for at in (begin, end)):
        raise Unflyable("beginning and end are moments from 1971 to 2199, in nanoseconds UTC")
    if begin is not None and end is not None and end <= begin:
        raise Unflyable("the end lies before the beginning")
    return begin, end


def _timeframe(name: str) -> str:
    if name not in TIMEFRAMES:
        raise Unflyable(f"no timeframe is called {name[:20]}: choose from {', '.join(TIMEFRAMES)}")
    return name


def _symbol(request: BacktestRequest, settings: Settings) -> str:
    own = settings.bot.symbols or (() if settings.paper.market is None else named_by(settings.paper.market))
    symbol = request.symbol or (*own, *DEFAULT_SYMBOLS)[0]
    if symbol not in CONTRACTS:
        raise Unflyable(f"no contract is called {symbol[:20]}: choose from {', '.join(CONTRACTS)}")
    return symbol


def _own_file(settings: Settings, symbol: str) -> str:
    """Return the file of the bot's own market, where it is that contract's."""
    file = Path(str(settings.paper.market)).expanduser().absolute()
    own = settings.bot.symbols or named_by(file)
    if symbol not in own:
        raise Unflyable(
            f"the bot's market {file.name} has candles of {', '.join(own)} only: `radtui data` brings others"
        )
    return str(file)


def _parameters(request: BacktestRequest, own: Mapping[str, str]) -> dict[str, str]:
    if "timeframe" in request.parameters:
        raise Unflyable("the timeframe is no parameter: it has a place of its own")
    members = request.parameters.get("strategies", "")
    if ":" in members and members != own.get("strategies"):
        raise Unflyable("a portfolio is flown of strategies by name: no request has code of a file run")
    return request.parameters


def _spec(asked: str, own: str) -> str:
    """Return what is flown: one in a file only where the bot itself flies it, for no request has code run."""
    names = known()
    if asked in ("", own):
        return own
    if asked in names:
        return asked
    if own not in names and _factory(own, None).name == asked:
        return own
    raise Unflyable(f"no strategy is called {asked[:40]}: choose from {', '.join(names)}")


def _factory(spec: str, told: dict[str, str] | None) -> Factory:
    """Return a strategy, tried where it is told something."""
    try:
        return load(spec, told)
    except StrategyRefused as refused:
        raise Unflyable(str(refused)) from None


def _terms(request: BacktestRequest, usual: Terms) -> Terms:
    """Return the terms with the money that was asked for."""
    capital, slippage = request.capital, request.slippage
    if capital is not None and not 0 < capital < _MOST:
        raise Unflyable("the capital must lie above 0, in USDT")
    if slippage is not None and not 0 <= slippage <= _DEAREST:
        raise Unflyable(f"the slippage is a share of the price, from 0 to {_DEAREST}")
    return msgspec.structs.replace(
        usual,
        balance=usual.balance if capital is None else capital,
        slippage=usual.slippage if slippage is None else slippage,
    )


def _room(folder: Path) -> Path:
    """Return the folder of the reports, made, with room for one more."""
    try:
        private_folder(folder)
        reports = sorted(folder.glob("*.json"), key=lambda path: path.stat().st_mtime)
        for old in reports[: max(0, len(reports) - KEPT + 1)]:
            old.with_suffix(".html").unlink(missing_ok=True)
            old.unlink(missing_ok=True)
        for part in folder.glob(".*.part"):  # of one that was ended while it wrote
            part.unlink(missing_ok=True)
    except OSError as error:
        raise Unflyable(f"the folder {folder} cannot be used for the report: {error.strerror}") from None
    return folder


def _stem(request: BacktestRequest, now: int) -> str:
    at = f"{datetime.fromtimestamp(now // SECOND, UTC):%Y%m%dT%H%M%S}"
    words = re.sub(r"[^A-Za-z0-9_]+", "-", f"{request.strategy}-{request.symbol}-{request.timeframe}")
    return f"{at}-{words}"[:80]
