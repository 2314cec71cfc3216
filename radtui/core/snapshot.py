"""What a person sees of an engine: one immutable value, read through the EngineHandle.

Every figure that can be missing is None, never 0. Times are nanoseconds UTC; `at` fields of trading are on the market
clock, those of the engine on the wall clock. Money is in settlement currency (USDT), percentages are 0–100.
"""

from __future__ import annotations

import msgspec

from radtui.core.alert_view import AlertsView, AlertView
from radtui.core.backtest_view import BacktestView
from radtui.core.breaker_view import TradingBreakerView
from radtui.core.configuration_view import ConfigurationView
from radtui.core.fallen_view import FallenView
from radtui.core.guardian_view import GuardianView
from radtui.core.health_view import ApiView, ErrorView, ProcessView, WorkerView
from radtui.core.instruction import Receipt
from radtui.core.link_view import LinkView
from radtui.core.money_view import MoneyView
from radtui.core.order_view import FillView, OrderView
from radtui.core.portfolio_view import PortfolioView
from radtui.core.position_view import PositionView
from radtui.core.protection_view import ProtectionView
from radtui.core.recovery_report import ReconcileView, RecoveryReport
from radtui.core.scan_view import ScanView
from radtui.core.status_view import StatusView
from radtui.core.stopping_view import FlattenView, StoppingView
from radtui.core.strategy_view import StrategyView
from radtui.core.timing_view import HistogramView, PhaseView
from radtui.core.why_view import WhyView
from radtui.core.window_view import WindowView

SCHEMA = 1
"""Version of everything an engine hands out or stores."""


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
        fallen: bots beside this one that died and were not taken up again.
        backtests: those that were asked for since the start, the newest first.
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
    fallen: tuple[FallenView, ...] = ()
    window: WindowView = WindowView()
    scan: ScanView = ScanView()
    portfolio: PortfolioView = PortfolioView()
    backtests: tuple[BacktestView, ...] = ()
