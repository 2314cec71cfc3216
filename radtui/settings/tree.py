"""The one settings tree (row C1), and what of it the engine is told."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from pydantic import BaseModel, ConfigDict

from radtui.core.config import Adoption, CoreConfig, Limits
from radtui.core.market import SECOND
from radtui.engine.config import EngineConfig
from radtui.settings.alerting import Alerts
from radtui.settings.bots import Account, OneBot
from radtui.settings.kinds import Name
from radtui.settings.layers import Layer, strongest
from radtui.settings.sections import (
    Api,
    Bot,
    Cycle,
    Engine,
    Guard,
    Kucoin,
    Log,
    Paper,
    Paths,
    Protection,
    Recorder,
    Recovery,
    Risk,
    Section,
    Shutdown,
    Ui,
)


class Settings(BaseModel):
    """Everything an operator can set. Made by `load`; a bare ``Settings()`` holds the defaults and reads nothing."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    bot: Bot = Bot()
    cycle: Cycle = Cycle()
    engine: Engine = Engine()
    risk: Risk = Risk()
    protection: Protection = Protection()
    recovery: Recovery = Recovery()
    shutdown: Shutdown = Shutdown()
    guard: Guard = Guard()
    account: Account = Account()
    paper: Paper = Paper()
    kucoin: Kucoin = Kucoin()
    api: Api = Api()
    alerts: Alerts = Alerts()
    recorder: Recorder = Recorder()
    ui: Ui = Ui()
    log: Log = Log()
    paths: Paths = Paths()
    bots: dict[Name, OneBot] = {}

    @classmethod
    def of(cls, layers: Iterable[Layer]) -> Settings:
        """Return the settings of `layers`, strongest first, over the defaults.

        Raises:
            pydantic.ValidationError: a value is not allowed.
        """
        return cls.model_validate(Layer(strongest(layers)).nested())

    def engine_config(self, *, boot: int, autostart: bool, virtual: bool) -> EngineConfig:
        """Return what the engine is told.

        Args:
            boot: wall clock of this start, nanoseconds UTC.
            autostart: start by itself, as headless does.
            virtual: time is virtual, so that market and wall clock are one and the speed is 1.
        """
        return EngineConfig(
            core=self._core_config(boot, speed=self.paper.speed if self._simulated and not virtual else 1),
            position_interval=self.engine.position_update_interval,
            heartbeat_limit=self.engine.heartbeat_limit,
            warmup=self.engine.warmup,
            report_interval=self.engine.report_interval,
            autostart=autostart,
            virtual=virtual,
            alerts=self.alerts.policy,
        )

    @property
    def _simulated(self) -> bool:
        return self.bot.exchange == "paper"

    def _core_config(self, boot: int, *, speed: int) -> CoreConfig:
        return CoreConfig(
            bot=self.bot.name,
            boot=boot,
            mode=self.bot.mode,
            speed=speed,
            strategy=self.bot.strategy,
            timeframe=self.bot.timeframe,
            symbols=self.bot.symbols,
            dev_mode=self.bot.dev,
            cycle_interval=_nanoseconds(self.cycle.interval),
            max_retries=self.cycle.max_retries,
            retry_delay=_nanoseconds(self.cycle.retry_delay),
            cycle_deadline=_nanoseconds(self.cycle.deadline),
            protect_within=_nanoseconds(self.protection.within),
            quiet_time=_nanoseconds(self.protection.quiet_time),
            stale_after=_nanoseconds(self.protection.stale_after),
            hold_grace=_nanoseconds(self.shutdown.grace),
            exits=self.shutdown.exits,
            limits=self.limits,
            adoption=Adoption(
                foreign=self.recovery.foreign_positions,
                past_stop=self.recovery.past_stop,
                stop_share=self.recovery.stop_share,
                target_share=self.recovery.target_share,
            ),
        )

    @property
    def limits(self) -> Limits:
        """What entries may use."""
        return Limits(
            position_share=self.risk.position_share,
            position_notional=self.risk.position_notional,
            risk_share=self.risk.risk_per_trade,
            leverage=self.risk.leverage,
            stop_share=self.risk.stop_share,
            positions=self.risk.max_positions,
            confidence=self.risk.min_confidence,
            exposure_share=self.risk.exposure_share,
            daily_loss=self.risk.daily_loss,
            drawdown=self.risk.drawdown,
            losing_streak=self.risk.losing_streak,
            cooldown=_nanoseconds(self.risk.cooldown),
            entries_per_minute=self.risk.entries_per_minute,
        )


SECTIONS: Final[dict[str, type[Section]]] = {
    name: type(section) for name, section in Settings() if isinstance(section, Section)
}
"""The sections by name, in the order of the tree."""


def _nanoseconds(seconds: float) -> int:
    return round(seconds * SECOND)
