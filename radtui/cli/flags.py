"""The flags that the cockpit, a headless run and ``config`` share: what was typed wins over every other source.

Plain data, so that the cockpit without a flag starts without the command-line library.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from radtui.settings.layers import Layer

_SETS: Final = {
    "bot": "bot.name",
    "exchange": "bot.exchange",
    "mode": "bot.mode",
    "kucoin_url": "kucoin.url",
    "market": "paper.market",
    "symbols": "bot.symbols",
    "seed": "paper.seed",
    "dev": "bot.dev",
    "strategy": "bot.strategy",
    "risk": "risk.profile",
    "theme": "ui.theme",
    "speed": "paper.speed",
    "balance": "paper.balance",
    "state": "paths.state",
    "log_level": "log.level",
}
"""Which setting each flag sets; the others are asked for at this start only."""


@dataclass(frozen=True, kw_only=True)
class CommonFlags:
    """What was typed; None where nothing was. The settings check the values, so that there is one message for each.

    Attributes:
        bot: Name of the bot; it is the prefix of its order ids.
        exchange: Where to trade: the simulated exchange or KuCoin Futures.
        i_know_this_is_real_money: Headless only: your word for it, where the cockpit has the bot's name typed.
        kucoin_url: Address of KuCoin's REST interface, all hosts of it; one on this machine is a rehearsal.
        market: CSV or Parquet file of recorded candles, or a folder of Parquet files, in place of the market model.
        symbols: Contracts to trade, for example XBTUSDTM,ETHUSDTM.
        config: TOML file of settings, in place of your own config.toml.
        seed: Seed of the paper market: a whole number.
        dev: Short intervals for development; never with real money.
        strategy: Name of a strategy, or FILE:CLASS of your own.
        risk: Risk profile: conservative, balanced, aggressive, own, or none (never with real money).
        set_: Parameter of the strategy, as NAME=VALUE, for example fast=10; give it once for each.
        theme: Theme of the cockpit.
        speed: Paper market seconds in a wall second.
        balance: Paper balance at the start, in USDT.
        fresh: Forget the paper market and account of earlier runs, or those of earlier rehearsals.
        state: Folder of journal, locks and logs.
        log_level: debug, info, warning or error.
    """

    bot: str | None = None
    exchange: Literal["paper", "kucoin"] | None = None
    i_know_this_is_real_money: bool = False
    kucoin_url: str | None = None
    market: Path | None = None
    symbols: str | None = None
    config: Path | None = None
    seed: str | None = None
    dev: bool | None = None
    strategy: str | None = None
    risk: str | None = None
    set_: tuple[str, ...] = ()
    theme: str | None = None
    speed: str | None = None
    balance: str | None = None
    fresh: bool = False
    state: Path | None = None
    log_level: str | None = None


@dataclass(frozen=True, kw_only=True)
class Flags(CommonFlags):
    """All of them, for a cockpit and for commands about its settings.

    Attributes:
        mode: live moves real money.
    """

    mode: Literal["paper", "live"] | None = None

    def layer(self) -> Layer:
        """Return what was typed as the strongest layer of the settings."""
        from radtui.settings.layers import Entry, Layer

        typed = {field.name: getattr(self, field.name) for field in fields(self)}
        entries = [
            Entry(key, typed[name], f"flag --{name.replace('_', '-')}")
            for name, key in _SETS.items()
            if typed[name] is not None
        ]
        told = (each.partition("=") for each in self.set_)
        entries += [Entry(f"--set.{name.strip()}", text if sign else None, "flag --set") for name, sign, text in told]
        return Layer.of(entries)
