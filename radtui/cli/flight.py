"""From settings to an engine that can fly: the one place where market, venue, exchange, journal and strategy meet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Final

import msgspec

from radtui.backtest import fitting
from radtui.cli.failures import Exit, Failure
from radtui.core.market import SECOND, TIMEFRAMES
from radtui.core.memory import MemoryRefused, unpack
from radtui.engine.config import EngineConfig
from radtui.engine.engine import Engine
from radtui.engine.safety import SafetyConfig
from radtui.exchange.paper import PaperExchange
from radtui.health.monitor import HealthMonitor
from radtui.resilience.clock import Clock
from radtui.settings.strategies import as_text
from radtui.settings.tree import Settings
from radtui.store.faults import JournalBroken
from radtui.store.lock import AccountHeld
from radtui.store.port import Journal, PaperMemory
from radtui.store.recorded import open_market
from radtui.store.recorder import Recorder
from radtui.strategies.base import StrategyRefused
from radtui.strategies.catalogue import load
from radtui.venue.contracts import CONTRACTS, DEFAULT_SYMBOLS
from radtui.venue.faults import BadFault, FaultPlan
from radtui.venue.history import BadHistory
from radtui.venue.market import Market
from radtui.venue.model import SeededMarket
from radtui.venue.venue import Venue

if TYPE_CHECKING:
    from radtui.core.config import CoreConfig
    from radtui.exchange.kucoin.adapter import KucoinExchange
    from radtui.health.channels.outlet import Outlet

VIRTUAL_EPOCH: Final = 1_767_225_600 * SECOND
"""2026-01-01: where a seeded market begins under virtual time, so that the same seed is the same flight."""
PAPER_LATENCY: Final = ("latency=8", "latency-tail=5")
"""Milliseconds a paper call takes on the wall clock where no fault setting says otherwise: a near exchange's."""
DEFAULT_SEED: Final = 1
_LOOKS_A_STEP: Final = 6
"""Looks at the account in one step of a slow market, where the setting would look far more often."""


@contextmanager
def told() -> Iterator[None]:
    """Turn what can be wrong with a flight into a message with what to do."""
    try:
        yield
    except AccountHeld as held:
        raise Failure("this journal is in use", means=str(held)) from None
    except JournalBroken as broken:
        raise Failure("the journal cannot be used", means=str(broken)) from None
    except MemoryRefused as refused:
        raise Failure("the journal cannot be used", means=str(refused)) from None
    except (BadHistory, BadFault, StrategyRefused) as refused:
        raise Failure(str(refused), means="Nothing was started.", code=Exit.USAGE) from None


def market(settings: Settings, stored: PaperMemory | None, start: int) -> Market:
    """Return the paper market that the settings name; a seeded one begins at `start` unless it is restored.

    Where nobody names a seed, a file or contracts, an account that was flown before goes on where it was.

    Raises:
        Failure: a contract is not known.
    """
    paper, symbols = settings.paper, settings.bot.symbols
    unknown = [symbol for symbol in symbols if symbol not in CONTRACTS]
    if unknown:
        raise Failure(
            f"no contract is called {', '.join(unknown)}",
            means="Nothing was started.",
            todo=f"choose from {', '.join(CONTRACTS)}",
            code=Exit.USAGE,
        )
    if paper.market is not None:
        return open_market(paper.market, symbols)
    flown = _flown(stored)
    if flown is not None and paper.seed is None and not symbols:
        return SeededMarket(flown[1], seed=flown[0], start=start)
    return SeededMarket(symbols or DEFAULT_SYMBOLS, seed=seed_of(settings), start=start)


def seed_of(settings: Settings) -> int:
    """Return the seed of the paper market."""
    return DEFAULT_SEED if settings.paper.seed is None else settings.paper.seed


def _flown(stored: PaperMemory | None) -> tuple[int, tuple[str, ...]] | None:
    """Return seed and contracts of the stored market, None where it was not a seeded one."""
    if stored is None or not stored.source.startswith("seed:"):
        return None
    _, seed, symbols = stored.source.split(":")
    return int(seed), tuple(symbols.split(","))


def assemble(
    settings: Settings,
    config: EngineConfig,
    journal: Journal,
    clock: Clock,
    *,
    fresh: bool = False,
    recorder: Recorder | None = None,
) -> Engine:
    """Return an engine on the exchange that the settings name.

    Args:
        fresh: forget the paper account, or what the journal knew of another rehearsal's account.

    Raises:
        Failure: it cannot fly so.
        MemoryRefused: what the bot kept cannot be used; it is left as it is.
    """
    state = journal.known().state
    if state is not None and not fresh:
        unpack(state.memory)
    if settings.bots:
        from radtui.cli.rescued import lone

        return lone(settings, config, journal, clock)
    if settings.bot.exchange == "kucoin":
        return _on_kucoin(settings, config, journal, clock, fresh=fresh, recorder=recorder)
    source = market(settings, None if fresh else journal.paper(), clock.now())
    return build(settings, config, source, journal, clock, fresh=fresh, recorder=recorder)


