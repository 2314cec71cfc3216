"""The flags that all commands share which fly through recorded candles."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from radtui.backtest.source import Source
from radtui.cli.flags import Flags
from radtui.cli.history import parameters, source
from radtui.cli.opening import opened
from radtui.settings.tree import Settings


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class HistoryFlags:
    """Which strategy flies, through which candles, and on which terms; None where nothing was typed."""

    strategy: Annotated[str | None, Parameter(help="Name of a strategy, or FILE:CLASS; else that of the settings.")] = (
        None
    )
    data: Annotated[Path | None, Parameter(help="CSV or Parquet file of candles, or a folder of Parquet files.")] = None
    symbol: Annotated[str | None, Parameter(help="Contract; without --data its candles of `radtui data`.")] = None
    timeframe: Annotated[str | None, Parameter(help="Candle at whose close it decides; else that of the settings.")] = (
        None
    )
    from_: Annotated[str | None, Parameter(name="--from", help="First day or moment, UTC; before it is warm-up.")] = (
        None
    )
    to: Annotated[str | None, Parameter(help="End, UTC, itself not included.")] = None
    set_: Annotated[
        tuple[str, ...], Parameter(name="--set", help="Parameter of the strategy, as NAME=VALUE.", negative="")
    ] = ()
    risk: Annotated[str | None, Parameter(help="Risk profile: conservative, balanced, aggressive, own or none.")] = None
    balance: Annotated[str | None, Parameter(help="Balance at the start, in USDT; of a sweep, of each segment.")] = None
    config: Annotated[Path | None, Parameter(help="TOML file of settings: its risk limits hold here, too.")] = None

    def settings(self) -> Settings:
        """Return the settings with what was typed."""
        return opened(Flags(strategy=self.strategy, balance=self.balance, risk=self.risk, config=self.config)).settings

    def source(self, settings: Settings) -> Source:
        """Return where the candles are."""
        return source(settings, self.data, self.symbol, self.from_, self.to)

    def parameters(self) -> dict[str, str]:
        """Return what was typed for the strategy."""
        return parameters(self.set_)
