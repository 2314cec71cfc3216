"""``radtui diff DAY``: what the bot decided on a day, beside a replay of the recorded candles, and why they differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from statistics import fmean
from typing import Annotated, Any

import msgspec
from cyclopts import Parameter

from radtui.backtest.honesty.again import again
from radtui.backtest.honesty.compare import Divergence, Kind, divergences
from radtui.backtest.honesty.flown import Day, NothingFlown, flown
from radtui.backtest.honesty.log import Decision, Key
from radtui.backtest.honesty.morning import CoreBreaks, Morning, morning
from radtui.backtest.run import Terms
from radtui.backtest.source import Source
from radtui.cli import answers
from radtui.cli.failures import Exit, Failure
from radtui.cli.flags import Flags
from radtui.cli.flight import strategy_settings, told
from radtui.cli.history import offline
from radtui.cli.opening import opened
from radtui.cli.recording import recordings_folder
from radtui.cli.streams import say
from radtui.core.market import DAY, SECOND, TIMEFRAMES
from radtui.core.signal import Action
from radtui.settings.places import places
from radtui.settings.tree import Settings
from radtui.store.recording import NotARecording, chain
from radtui.store.recording import opened as segment_at
from radtui.store.rerun import rerun
from radtui.strategies.catalogue import load
from radtui.venue.history import BadHistory

_HEADS = ("candle's close", "symbol", "what", "live", "replay", "cause")


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What came of it.

    Attributes:
        begin, end: of the day, market clock, nanoseconds UTC.
        decisions, wanted: of the day, and those of them that wanted to trade.
        replayed: symbols whose candles were there to be flown again.
        notes: what a reader should know. divergences: by time.
        slippage: mean basis points by which live fills were worse than the replay's; None where none can be compared.
    """

    begin: int
    end: int
    decisions: int
    wanted: int
    replayed: tuple[str, ...]
    notes: tuple[str, ...]
    divergences: tuple[Divergence, ...]
    slippage: float | None

    @property
    def honest(self) -> bool:
        """Whether every candle was there, and every decision is the replay's; what fills cost may differ."""
        return bool(self.replayed) and all(each.kind is Kind.FILL for each in self.divergences)


def diff(
    day: Annotated[str, Parameter(help="Day, UTC, like 2026-01-31; of a paper market: of the market's clock.")],
    /,
    *,
    bot: Annotated[str | None, Parameter(help="Name of the bot; else that of the settings.")] = None,
    data: Annotated[
        Path | None, Parameter(help="Candles of the day: CSV, Parquet or a folder; else those of `radtui data`.")
    ] = None,
    recording: Annotated[
        Path | None, Parameter(help="Recording to read, in place of the bot's own: a segment or a folder.")
    ] = None,
    config: Annotated[Path | None, Parameter(help="TOML file of the settings that the bot had.")] = None,
    state: Annotated[Path | None, Parameter(help="Folder of journal and recordings.")] = None,
    as_json: Annotated[bool, Parameter(name="--json", help="Print one JSON document.", negative="")] = False,
) -> int:
    """Compare a day's decisions with a replay of its candles; each divergence is told with its cause.

    Exits with 0 where every decision is the replay's (fills may cost something else), 1 where one is not.
    """
    begin = _day(day)
    settings = opened(Flags(bot=bot, config=config, state=state)).settings
    try:
        found = _recorded(recording or recordings_folder(settings, places(settings)), begin)
        code = list(_code(found))
    except NotARecording as unreadable:
        todo = "see recorder.enabled, or name one with --recording"
        raise Failure(str(unreadable), means="Nothing was compared.", todo=todo, code=Exit.USAGE) from None
    with told():
        report = _report(settings, found, code, data, begin)
    say(answers.document(_document(report)) if as_json else "\n".join(_page(report, day)))
    return Exit.DONE if report.honest else Exit.REFUSED


def _day(text: str) -> int:
    try:
        moment = datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        todo = "give one like 2026-01-31"
        raise Failure(f"{text} is no day", means="Nothing was compared.", todo=todo, code=Exit.USAGE) from None
    return round(moment.timestamp()) * SECOND


def _recorded(where: Path, begin: int) -> Day:
    try:
        return flown(chain(where), begin, begin + DAY)
    except NothingFlown as nothing:
        there = "and none at all"
        if nothing.last:
            there = f"only from {answers.moment(nothing.first)} to {answers.moment(nothing.last)} UTC"
        raise Failure(
            f"no decision of that day was recorded, {there}",
            means=f"The recordings in {where} were read.",
            todo="choose another day, or name the recording with --recording",
        ) from None


def _code(day: Day) -> Iterator[Divergence]:
    """Tell the day's events to core as it is now: what it answers otherwise is the code's doing, not the market's."""
    for paths in day.segments:
        outcome = rerun(segment_at(path) for path in paths)
        day.notes += outcome.notes
        if (found := outcome.diverged) is not None:
            how = "; ".join(found.differences[:2]) or "a field of what it publishes is new, or gone"
            cause = f"core was changed since: {how}"
            what = f"event {found.sequence}, {found.event['type']}"
            yield Divergence(
                at=found.at, symbol="", kind=Kind.CODE, live=what, replay="answered otherwise", cause=cause
            )


