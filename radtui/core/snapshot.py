"""What a person sees of an engine: one immutable value, read through the EngineHandle.

Every figure that can be missing is None, never 0. Times are nanoseconds UTC; `at` fields of trading are on the market
clock, those of the engine on the wall clock. Money is in settlement currency (USDT), percentages are 0–100.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

import msgspec

from radtui.core.alert_view import AlertsView, AlertView
from radtui.core.breaker_view import TradingBreakerView
from radtui.core.configuration_view import ConfigurationView
from radtui.core.guardian_view import GuardianView
from radtui.core.health_view import ApiView, ErrorView, ProcessView, WorkerView
from radtui.core.instruction import Receipt
from radtui.core.lifecycle import State
from radtui.core.link_view import LinkView
from radtui.core.money import ZERO
from radtui.core.order import Cross, Side
from radtui.core.protection_view import ProtectionView
from radtui.core.recovery_report import ReconcileView, RecoveryReport
from radtui.core.standing import Mode
from radtui.core.stopping_view import StoppingView
from radtui.core.strategy_view import StrategyView
from radtui.core.timing_view import HistogramView, PhaseView

SCHEMA = 1
"""Version of everything an engine hands out or stores."""


class StatusView(msgspec.Struct, frozen=True, kw_only=True):
    """The bot's state and its cycles (rows M1, M2).

    Attributes:
        since, who, why: of the last change of state.
        next_cycle_at: wall clock; None when none is due.
        cycle_count: cycles since the start of this process; `cycles` and what follows since the last reset.
        success_rate: percent to two decimals; 0.0 with no cycle yet.
        average_cycle, last_cycle: seconds, over successful cycles; None with no cycle yet.
        trading: whether it may open, only reduce, or does nothing of its own accord. reasons: why, worst first.
    """

    state: State
    since: int
    who: str
    why: str
    mode: str
    speed: int
    bot: str
    strategy: str
    timeframe: str
    symbols: tuple[str, ...]
    dev_mode: bool
    started_at: int
    next_cycle_at: int | None = None
    cycle_count: int = 0
    cycles: int = 0
    cycles_ok: int = 0
    cycles_failed: int = 0
    success_rate: float = 0.0
    average_cycle: float | None = None
    last_cycle: float | None = None
    last_cycle_at: int | None = None
    failures_in_a_row: int = 0
    cycle_interval: float = 300.0
    max_retries: int = 3
    retry_delay: float = 60.0
    error: str = ""
    trading: Mode = Mode.ACTIVE
    reasons: tuple[str, ...] = ()
    recovered: bool = False

    @property
    def blocked(self) -> str:
        """Why no entry is possible now, the worst reason; empty when entries are possible."""
        return self.reasons[0] if self.reasons else ""


class EquityPoint(msgspec.Struct, frozen=True, gc=False):
    """One point of the equity curve, on the market clock."""

    at: int
    equity: Decimal


class MoneyView(msgspec.Struct, frozen=True, kw_only=True):
    """Profit and loss (rows H2, S3).

    Attributes:
        today: equity now − equity at the market day's start.
        realised: of closed trades, before fees and funding. fees: paid, positive is a cost. funding: received.
        moved: deposits and transfers in − withdrawals and transfers out, since the start.
        identity: equity − (start + realised − fees + funding + moved + unrealised); 0 to the last digit, else an alarm.
        drawdown, max_drawdown: percent below the highest equity so far, ≤ 0.
        fills: executions of ours, all of them (the snapshot shows only the latest).
        win_rate: wins / (wins + losses) × 100; None before the first.
        profit_factor: gross profit / gross loss; None before the first loss.
        exposure: Σ |notional| / equity × 100.
    """

    currency: str = "USDT"
    start: Decimal | None = None
    equity: Decimal | None = None
    wallet: Decimal | None = None
    available: Decimal | None = None
    reserved: Decimal | None = None
    today: Decimal | None = None
    total_pct: float | None = None
    realised: Decimal = ZERO
    unrealised: Decimal = ZERO
    fees: Decimal = ZERO
    funding: Decimal = ZERO
    moved: Decimal = ZERO
    identity: Decimal | None = None
    drawdown: float = 0.0
    max_drawdown: float = 0.0
    wins: int = 0
    losses: int = 0
    break_even: int = 0
    opened: int = 0
    closed: int = 0
    fills: int = 0
    win_rate: float | None = None
    profit_factor: float | None = None
    exposure: float | None = None
    curve: tuple[EquityPoint, ...] = ()
    read_at: int | None = None


class PositionView(msgspec.Struct, frozen=True, kw_only=True):
    """One open position (row S2).

    Attributes:
        side: long or short. lots: signed. coins: unsigned size in base coin.
        pnl_pct: P/L over margin × 100.
        stop_resting: the exchange confirmed the stop.
        bare_seconds: wall seconds without a confirmed stop so far.
        price_decimals, coin_decimals: for showing.
        mark_at: wall clock of the mark.
    """

    symbol: str
    base: str
    side: Literal["long", "short"]
    lots: int
    coins: Decimal
    entry: Decimal
    mark: Decimal | None
    pnl: Decimal | None
    pnl_pct: float | None
    margin: Decimal
    maintenance: Decimal | None
    leverage: int
    margin_mode: str
    liquidation: Decimal | None
    stop: Decimal | None
    stop_resting: bool
    target: Decimal | None
    bare_seconds: float
    opened_at: int
    price_decimals: int
    coin_decimals: int
    mark_at: int | None = None
    own: bool = True
    reason: str = ""


class OrderView(msgspec.Struct, frozen=True, kw_only=True):
    """One of our orders, working or done lately.

    Attributes:
        purpose: entry, exit or stop. state: as in `radtui.core.orders.OrderState`.
        lots: of one that closes a whole position, what the position holds now.
        trigger: where a stop fires. average: mean fill price.
        why: what asked for it.
    """

    client_id: str
    order_id: str
    symbol: str
    side: Side
    purpose: str
    type: str
    state: str
    lots: int
    filled_lots: int
    price: Decimal | None
    trigger: Decimal | None
    cross: Cross | None
    average: Decimal | None
    at: int
    price_decimals: int
    why: str = ""
    error: str = ""


class FillView(msgspec.Struct, frozen=True, kw_only=True):
    """One execution of ours, newest first in the snapshot."""

    trade_id: str
    client_id: str
    symbol: str
    side: Side
    purpose: str
    lots: int
    price: Decimal
    fee: Decimal
    maker: bool
    at: int
    price_decimals: int
    kind: str = "trade"
    realised: Decimal | None = None
    why: str = ""


class GateView(msgspec.Struct, frozen=True, kw_only=True):
    """One gate of one evaluation: its value against its limit, and the verdict (row S5)."""

    gate: str
    value: str
    limit: str
    passed: bool


class WhyView(msgspec.Struct, frozen=True, kw_only=True):
    """Why a symbol did or did not trade at its last signal that wanted something; where none did, at the last one.

    Attributes:
        at: market clock of that signal. held_at: market clock of the latest one since that wanted nothing.
    """

    symbol: str
    at: int
    action: str
    confidence: float
    reason: str
    outcome: str
    gates: tuple[GateView, ...]
    held_at: int | None = None


class FlattenView(msgspec.Struct, frozen=True, kw_only=True):
    """An emergency stop or a flattening shutdown on its way."""

    phase: str
    since: int
    attempts: int
    remaining: tuple[str, ...]
    failing: str = ""


class Snapshot(msgspec.Struct, frozen=True, kw_only=True):
    """All of it.

    Attributes:
        exchange: ``paper`` or ``kucoin``; empty before it is known.
        at: wall clock of its making. market_at: market clock; None before the first tick.
        recovery: what this start found; None until it is done.
        alert_history: alerts that are over, the newest first.
        feeds_lost: feeds that are not heard now, or of which what was missed is still being read.
        journal: why nothing can be written, and what to do; empty while it can.
        notices: what needs the operator's eye now, worst first.
        hangs: whole seconds for which the engine's loop has stood still, as who looks from outside judges; 0: it turns.
    """

    version: int = SCHEMA
    sequence: int
    bot: str
    at: int
    market_at: int | None
    status: StatusView
    money: MoneyView = MoneyView()
    positions: tuple[PositionView, ...] = ()
    orders: tuple[OrderView, ...] = ()
    fills: tuple[FillView, ...] = ()
    api: ApiView = ApiView()
    link: LinkView = LinkView()
    exchange: str = ""
    workers: tuple[WorkerView, ...] = ()
    process: ProcessView = ProcessView()
    errors: tuple[ErrorView, ...] = ()
    errors_today: int = 0
    why: tuple[WhyView, ...] = ()
    flatten: FlattenView | None = None
    stopping: StoppingView | None = None
    protection: ProtectionView = ProtectionView()
    recovery: RecoveryReport | None = None
    reconcile: ReconcileView = ReconcileView()
    receipt: Receipt | None = None
    positions_limit: int = 0
    breakers: tuple[TradingBreakerView, ...] = ()
    alerts: AlertsView = AlertsView()
    alert_history: tuple[AlertView, ...] = ()
    guardian: GuardianView = GuardianView()
    feeds_lost: tuple[str, ...] = ()
    journal: str = ""
    phases: tuple[PhaseView, ...] = ()
    order_times: tuple[HistogramView, ...] = ()
    configuration: ConfigurationView = ConfigurationView()
    notices: tuple[str, ...] = ()
    strategy: StrategyView = StrategyView()
    hangs: int = 0
