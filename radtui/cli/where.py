"""Which engine or account a command is about: the few flags that say so, where no engine may be there to ask."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from cyclopts import Parameter

from radtui.cli.engines import NOTHING_DONE, RunningEngine, chosen, listed, running
from radtui.cli.failures import Exit, Failure
from radtui.cli.flags import Flags


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class Where:
    """What was typed; None where nothing was. Where no engine runs, these find its journal, and its exchange.

    Attributes:
        bot: Which engine, where several run here: its name, or its pid; else the name of the bot.
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

    def engine(self) -> RunningEngine:
        """Return the engine that runs and is meant: by its account, where more than its name was typed.

        An engine of another account is never taken in its place: an emergency stop would close what nobody named.

        Raises:
            Failure: there is none (exit code 3), or several (2), or the settings cannot be used (2).
        """
        if self == Where(bot=self.bot):
            return chosen(self.bot)
        found = running()
        for each in found:
            if self.names(each):
                return each
        others = f"Others run here: {listed(found)}." if found else ""
        raise Failure(
            "no engine with these settings runs here",
            means=f"{NOTHING_DONE}\n{others}",
            todo="give the settings that the engine had, or only --bot NAME or --bot PID",
            code=Exit.NO_ENGINE,
        )

    def names(self, engine: RunningEngine) -> bool:
        """Return whether `engine` flies the account that the settings name.

        Raises:
            Failure: the settings cannot be used (exit code 2).
        """
        from radtui.cli.account import control_socket
        from radtui.cli.opening import opened
        from radtui.settings.places import places

        settings = opened(self.flags()).settings
        return engine.path == control_socket(settings, places(settings))
