"""The sources of the settings as they were at the start, for an engine that flies and reads them again (row C4)."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from radtui.cli.flags import Flags
from radtui.cli.opening import keep_secret
from radtui.settings.layers import Layer
from radtui.settings.loading import Loaded, load
from radtui.settings.tree import Settings

if TYPE_CHECKING:
    from radtui.engine.engine import Engine
    from radtui.engine.workshop import Workshop
    from radtui.settings.reloading import Reloading


@dataclass(frozen=True, kw_only=True)
class Rereading:
    """How a command got its settings, so that the same way can be gone again, from whatever folder.

    Attributes:
        loaded: what it got.
    """

    flags: Flags
    loaded: Loaded
    environ: Mapping[str, str] = field(default_factory=lambda: dict(os.environ), repr=False)
    folder: Path = field(default_factory=Path.cwd)

    @cached_property
    def workshop(self) -> Workshop:
        """Where backtests are flown: one for all bots of the command."""
        from radtui.engine.workshop import Workshop

        return Workshop()

    def sources(self, *, bot: str = "", fit: Callable[[Settings], Settings] | None = None) -> Reloading:
        """Return the sources of one bot.

        Args:
            bot: which of several. fit: what this start made of the settings.
        """
        from radtui.settings.reloading import Reloading  # the cockpit paints its first frame before

        return Reloading(self.loaded, self.read, bot=bot, fit=fit)

    def hand_over(self, engine: Engine, sources: Reloading) -> None:
        """Give an engine its `sources` and its history, and tell it of what in the files a person should know."""
        from radtui.cli.cautions import exposed
        from radtui.cli.past import BotsPast

        engine.read_settings_from(sources)
        engine.fly_past_with(BotsPast(lambda: sources.in_force, self.workshop, engine.clock.now))
        for check in exposed(self.loaded):
            engine.warn("settings", f"{check.said}: {check.remedy}", check.name)

    def read(self, typed: Layer) -> Loaded:
        """Read everything again, under what was set at run time; secrets are masked from then on.

        Raises:
            SettingsRefused: they cannot be used.
        """
        config = self.flags.config and self.folder / self.flags.config
        above = Layer({**self.flags.layer().entries, **typed.entries})
        loaded = load(above, config=config, environ=self.environ, folder=self.folder)
        keep_secret(loaded.settings)
        return loaded
