"""What the rim is told once, at the start."""

from __future__ import annotations

import msgspec

from radtui.core.config import CoreConfig
from radtui.health.alerts.policy import Policy


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
