"""Which engine or account a command is about: the few flags that say so, where no engine may be there to ask."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from cyclopts import Parameter

from radtui.cli.flags import Flags


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class Where:
    """What was typed; None where nothing was. Where no engine runs, these find its journal, and its exchange.

    Attributes:
        bot: Which engine, where several run here; else the name of the bot.
        exchange: Where it trades, as its engine was told.
        mode: As its engine was told; live is real money.
        kucoin_url: Address of KuCoin's REST interface, as its engine was told.
        config: TOML file of settings, as its engine was told.
        state: Folder of journal and logs, as its engine was told.
    """

    bot: str | None = None
    exchange: Literal["paper", "kucoin"] | None = None
    mode: Literal["paper", "live"] | None = None
    kucoin_url: str | None = None
    config: Path | None = None
    state: Path | None = None

    def flags(self) -> Flags:
        """Return them among all flags."""
        return Flags(**asdict(self))
