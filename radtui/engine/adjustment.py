"""What an engine can be told anew while it flies."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from radtui.core.portfolio_view import WeightView
from radtui.core.tuning import Tuning
from radtui.engine.config import EngineConfig
from radtui.health.alerts.policy import Policy


class Adjustment(msgspec.Struct, frozen=True, kw_only=True):
    """All of it, core's part and the rim's; see `EngineConfig` for the fields."""

    tuning: Tuning
    report_interval: float
    alerts: Policy
    strategies: tuple[WeightView, ...] = ()
    parameters: Mapping[str, Any] = {}

    @classmethod
    def of(cls, config: EngineConfig) -> Adjustment:
        """Return what of `config` may change."""
        return cls(
            tuning=Tuning.of(config.core),
            report_interval=config.report_interval,
            alerts=config.alerts,
            strategies=config.strategies,
            parameters=config.parameters,
        )

    def onto(self, config: EngineConfig) -> EngineConfig:
        """Return `config` with these in place of its own."""
        core = self.tuning.onto(config.core)
        return msgspec.structs.replace(
            config,
            core=core,
            report_interval=self.report_interval,
            alerts=self.alerts,
            strategies=self.strategies,
            parameters=self.parameters,
        )
