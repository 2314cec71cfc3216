"""What core is told once, at the start: frozen, with the units in the docstrings. Settings are composed above."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum

import msgspec

from radtui.core.exit_terms import ExitTerms
from radtui.core.instruction import ExitPolicy
from radtui.core.market import MINUTE, SECOND
from radtui.core.picks import ScanPolicy
from radtui.core.tiers import Tier, tier_of
from radtui.core.windowing import Window


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """What entries may use (row S5, profile ``conservative``); None is no such limit.

    Attributes:
        enabled: entries are wanted at all.
        position_share: notional of one position, as a share of equity.
        position_notional: notional of one position, in USDT. position_lots: its lots.
        risk_share: loss at the stop, as a share of equity; None where the size follows `position_share` alone.
        leverage: of each entry at most. leverage_adapts: it is less where market, signal or results say so (row W5).
        stop_share: the farthest stop, as a share of the entry price; also the stop of a signal that names none.
        positions: open at once. group_share: of them in contracts of one group, but two in any case.
        confidence: the least that trades.
        exposure_share: Σ notional ≤ equity × leverage × this.
        daily_loss: loss of one market day that ends its entries, as a share of the day's starting equity.
        drawdown: loss since the highest equity that ends entries until an operator resets it, as a share of that.
        losing_streak, cooldown: losses in a row that end entries, for so many nanoseconds of the market clock.
        entries_per_minute: at most, on the market clock.
        spread: between bid and ask, as a share of the ask. volatility: of an hour, as a share of the price.
        tiers: what follows the free balance in place of the figures above (row C3), lowest first.
    """

    enabled: bool = True
    position_share: Decimal = Decimal("0.2")
    position_notional: Decimal | None = None
    position_lots: int | None = None
    risk_share: Decimal | None = None
    leverage: int = 3
    leverage_adapts: bool = False
    stop_share: Decimal = Decimal("0.05")
    positions: int = 5
    group_share: Decimal | None = None
    confidence: float = 0.6
    exposure_share: Decimal = Decimal("0.5")
    daily_loss: Decimal = Decimal("0.1")
    drawdown: Decimal = Decimal("0.05")
    losing_streak: int = 3
    cooldown: int = 60 * MINUTE
    entries_per_minute: int = 10
    spread: Decimal | None = None
    volatility: Decimal | None = None
    tiers: tuple[Tier, ...] = ()

    def at(self, free: Decimal) -> Limits:
        """Return the limits that hold while so much of the balance is free, USDT."""
        tier = tier_of(free, self.tiers)
        if tier is None:
            return self
        figures = {"leverage": tier.leverage, "position_share": tier.position_share, "risk_share": tier.risk_share}
        return msgspec.structs.replace(self, **{name: value for name, value in figures.items() if value is not None})


class Remit(StrEnum):
    """What the bot may do at all, whatever its state (row A4).

    Attributes:
        PROTECT: nothing is entered, and the strategy is not asked; what is open keeps its stops and may be closed.
        WATCH: no order and no cancel ever leaves, not even for an operator.
    """

    TRADE = "trade"
    PROTECT = "protect"
    WATCH = "watch"


class Policy(StrEnum):
    """What becomes of a position that somebody else opened."""

    ADOPT = "adopt"
    LEAVE = "leave"


class PastStop(StrEnum):
    """What becomes of a position found where the market is beyond its stop already."""

    CLOSE = "close"
    LEAVE = "leave"


class Adoption(msgspec.Struct, frozen=True, kw_only=True):
    """How positions are dealt with that were found on the exchange (row W6).

    Attributes:
        stop_share, target_share: where their stop and target lie, as a share of the entry price.
    """

    foreign: Policy = Policy.ADOPT
    past_stop: PastStop = PastStop.CLOSE
    stop_share: Decimal = Decimal("0.05")
    target_share: Decimal = Decimal("0.1")


class CoreConfig(msgspec.Struct, frozen=True, kw_only=True):
    """Everything core needs to know of its bot.

    Attributes:
        bot: name and prefix of the client order ids: 1–16 of ``[A-Za-z0-9_]``.
        boot: wall clock of this start, nanoseconds UTC; part of every client order id.
        mode: ``paper`` or ``live``. speed: market seconds in a wall second.
        cycle_interval, retry_delay, cycle_deadline: nanoseconds.
        protect_within: nanoseconds a position may be without a confirmed stop before it is closed.
        quiet_time: nanoseconds after which a request that is not known to the exchange can no longer arrive.
        stale_after: nanoseconds of market silence that forbid an entry.
        hold_grace: nanoseconds a graceful shutdown waits for orders in flight.
        quotes: the exchange tells bid and ask with its prices: an entry without them is refused.
        exits: what a graceful shutdown does with positions. exit_terms: when a position ends by itself.
        window: when it may enter. scan: what a scan of the market must say for that; None where none is asked.
    """

    bot: str
    boot: int
    mode: str = "paper"
    speed: int = 1
    strategy: str = "ema_cross"
    timeframe: str = "5m"
    symbols: tuple[str, ...] = ()
    dev_mode: bool = False
    cycle_interval: int = 300 * SECOND
    max_retries: int = 3
    retry_delay: int = 60 * SECOND
    cycle_deadline: int = 30 * SECOND
    protect_within: int = 5 * SECOND
    quiet_time: int = 6 * SECOND
    stale_after: int = 30 * SECOND
    hold_grace: int = 30 * SECOND
    exits: ExitPolicy = ExitPolicy.KEEP
    remit: Remit = Remit.TRADE
    limits: Limits = Limits()
    exit_terms: ExitTerms = ExitTerms()
    adoption: Adoption = Adoption()
    quotes: bool = False
    window: Window = Window()
    scan: ScanPolicy | None = None

    @property
    def measures(self) -> bool:
        """Whether something that is decided asks how a contract moves."""
        limits, terms = self.limits, self.exit_terms
        return limits.volatility is not None or limits.leverage_adapts or terms.stop is not None or terms.active

    @property
    def watches(self) -> bool:
        """Whether no order may leave."""
        return self.remit is Remit.WATCH
