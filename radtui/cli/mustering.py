"""From the settings of several bots to their engines on one account: where market, exchange, journals and bots meet."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Final

import msgspec

from radtui.cli.failures import Exit, Failure
from radtui.cli.flight import (
    PAPER_LATENCY,
    fitted,
    make_venue,
    market,
    outlet_of,
    restore_venue,
    safety_of,
    scanned,
    seed_of,
    strategy_settings,
)
from radtui.core.memory import unpack
from radtui.engine.config import EngineConfig
from radtui.engine.engine import Engine
from radtui.exchange.paper import PaperExchange
from radtui.exchange.port import Exchange
from radtui.exchange.shared.account import SharedAccount
from radtui.exchange.shared.limits import AccountLimits
from radtui.exchange.shared.members import Member, Members
from radtui.exchange.shared.purses import Allotment
from radtui.exchange.shared.share import Share
from radtui.exchange.shared.tee import Tee
from radtui.health.monitor import HealthMonitor
from radtui.resilience.clock import Clock
from radtui.settings.squad import of_bot, spans, whole
from radtui.settings.tree import Settings
from radtui.store.port import BotState, Journal, JournalFailed
from radtui.store.recorder import Recorder
from radtui.strategies.catalogue import load
from radtui.venue.faults import FaultPlan
from radtui.venue.market import Market

if TYPE_CHECKING:
    from radtui.exchange.kucoin.adapter import KucoinExchange
    from radtui.exchange.kucoin.feed.alarms import LineAlert

_KEPT_WITHIN: Final = 0.25
"""Seconds that what a simulated exchange said waits for it to be kept: no longer than an exit waits for its note."""


class Bot(msgspec.Struct, frozen=True, kw_only=True):
    """One of them, before it flies.

    Attributes:
        settings: its own. config: what its engine is told; `fitted` to the market it is on.
    """

    settings: Settings
    config: EngineConfig
    journal: Journal
    recorder: Recorder | None = None


def names_of(settings: Settings) -> tuple[str, ...]:
    """Return which of the bots are to fly: the one that is named, else all."""
    return (settings.bot.name,) if settings.bot.name in settings.bots else tuple(settings.bots)


def bots_of(settings: Settings, *, boot: int, pulse: float, virtual: bool) -> dict[str, tuple[Settings, EngineConfig]]:
    """Return the settings of each bot that is to fly, and what its engine is told."""
    each = {name: of_bot(settings, name) for name in names_of(settings)}
    return {name: (own, told_of(own, boot=boot, pulse=pulse, virtual=virtual)) for name, own in each.items()}


def told_of(own: Settings, *, boot: int, pulse: float, virtual: bool = False, autostart: bool = True) -> EngineConfig:
    """Return what the engine of a bot is told by its `own` settings."""
    told = own.engine_config(boot=boot, autostart=autostart, virtual=virtual)
    return msgspec.structs.replace(told, pulse=pulse)


def members_of(settings: Settings) -> Members:
    """Return who shares the account; the settings were checked."""
    return Members(
        Member(name=name, symbols=bot.symbols, budget=bot.budget)
        for name, bot in settings.bots.items()
        if bot.budget is not None
    )


def source_of(settings: Settings, account: Journal, start: int, *, fresh: bool) -> Market | None:
    """Return the paper market of all bots, None on KuCoin."""
    if settings.bot.exchange != "paper":
        return None
    return market(whole(settings), None if fresh else account.paper(), start)


class Ground(msgspec.Struct, frozen=True, kw_only=True):
    """Where they fly.

    Attributes:
        settings: of all.
        account: keeps what is of the account and of none of them; closed with the exchange.
        source: the paper market; None on KuCoin.
        fresh: forget the paper account, or what was known of another rehearsal's.
    """

    settings: Settings
    account: Journal
    source: Market | None
    clock: Clock
    fresh: bool = False


class Muster:
    """The engines of the bots, each on its share of the account.

    Args:
        bots: that fly, all or some of those in the settings.

    Attributes:
        engines: by name; the latest of each.

    Raises:
        Failure: they cannot fly so.
        MemoryRefused: what a bot kept cannot be used.
    """

    def __init__(self, ground: Ground, bots: Mapping[str, Bot]) -> None:
        self._ground, self._members = ground, members_of(ground.settings)
        if not ground.fresh:
            _check_left(bots, self._members)
        health = {name: HealthMonitor(ground.clock) for name in bots}
        self._tee = Tee({name: each.calls for name, each in health.items()})
        exchange, self._kucoin = _exchange(ground, bots, self._tee)
        self._shared = _shared(ground, exchange, self._members)
        fresh = ground.fresh or (self._kucoin is None and ground.account.paper() is None)
        self.engines = {name: self._engine(name, bot, health[name], fresh=fresh) for name, bot in bots.items()}
        if self._kucoin is not None:
            self._kucoin.on_alert = self._warn_all

    def take_up(self, name: str, bot: Bot) -> Engine:
        """Return a new engine of a bot that has ended, while others of the account fly.

        Raises:
            Failure: no other flies any more.
            MemoryRefused: what it kept cannot be used.
        """
        if self._shared.closed:
            raise Failure("the account was left by its last bot", todo="start radtui again")
        _check_left({name: bot}, self._members)
        health = HealthMonitor(self._ground.clock)
        self._tee.tell(name, health.calls)
        self.engines[name] = engine = self._engine(name, bot, health, fresh=False)
        return engine

    def _engine(self, name: str, bot: Bot, health: HealthMonitor, *, fresh: bool) -> Engine:
        share = Share(self._shared, name, clock=self._ground.clock, observer=health.calls)
        return _engine(self._ground, bot, share, health, self._kucoin, fresh=fresh)

    def _warn_all(self, alert: LineAlert) -> None:
        for engine in self.engines.values():
            engine.warn(f"line: {alert.kind}", alert.text, alert.connection)


def _check_left(bots: Mapping[str, Bot], members: Members) -> None:
    """Refuse a start where a bot's books still hold what is another's contract by now."""
    for name, bot in bots.items():
        known = bot.journal.known()
        held = unpack(known.state.memory).positions if known.state is not None else {}
        theirs = {*held, *(order.symbol for order in known.open_orders)}
        if lost := sorted(symbol for symbol in theirs if members.of_symbol(symbol) != name):
            raise _still_held(name, lost, members)


def _still_held(name: str, lost: list[str], members: Members) -> Failure:
    owners = ", ".join(dict.fromkeys(f"bots.{members.of_symbol(symbol)}" for symbol in lost))
    return Failure(
        f"{name} still holds {', '.join(lost)} by its journal, and the settings give it to {owners}",
        means="Two bots would look after one position. Nothing was started; its stop rests on the exchange.",
        todo=f"give it back to bots.{name} until it is closed, for example by `radtui emergency-stop --bot {name}`",
        code=Exit.USAGE,
    )


def _exchange(ground: Ground, bots: Mapping[str, Bot], tee: Tee) -> tuple[Exchange, KucoinExchange | None]:
    if ground.source is not None:
        return _paper(ground, bots, ground.source, tee), None
    from radtui.cli.kucoin import exchange

    all_of_it = whole(ground.settings)
    kucoin = exchange(all_of_it, clock=ground.clock, observer=tee, spans=spans(all_of_it))
    return kucoin, kucoin


def _paper(ground: Ground, bots: Mapping[str, Bot], source: Market, tee: Tee) -> PaperExchange:
    settings, account = ground.settings, ground.account
    config = next(iter(bots.values())).config
    stored = account.paper()
    venue = make_venue(settings, source, (*spans(settings), *scanned(settings)), config.warmup)
    if stored is not None and ground.fresh:
        account.forget_paper()
    elif stored is not None:
        restore_venue(venue, stored)
    latency = () if config.virtual else PAPER_LATENCY
    return PaperExchange(
        venue,
        clock=ground.clock,
        observer=tee,
        faults=FaultPlan.parse((*latency, *settings.paper.faults), seed=seed_of(settings)),
        speed=config.core.speed,
        keep=account.keep_paper,
    )


def _shared(ground: Ground, exchange: Exchange, members: Members) -> SharedAccount:
    limits, account = ground.settings.account, ground.account
    state = None if ground.fresh else account.known().state
    return SharedAccount(
        exchange,
        members,
        AccountLimits(exposure=limits.exposure, margin_share=limits.margin_share),
        ground.clock,
        settled=partial(_kept, account) if ground.source is not None else None,
        before=msgspec.msgpack.decode(state.memory, type=Allotment) if state is not None else None,
        keep=lambda allotment: account.keep_state(_state(allotment)),
        closed=lambda: account.close(clean=True),
    )


def _state(allotment: Allotment) -> BotState:
    return BotState(desired="", who="", since=0, memory=msgspec.msgpack.encode(allotment))


async def _kept(account: Journal) -> None:
    """Wait until a simulated exchange is kept as it stands; one that cannot be kept holds nobody's exit up."""
    with suppress(JournalFailed, TimeoutError):
        async with asyncio.timeout(_KEPT_WITHIN):
            await account.durable()


def _engine(
    ground: Ground, bot: Bot, share: Share, health: HealthMonitor, kucoin: KucoinExchange | None, *, fresh: bool
) -> Engine:
    told_to_it = strategy_settings(bot.settings, bot.config)
    factory = load(bot.config.core.strategy, told_to_it)
    config = _told(ground.source, bot, factory.name)
    engine = Engine(
        config,
        share,
        bot.journal,
        health,
        ground.clock,
        partial(factory, settings=told_to_it),
        seed=seed_of(bot.settings) if kucoin is None else ground.clock.now(),
        fresh=fresh,
        recorder=bot.recorder,
        safety=safety_of(bot.settings, kucoin) if kucoin else None,
        outlet=None if config.virtual else outlet_of(bot.settings, config.core),
    )
    share.follow(engine.core)
    engine.bulletin.watch(share.heard)
    return engine


def _told(source: Market | None, bot: Bot, strategy: str) -> EngineConfig:
    if source is not None:
        return fitted(bot.config, source, strategy, bot.settings.bot.symbols)
    return msgspec.structs.replace(bot.config, core=msgspec.structs.replace(bot.config.core, strategy=strategy))
