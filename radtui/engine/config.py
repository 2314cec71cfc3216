"""What the rim is told once, at the start."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from radtui.core.allocation import PortfolioTerms
from radtui.core.config import CoreConfig
from radtui.core.portfolio_view import WeightView
from radtui.health.alerts.policy import Policy
from radtui.strategies.scanning.universe import Universe


class ScanConfig(msgspec.Struct, frozen=True, kw_only=True):
    """How the market is scanned (row W1).

    Attributes:
        interval, max_age: seconds between two scans, and after which one is stale.
        top: how many it picks. picks: whether entries follow it.
        at_once: contracts that are read at the same time.
        within: seconds after which what is not read is given up, and the scan is partial.
    """

    universe: Universe = Universe()
    interval: float = 60.0
    max_age: float = 180.0
    top: int = 5
    picks: bool = False
    at_once: int = 8
    within: float = 90.0


class EngineConfig(msgspec.Struct, frozen=True, kw_only=True):
    """Everything an engine needs beside its ports.

    Attributes:
        position_interval: seconds between two looks at positions and account.
        pulse: seconds between two looks at the time, and the age of a snapshot at most.
        heartbeat_limit: seconds after which a silent worker is unhealthy.
        warmup: closed candles of the strategy's timeframe that are read before the first decision.
        report_interval: seconds between two health reports in the log.
        autostart: start by itself unless paused or stopped is desired (headless).
        alerts: when somebody is told of an alert.
        scan: how the market is scanned; None where it is not.
        portfolio: how the equity is shared out among contracts.
        strategies: of a portfolio, with their weights; empty where there is but one.
        parameters: what the strategy is told, by its own names.
        virtual: time is virtual; nothing that is threaded may be used, wall-clock figures are left out of reports.
    """

    core: CoreConfig
    position_interval: float = 1.0
    pulse: float = 0.25
    heartbeat_limit: float = 30.0
    warmup: int = 500
    report_interval: float = 3600.0
    autostart: bool = False
    virtual: bool = False
    alerts: Policy = Policy()
    scan: ScanConfig | None = None
    portfolio: PortfolioTerms = PortfolioTerms()
    strategies: tuple[WeightView, ...] = ()
    parameters: Mapping[str, Any] = {}
