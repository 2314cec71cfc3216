"""The one settings tree (row C1), and what of it the engine is told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

from pydantic import BaseModel, ConfigDict

from radtui.core.allocation import PortfolioTerms
from radtui.core.config import Adoption, CoreConfig, Limits
from radtui.core.market import SECOND
from radtui.core.picks import ScanPolicy
from radtui.engine.config import EngineConfig, ScanConfig
from radtui.settings.alerting import Alerts
from radtui.settings.bots import Account, OneBot
from radtui.settings.choosing import Portfolio, Scanner, Window
from radtui.settings.kinds import Name
from radtui.settings.layers import Layer, strongest
from radtui.settings.risk import Exits, Risk
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
    Section,
    Shutdown,
    Ui,
)
from radtui.settings.strategies import PORTFOLIO, name_of, of_members


class Settings(BaseModel):
    """Everything an operator can set. Made by `load`; a bare ``Settings()`` holds the defaults and reads nothing."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    bot: Bot = Bot()
    cycle: Cycle = Cycle()
    engine: Engine = Engine()
    risk: Risk = Risk()
    exits: Exits = Exits()
    protection: Protection = Protection()
    window: Window = Window()
    portfolio: Portfolio = Portfolio()
    scanner: Scanner = Scanner()
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
    strategies: dict[str, dict[str, Any]] = {}
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
            scan=self._scan,
            portfolio=PortfolioTerms(stance=self.portfolio.stance, least_change=self.portfolio.least_change),
            strategies=self.portfolio.weights if self.bot.strategy == PORTFOLIO else (),
            parameters=self.parameters_of(self.bot.strategy),
            alerts=self.alerts.policy,
        )

    def parameters_of(self, spec: str) -> dict[str, Any]:
        """Return what is set for a strategy, by name or as FILE:CLASS; of a portfolio its parts and theirs.

        Raises:
            StrategyRefused: something is set, and it cannot be found out whether it is for this file's class.
        """
        if spec == PORTFOLIO:
            members = {part.name: self._set_for(part.name) for part in self.portfolio.weights}
            more = {"members": told} if (told := of_members(members)) else {}
            return {"strategies": ",".join(self.portfolio.strategies), **more}
        return dict(self._set_for(spec))

    def _set_for(self, spec: str) -> dict[str, Any]:
        return self.strategies.get(name_of(spec), {}) if self.strategies else {}

    @property
    def flown(self) -> tuple[str, ...]:
        """The strategies that the bots trade by, as the settings name them, the members of a portfolio too."""
        specs = (self.bot.strategy, *(bot.strategy for bot in self.bots.values() if bot.strategy))
        return tuple(dict.fromkeys(each for spec in specs for each in self._with_members(spec)))

    @property
    def flies(self) -> tuple[str, ...]:
        """Those that this one bot trades by."""
        return tuple(self._with_members(self.bot.strategy))

    def _with_members(self, spec: str) -> Iterator[str]:
        yield spec
        if spec == PORTFOLIO:
            yield from (part.name for part in self.portfolio.weights)

    @property
    def _scan(self) -> ScanConfig | None:
        scanner = self.scanner
        if not scanner.enabled:
            return None
        return ScanConfig(
            universe=scanner.universe,
            interval=scanner.interval,
            max_age=scanner.max_age,
            top=scanner.top,
            picks=scanner.picks,
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
            exit_terms=self.exits.terms,
            quotes=not self._simulated,
            window=self.window.told(),
            scan=self._scan_policy,
            adoption=Adoption(
                foreign=self.recovery.foreign_positions,
                past_stop=self.recovery.past_stop,
                stop_share=self.recovery.stop_share,
                target_share=self.recovery.target_share,
            ),
        )

    @property
    def _scan_policy(self) -> ScanPolicy | None:
        scanner = self.scanner
        if not (scanner.enabled and scanner.picks):
            return None
        return ScanPolicy(top=scanner.top, max_age=_nanoseconds(scanner.max_age))

    @property
    def limits(self) -> Limits:
        """What entries may use."""
        return self.risk.limits


SECTIONS: Final[dict[str, type[Section]]] = {
    name: type(section) for name, section in Settings() if isinstance(section, Section)
}
"""The sections by name, in the order of the tree."""


def _nanoseconds(seconds: float) -> int:
    return round(seconds * SECOND)