def _report(settings: Settings, day: Day, code: list[Divergence], data: Path | None, begin: int) -> Report:
    symbols = sorted({symbol for _, symbol in day.decisions})
    live: dict[Key, Decision] = {}
    replay: dict[Key, Decision] = {}
    replayed: list[str] = []
    if len(symbols) > 1:
        day.notes.append(
            "each symbol was flown again alone: what one took from the others' limits is not in the replay"
        )
    for symbol in symbols:
        try:
            here, there = _again(settings, day, _source(settings, data, symbol), symbol, begin)
        except BadHistory as missing:
            day.notes.append(f"{symbol} was not flown again: {missing}")
        else:
            live |= here
            replay |= there
            replayed.append(symbol)
    found = divergences(live, replay, day.runs)
    costs = [each.basis_points for each in found if each.basis_points is not None]
    return Report(
        begin=begin,
        end=begin + DAY,
        decisions=len(day.decisions),
        wanted=sum(said.action is not Action.HOLD for said in day.decisions.values()),
        replayed=tuple(replayed),
        notes=tuple(day.notes),
        divergences=(*code, *found),
        slippage=fmean(costs) if costs else None,
    )


def _source(settings: Settings, data: Path | None, symbol: str) -> Source:
    file = data or settings.paper.market
    if file is None and settings.bot.exchange == "paper":
        raise BadHistory(
            "a paper bot's candles are in no archive: name those that it flew with --data. "
            "Its model leaves none: fly --market FILE to compare"
        )
    named = None if file is None else str(file.expanduser().absolute())
    return Source(file=named, archive=str(places(settings).candles), symbol=symbol)


def _again(
    settings: Settings, day: Day, source: Source, symbol: str, begin: int
) -> tuple[Mapping[Key, Decision], Mapping[Key, Decision]]:
    """Return what the bot decided and what the replay decides, up to the bot's last decision of the day.

    Both begin at its first one, or where it was flat before that: what goes apart on the evening before is told, too.
    """
    name = day.config.timeframe
    span = TIMEFRAMES[name]
    told = [said for (_, whose), said in sorted(day.decisions.items()) if whose == symbol]
    first, last = told[0], told[-1]
    before = _before(day, symbol, first)
    _partly(day.notes, first, last, begin, span, before)
    since = (first if before is None else before).closed_at - span
    market = msgspec.structs.replace(source, begin=since, end=last.closed_at + span).market(name)
    factory = load(settings.bot.strategy)
    if factory.name != day.config.strategy:
        raise Failure(
            f"the bot flew {day.config.strategy}, and the settings name {factory.name}",
            means="Nothing was compared.",
            todo="give the settings that it had with --config",
            code=Exit.USAGE,
        )
    balance = settings.paper.balance if day.equity is None else day.equity
    terms = Terms(
        config=offline(msgspec.structs.replace(day.config, symbols=(symbol,))),
        balance=balance if before is None else before.equity,
        slippage=settings.paper.slippage,
    )
    engine = settings.engine_config(boot=since, autostart=True, virtual=True)
    told_to_it = strategy_settings(settings, msgspec.structs.replace(engine, core=day.config))
    log = again(terms, market, partial(factory, settings=told_to_it), None if before is None else before.past)
    own = day.log.between(since, last.closed_at, span)
    return {key: said for key, said in own.items() if key[1] == symbol}, log.between(since, last.closed_at, span)


def _before(day: Day, symbol: str, first: Decision) -> Morning | None:
    try:
        return morning(day.boot(first.closed_at), symbol, first.closed_at)
    except CoreBreaks as breaks:
        day.notes.append(f"{symbol}: {breaks}")
        return None


def _partly(notes: list[str], first: Decision, last: Decision, begin: int, span: int, before: Morning | None) -> None:
    """Note where the comparison is not one of the whole day, or not one from the same beginning."""
    symbol = first.symbol
    if first.closed_at > begin + span:
        notes.append(f"{symbol}: the bot's first decision of the day was at {answers.moment(first.closed_at)} UTC")
    if last.closed_at < begin + DAY - span:
        notes.append(f"{symbol}: the bot's last decision of the day was at {answers.moment(last.closed_at)} UTC")
    if before is None:
        held = (
            f"the bot held {first.held:+} lots when the day began" if first.held else "how the bot stood is not known"
        )
        notes.append(f"{symbol}: {held}; the replay begins flat, without its streaks and counts")
    elif before.closed_at < first.closed_at:
        notes.append(f"{symbol}: the replay begins where the bot was flat, at {answers.moment(before.closed_at)} UTC")


def _document(report: Report) -> dict[str, Any]:
    counts = Counter(each.kind for each in report.divergences)
    return {"honest": report.honest, "counts": dict(counts), **msgspec.to_builtins(report)}


def _page(report: Report, day: str) -> Iterator[str]:
    yield f"{day}: {report.decisions:,} decisions, {report.wanted:,} of them wanted to trade"
    yield from (f"  note: {note}" for note in report.notes)
    if report.divergences:
        yield answers.table(_HEADS, map(_row, report.divergences))
    if report.slippage is not None:
        word = "worse" if report.slippage > 0 else "better"
        yield f"fills: live was {abs(report.slippage):.2f} bp {word} than the replay, on average"
    if not report.replayed:
        yield "NOT COMPARED: without the day's candles only the code was"
    elif report.honest:
        yield "the same: every decision is the one that the replay makes"
    else:
        counts = Counter(each.kind for each in report.divergences)
        yield f"DIFFERENT: {', '.join(f'{count:,} × {kind}' for kind, count in counts.most_common())}"


def _row(each: Divergence) -> tuple[str, ...]:
    more = f" ({each.count:,} candles)" if each.count > 1 else ""
    return answers.moment(each.at), each.symbol, f"{each.kind}{more}", each.live, each.replay, each.cause
