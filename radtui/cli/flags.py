"""The flags that the cockpit, a headless run and ``config`` share: what was typed wins over every other source."""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, Literal

from cyclopts import Parameter

if TYPE_CHECKING:
    from radtui.settings.layers import Layer

_SETS: Final = {
    "exchange": "bot.exchange",
    "mode": "bot.mode",
    "kucoin_url": "kucoin.url",
    "market": "paper.market",
    "symbols": "bot.symbols",
    "seed": "paper.seed",
    "dev": "bot.dev",
    "strategy": "bot.strategy",
    "theme": "ui.theme",
    "speed": "paper.speed",
    "balance": "paper.balance",
    "state": "paths.state",
    "log_level": "log.level",
}
"""Which setting each flag sets; the others are asked for at this start only."""


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class Flags:
    """What was typed; None where nothing was. The settings check the values, so that there is one message for each."""

    exchange: Annotated[
        Literal["paper", "kucoin"] | None, Parameter(help="Where to trade: the simulated exchange or KuCoin Futures.")
    ] = None
    mode: Annotated[Literal["paper", "live"] | None, Parameter(help="live moves real money.")] = None
    confirm_live: Annotated[
        str | None,
        Parameter(help="The bot's name, typed again: without it nothing trades live.", allow_leading_hyphen=False),
    ] = None
    kucoin_url: Annotated[
        str | None, Parameter(help="Address of KuCoin's REST interface, or of `radtui sim serve`.")
    ] = None
    market: Annotated[
        Path | None, Parameter(help="File of recorded candles to replay in place of the market model.")
    ] = None
    symbols: Annotated[str | None, Parameter(help="Contracts to trade, for example XBTUSDTM,ETHUSDTM.")] = None
    config: Annotated[Path | None, Parameter(help="TOML file of settings, in place of your own config.toml.")] = None
    seed: Annotated[str | None, Parameter(help="Seed of the paper market: a whole number.")] = None
    dev: Annotated[bool | None, Parameter(help="Short intervals for development; paper only.")] = None
    strategy: Annotated[str | None, Parameter(help="Name of a strategy, or FILE:CLASS of your own.")] = None
    theme: Annotated[str | None, Parameter(help="Theme of the cockpit.")] = None
    speed: Annotated[str | None, Parameter(help="Paper market seconds in a wall second.")] = None
    balance: Annotated[str | None, Parameter(help="Paper balance at the start, in USDT.")] = None
    fresh: Annotated[bool, Parameter(help="Forget the paper market and account of earlier runs.", negative="")] = False
    state: Annotated[Path | None, Parameter(help="Folder of journal, locks and logs.")] = None
    log_level: Annotated[str | None, Parameter(help="debug, info, warning or error.")] = None

    def layer(self) -> Layer:
        """Return what was typed as the strongest layer of the settings."""
        from radtui.settings.layers import Entry, Layer

        typed = {field.name: getattr(self, field.name) for field in fields(self)}
        return Layer.of(
            Entry(key, typed[name], f"flag --{name.replace('_', '-')}")
            for name, key in _SETS.items()
            if typed[name] is not None
        )