def _on_kucoin(
    settings: Settings,
    config: EngineConfig,
    journal: Journal,
    clock: Clock,
    *,
    fresh: bool,
    recorder: Recorder | None,
) -> Engine:
    from radtui.cli.kucoin import exchange

    health = HealthMonitor(clock)
    told_to_it = strategy_settings(settings, config)
    factory = load(config.core.strategy, told_to_it)
    symbols = config.core.symbols or DEFAULT_SYMBOLS
    core = msgspec.structs.replace(config.core, strategy=factory.name, symbols=symbols)
    kucoin = exchange(settings, clock=clock, observer=health.calls, spans=(TIMEFRAMES[core.timeframe],))
    engine = Engine(
        msgspec.structs.replace(config, core=core),
        kucoin,
        journal,
        health,
        clock,
        partial(factory, settings=told_to_it),
        seed=clock.now(),
        fresh=fresh,
        recorder=recorder,
        safety=safety_of(settings, kucoin),
        outlet=outlet_of(settings, core),
    )
    kucoin.on_alert = lambda alert: engine.warn(f"line: {alert.kind}", alert.text, alert.connection)
    return engine


def outlet_of(settings: Settings, core: CoreConfig) -> Outlet | None:
    """Return the channels of the alerts; None where nobody is to be told."""
    if not settings.alerts.channels:
        return None
    from radtui.cli.channels import outlet

    return outlet(settings.alerts, core.bot, core.mode)


def safety_of(settings: Settings, kucoin: KucoinExchange) -> SafetyConfig | None:
    """Return what looks after the account should the engine die; None where the settings want nothing."""
    from radtui.cli.hiring import guarding, is_wanted
    from radtui.exchange.kucoin.switch import AccountSwitch

    guarded, guard = is_wanted(settings), settings.guard
    if not guarded and not guard.exchange_switch:
        return None
    return SafetyConfig(
        guarding=guarding(settings) if guarded else None,
        switch=AccountSwitch(kucoin.rest) if guard.exchange_switch else None,
        switch_seconds=max(15, round(3 * guard.silence)),
    )


def build(
    settings: Settings,
    config: EngineConfig,
    source: Market,
    journal: Journal,
    clock: Clock,
    *,
    fresh: bool = False,
    recorder: Recorder | None = None,
) -> Engine:
    """Return an engine on the paper exchange, continued from the journal where there is something to continue.

    Raises:
        Failure: the stored market is another one, or cannot be read.
    """
    stored = journal.paper()
    if stored is not None and fresh:
        journal.forget_paper()
        stored = None
    venue = make_venue(settings, source, (TIMEFRAMES[config.core.timeframe], *scanned(settings)), config.warmup)
    if stored is not None:
        restore_venue(venue, stored)
    health = HealthMonitor(clock)
    latency = () if config.virtual else PAPER_LATENCY
    exchange = PaperExchange(
        venue,
        clock=clock,
        observer=health.calls,
        faults=FaultPlan.parse((*latency, *settings.paper.faults), seed=seed_of(settings)),
        speed=config.core.speed,
        keep=journal.keep_paper,
    )
    told_to_it = strategy_settings(settings, config)
    factory = load(config.core.strategy, told_to_it)
    strategy = partial(factory, settings=told_to_it)
    return Engine(
        fitted(config, source, factory.name),
        exchange,
        journal,
        health,
        clock,
        strategy,
        seed=seed_of(settings),
        fresh=stored is None,
        recorder=recorder,
        outlet=None if config.virtual else outlet_of(settings, config.core),
    )


def strategy_settings(settings: Settings, config: EngineConfig) -> dict[str, object]:
    """Return what the strategy is told: the timeframe, and what is set for it."""
    return {**settings.parameters_of(config.core.strategy), "timeframe": config.core.timeframe}


def parameters_set(settings: Settings, strategy: str) -> dict[str, str]:
    """Return what is set for a strategy, as texts, as ``--set`` has them."""
    return {name: as_text(value) for name, value in settings.parameters_of(strategy).items()}


def scanned(settings: Settings) -> tuple[int, ...]:
    """Return the spans of the candles that a scan of the market reads; none where nothing is scanned."""
    if not settings.scanner.enabled:
        return ()
    from radtui.strategies.scanning import SPANS

    return SPANS


def make_venue(settings: Settings, source: Market, spans: Sequence[int], warmup: int) -> Venue:
    """Return a simulated exchange as the settings want it, not yet continued.

    Args:
        spans: of the candles that it tells, nanoseconds. warmup: candles that it has of each from the start.
    """
    return Venue(
        source,
        balance=Decimal(settings.paper.balance),
        spans=tuple(spans),
        warmup=warmup,
        slippage=settings.paper.slippage,
    )


def restore_venue(venue: Venue, stored: PaperMemory) -> None:
    """Continue a venue where it stood.

    Raises:
        Failure: it is another market's, or cannot be read.
    """
    if stored.source != venue.source:
        raise Failure(
            "the paper account of this bot lives on another market",
            means=f"It was flown on {stored.source}; {venue.source} was asked for. Nothing was started or changed.",
            todo="leave --seed, --market and --symbols as they were, or give --fresh to begin anew",
        )
    try:
        venue.restore(stored.state, stored.candles)
    except ValueError as error:
        raise Failure(
            f"the stored paper account cannot be read: {error}",
            means="Nothing was started or changed.",
            todo="give --fresh to begin a new paper account",
        ) from None


def fitted(config: EngineConfig, source: Market, strategy: str, symbols: tuple[str, ...] = ()) -> EngineConfig:
    """Return the configuration with the strategy's own name, its symbols, and how often the market can move.

    Args:
        symbols: of one of several bots; without them all that the market has.
    """
    core = fitting.fitted(config.core, source, strategy, symbols)
    looks = max(config.position_interval, source.step_span // config.core.speed / SECOND / _LOOKS_A_STEP)
    return msgspec.structs.replace(config, core=core, position_interval=looks)
